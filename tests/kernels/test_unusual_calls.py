# SPDX-License-Identifier: Apache-2.0
"""What kernels are called with for what no layer of the texts has, at both sides of each condition; of things with the fields
that are looked at, and no more."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from opcases_stateful import all_cases

from tinycc.compiler import load
from tinycc.ir import DType
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Turned
from tinycc.kernels.cmsis_nn import pooling as arm_pooling
from tinycc.kernels.portable import (
    conversion,
    detection,
    elementwise,
    even_codes,
    fourier,
    functions,
    movement,
    pooling,
    recurrent,
    resize,
    signal,
)
from tinycc.numerics.rules import ORT, ORT_QLINEAR, ORT_QLINEAR_U8
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.target import TARGETS

BARE = Context(TARGETS["cortex-m4"])


def like(**fields: object) -> Any:
    return SimpleNamespace(**fields)


def fields_of(struct: Any) -> dict[str, Any]:
    return dict(struct.fields)


def the_rest(op: object, *rest: object) -> Any:
    return rest


@pytest.mark.parametrize(
    ("ties", "can_be", "as_tflite", "up", "away"),
    [
        (True, True, True, True, False),
        (True, False, True, False, True),
        (False, True, True, False, True),
        (False, False, False, False, False),
    ],
)
def test_ties_of_means(ties: bool, can_be: bool, as_tflite: bool, up: bool, away: bool) -> None:
    op = like(ties_up=ties, has_ties=can_be, as_tflite=as_tflite)
    assert (pooling.ties_up(op, BARE) is None) == up
    assert (arm_pooling.ties_away_from_zero(op, BARE) is None) == away


@pytest.mark.parametrize(("numerics", "fused"), [(ORT_QLINEAR, True), (ORT_QLINEAR_U8, True), (ORT, False)])
def test_sums_of_qlinear(monkeypatch: pytest.MonkeyPatch, numerics: Any, fused: bool) -> None:
    op = like(numerics=numerics)
    assert (even_codes.fused(op, BARE) is None) == fused
    assert even_codes.not_fused(op, BARE) is None
    monkeypatch.setattr(even_codes, "Sum", SimpleNamespace)
    assert (even_codes.not_fused(op, BARE) is None) != fused


def test_types_of_one_byte_become_tables() -> None:
    assert "int16 to int8" in conversion.WIDER_THAN_BYTES
    assert not [name for name in conversion.WIDER_THAN_BYTES if not any(wide in name for wide in ("16", "32", "64"))]


def test_codes_of_boxes() -> None:
    quantization = like(scale=0.5, zero_point=3)
    for dtype, found in ((DType.UINT8, (0.5, 3)), (DType.FLOAT32, (0.0, 0))):
        fields = fields_of(detection._codes(like(dtype=dtype, type=like(quantization=quantization))))
        assert (fields["scale"], fields["zero_point"]) == found


def test_bits_of_64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elementwise, "operands", the_rest)
    monkeypatch.setattr(elementwise, "FUNCTIONS", (SimpleNamespace,))
    assert [elementwise.bitwise_64(like(y=like(dtype=dtype)))[1] for dtype in elementwise.WIDE] == [1, 0]


@pytest.mark.parametrize(("fraction", "kept"), [(3, True), (4, False)])
def test_roots_of_which_something_is_left(monkeypatch: pytest.MonkeyPatch, fraction: int, kept: bool) -> None:
    monkeypatch.setattr(functions, "run", the_rest)
    monkeypatch.setattr(functions, "quantize_multiplier", lambda ratio: like(multiplier=5, shift=-28))
    assert functions.rsqrt_s16(like(ratio=1.0, fraction=fraction)) == ((5, -28) if kept else (0, 0))


def test_no_factors_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """C has no empty arrays."""
    monkeypatch.setattr(fourier, "factor_table", lambda fft, role, table: table.shape)
    fft: Any = like(n=4, twiddles=lambda: np.zeros((2, 4)))
    assert fourier.power_twiddles(fft, []) == (2, 1)


@pytest.mark.parametrize(
    ("data", "bits", "rows"),
    [(np.zeros(65), 8, 5), (np.zeros(64), 8, 1), (np.zeros(65), 4, 1), (np.arange(65), 8, 1), (None, 8, 1)],
)
def test_constants_of_one_number(data: Any, bits: int, rows: int) -> None:
    """More than 64 bytes of them are a row again and again."""
    data = None if data is None else data.astype(np.int8)
    x = like(data=data, type=like(bytes=65 if data is None else data.size), dtype=like(bits=bits))
    ((_, _, found, *_),) = (call.args for call in movement.bind_copy(like(x=x, y=None), BARE))
    assert found == rows


def test_an_svdf_without_bias() -> None:
    (op,) = load(next(case for case in all_cases()["SVDF"] if case.id == "SVDF-int8-state_zero_point").model).graph.ops
    assert isinstance(op, Svdf)
    assert op.bias is not None
    with_bias, without = (recurrent.svdf_s8(item) for item in (op, replace(op, bias=None)))
    assert [str(argument) for argument in with_bias] != [str(argument) for argument in without]


@pytest.mark.parametrize(("step", "first"), [(0, 3), (2, Turned(2, 3))])
def test_bands_of_images(step: int, first: Any) -> None:
    assert resize.band(like(band=like(start=(3, step), step=1, rows=4), size=(9, 9))) == (first, Turned(1), 4)
    assert resize.band(like(band=None, size=(9, 7))) == (0, 0, 9)


@pytest.mark.parametrize(("cycles", "stops"), [(1, False), (2, True)])
def test_buffers_that_stop(cycles: int, stops: bool) -> None:
    op = like(x=like(type=like(elements=4)), y=None, wait=None, last=like(shape=(1, 4)), cycles=cycles)
    (call,) = signal.bind_circular_buffer(op, BARE)
    assert call.stops == stops

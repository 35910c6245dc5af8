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
from tinycc.kernels import accumulate
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Table, Turned
from tinycc.kernels.cmsis_nn import counts
from tinycc.kernels.cmsis_nn import dense as arm_dense
from tinycc.kernels.cmsis_nn import depthwise as arm_depthwise
from tinycc.kernels.cmsis_nn import movement as arm_movement
from tinycc.kernels.cmsis_nn import normalization as arm_normalization
from tinycc.kernels.cmsis_nn import pooling as arm_pooling
from tinycc.kernels.cmsis_nn import transpose as arm_transpose
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


# -- CMSIS-NN ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wide", "scales", "holds"), [(True, 1, True), (False, 1, False), (True, 2, False)])
def test_wide_sums_of_one_multiplier(wide: bool, scales: int, holds: bool) -> None:
    op = like(wide_accumulators=wide, requantization=[None] * scales, bias=None)
    assert (arm_dense.wide_sums_of_one_multiplier(op, BARE) is None) == holds


@pytest.mark.parametrize(("weights", "bias", "found"), [(1, None, [-4]), (1, 5, [1]), (1, "computed", None), (None, 5, None)])
def test_sums_of_kernels(weights: int | None, bias: Any, found: Any) -> None:
    data = None if weights is None else np.ones((1, 2), np.int8)
    added = None if bias is None else like(data=None if bias == "computed" else np.asarray([bias]))
    sums = arm_dense.kernel_sums(like(weights=like(data=data, zero_point=0), bias=added, x=like(zero_point=2)))
    assert (None if sums is None else sums.tolist()) == found


@pytest.mark.parametrize(
    ("fact", "field", "most"), [(arm_dense.two_loops, "batches", 2), (arm_movement.constant_frame, "frames", 4)]
)
def test_loops_of_a_function(fact: Any, field: str, most: int) -> None:
    for count in (most, most + 1):
        op = like(**{field: [None] * count}, fill=None)
        assert (fact(op, BARE) is None) == (count == most)


def test_frames_of_a_computed_value() -> None:
    assert "computed at run time" in str(arm_movement.constant_frame(like(frames=[], fill=like()), BARE))
    assert "run time" not in str(arm_movement.constant_frame(like(frames=[None] * 5, fill=None), BARE))


@pytest.mark.parametrize(
    ("biased", "helium", "channels", "zeros"),
    [(False, True, 125, True), (False, True, 124, False), (False, False, 125, False), (True, True, 125, False)],
)
def test_a_bias_for_the_second_block(
    monkeypatch: pytest.MonkeyPatch, biased: bool, helium: bool, channels: int, zeros: bool
) -> None:
    monkeypatch.setattr(arm_depthwise, "depthwise_args", lambda op, scratch, bias: bias)
    bias = like(data=1) if biased else None
    op = like(bias=bias, channels=channels, window=like(size=like(h=3, w=3)))
    monkeypatch.setattr(arm_depthwise, "tensor_or_null", lambda value: value)
    found = arm_depthwise.opt_s8(op, like(may_use_mve=helium, scratch=lambda **sizes: 0))
    assert isinstance(found, Table) == zeros
    assert zeros or found is bias


@pytest.mark.parametrize(("rows", "columns", "holds"), [(2**16 - 1, 9, True), (2**16, 9, False), (9, 2**16, False)])
def test_counts_of_16_bits(rows: int, columns: int, holds: bool) -> None:
    assert (arm_movement.counts_of_16_bits(like(rows=rows, columns=columns), BARE) is None) == holds


H, W = arm_movement.MAX_TRANSPOSED.h, arm_movement.MAX_TRANSPOSED.w


@pytest.mark.parametrize(
    ("shape", "permutation", "holds"),
    [
        ((1, 1, H, W), (0, 1, 3, 2), True),
        ((1, 1, H + 1, W), (0, 1, 3, 2), False),
        ((1, 1, H, W + 1), (0, 1, 3, 2), False),
        ((1, 1, 1, 2, 2), (0, 1, 2, 4, 3), False),
        ((1, 2, 2, 2), (0, 2, 1, 3), False),
    ],
)
def test_matrices_of_a_transposition(shape: tuple[int, ...], permutation: tuple[int, ...], holds: bool) -> None:
    op = like(x=like(type=like(elements=1)), merged=(shape, permutation))
    assert (arm_movement.scattered_matrix(op, BARE) is None) == holds


@pytest.mark.parametrize(("columns", "holds"), [(511, True), (512, False)])
def test_rows_of_softmax(columns: int, holds: bool) -> None:
    assert (arm_normalization.short_rows(like(columns=columns), BARE) is None) == holds


@pytest.mark.parametrize(
    ("images", "newer", "holds"), [(1, False, False), (2, False, True), (64, False, True), (65, False, False), (2, True, False)]
)
def test_images_one_by_one(images: int, newer: bool, holds: bool) -> None:
    context = like(provider=like(has=lambda version: newer, name="library"))
    assert (arm_pooling.some_images(like(x=like(shape=(images, 1, 1, 1))), context) is None) == holds


@pytest.mark.parametrize(
    ("data", "channels", "stride", "holds"), [(1, 17, 2, True), (1, 16, 2, False), (1, 17, 3, False), (None, 17, 2, False)]
)
def test_deep_images_of_a_narrow_stride(data: Any, channels: int, stride: int, holds: bool) -> None:
    op = like(weights=like(data=data), x=like(shape=(1, 1, 1, channels)), window=like(stride=(1, stride)))
    assert (arm_transpose.deep_and_narrow_stride(op, BARE) is None) == holds
    assert (arm_transpose.shallow_or_wide_stride(op, BARE) is None) != holds


@pytest.mark.parametrize(
    ("top", "rows", "left", "columns", "holds"),
    [
        (0, 8, 0, 9, True),
        (0, 7, 0, 9, False),
        (0, 9, 0, 9, True),
        (0, 10, 0, 9, False),
        (8, 0, 0, 9, True),
        (10, 0, 0, 9, False),
        (1, 7, 0, 9, False),
        (0, 8, 1, 9, False),
    ],
)
def test_outputs_that_are_reached(
    monkeypatch: pytest.MonkeyPatch, top: int, rows: int, left: int, columns: int, holds: bool
) -> None:
    """Four rows at a stride of 2, windows of 3: 8 rows and one more. 9 columns are made."""
    window = like(padding=like(top=top, left=left), stride=like(h=2, w=2), size=like(h=3, w=3))
    monkeypatch.setattr(arm_transpose, "sums_of", lambda op: like(w=9))
    op = like(window=window, x=like(shape=(1, 4, 4, 1), type="x"), size=like(h=rows, w=columns))
    assert (arm_transpose.reached_outputs(op, BARE) is None) == holds


@pytest.mark.parametrize(("seen", "runs"), [((0, 2), 1), ((1, 2), 2)])
def test_pixels_that_see_nothing(monkeypatch: pytest.MonkeyPatch, seen: tuple[int, int], runs: int) -> None:
    monkeypatch.setattr(counts, "taps", lambda op: (np.asarray([1]), np.asarray(seen)))
    x, weights = like(shape=(1, 1, 2, 1)), like(shape=(4, 1, 2, 1))
    op = like(x=x, weights=weights, channels=4, groups=1, window=like(dilation=like(w=1)))
    found = counts.of_convolution(op)
    assert (found["run"], found["line of four"]) == (runs, runs)


def test_the_first_that_sums_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of its operator and types, if its facts hold."""
    holds, fails = (lambda op, context: None), (lambda op, context: "found")
    kinds = [
        like(op=dict, signatures=("int8",), facts=()),
        like(op=SimpleNamespace, signatures=("int16",), facts=()),
        like(op=SimpleNamespace, signatures=("int8",), facts=(holds, fails)),
        like(op=SimpleNamespace, signatures=("int8",), facts=(holds,)),
        like(op=SimpleNamespace, signatures=("int8",), facts=()),
    ]
    monkeypatch.setattr(accumulate, "_declared", lambda: kinds)
    op = like(signatures=[like(name="int8", matches=lambda op: True)])
    assert accumulate.accumulator(op, BARE) is kinds[3]
    kinds[3:] = []
    assert accumulate.accumulator(op, BARE) is None


def test_numbers_of_rows() -> None:
    x: Any = None
    assert [accumulate.Row(x, x, fresh).times(3) for fresh in (True, False)] == [0, Turned(3)]


def test_windows_that_see_nothing_of_the_image() -> None:
    for touches in (True, False):
        window = like(dilation=(1, 1), touches=lambda *size, touches=touches: touches)
        op = like(window=window, multiplier=1, x=like(shape=(1, 2, 2, 1), type="x"))
        assert (arm_depthwise.regular(op, BARE) is None) == touches

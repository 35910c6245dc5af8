# SPDX-License-Identifier: Apache-2.0
"""Facts at both sides of edges that no small layer has: of things with the fields that a fact looks at, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder
from opcases_stateful import all_cases
from spelled import spelled

from tinycc.compiler import load
from tinycc.ir import DType
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Call, Struct
from tinycc.kernels.cmsis_nn import convolution
from tinycc.kernels.dsp import columns, dense, elementwise, lean, quads, requantization, transposed, windows, winograd
from tinycc.kernels.dsp import depthwise as dsp_depthwise
from tinycc.kernels.dsp import recurrent as dsp
from tinycc.kernels.dsp.segments import Segments
from tinycc.kernels.fpu import convolution as fpu
from tinycc.kernels.mve import conv as mve_conv
from tinycc.kernels.mve import depthwise, layer, lines
from tinycc.kernels.mve import recurrent as mve
from tinycc.kernels.portable import even_long
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.ops.window import Padding, Pair, Window
from tinycc.preferences import Goal
from tinycc.target import TARGETS

BARE = Context(TARGETS["cortex-m4"])


def like(**fields: object) -> Any:
    return SimpleNamespace(**fields)


def codes(*rows: tuple[int, ...]) -> Any:
    return like(data=np.asarray(rows, np.int8), name="w")


def svdf(state: int, output: int, dtype: DType = DType.INT8) -> Any:
    return like(
        state_multiplier=like(shift=state),
        output_multiplier=like(shift=output),
        activation_state=like(dtype=dtype, zero_point=0),
    )


def lstm(*cell: int, output: int = -1, inputs: tuple[int, ...] = (), units: int = 1, length: int = 1) -> Any:
    shifts = [like(shift=shift) for shift in inputs]
    return like(
        cell_multipliers=[like(shift=shift) for shift in cell],
        output_multiplier=like(shift=output),
        input_multipliers=shifts,
        recurrent_multipliers=[],
        sequence=like(inputs=length),
        layer=like(units=units),
    )


def window(size: tuple[int, int], *padding: int, stride: tuple[int, int] = (1, 1)) -> Window:
    return Window(Pair(*size), Pair(*stride), Pair(1, 1), Padding(*(padding or (0, 0, 0, 0))))


def image(rows: int, columns: int, channels: int) -> Any:
    return like(shape=(1, rows, columns, channels), type=f"{rows}x{columns}x{channels}")


def conv(x: Any, y: Any, seen: Window, groups: int = 1) -> Any:
    return like(x=x, y=y, window=seen, groups=groups)


def depthwise_conv(seen: Window, multiplier: int = 1, channels: int = 4, x: Any = None, y: Any = None) -> Any:
    x = image(9, 9, channels // multiplier) if x is None else x
    return like(x=x, y=y, window=seen, multiplier=multiplier, channels=channels)


def unit(*weights: int) -> Any:
    """An SVDF of one filter."""
    state = like(zero_point=0)
    return like(x=state, weights_feature=codes(weights), weights_time=codes((1,)), bias=None, activation_state=state, units=1)


def gates(weight: int, count: int, bias: int) -> Any:
    """An LSTM of one unit."""
    weights = np.full((1, 4, count), weight, np.int8)
    return like(
        constants=like(
            input=weights, input_bias=np.full((1, 4), bias), recurrent=weights[..., :1], recurrent_bias=np.zeros((1, 4))
        )
    )


COMPUTED = like(weights=like(data=None))
DILATED = Window(Pair(3, 3), Pair(1, 1), Pair(2, 1), Padding(0, 0, 0, 0))
ONE = image(1, 9, 4)
EDGES: tuple[tuple[Callable[[Any, Context], str | None], Any, bool], ...] = (
    (mve.few_inputs, like(x=like(shape=(1, 2**16 - 1))), True),
    (mve.few_inputs, like(x=like(shape=(1, 2**16))), False),
    (mve.short_memory, like(memory=9362), True),
    (mve.short_memory, like(memory=9363), False),
    (mve.scaled_down, svdf(-1, 0), True),
    (mve.scaled_down, svdf(0, 0), False),
    (mve.scaled_down, svdf(-1, 1), False),
    (mve.scaled_down, svdf(0, 0, DType.INT16), True),
    (mve.scaled_down, svdf(0, 1, DType.INT16), False),
    (mve.short_rows, lstm(units=2**16 - 1), True),
    (mve.short_rows, lstm(length=2**16), False),
    (mve.small_multipliers, lstm(-1, -2), True),
    (mve.small_multipliers, lstm(-1, 0), False),
    (mve.small_multipliers, lstm(-1, output=0), False),
    (dsp.scaled_down, svdf(7, -1), True),
    (dsp.scaled_down, svdf(8, -1), False),
    (dsp.scaled_down, svdf(7, 0), False),
    (dsp.small_multipliers, lstm(-1, inputs=(7,)), True),
    (dsp.small_multipliers, lstm(0, inputs=(7,)), False),
    (dsp.small_multipliers, lstm(-1, inputs=(8,)), False),
    (dsp.constants, like(weights_feature=codes((1,)), weights_time=codes((1,)), bias=None), True),
    (dsp.constants, like(weights_feature=codes((1,)), weights_time=codes((1,)), bias=like(data=None, name="b")), False),
    (dense.small_products, like(weights=codes((127,) * 516 + (3,))), True),
    (dense.small_products, like(weights=codes((127,) * 516 + (4,))), False),
    (convolution.one_by_one, conv(ONE, ONE, window((1, 1))), True),
    (convolution.one_by_one, conv(ONE, ONE, window((1, 1), 0, 0, 0, 1)), False),
    *((pixels, conv(ONE, ONE, window((1, 1))), True) for pixels in (mve_conv.pixels, fpu.pixels)),
    *((pixels, conv(ONE, ONE, window((1, 1), 0, 0, 0, 1)), False) for pixels in (mve_conv.pixels, fpu.pixels)),
    (depthwise.steps_of_1, conv(ONE, ONE, window((3, 3))), True),
    (depthwise.steps_of_1, conv(ONE, ONE, window((3, 4))), False),
    (depthwise.steps_of_2, conv(ONE, ONE, window((4, 4), stride=(2, 2))), True),
    (depthwise.steps_of_2, conv(ONE, ONE, window((4, 5), stride=(2, 2))), False),
    (convolution.one_row_of_fours, conv(ONE, ONE, window((1, 3), 0, 0, 1, 1)), True),
    (convolution.one_row_of_fours, conv(ONE, ONE, window((1, 3), 0, 0, 1, 2)), True),
    (convolution.one_row_of_fours, conv(ONE, ONE, window((1, 3), 0, 0, 2, 1)), False),
    (convolution.one_row_of_fours, conv(ONE, ONE, window((1, 3), 1, 0, 1, 1)), False),
    *((fact, depthwise_conv(window((3, 3))), True) for fact in (columns.is_3x3, dsp_depthwise.is_3x3)),
    *((fact, depthwise_conv(window((3, 4))), False) for fact in (columns.is_3x3, dsp_depthwise.is_3x3)),
    *((fact, depthwise_conv(DILATED), False) for fact in (columns.is_3x3, dsp_depthwise.is_3x3)),
    *((fact, depthwise_conv(window((3, 3)), 2), False) for fact in (columns.is_3x3, dsp_depthwise.is_3x3)),
    (columns.is_3x3, depthwise_conv(window((3, 3)), channels=2**16 - 1), True),
    (columns.is_3x3, depthwise_conv(window((3, 3)), channels=2**16), False),
    (dsp_depthwise.is_3x3, depthwise_conv(window((3, 3)), channels=3), False),
    (columns.narrow_padding, depthwise_conv(window((3, 3), 1, 1, 1, 1), x=image(4, 4, 4), y=image(4, 4, 4)), True),
    (columns.narrow_padding, depthwise_conv(window((3, 3), 1, 1, 2, 1), x=image(4, 4, 4), y=image(4, 5, 4)), False),
    (columns.narrow_padding, depthwise_conv(window((3, 3), 2, 1, 1, 1), x=image(4, 4, 4), y=image(5, 4, 4)), False),
    (dense.no_least_weight, COMPUTED, True),
    (dense.whole_words, like(depth=8), True),
    (dense.whole_words, like(depth=9), False),
    (quads.no_least_weight, COMPUTED, True),
    (dsp.small_sums, unit(*[-128] * 511, -127), True),
    (dsp.small_sums, unit(*[-128] * 512), False),
    (dsp.small_arguments, gates(-128, 511, 128 * 128 - 1), True),
    (dsp.small_arguments, gates(-128, 511, 128 * 128), False),
    (transposed.every_tap, like(window=window((3, 3), 1, 1, 1, 1), size=Pair(4, 4)), True),
    (transposed.every_tap, like(window=window((1, 3), 1, 1, 1, 1), size=Pair(4, 4)), False),
)


@pytest.mark.parametrize(("fact", "op", "holds"), EDGES, ids=lambda item: getattr(item, "__name__", None))
def test_edges(fact: Callable[[Any, Context], str | None], op: Any, holds: bool) -> None:
    assert (fact(op, BARE) is None) == holds


def test_windows_of_one_pixel_that_see_zeros_are_no_product_of_matrices() -> None:
    assert Segments(conv(ONE, ONE, window((1, 1))), 4).flat
    assert not Segments(conv(ONE, ONE, window((1, 1), 0, 1, 0, 0)), 4).flat


@pytest.mark.parametrize(
    ("groups", "taps", "channels", "wide", "weight", "holds"),
    [
        (1, 512, 3, True, None, True),
        (1, 513, 3, True, 1, False),
        (1, 513, 4, True, 127, True),
        (1, 513, 4, True, None, False),
        (1, 513, 3, False, None, True),
        (1, 2**16 - 1, 4, False, 1, True),
        (1, 2**16, 4, False, 1, False),
        (2, 9, 4, True, 1, False),
    ],
)
def test_sums_of_int16(groups: int, taps: int, channels: int, wide: bool, weight: int | None, holds: bool) -> None:
    """`weight`: of all inputs; None: computed."""
    geometry = like(groups=groups, taps=taps, y=(1, 1, 1, channels))
    weights = like(data=None if weight is None else np.full((channels, min(taps, 516)), weight, np.int8))
    found = convolution.computed_s16(lambda op: geometry, like(wide_accumulators=wide, weights=weights), BARE)
    assert (found is None) == holds


@pytest.mark.parametrize(("sum", "holds"), [(2**16 - 1, True), (2**16, False)])
def test_products_of_int16_in_32_bits(sum: int, holds: bool) -> None:
    """A sum of 2**16 - 1 is the largest that 2**15 times it lies within 32 bits for."""
    weights = np.asarray([[127] * (sum // 127) + [sum % 127], [0] * (sum // 127 + 1)], np.int8)
    assert convolution.fits_32_bits(like(weights=like(data=weights))) == holds
    assert not convolution.fits_32_bits(like(weights=like(data=None)))


@pytest.mark.parametrize(
    ("parts", "whole", "long"), [(32, True, False), (33, True, True), (None, True, True), (32, False, True)]
)
def test_long_sums_of_16_bits(monkeypatch: pytest.MonkeyPatch, parts: int | None, whole: bool, long: bool) -> None:
    """`parts`: bits of the sums of products; those, or the sums as a whole, may be unknown."""
    known = None if parts is None else like(within=lambda bits: parts <= bits)
    monkeypatch.setattr(even_long, "partial_sums", lambda op: known)
    monkeypatch.setattr(even_long, "accumulators", lambda op: like() if whole else None)
    assert even_long.long_sums(load(spelled("FULLY_CONNECTED int16 1x8 4")).graph.ops[0]) == long


LEAST, MOST = -(2**31), 2**31 - 1


@pytest.mark.parametrize(
    ("low", "high", "bias", "holds"),
    [
        (LEAST, MOST, 0, True),
        (LEAST - 1, 0, 0, False),
        (0, MOST + 1, 0, False),
        (0, 0, LEAST, True),
        (0, 0, LEAST - 1, False),
        (0, 0, MOST + 1, False),
    ],
)
def test_sums_of_32_bits(monkeypatch: pytest.MonkeyPatch, low: int, high: int, bias: int, holds: bool) -> None:
    found = like(low=np.asarray([low, 0]), high=np.asarray([0, high]), bias=np.asarray([bias]))
    monkeypatch.setattr(layer, "sums", lambda op: found)
    assert (layer.sums_of_32_bits(like(), BARE) is None) == holds


@pytest.mark.parametrize(("depth", "holds"), [(2**16 - 1, True), (2**16, False)])
def test_products_of_a_sum(monkeypatch: pytest.MonkeyPatch, depth: int, holds: bool) -> None:
    monkeypatch.setattr(layer, "sums", lambda op: like(weights=like(shape=(1, depth))))
    assert (layer.any_product(like(), BARE) is None) == holds


@pytest.mark.parametrize(
    ("rows", "columns", "out", "seen", "holds"),
    [
        (9, 1, 1, window((3, 1), 1, 1, 0, 0), True),
        (1, 1, 1, window((1, 1)), False),
        (9, 2, 1, window((3, 1)), False),
        (9, 1, 2, window((3, 1)), False),
        (9, 1, 1, window((3, 3)), False),
        (9, 1, 1, window((3, 1), 0, 0, 1, 0), False),
        (9, 1, 1, window((3, 1), 0, 0, 0, 1), False),
    ],
)
def test_images_of_one_column(rows: int, columns: int, out: int, seen: Window, holds: bool) -> None:
    """They are computed as one row, where the window is as narrow and sees no zeros beside them."""
    assert lines.column(conv(image(rows, columns, 4), image(rows, out, 4), seen)) == holds
    weights = np.zeros((2, *seen.size, 3), np.int8)
    laid = windows._laid(windows.Windows((1, rows, columns, 3), (1, rows, out, 2), weights, seen, 1))
    turned = laid.x[1] == 1 and laid.weights.shape[1:3] == (seen.size.w, seen.size.h)
    assert turned == (columns == seen.size.w == 1 and not any(seen.padding[2:]))


@pytest.mark.parametrize(("a", "b", "holds"), [(2**23 - 1, 1 - 2**23, True), (2**23, 0, False), (0, -(2**23), False)])
def test_multipliers_of_24_bits(monkeypatch: pytest.MonkeyPatch, a: int, b: int, holds: bool) -> None:
    monkeypatch.setattr(elementwise, "linear", lambda op: like(multiplier_a=a, multiplier_b=b))
    scales = like(scale=1.0)
    assert (elementwise.is_linear(like(x1=scales, x2=scales, y=scales), BARE) is None) == holds


@pytest.mark.parametrize(
    ("count", "scratch", "fastest", "holds"),
    [
        (winograd.MAX_TILES, winograd.GRANTED, 3, True),
        (winograd.MAX_TILES + 1, winograd.GRANTED, 3, False),
        (winograd.MAX_TILES, winograd.GRANTED + 1, 3, False),
        (1, 1, 2, False),
        (1, 1, 1, False),
        (1, 1, None, True),
    ],
)
def test_strips_of_tiles(monkeypatch: pytest.MonkeyPatch, count: int, scratch: int, fastest: int | None, holds: bool) -> None:
    """A strip of two rows is another way where the fastest has more."""
    monkeypatch.setattr(winograd, "tiles_of", lambda op: None if fastest is None else like(strip=fastest))
    monkeypatch.setattr(winograd, "Tiles", lambda op, strip: like(count=count, scratch=scratch))
    assert (winograd.two_rows(like(), BARE) is None) == holds


@pytest.mark.parametrize(
    ("count", "scratch", "able"),
    [
        (winograd.MAX_TILES, winograd.GRANTED, True),
        (winograd.MAX_TILES + 1, 1, False),
        (1, winograd.GRANTED + 1, False),
    ],
)
def test_room_for_tiles(monkeypatch: pytest.MonkeyPatch, count: int, scratch: int, able: bool) -> None:
    monkeypatch.setattr(winograd, "Tiles", lambda op, strip: like(count=count, scratch=scratch, cycles=1))
    assert (winograd.tiles_of(like(y=like(shape=(1, 9, 9, 4)))) is not None) == able


def test_an_svdf_without_bias_on_helium() -> None:
    """What the zero point of the state adds is all that is left."""
    (found,) = (found for found in all_cases()["SVDF"] if found.id == "SVDF-int8-state_zero_point")
    (op,) = load(found.model).graph.ops
    assert isinstance(op, Svdf)
    assert op.bias is not None
    assert op.bias.data is not None
    with_bias, without = (bias_of(mve.bind_svdf(item, BARE)) for item in (op, replace(op, bias=None)))
    assert without.any()
    np.testing.assert_array_equal(with_bias - without, op.bias.data.ravel())


def bias_of(calls: Sequence[Call]) -> Any:
    (call,) = calls
    described = next(argument for argument in call.args if isinstance(argument, Struct))
    return dict(dict(described.fields)["time"].fields)["bias"].data  # type: ignore[union-attr]


def depthwise_layer(shape: tuple[int, ...]) -> DepthwiseConv2D:
    m = ModelBuilder()
    x, y = (make(shape, "int8", scale=0.1, zero_point=0) for make in (m.input, m.tensor))
    weights = m.const(np.ones((1, 3, 3, shape[3]), np.int8), scale=[0.1] * shape[3], zero_point=0, axis=3)
    options = {"stride_h": 1, "stride_w": 1, "padding": "SAME", "fused_activation_function": "NONE"}
    m.op("DEPTHWISE_CONV_2D", [x, weights, -1], [y], depth_multiplier=1, **options)
    (op,) = load(m.build([y])).graph.ops
    assert isinstance(op, DepthwiseConv2D)
    return op


def test_cells_as_large_as_what_is_granted() -> None:
    found = depthwise.blocks_of(depthwise_layer((1, 30, 6, 16)), Goal.RAM)
    assert (found.rows, found.columns, found.scratch) == (30, 6, depthwise.LITTLE)


def test_an_svdf_without_bias_on_dsp() -> None:
    assert [array.tolist() for array in dsp.biases(unit(3, 4))] == [[0], [0]]


def test_tables_that_go_with_some_channels() -> None:
    """A pivot goes with them, where there is one."""
    stairs = dsp_depthwise.stairs_of(depthwise_layer((1, 4, 4, 8)))
    assert stairs is not None
    at = np.array([5, 2])
    pivots = [None, np.arange(8)]
    found = [dsp_depthwise._channels(replace(stairs, pivot=pivot), at).pivot for pivot in pivots]
    assert found[0] is None
    assert found[1] is not None
    assert found[1].tolist() == [5, 2]


@pytest.mark.parametrize(
    ("size", "padding", "rows", "held"),
    [
        ((3, 3), (0, 0, 0, 0), 4, 0),
        ((1, 3), (0, 0, 1, 1), 4, 192),
        ((3, 1), (1, 0, 0, 0), 4, 192),
        ((3, 1), (0, 1, 0, 0), 4, 192),
    ],
)
def test_windows_beyond_the_image_are_gathered(size: tuple[int, int], padding: tuple[int, ...], rows: int, held: int) -> None:
    """Whichever border it is."""
    top, bottom, left, right = padding
    y = image(rows + top + bottom - size[0] + 1, 4 + left + right - size[1] + 1, 8)
    assert lean.gathered(conv(image(rows, 4, 64), y, window(size, *padding))) == held


def test_a_phase_without_outputs_is_none() -> None:
    assert len(list(transposed.phases(2, 2, 0, 1))) == 1


def test_one_pixel_that_sees_zeros_keeps_its_rows() -> None:
    for padding, pixels in ((0, 9), (1, 3)):
        seen = window((1, 1), padding, padding, padding, padding)
        laid = windows._laid(windows.Windows((1, 3, 3, 4), (1, 3, 3, 4), np.zeros((4, 1, 1, 4), np.int8), seen, 1))
        assert laid.x[2] == pixels


@pytest.mark.parametrize("formula", [requantization.folded_sums, requantization.signed_sums, winograd.sums])
def test_sums_that_nothing_is_known_of(monkeypatch: pytest.MonkeyPatch, formula: Callable[[Any], object]) -> None:
    for module in (requantization, winograd):
        monkeypatch.setattr(module, "stairs_of", lambda op: None)
    assert formula(depthwise_layer((1, 4, 4, 4))) is None

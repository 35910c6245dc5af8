# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8 on cores without SIMD: two output pixels, or rows, in one multiplication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Field, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.costs import Loops, cost_of
from tinycc.kernels.folding import once_for_all, stairs_of
from tinycc.kernels.portable.base import conv_shape
from tinycc.numerics.staircase import Folded, fold
from tinycc.numerics.two_products import TwoProducts, fold_two
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Content
from tinycc.target import Feature

WIDER: Mapping[str, float] = {"lx106": 2.5, "avr": 15}
"""Instructions on cores where a product of 64 bits is a function, for one on RV32IM. Counted."""
FOLDED_WORDS = 3
"""TK_FOLDED_WORDS."""
BYTES = 10.6
"""Instructions on AVR for one of Cortex-M0, where no product has more than 32 bits."""


Rounds = tuple[float, float, float, float, float]


def scalar_core(op: object, context: Context) -> str | None:
    """a core without SIMD is named"""
    target = context.target
    vectors = target.features & {Feature.DSP, Feature.MVE}
    return target.name if vectors or target.any_core or target.architecture is None else None


def one_group(op: Conv2D, context: Context) -> str | None:
    """there are no groups"""
    return None if op.groups == 1 else f"{op.groups} groups"


Op = Conv2D | DepthwiseConv2D | FullyConnected


@once_for_all
def codes(op: Op) -> TwoProducts | None:
    stairs = stairs_of(op)
    return None if stairs is None else fold_two(stairs)


def folds(op: Op, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are two multiplications, proved"""
    return "a channel for which they are not" if codes(op) is None else None


def rows(op: Conv2D, lanes: int, step: int) -> Array:
    """int64[channels, inputs]: the weights, rounded up to multiples of `lanes` and `step` with zeros."""
    assert op.weights.data is not None
    weights = op.weights.data.reshape(op.channels, -1).astype(np.int64)
    return np.pad(weights, ((0, -op.channels % lanes), (0, -weights.shape[1] % step)))


@once_for_all
def group_of(op: Conv2D) -> int:
    """The inputs whose products are summed up before they are split, 0 if not even two may be."""
    weights = rows(op, 1, 4)
    return 4 if fits(weights, 4) else 2 if fits(weights, 2) else 0


def fits(weights: Array, group: int) -> bool:
    """Whether no sum of a group of products leaves 16 bits, whatever the inputs."""
    sums = np.abs(weights).reshape(len(weights), -1, group).sum(2)
    return bool(sums.max(initial=0) * 128 < 2**15)


def small_pairs(op: Conv2D, context: Context) -> str | None:
    """no two neighbouring weights of a channel are -128 and another one of at least 128, of those that are constant"""
    if op.weights.data is None or not op.weights.dtype.is_integer or op.asymmetric_weights:
        return "weights that are computed, or have a zero point"
    return None if group_of(op) else "such weights"


@once_for_all
def long_codes(op: Op) -> Folded | None:
    stairs = stairs_of(op)
    formula = None if stairs is None else fold(stairs, two_sided=False)
    return formula if formula is not None and formula.proved.all() and formula.shift >= 32 else None


def folds_long(op: Op, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication, with a shift that all share, proved"""
    return "a channel for which they are not" if long_codes(op) is None else None


def narrow_sums(op: Op, context: Context) -> str | None:
    """no sum of codes times weights reaches 2**22"""
    stairs = stairs_of(op)
    largest = 0 if stairs is None else max(int(stairs.high.max()), -int(stairs.low.min()))
    return None if largest < 1 << 22 else f"{largest:,}"


def long_multiplication(op: object, context: Context) -> str | None:
    """the core multiplies into 64 bits and accumulates in one instruction"""
    return None if context.target.multiplies_long else context.target.name


def many_registers(op: object, context: Context) -> str | None:
    """the core has registers for the sums of four channels"""
    few = context.target.architecture is not None and context.target.architecture.name == "Arm"
    return context.target.name if few else None


def narrow_units(op: Conv2D) -> Array:
    """int8[pairs of channels, bytes]: the weights of tk_conv_paired_s8, two channels side by side, with their sign."""
    group, weights = group_of(op), rows(op, 2, 8)
    return weights.astype(np.int8).reshape(len(weights) // 2, 2, -1, group).swapaxes(1, 2).reshape(len(weights) // 2, -1)


def wide_units(op: Conv2D) -> Array:
    """int8[fours of channels, bytes]: the weights of tk_conv_paired_wide_s8."""
    group, weights = group_of(op), rows(op, 4, 4)
    return weights.astype(np.int8).reshape(len(weights) // 4, 4, -1, group).swapaxes(1, 2).reshape(len(weights) // 4, -1)


def long_units(op: Conv2D) -> Array:
    """int8[fours of channels, bytes]: the weights of tk_conv_long_s8."""
    weights = rows(op, 4, 4)
    return weights.astype(np.int8).reshape(len(weights) // 4, 4, -1).swapaxes(1, 2).reshape(len(weights) // 4, -1)


Codes = tuple[Table, int]
"""The table of the channels' constants, and the shift, or split, of all."""


def bind_narrow(op: Conv2D, context: Context, codes: Codes | None = None) -> tuple[Call, ...]:
    """In bytes without a sign, as Armv6-M loads them."""
    units, group = narrow_units(op), group_of(op)
    depth = units.shape[1] // 2
    words = depth // group * (group + 1)
    codes = codes or folded_codes(op, long=False)
    return _call(op, "tk_conv_paired", units.view(np.uint8) ^ np.uint8(128), depth, codes, words=words)


def bind_wide(op: Conv2D, context: Context, codes: Codes | None = None) -> tuple[Call, ...]:
    units, codes = wide_units(op), codes or folded_codes(op, long=True)
    depth = units.shape[1] // 4
    return _call(op, "tk_conv_paired_wide", units, depth, codes, words=depth if group_of(op) == 4 else 2 * depth)


def bind_long(op: Conv2D, context: Context, codes: Codes | None = None) -> tuple[Call, ...]:
    units, codes = long_units(op), codes or folded_codes(op, long=True)
    return _call(op, "tk_conv_long", units, units.shape[1] // 4, codes, words=units.shape[1] // 4)


def folded_codes(op: Op, *, long: bool) -> Codes:
    """What tk_folded.h or tk_paired.h reads."""
    if long:
        folded = long_codes(op)
        assert folded is not None
        assert isinstance(folded.shift, int)
        return folded_table(folded), folded.shift - 32
    formula = codes(op)
    assert formula is not None
    return words_table(formula.columns), formula.split


def folded_table(folded: Folded) -> Table:
    """FOLDED_WORDS for each channel."""
    return words_table(np.stack((folded.multiplier, folded.offset, folded.offset >> 32), 1))


def words_table(columns: Array) -> Table:
    """The constants of every channel, int64[channels, words], as words without a sign."""
    return Table("codes", (columns & 0xFFFFFFFF).astype(np.uint32).ravel(), Content.REQUANT)


def _call(op: Conv2D, name: str, units: Array, depth: int, codes: Codes, *, words: int) -> tuple[Call, ...]:
    table, shift = codes
    group: dict[str, Field] = {} if name == "tk_conv_long" else {"group": group_of(op)}
    fields: dict[str, Field] = {
        "weights": Table("weights", units.ravel(), Content.WEIGHTS),
        "codes": table,
        "depth": depth,
        "pitch": op.channels,
        **group,
        ("split" if name == "tk_conv_paired" else "shift"): shift,
        "zero_point": op.x.zero_point,
    }
    params = Struct(f"{name}_params", tuple(fields.items()))
    shape = conv_shape(op.x.shape, op.y.shape, op.window)
    return (Call(f"{name}_s8", (Tensor(op.x), Tensor(op.y), shape, params, Scratch("words", 4 * words + 2 * depth))),)


def inside(op: Conv2D) -> float:
    """About how many pairs of output pixels of an image have windows that lie inside of it, in rows without gaps."""
    window, (height, width) = op.window, op.y.shape[1:3]
    if window.dilation.w != 1:
        return 0
    padding = window.padding
    whole = (
        _inside(op.x.shape[axis], out, before, window.reach[axis - 1], window.stride[axis - 1])
        for axis, out, before in ((1, height, padding.top), (2, width, padding.left))
    )
    lines, columns = whole
    return lines * (width if columns == width else max(columns - 1, 0)) / 2


def _inside(size: int, out: int, before: int, reach: int, stride: int) -> int:
    """Of `out` positions along an axis those that lie inside."""
    first, last = -(-before // stride), (size - reach + before) // stride
    return max(min(last, out - 1) - first + 1, 0)


def loops(op: Conv2D, tiles: int, lanes: int, *, runs: bool) -> Loops:
    """How often things are done: for every two pixels; for every channel of them, and every input of its window, and group of
    these; for every input, once for each of `tiles`, plain or gathered. `runs`: windows inside are read row by row."""
    channels, depth = rows(op, lanes, 4).shape
    pairs = -(-op.y.shape[1] * op.y.shape[2] // 2)
    plain = min(inside(op), pairs) if runs else pairs if op.window.size == (1, 1) else 0
    images = op.y.shape[0]
    return {
        "pair": images * tiles * pairs,
        "channel": images * pairs * channels,
        "product": images * pairs * channels * depth,
        "split": images * pairs * channels * depth / group_of(op),
        "input": images * tiles * plain * depth,
        "gathered": images * tiles * (pairs - plain) * depth,
    }


def _cost(
    op: Conv2D, context: Context, tiles: int, *, lanes: int, product: float, split: float, rest: int, runs: bool = True
) -> Cost:
    """Instructions, counted: of a product, of a group of these, of a channel of two pixels."""
    each = {"pair": 200, "channel": rest, "product": product, "split": split, "input": 10, "gathered": 30}
    found = loops(op, tiles, lanes, runs=runs)
    instructions = sum(count * each[name] for name, count in found.items())
    return replace(cost_of(round(instructions * WIDER.get(context.target.name, 1)), context.target), loops=found)


def cost_narrow(op: Conv2D, context: Context, tiles: int = 1) -> Cost:
    return _cost(op, context, tiles, lanes=2, product=4.2, split=5.5, rest=85, runs=False)


def cost_wide(op: Conv2D, context: Context, tiles: int = 1) -> Cost:
    """Groups of four and of two are code of their own, and so are their loops."""
    if group_of(op) == 4:
        return _cost(op, context, tiles, lanes=4, product=3.3, split=3.8, rest=50)
    cost = _cost(op, context, tiles, lanes=4, product=4.45, split=0, rest=34)
    return replace(cost, loops={f"{name} of twos": times for name, times in cost.loops.items() if name != "split"})


def cost_long(op: Conv2D, context: Context, tiles: int = 1) -> Cost:
    return _cost(op, context, tiles, lanes=4, product=2.4, split=0, rest=50)


def three_by_three(op: DepthwiseConv2D, context: Context) -> str | None:
    """a 3x3 kernel with multiplier, stride and dilation 1 and at most one pixel of padding on each side"""
    window = op.window
    plain = window.size == (3, 3) and window.stride == window.dilation == (1, 1) and max(window.padding) <= 1
    return None if plain and op.multiplier == 1 else f"{window}, multiplier {op.multiplier}"


def small_taps(op: DepthwiseConv2D, context: Context) -> str | None:
    """no two neighbouring weights of a channel are -128 and another one of at least 128, of those that are constant"""
    if op.weights.data is None or not op.weights.dtype.is_integer or op.asymmetric_weights:
        return "weights that are computed, or have a zero point"
    return None if fits(np.pad(_taps(op), ((0, 0), (0, 1))), 2) else "such weights"


def _taps(op: DepthwiseConv2D) -> Array:
    """int64[channels, 9]."""
    assert op.weights.data is not None
    return op.weights.data.reshape(-1, op.channels).T.astype(np.int64)


def bind_depthwise(op: DepthwiseConv2D, symbol: str, codes: Codes | None = None) -> tuple[Call, ...]:
    taps = _taps(op)
    threes = [[int(fits(channel[None], 3))] for channel in taps]
    table, shift = codes or folded_codes(op, long=symbol != "tk_depthwise3_paired_s8")
    params = struct(
        "tk_depthwise3_pairs_params",
        weights=Table("weights", np.hstack((taps, threes)).astype(np.int8).ravel(), Content.WEIGHTS),
        codes=table,
        shift=shift,
        zero_point=op.x.zero_point,
    )
    shape = conv_shape(op.x.shape, op.y.shape, op.window)
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), shape, params, Scratch("rows", 4 * op.x.shape[2]))),)


def _cost_depthwise(op: DepthwiseConv2D, context: Context, *, rounds: Rounds, wider: float = 1) -> Cost:
    """`rounds`: instructions of a call, of a channel, of two output rows of it, of two outputs, of an input that is copied."""
    rows, columns = op.y.shape[1:3]
    top = op.window.padding.top
    copies = sum(not 0 <= row - top <= op.x.shape[1] - 4 for row in range(0, rows, 2))
    pairs, channels = -(-rows // 2), op.y.shape[0] * op.channels
    loops = {
        "call": 1,
        "channel": channels,
        "pair": channels * pairs,
        "output": channels * pairs * columns,
        "copied": channels * copies * 4 * op.x.shape[2],
    }
    instructions = sum(count * each for count, each in zip(loops.values(), rounds, strict=True))
    return replace(cost_of(round(instructions * wider), context.target), loops=loops)


def _cost_depthwise_long(op: DepthwiseConv2D, context: Context) -> Cost:
    """Counted on Cortex-M3, within 4 %."""
    return _cost_depthwise(op, context, rounds=(384, 151, 93.6, 71.3, 10.8))


def _cost_depthwise_wide(op: DepthwiseConv2D, context: Context) -> Cost:
    """Counted on RV32IM, within 2 %."""
    return _cost_depthwise(op, context, rounds=(362, 153, 81.3, 107, 8.8), wider=WIDER.get(context.target.name, 1))


def _cost_depthwise_narrow(op: DepthwiseConv2D, context: Context) -> Cost:
    """Counted on Cortex-M0, within 3 %."""
    return _cost_depthwise(op, context, rounds=(898, 299, 151, 150, 17.8), wider=BYTES if context.target.name == "avr" else 1)


LONG_FACTS: tuple[Fact[Conv2D], ...] = (long_multiplication, one_group, small_pairs, folds_long, narrow_sums)
WIDE_FACTS: tuple[Fact[Conv2D], ...] = (scalar_core, many_registers, one_group, small_pairs, folds_long)
NARROW_FACTS: tuple[Fact[Conv2D], ...] = (scalar_core, one_group, small_pairs, folds)
VARIANTS = (
    Variant(
        name="tk_conv_long_s8",
        op=Conv2D,
        signatures=("int8",),
        bind=bind_long,
        cost=cost_long,
        facts=LONG_FACTS,
    ),
    Variant(
        name="tk_depthwise3_long_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=lambda op, context: bind_depthwise(op, "tk_depthwise3_long_s8"),
        cost=_cost_depthwise_long,
        facts=(long_multiplication, three_by_three, small_taps, folds_long, narrow_sums),
    ),
    Variant(
        name="tk_depthwise3_paired_wide_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=lambda op, context: bind_depthwise(op, "tk_depthwise3_paired_wide_s8"),
        cost=_cost_depthwise_wide,
        facts=(scalar_core, many_registers, three_by_three, small_taps, folds_long),
    ),
    Variant(
        name="tk_depthwise3_paired_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=lambda op, context: bind_depthwise(op, "tk_depthwise3_paired_s8"),
        cost=_cost_depthwise_narrow,
        facts=(scalar_core, three_by_three, small_taps, folds),
    ),
    Variant(
        name="tk_conv_paired_s8",
        op=Conv2D,
        signatures=("int8",),
        bind=bind_narrow,
        cost=cost_narrow,
        facts=NARROW_FACTS,
    ),
    Variant(
        name="tk_conv_paired_wide_s8",
        op=Conv2D,
        signatures=("int8",),
        bind=bind_wide,
        cost=cost_wide,
        facts=WIDE_FACTS,
    ),
)

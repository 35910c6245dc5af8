# SPDX-License-Identifier: Apache-2.0
"""CONV_2D and FULLY_CONNECTED of int16 with int8 weights, two pixels times two channels: see
runtime/kernels/dsp/tk_conv_dsp_s16.h. A depthwise convolution of few channels is a convolution with zeros among its weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, packed_multipliers, struct, tensor_or_null
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.products16 import (
    floor_of,
    high_multipliers,
    in_pairs,
    one_multiplication,
    plain_bounds,
    starts_of,
)
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.geometry import Geometry, one_row
from tinycc.kernels.portable.base import conv_shape
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Content
from tinycc.target import Feature

Layer: TypeAlias = Conv2D | FullyConnected | DepthwiseConv2D

BLOCK = 508
"""Products of int16 and int8, any of them, that fit into 32 bits; a multiple of four."""
FEW = 3
"""Channels of a depthwise convolution whose zeros are less work than what it would be else."""


def geometry_of(op: Layer) -> Geometry:
    if isinstance(op, FullyConnected):
        return one_row(op)
    return Geometry(op.x.shape, (op.channels, *op.weights.shape[1:3], op.x.shape[3]), op.y.shape, op.window)


def ungrouped(op: Conv2D, context: Context) -> str | None:
    """there are no groups"""
    return f"{op.groups} groups" if op.groups > 1 else None


def few_channels(op: DepthwiseConv2D, context: Context) -> str | None:
    """there are at most three input channels"""
    return f"{op.x.shape[3]}" if op.x.shape[3] > FEW else None


def two_channels(op: Layer, context: Context) -> str | None:
    """there are at least two output channels"""
    return "one" if op.channels < 2 else None


@once_for_all
def windows(op: Layer) -> Array:
    """int64[channels, depth]: of each channel the weights of its window, rounded up to fours by zeros."""
    weights = op.weights.data
    assert weights is not None
    if isinstance(op, DepthwiseConv2D):
        own = np.arange(op.channels) // op.multiplier == np.arange(op.x.shape[3])[:, None]  # input, output channel
        weights = (weights[0][:, :, None] * own).transpose(3, 0, 1, 2)
    flat = weights.reshape(op.channels, -1).astype(np.int64)
    return np.pad(flat, ((0, 0), (0, -flat.shape[1] % 4)))


def woven(pairs: Array) -> Array:
    """uint32[pairs, depth / 2]: the words of two channels. pairs: [pairs, 2, depth]."""
    count, _, depth = pairs.shape
    bytes = pairs.astype(np.int8).reshape(count, 2, depth // 2, 2).transpose(0, 2, 3, 1)  # pair, word, input, channel
    return np.ascontiguousarray(bytes).reshape(count, -1).view("<u4")


@once_for_all
def words(op: Layer) -> Array:
    """uint32: where sums begin, weights, multipliers, of two channels after two."""
    multipliers, pairs = high_multipliers(op), in_pairs(op.channels)
    assert multipliers is not None
    parts = as_words(starts_of(op)[pairs]), woven(windows(op)[pairs]), as_words(multipliers[pairs])
    return np.concatenate(parts, axis=1).ravel()


@once_for_all
def block_of(op: Layer) -> int:
    """How many products are summed up in 32 bits."""
    w = windows(op)
    return w.shape[1] if int(np.abs(w).sum(1).max(initial=0)) < 1 << 16 else BLOCK


@once_for_all
def blocks_of_words(op: Layer) -> Array:
    """uint32: of block after block the weights of two channels after two, behind two zeros."""
    w, block = windows(op), block_of(op)
    pairs = np.pad(w, ((0, len(w) % 2), (0, 0))).reshape(-1, 2, w.shape[1])
    parts = (woven(pairs[:, :, first : first + block]) for first in range(0, w.shape[1], block))
    return np.concatenate([np.pad(part, ((0, 0), (2, 0))).ravel() for part in parts])


def in_place(op: Layer) -> bool:
    """Whether windows are read where they are."""
    g = geometry_of(op)
    return g.window.size == g.window.stride == (1, 1) and not any(g.window.padding) and g.x[3] % 4 == 0


def gathered(op: Layer, context: Context) -> str | None:
    """windows are no whole pixels in fours, so that they are gathered"""
    return "whole pixels" if in_place(op) else None


def two_pixels(op: Layer, context: Context) -> str | None:
    """there are at least two windows"""
    return "one" if op.y.type.elements == op.channels else None


def _windows(op: Layer, weights: Array, floor: int, at_once: int = 2) -> tuple[Struct, Scratch]:
    """The `tk_windows_s16`, and the room for windows that are computed together."""
    g, depth = geometry_of(op), windows(op).shape[1]
    products = struct(
        "tk_products_s16",
        weights=Table("weights", weights, Content.WEIGHTS),
        fours=depth // 4,
        pairs=-(-op.channels // 2),
        back=op.channels % 2,
        floor=floor,
        pitch=op.channels,
    )
    shape, here = conv_shape(g.x, g.y, g.window), in_place(op)
    patches = Scratch("patches", 0 if here else at_once * 2 * depth)
    layer = struct("tk_windows_s16", products=products, shape=shape, depth=depth, in_place=int(here), at_once=at_once)
    return layer, patches


def bind(at_once: int, op: Layer, context: Context) -> tuple[Call, ...]:
    layer, patches = _windows(op, words(op), floor_of(op), at_once)
    return (Call("tk_conv_dsp_s16", (Tensor(op.x), Tensor(op.y), layer, patches)),)


def bind_any(op: Layer, context: Context) -> tuple[Call, ...]:
    layer, patches = _windows(op, blocks_of_words(op), 0)
    params = struct(
        "tk_conv_any_s16",
        windows=layer,
        block=block_of(op),
        narrow=int(not op.wide_accumulators),
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables = packed_multipliers(geometry_of(op).multipliers(op))
    sums = 2 * rounded_up(op.channels, 2)
    scratch = patches, Scratch("totals", 8 * sums, 8), Scratch("sums", 4 * sums)
    return (Call("tk_conv_dsp_any_s16", (Tensor(op.x), tensor_or_null(op.bias), *tables, Tensor(op.y), params, *scratch)),)


def loops(at_once: int, op: Layer) -> Loops:
    """Windows in twos, what is left alone; rounds are eight inputs."""
    g, depth, pairs = geometry_of(op), windows(op).shape[1], -(-op.channels // 2)
    pixels = g.y[0] * g.y[1] * g.y[2]
    twos, rounds, gathered = pixels // 2 if at_once == 2 else 0, -(-depth // 8), 0 if in_place(op) else pixels
    ones = pixels - 2 * twos
    rows = g.window.size.h * (1 if g.window.dilation.w == 1 else g.window.size.w)
    return {
        "call": 1,
        "pixel": pixels,
        "window": gathered,
        "row": gathered * rows,
        "input": gathered * depth,
        "two": twos,
        "pair of two": twos * pairs,
        "four of two": twos * pairs * depth // 4,
        "round of two": twos * pairs * rounds,
        "one": ones,
        "pair of one": ones * pairs,
        "four of one": ones * pairs * depth // 4,
        "round of one": ones * pairs * rounds,
    }


def loops_any(op: Layer) -> Loops:
    found = dict(loops(2, op))
    blocks, twos, ones = -(-windows(op).shape[1] // block_of(op)), found["two"], found["one"]
    found["block"] = blocks * (twos + ones)
    found["sum"] = blocks * (4 * twos + 2 * ones) * -(-op.channels // 2)
    found["result"] = (2 * twos + ones) * op.channels
    return found


ROUNDS: Mapping[str, Each] = {
    "call": Each(30, 45),
    "pixel": Each(6, 12),
    "window": Each(150, 240),
    "row": Each(51, 76),
    "input": Each(1.5, 2.1),
    "two": Each(45, 65),
    "pair of two": Each(36.6, 48.6),
    "four of two": Each(18.4, 21),
    "round of two": Each(0.8, 2),
    "one": Each(39, 70),
    "pair of one": Each(21.7, 28.1),
    "four of one": Each(12.5, 12.8),
    "round of one": Each(0.8, 4.4),
}
ANY: Mapping[str, Each] = {
    "call": Each(0, 0),
    "pixel": Each(70.6, 112),
    "window": Each(109, 182),
    "row": Each(42, 56.1),
    "input": Each(0.351, 0.364),
    "two": Each(10.9, 3.71),
    "pair of two": Each(0, 0),
    "four of two": Each(13.6, 8.37),
    "round of two": Each(12.4, 30.3),
    "one": Each(48.8, 105),
    "pair of one": Each(44.7, 51.3),
    "four of one": Each(3.74, 2.52),
    "round of one": Each(18.4, 24.7),
    "block": Each(59.7, 109),
    "sum": Each(47.2, 64.3),
    "result": Each(24.9, 32.7),
}

ONE: tuple[Fact[Any], ...] = (two_channels, one_multiplication, plain_bounds)
FACTS: tuple[tuple[type[Layer], tuple[Fact[Any], ...]], ...] = (
    (Conv2D, (ungrouped,)),
    (FullyConnected, ()),
    (DepthwiseConv2D, (few_channels,)),
)


def _variant(
    name: str,
    cls: type[Layer],
    facts: tuple[Fact[Any], ...],
    bind: Callable[[Any, Context], tuple[Call, ...]],
    loops: Callable[[Any], Loops],
    rounds: Mapping[str, Each],
) -> Variant[Any]:
    def cost(op: Layer, context: Context) -> Cost:
        return loops_cost(loops(op), rounds, context.target)

    return Variant(
        name=name,
        op=cls,
        signatures=("int16x8",),
        bind=bind,
        cost=cost,
        facts=(*facts, constant_weights, rounds_twice),
        features=frozenset({Feature.DSP}),
    )


VARIANTS: tuple[Variant[Any], ...] = (
    *(_variant("tk_conv_dsp_s16", cls, (*facts, *ONE), partial(bind, 2), partial(loops, 2), ROUNDS) for cls, facts in FACTS),
    *(
        _variant(
            "tk_conv_dsp_s16 by one", cls, (*facts, *ONE, gathered, two_pixels), partial(bind, 1), partial(loops, 1), ROUNDS
        )
        for cls, facts in FACTS
    ),
    *(_variant("tk_conv_dsp_any_s16", cls, facts, bind_any, loops_any, ANY) for cls, facts in FACTS),
)

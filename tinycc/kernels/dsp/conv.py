# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8: four pixels in three sums. A depthwise convolution of one input channel is one, too."""

from __future__ import annotations

from typing import Any, TypeVar

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Tensor
from tinycc.kernels.dsp.gemm import gemm_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.windows import MAX_ROWS, windows_of
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.target import Feature

ConvT = TypeVar("ConvT", Conv2D, DepthwiseConv2D)


def folds(op: Conv2D | DepthwiseConv2D, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication with a shift that all share, proved"""
    return "a channel without one" if folded_sums(op) is None else None


def few_rows(op: Conv2D | DepthwiseConv2D, context: Context) -> str | None:
    """a window reaches over at most 32 rows"""
    reach = windows_of(op).reach.h
    return None if reach <= MAX_ROWS else f"{reach}"


def one_channel(op: DepthwiseConv2D, context: Context) -> str | None:
    """the input has one channel"""
    return None if op.x.shape[3] == 1 else f"{op.x.shape[3]}"


def bind(op: Conv2D | DepthwiseConv2D, formula: HighWord | None, symbol: str, *, folded: bool) -> tuple[Call, ...]:
    assert formula is not None
    w = windows_of(op)
    groups = [slice(g, g + w.group) for g in range(0, w.y[3], w.group)]
    words = [gemm_words(w.pairs[group], formula[group], folded=folded) for group in groups]
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), w.layer(words, op.x.zero_point), Scratch("woven", w.scratch))),)


def cost(op: Conv2D | DepthwiseConv2D, *, pair: int) -> Cost:
    """Reckoned from the code: steps of the products, the rest of a channel pair, weaving of four pixels."""
    w = windows_of(op)
    steps, rows = w.depth // 2, w.segments.shape[1]
    blocks = w.groups * -(-op.y.type.elements // w.y[3] // 4)
    pairs = rounded_up(w.group, 2) // 2
    gathered = 0 if w.y[2] % 4 == 0 or w.y[1] == 1 else 60 + rows * w.stored * 12
    copied = op.x.shape[0] * w.y[1] * w.seen // w.strip * (90 + w.width * 6 // 10) if w.width else 0
    cycles = 700 + blocks * (pairs * (13 * steps + pair) + rows * (w.stored * 33 // 4 + 24) + gathered + 110) + copied
    instructions = (
        550 + blocks * (pairs * (12 * steps + pair * 4 // 5) + rows * (w.stored * 27 // 4 + 16) + gathered + 80) + copied
    )
    return Cost(cycles, instructions)


def variants(cls: type[ConvT], *facts: Fact[ConvT]) -> tuple[Variant[Any], ...]:
    return (
        Variant(
            name="tk_conv_dsp_s8",
            op=cls,
            signatures=("int8",),
            bind=lambda op, context: bind(op, folded_sums(op), "tk_conv_dsp_s8", folded=True),
            cost=lambda op, context: cost(op, pair=62),
            facts=(*facts, constant_weights, few_rows, folds),
            features=frozenset({Feature.DSP}),
        ),
        Variant(
            name="tk_conv_dsp_any_s8",
            op=cls,
            signatures=("int8",),
            bind=lambda op, context: bind(op, signed_sums(op), "tk_conv_dsp_any_s8", folded=False),
            cost=lambda op, context: cost(op, pair=104),
            facts=(*facts, constant_weights, few_rows, signed),
            features=frozenset({Feature.DSP}),
        ),
    )


VARIANTS = (*variants(Conv2D), *variants(DepthwiseConv2D, one_channel))

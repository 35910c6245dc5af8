# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8: four pixels in three sums. A depthwise convolution of one input channel is one, too, and so is a matrix
product, whose rows are pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from tinycc.kernels.base import Context, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Tensor
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.gemm import gemm_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.windows import MAX_ROWS, Windows, windows_of
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.target import Feature

Conv = Conv2D | DepthwiseConv2D | FullyConnected
ConvT = TypeVar("ConvT", Conv2D, DepthwiseConv2D, FullyConnected)


def folds(op: Conv | TransposeConv, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication with a shift that all share, proved"""
    return "a channel without one" if folded_sums(op) is None else None


def few_rows(op: Conv, context: Context) -> str | None:
    """a window reaches over at most 32 rows"""
    reach = windows_of(op).reach.h
    return None if reach <= MAX_ROWS else f"{reach}"


def one_channel(op: DepthwiseConv2D, context: Context) -> str | None:
    """the input has one channel"""
    return None if op.x.shape[3] == 1 else f"{op.x.shape[3]}"


def bind(op: Conv, formula: HighWord | None, symbol: str, *, folded: bool) -> tuple[Call, ...]:
    assert formula is not None
    return (call_of(windows_of(op), formula, Call(symbol, (Tensor(op.x), Tensor(op.y))), op.x.zero_point, folded=folded),)


def call_of(w: Windows, formula: HighWord, call: Call, zero_point: int, *, folded: bool) -> Call:
    """`call`, which has the tensors, with what else the kernel wants."""
    groups = [slice(g, g + w.group) for g in range(0, w.y[3], w.group)]
    words = [gemm_words(w.pairs[group], formula[group], folded=folded) for group in groups]
    return replace(call, args=(*call.args, w.layer(words, zero_point), Scratch("woven", w.scratch)))


def loops(w: Windows) -> Loops:
    """How often the code goes through its loops."""
    batch, height = w.x[0], w.y[1]
    strips = [w.strip] * (height // w.strip) + ([height % w.strip] if height % w.strip else [])
    direct, gathered, twos = (
        batch * w.groups * sum(each) for each in zip(*(blocks_of(n, w.y[2]) for n in strips), strict=True)
    )
    pairs, rows, fours = rounded_up(w.group, 2) // 2, w.segments.shape[1], direct + gathered
    windows, words = 4 * gathered + 2 * twos, rows * w.stored // 4
    copied = batch * sum((n - 1) * w.window.stride.h + w.reach.h for n in strips) if w.width else 0
    return {
        "call": 1,
        "strip": batch * len(strips),
        "group": batch * len(strips) * w.groups,
        "four": fours,
        "pair of a four": fours * pairs,
        "step of a four": fours * pairs * (w.depth // 2),
        "row of a four": direct * w.window.size.h,
        "word of a four": fours * words,
        "two": twos,
        "pair of a two": twos * pairs,
        "step of a two": twos * pairs * (w.depth // 2),
        "word of a two": twos * words,
        "gathered": windows,
        "gathered segment": windows * rows,
        "gathered word": windows * words,
        "stored apart": (4 * fours + 2 * twos) * (w.group % 2),
        "copied row": copied,
        "copied byte": copied * w.width,
    }


def blocks_of(lines: int, width: int) -> tuple[int, int, int]:
    """Of a strip: fours of pixels in a row, fours across the ends of rows, twos (tk_conv_group)."""
    pixels, at, x, direct, gathered, twos = lines * width, 0, 0, 0, 0, 0
    while at < pixels:
        count = (width - x) // 4
        if count:
            direct, at, x = direct + count, at + 4 * count, x + 4 * count
        else:
            again = int(pixels - at == 3 and at > 0)
            four = pixels - at + again > 3
            gathered, twos = gathered + four, twos + (not four)
            at, x = at + (4 if four else 2) - again, x + (4 if four else 2) - again
        x %= width
    return direct, gathered, twos


FOLDED = {
    "call": Each(148, 282),
    "strip": Each(61.4, 119),
    "group": Each(69.5, 97),
    "four": Each(37.3, 53.7),
    "pair of a four": Each(41.6, 55.8),
    "step of a four": Each(12.3, 13.6),
    "row of a four": Each(20.6, 27.4),
    "word of a four": Each(26.1, 35.9),
    "two": Each(65.5, 90.5),
    "pair of a two": Each(38.1, 77.7),
    "step of a two": Each(9.36, 10.1),
    "word of a two": Each(14.3, 18.5),
    "gathered": Each(65.4, 86.1),
    "gathered segment": Each(21.7, 27.1),
    "gathered word": Each(7.81, 13.1),
    "stored apart": Each(39.3, 62.6),
    "copied row": Each(126, 167),
    "copied byte": Each(0.287, 0.603),
}
ANY = {**FOLDED, "pair of a four": Each(69.4, 91.6)}


def variants(cls: type[ConvT], *facts: Fact[ConvT]) -> tuple[Variant[Any], ...]:
    return (
        Variant(
            name="tk_conv_dsp_s8",
            op=cls,
            signatures=("int8",),
            bind=lambda op, context: bind(op, folded_sums(op), "tk_conv_dsp_s8", folded=True),
            cost=lambda op, context: loops_cost(loops(windows_of(op)), FOLDED, context.target),
            facts=(*facts, constant_weights, few_rows, folds),
            features=frozenset({Feature.DSP}),
        ),
        Variant(
            name="tk_conv_dsp_any_s8",
            op=cls,
            signatures=("int8",),
            bind=lambda op, context: bind(op, signed_sums(op), "tk_conv_dsp_any_s8", folded=False),
            cost=lambda op, context: loops_cost(loops(windows_of(op)), ANY, context.target),
            facts=(*facts, constant_weights, few_rows, signed),
            features=frozenset({Feature.DSP}),
        ),
    )


VARIANTS = (*variants(Conv2D), *variants(DepthwiseConv2D, one_channel), *variants(FullyConnected))

# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8 by fours of rows: see runtime/kernels/dsp/tk_conv_tall.h."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.conv import ANY, FOLDED, folds, one_channel
from tinycc.kernels.dsp.gemm import gemm_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.segments import Conv
from tinycc.kernels.dsp.windows import Windows, windows_of
from tinycc.kernels.folding import once
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.preferences import Goal
from tinycc.program.types import Content
from tinycc.target import Feature

ROWS = 4
"""Of results, at a time."""
MAX_ROWS = 32
"""TK_CONV_TALL_ROWS: input rows that four windows one above the other may see."""
FEW = 4
"""Columns of results, that have scratch in any case."""


@dataclass(frozen=True, eq=False)
class Tall:
    """The windows of a convolution, one above the other. Where the next window of a row begins an odd number of bytes on, every
    other is taken.

    `room`: bytes of scratch, unless a few columns take more; None: whatever all take.
    """

    of: Windows
    room: int | None = None

    @property
    def pitch(self) -> int:
        return self.of.window.stride.w * self.of.x[3]

    @property
    def phases(self) -> int:
        return 1 + self.pitch % 2

    @property
    def rows(self) -> int:
        return self.of.window.size.h

    @property
    def taps(self) -> int:
        """Pairs of bytes of a row of a window."""
        return -(-int(self.of.segments.shape[2]) // 2)

    @property
    def depth(self) -> int:
        return 2 * self.taps * self.rows

    @cached_property
    def pairs(self) -> Array:
        """int8[O, steps, 2]: pair after pair of a row, of all rows of the window."""
        channels, rows, count = self.of.segments.shape
        twos = np.pad(self.of.segments, ((0, 0), (0, 0), (0, count % 2))).reshape(channels, rows, -1, 2)
        return twos.swapaxes(1, 2).reshape(channels, -1, 2)

    def _bytes(self, columns: int) -> int:
        """Bytes of a row, in whole words, that so many columns of results see, or every other one of them."""
        return rounded_up((-(-columns // self.phases) - 1) * self.phases * self.pitch + 2 * self.taps, 4)

    @cached_property
    def columns(self) -> int:
        """Of results, at a time."""
        columns, parts = self.of.y[2], 1
        while self.room is not None and columns > FEW and 6 * self.rows * self._bytes(columns) + self.outside > self.room:
            parts += 1
            columns = rounded_up(-(-self.of.y[2] // parts), self.phases)
        return columns

    @cached_property
    def woven(self) -> tuple[tuple[int, int], ...]:
        """Of four rows: where woven bytes begin in the row, negative before it, and how many they are."""
        width = self.of.y[2]
        return tuple(
            (self.first + x * self.pitch, self._bytes(end - x))
            for start in range(0, width, self.columns)
            for end in [min(start + self.columns, width)]
            for x in range(start, min(start + self.phases, end))
        )

    def inside(self, first: int, count: int) -> int:
        """Of `count` bytes from `first` on, those that are woven by fours. Others are outside of the row, or at its ends."""
        low = rounded_up(max(-first, 0), 2)
        return max(min(self.of.row_bytes - first, count) - low, 0) // 4 * 4

    @property
    def stored(self) -> int:
        return max(count for _, count in self.woven)

    @property
    def first(self) -> int:
        return -self.of.window.padding.left * self.of.x[3]

    @property
    def outside(self) -> int:
        """Bytes of a row of zero points."""
        return self.of.row_bytes if self.of.window.padding.top or self.of.window.padding.bottom else 0

    @property
    def seen(self) -> int:
        return (ROWS - 1) * self.of.window.stride.h + self.of.reach.h

    @property
    def scratch(self) -> int:
        return 6 * self.rows * self.stored + self.outside

    def layer(self, words: Array, zero_point: int) -> Struct:
        window, (batch, in_rows, _, _), (_, out_rows, out_w, channels) = self.of.window, self.of.x, self.of.y
        return struct(
            "tk_conv_tall",
            weights=Table("weights", words, Content.WEIGHTS),
            depth=self.depth,
            channels=channels,
            zero_point=zero_point,
            rows=self.rows,
            row_step=window.dilation.h,
            pairs=self.taps,
            first=self.first,
            pitch=self.pitch,
            columns=self.columns,
            words=self.stored // 4,
            row_bytes=self.of.row_bytes,
            outside=self.outside,
            batch=batch,
            in_rows=in_rows,
            out_rows=out_rows,
            out_w=out_w,
            stride=window.stride.h,
            pad=window.padding.top,
            seen=self.of.reach.h,
        )


@once
def fast(op: Conv) -> Tall:
    return Tall(windows_of(op))


@once
def thrifty(op: Conv) -> Tall:
    w = windows_of(op)
    return Tall(w, room=max(w.scratch, w.share))


def tall_of(op: Conv, context: Context) -> Tall:
    """For speed all columns at a time; else scratch as tk_conv_dsp_s8 has it, or a share of the layer."""
    return fast(op) if context.goal is Goal.SPEED else thrifty(op)


def contiguous(op: Conv, context: Context) -> str | None:
    """a row of the window is contiguous, and longer than the pixel it moves on by"""
    w = windows_of(op)
    if w.apart:
        return f"{w.groups} groups, window {op.window}"
    return None if w.window.size.w > w.window.stride.w else f"window {op.window}"


def four_rows(op: Conv, context: Context) -> str | None:
    """there are four rows of an even number of channels, and four windows one above the other reach over at most 32 rows"""
    _, rows, _, channels = windows_of(op).y
    if rows < ROWS or channels % 2:
        return f"{rows} rows of {channels} channels"
    seen = tall_of(op, context).seen
    return None if seen <= MAX_ROWS else f"{seen}"


def loops(w: Tall) -> Loops:
    """How often the code goes through its loops."""
    (batch, height, width, channels), rows = w.of.y, w.rows
    strips = batch * -(-height // ROWS)
    inside = [w.inside(first, count) for first, count in w.woven]
    pairs = strips * width * channels // 2
    return {
        "call": 1,
        "strip": strips,
        "columns": strips * len(w.woven),
        "woven row": strips * len(w.woven) * rows,
        "word of a row": strips * rows * sum(inside) // 4,
        "four": strips * width,
        "pair of a four": pairs,
        "step of a four": pairs * (w.depth // 2),
        "edge": strips * rows * 3 * (sum(count for _, count in w.woven) - sum(inside)) // 2,
    }


REST = {
    "call": Each(120, 200),
    "strip": Each(150, 220),
    "columns": Each(150, 220),
    "woven row": Each(50, 75),
    "word of a row": Each(36, 42.2),
    "four": Each(29, 44),
    "edge": Each(36, 49),
}
FOLDED_TALL, ANY_TALL = {**FOLDED, **REST}, {**ANY, **REST}


def variant(name: str, cls: type[Any], sums: Callable[[Conv], HighWord | None], *facts: Fact[Any]) -> Variant[Any]:
    folded = sums is folded_sums
    rounds = FOLDED_TALL if folded else ANY_TALL

    def bind_to(op: Conv, context: Context) -> tuple[Call, ...]:
        tall, formula = tall_of(op, context), sums(op)
        assert formula is not None
        layer = tall.layer(gemm_words(tall.pairs, formula, folded=folded), op.x.zero_point)
        return (Call(name, (Tensor(op.x), Tensor(op.y), layer, Scratch("woven", tall.scratch))),)

    return Variant(
        name=name,
        op=cls,
        signatures=("int8",),
        bind=bind_to,
        cost=lambda op, context: loops_cost(loops(tall_of(op, context)), rounds, context.target),
        facts=(*facts, constant_weights, contiguous, four_rows, folds if folded else signed),
        features=frozenset({Feature.DSP}),
    )


VARIANTS = tuple(
    variant(name, cls, sums, *facts)
    for cls, facts in ((Conv2D, ()), (DepthwiseConv2D, (one_channel,)))
    for name, sums in (("tk_conv_tall_dsp_s8", folded_sums), ("tk_conv_tall_dsp_any_s8", signed_sums))
)

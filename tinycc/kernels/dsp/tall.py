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
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.conv import ANY, FOLDED, call_of, folds, one_channel
from tinycc.kernels.dsp.gemm import rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.segments import Conv
from tinycc.kernels.dsp.windows import MAX_ROWS, Windows, windows_of
from tinycc.kernels.folding import once
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.preferences import Goal
from tinycc.target import Feature

ROWS = 4
"""Of results, at a time."""
FEW = 4
"""Columns of results, that have scratch in any case."""


@dataclass(frozen=True, eq=False)
class Tall(Windows):
    """Windows one above the other. Where the next window of a row begins an odd number of bytes on, every other is taken.

    `room`: bytes of scratch, unless a few columns take more; None: whatever all take.
    """

    room: int | None = None

    @property
    def pitch(self) -> int:
        return self.window.stride.w * self.x[3]

    @property
    def phases(self) -> int:
        return 1 + self.pitch % 2

    @property
    def taps(self) -> int:
        """Pairs of bytes of a row of a window."""
        return -(-int(self.segments.shape[2]) // 2)

    @cached_property
    def pairs(self) -> Array:
        """int8[O, steps, 2]: pair after pair of a row, of all rows of the window."""
        channels, rows, count = self.segments.shape
        twos = np.pad(self.segments, ((0, 0), (0, 0), (0, count % 2))).reshape(channels, rows, -1, 2)
        return twos.swapaxes(1, 2).reshape(channels, -1, 2)

    def _bytes(self, columns: int) -> int:
        """Bytes of a row, in whole words, that so many columns of results see, or every other one of them."""
        return rounded_up((-(-columns // self.phases) - 1) * self.phases * self.pitch + 2 * self.taps, 4)

    @cached_property
    def strip(self) -> int:
        """Columns of results at a time."""
        columns = self.y[2]
        parts = 1
        while (
            self.room is not None and columns > FEW and 6 * self.window.size.h * self._bytes(columns) + self.width > self.room
        ):
            parts += 1
            columns = rounded_up(-(-self.y[2] // parts), self.phases)
        return columns

    @cached_property
    def woven(self) -> tuple[tuple[int, int], ...]:
        """Of four rows: where woven bytes begin in the row, negative before it, and how many they are."""
        return tuple(
            (x * self.pitch - self.window.padding.left * self.x[3], self._bytes(end - x))
            for start in range(0, self.y[2], self.strip)
            for end in [min(start + self.strip, self.y[2])]
            for x in range(start, min(start + self.phases, end))
        )

    def inside(self, first: int, count: int) -> int:
        """Of `count` bytes from `first` on, those that are woven by fours. Others are outside of the row, or at its ends."""
        low = rounded_up(max(-first, 0), 2)
        return max(min(self.row_bytes - first, count) - low, 0) // 4 * 4

    @property
    def stored(self) -> int:
        return max(count for _, count in self.woven)

    @property
    def width(self) -> int:
        """Bytes of a row of zero points."""
        return self.row_bytes if self.window.padding.top or self.window.padding.bottom else 0

    @property
    def seen(self) -> int:
        return (ROWS - 1) * self.window.stride.h + self.reach.h

    @property
    def scratch(self) -> int:
        return 6 * self.window.size.h * self.stored + self.width

    @property
    def weave(self) -> Struct:
        return struct(
            "tk_weave",
            rows=self.window.size.h,
            row_step=self.window.dilation.h,
            segments=self.taps,
            next=0,
            words=self.stored // 4,
            half=0,
            pitch=self.pitch,
        )


@once
def fast(op: Conv) -> Tall:
    w = windows_of(op)
    return Tall(w.x, w.y, w.weights, w.window, w.groups, room=None)


@once
def thrifty(op: Conv) -> Tall:
    w = windows_of(op)
    return Tall(w.x, w.y, w.weights, w.window, w.groups, room=max(w.scratch, w.share))


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
    w = tall_of(op, context)
    if w.y[1] < ROWS or w.group % 2:
        return f"{w.y[1]} rows of {w.group} channels"
    return None if w.seen <= MAX_ROWS else f"{w.seen}"


def loops(w: Tall) -> Loops:
    """How often the code goes through its loops."""
    strips, rows = w.x[0] * -(-w.y[1] // ROWS), w.window.size.h
    inside = [w.inside(first, count) for first, count in w.woven]
    pairs = strips * w.y[2] * w.group // 2
    return {
        "call": 1,
        "strip": strips,
        "columns": strips * len(w.woven),
        "woven row": strips * len(w.woven) * rows,
        "word of a row": strips * rows * sum(inside) // 4,
        "four": strips * w.y[2],
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
        formula = sums(op)
        assert formula is not None
        call = Call(name, (Tensor(op.x), Tensor(op.y)))
        return (call_of(tall_of(op, context), formula, call, op.x.zero_point, folded=folded),)

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

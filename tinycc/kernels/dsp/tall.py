# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8 by fours of rows: see runtime/kernels/dsp/tk_conv_tall.h."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Fact, Variant
from tinycc.kernels.calls import Call, Tensor
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
from tinycc.target import Feature

ROWS = 4
"""Of results, at a time."""


@dataclass(frozen=True, eq=False)
class Tall(Windows):
    """Windows one above the other. Where the next window of a row begins an odd number of bytes on, every other is taken."""

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

    @property
    def stored(self) -> int:
        """Bytes of a row that are woven, in whole words."""
        last = (-(-self.y[2] // self.phases) - 1) * self.phases * self.pitch
        return rounded_up(last + 2 * self.taps, 4)

    @property
    def width(self) -> int:
        """Bytes of a row of zero points."""
        return self.row_bytes if self.window.padding.top or self.window.padding.bottom else 0

    @property
    def edge(self) -> int:
        """Words of a strip that are woven one by one, since the row does not fill a word of four bytes there."""
        words = 0
        for first in (phase * self.pitch - self.window.padding.left * self.x[3] for phase in range(self.phases)):
            low = rounded_up(max(-first, 0), 2)
            inside = max(min(self.row_bytes - first, self.stored) - low, 0)
            words += (self.stored - inside // 4 * 4) // 2 * 3 * self.window.size.h
        return words

    @property
    def strip(self) -> int:
        return ROWS

    @property
    def scratch(self) -> int:
        return 6 * self.window.size.h * self.stored + self.width


@once
def tall_of(op: Conv) -> Tall:
    w = windows_of(op)
    return Tall(w.x, w.y, w.weights, w.window, w.groups)


def contiguous(op: Conv, context: Context) -> str | None:
    """a row of the window is contiguous, and longer than the pixel it moves on by"""
    w = windows_of(op)
    if w.apart:
        return f"{w.groups} groups, window {op.window}"
    return None if w.window.size.w > w.window.stride.w else f"window {op.window}"


def four_rows(op: Conv, context: Context) -> str | None:
    """there are four rows of an even number of channels, and four windows one above the other reach over at most 32 rows"""
    w = tall_of(op)
    if w.y[1] < ROWS or w.group % 2:
        return f"{w.y[1]} rows of {w.group} channels"
    return None if w.seen <= MAX_ROWS else f"{w.seen}"


def bind(op: Conv, formula: HighWord | None, symbol: str, *, folded: bool) -> tuple[Call, ...]:
    assert formula is not None
    return (call_of(tall_of(op), formula, Call(symbol, (Tensor(op.x), Tensor(op.y))), op.x.zero_point, folded=folded),)


def loops(w: Tall) -> Loops:
    """How often the code goes through its loops."""
    strips = w.x[0] * -(-w.y[1] // ROWS)
    fours, woven = strips * w.y[2], strips * w.phases * w.window.size.h
    pairs = fours * w.group // 2
    return {
        "call": 1,
        "strip": strips,
        "woven row": woven,
        "word of a row": woven * (w.stored // 4),
        "four": fours,
        "pair of a four": pairs,
        "step of a four": pairs * (w.depth // 2),
        "edge": strips * w.edge,
    }


REST = {
    "call": Each(120, 200),
    "strip": Each(200, 300),
    "woven row": Each(45, 65),
    "word of a row": Each(36, 46),
    "four": Each(29, 44),
    "edge": Each(40, 55),
}
FOLDED_TALL, ANY_TALL = {**FOLDED, **REST}, {**ANY, **REST}


def variants(cls: type[Any], *facts: Fact[Any]) -> tuple[Variant[Any], ...]:
    return (
        Variant(
            name="tk_conv_tall_dsp_s8",
            op=cls,
            signatures=("int8",),
            bind=lambda op, context: bind(op, folded_sums(op), "tk_conv_tall_dsp_s8", folded=True),
            cost=lambda op, context: loops_cost(loops(tall_of(op)), FOLDED_TALL, context.target),
            facts=(*facts, constant_weights, contiguous, four_rows, folds),
            features=frozenset({Feature.DSP}),
        ),
        Variant(
            name="tk_conv_tall_dsp_any_s8",
            op=cls,
            signatures=("int8",),
            bind=lambda op, context: bind(op, signed_sums(op), "tk_conv_tall_dsp_any_s8", folded=False),
            cost=lambda op, context: loops_cost(loops(tall_of(op)), ANY_TALL, context.target),
            facts=(*facts, constant_weights, contiguous, four_rows, signed),
            features=frozenset({Feature.DSP}),
        ),
    )


VARIANTS = (*variants(Conv2D), *variants(DepthwiseConv2D, one_channel))

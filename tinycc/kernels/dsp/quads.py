# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8 with little scratch: two pixels times four channels in three sums (runtime/kernels/dsp/tk_quads.h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.conv import few_rows, folds, one_channel
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.segments import Conv, Segments, contiguous
from tinycc.kernels.folding import once_for_all
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

ON_STACK = 128
"""4 * TK_QUADS_STACK."""
LIMITS = (None, 256, 96, 32, 16)
"""Inputs of a window that are widened at a time."""
Formula = Callable[[Conv], tuple[HighWord, tuple[Array, ...]]]
"""The requantization, and the columns of its constants."""


def no_least_weight(op: Conv, context: Context) -> str | None:
    """no weight is -128"""
    return "one that is" if op.weights.data is not None and int(op.weights.data.min(initial=0)) == -128 else None


@dataclass(frozen=True)
class Parts:
    """How the inputs of a window are parted, of which at most `limit` are widened at a time: every segment into `pieces` of
    `bytes` bytes, and `together` of these make a part."""

    segment: int
    segments: int
    limit: int | None

    @property
    def pieces(self) -> int:
        return 1 if self.limit is None else -(-self.segment // self.limit)

    @property
    def bytes(self) -> int:
        return rounded_up(-(-self.segment // self.pieces), 4)

    @property
    def all(self) -> int:
        return self.segments * self.pieces

    @property
    def together(self) -> int:
        most = self.all if self.limit is None else max(self.limit // self.bytes, 1)
        return -(-self.all // -(-self.all // most))

    @property
    def count(self) -> int:
        return -(-self.all // self.together)


def parts_of(op: Conv, limit: int | None) -> Parts:
    window = op.window
    return Parts(window.size.w * op.x.shape[3], window.size.h, limit)


def working_memory(op: Conv, limit: int | None) -> int:
    """Bytes of scratch, on the stack or not."""
    parts = parts_of(op, limit)
    kept = 12 * rounded_up(op.channels, 4) // 4 if parts.count > 1 else 0
    pixels = min(Segments(op, parts.bytes).sizes[-1], 2)
    return pixels * (2 * parts.together * parts.bytes + kept)


def scratch(op: Conv, limit: int | None) -> int:
    wanted = working_memory(op, limit)
    return wanted if wanted > ON_STACK else 0


def parted(limit: int) -> Fact[Any]:
    wider = LIMITS[: LIMITS.index(limit)]

    def fact(op: Conv, context: Context) -> str | None:
        saved = min(scratch(op, other) for other in wider) - scratch(op, limit)
        return None if saved > 0 else f"{scratch(op, limit)} bytes"

    fact.__doc__ = f"sums that are kept, and {limit} inputs at a time, are less scratch than more of them"
    return fact


@once_for_all
def _kernels(op: Conv) -> Array:
    """int64[channels rounded up to a multiple of 4, segments, inputs]."""
    assert op.weights.data is not None
    weights = op.weights.data.transpose(3, 1, 2, 0) if isinstance(op, DepthwiseConv2D) else op.weights.data
    kernels = weights.astype(np.int64).reshape(op.channels, op.window.size.h, -1)
    return np.pad(kernels, ((0, -op.channels % 4), (0, 0), (0, 0)))


def words(op: Conv, formula: HighWord, columns: tuple[Array, ...], parts: Parts) -> Array:
    """uint32: part by part, of four channels after four: see tk_quads.h. columns: the constants of the requantization."""
    kernels = _kernels(op)
    fours, more = len(kernels) // 4, -op.channels % 4
    padded = np.pad(kernels, ((0, 0), (0, 0), (0, parts.pieces * parts.bytes - kernels.shape[2])))
    w = padded.reshape(fours, 2, 2, -1, 2, 2)  # four, pair, channel of the pair, four of inputs, high half, odd
    halfwords = (256 * w[:, :, 0] + w[:, :, 1] + np.asarray([0, 128])[:, None, None, None]) & 0xFFFF
    stream = (halfwords[..., 0, :] | halfwords[..., 1, :] << 16).transpose(0, 2, 3, 1).reshape(fours, -1)
    s = np.pad(formula.start, (0, more)).reshape(fours, 4)
    constants = np.pad(np.stack(columns, 1), ((0, more), (0, 0))).reshape(fours, -1)
    found, step = [], parts.together * parts.bytes
    for start in range(0, stream.shape[1], step):
        pieces = [256 * s[:, :3] + s[:, 1:]] if start == 0 else []
        pieces.append(stream[:, start : start + step])
        pieces += [constants] if start + step >= stream.shape[1] else []
        found.append(np.concatenate([as_words(piece) for piece in pieces], axis=1).ravel())
    return np.concatenate(found)


def folded(op: Conv) -> tuple[HighWord, tuple[Array, ...]]:
    f = folded_sums(op)
    assert f is not None
    return f, (f.multiplier, f.addend)


def any_sign(op: Conv) -> tuple[HighWord, tuple[Array, ...]]:
    f = signed_sums(op)
    assert f is not None
    return f, (f.multiplier, f.addend, f.below, f.shift)


@once_for_all
def _known(op: Conv) -> dict[tuple[str, int | None], Array]:
    """The words of an operator's kernels, which all parts of it share."""
    return {}


def bind(op: Conv, symbol: str, formula: Formula, limit: int | None) -> tuple[Call, ...]:
    parts, known = parts_of(op, limit), _known(op)
    if (symbol, limit) not in known:
        known[symbol, limit] = words(op, *formula(op), parts)
    s = Segments(op, parts.pieces * parts.bytes)
    (batch, rows, width, out_rows, out_w), (low, high), depth = s.sizes, s.inner, op.x.shape[3]
    layer = struct(
        "tk_conv_quads",
        weights=Table("weights", known[symbol, limit], Content.WEIGHTS),
        channels=op.channels,
        segments=parts.segments,
        row_step=op.window.dilation.h,
        pieces=parts.pieces,
        bytes=parts.bytes,
        together=parts.together,
        apart=op.window.stride.w * depth,
        batch=batch,
        in_rows=rows,
        row_bytes=width * depth,
        out_rows=out_rows,
        out_w=out_w,
        stride=op.window.stride.h,
        pad=op.window.padding.top,
        first=-op.window.padding.left * depth,
        low=low,
        high=high,
        zero_point=op.x.zero_point,
    )
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), layer, Scratch("widened", scratch(op, limit)))),)


def loops(op: Conv, limit: int | None) -> Loops:
    """How often the code goes through its loops."""
    parts = parts_of(op, limit)
    s, window = Segments(op, parts.pieces * parts.bytes), op.window
    (batch, in_rows, _, rows, width), (low, high) = s.sizes, s.inner
    quads, depth, count = rounded_up(op.channels, 4) // 4, parts.all * parts.bytes, batch * rows
    twos, ones = width // 2, width % 2
    beside = sum(not (low <= j and j + min(2, width - j) <= high) * 1 for j in range(0, width, 2))
    there = sum(
        0 <= i * window.stride.h - window.padding.top + a * window.dilation.h < in_rows
        for i in range(rows)
        for a in range(parts.segments)
    )
    pieces_beside = batch * there * parts.pieces * beside
    return {
        "call": 1,
        "row": count,
        "segment of a row": count * parts.segments,
        "part": count * (twos + ones) * parts.count,
        "piece": count * (twos + ones) * parts.all,
        "input": count * (twos + ones) * depth,
        "piece beside": pieces_beside,
        "input beside": pieces_beside * parts.bytes,
        "four of two": count * twos * quads,
        "four of one": count * ones * quads,
        "kept four": count * (twos + ones) * quads * (parts.count - 1),
        "input of a four of two": count * twos * quads * depth,
        "input of a four of one": count * ones * quads * depth,
    }


FOLDED = {
    "call": Each(60, 90),
    "row": Each(50, 70),
    "segment of a row": Each(12, 16),
    "part": Each(180, 260),
    "piece": Each(60, 85),
    "input": Each(3.25, 4.75),
    "piece beside": Each(130, 190),
    "input beside": Each(2, 3),
    "four of two": Each(71, 100),
    "four of one": Each(50, 70),
    "kept four": Each(25, 55),
    "input of a four of two": Each(5.05, 7.1),
    "input of a four of one": Each(3.05, 4.6),
}
ANY = {**FOLDED, "four of two": Each(105, 150), "four of one": Each(66, 100)}


def variant(cls: type[Any], limit: int | None, *facts: Fact[Any], any: bool) -> Variant[Any]:
    symbol = "tk_conv_quads_dsp_any_s8" if any else "tk_conv_quads_dsp_s8"
    formula, rounds = (any_sign, ANY) if any else (folded, FOLDED)

    def cost(op: Conv, context: Context) -> Cost:
        return loops_cost(loops(op, limit), rounds, context.target)

    return Variant(
        name=symbol if limit is None else f"{symbol} by {limit}",
        op=cls,
        signatures=("int8",),
        bind=lambda op, context: bind(op, symbol, formula, limit),
        cost=cost,
        facts=(
            *facts,
            constant_weights,
            no_least_weight,
            contiguous,
            few_rows,
            signed if any else folds,
            *(() if limit is None else (parted(limit),)),
        ),
        features=frozenset({Feature.DSP}),
    )


VARIANTS = (
    *(variant(Conv2D, limit, any=any) for any in (False, True) for limit in LIMITS),
    *(variant(DepthwiseConv2D, limit, one_channel, any=any) for any in (False, True) for limit in LIMITS),
)

# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE_CONV of int8 as convolutions of stride 1, one for every phase of the stride.

Outputs whose row and column leave the same remainders by the stride see the same taps of the kernel, and neighbours among them
see neighbouring windows of the image: a convolution whose results lie `stride` pixels apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.costs import loops_cost
from tinycc.kernels.dsp.conv import ANY, FOLDED, call_of, folds, loops
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.windows import MAX_ROWS, Placed, Windows
from tinycc.kernels.folding import once
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.window import Padding, Pair, Window
from tinycc.target import Feature


class Phase(NamedTuple):
    """Along one axis: outputs first, first + stride, .. see the taps from `tap` on in steps of the stride, the last one first,
    from the input -`pad` on."""

    tap: int
    taps: int
    first: int
    outputs: int
    pad: int


def phases(stride: int, size: int, before: int, outputs: int) -> Iterator[Phase]:
    """Output i sees tap a at the input (i + before - a) / stride."""
    for tap in range(stride):
        taps = -(-(size - tap) // stride)
        start = max(-((tap - before) // stride), 0)  # (i + before - tap) / stride of the first output
        first = start * stride + tap - before
        count = -(-(outputs - first) // stride)
        if count > 0:
            yield Phase(tap, taps, first, count, taps - 1 - start)


def every_tap(op: TransposeConv, context: Context) -> str | None:
    """the kernel is no smaller than the stride, every phase begins in the padding, and has at most 32 rows of taps"""
    size, stride, padding = op.window.size, op.window.stride, op.window.padding
    rows = list(phases(stride.h, size.h, padding.top, op.size.h)) if size.h >= stride.h else []
    columns = list(phases(stride.w, size.w, padding.left, op.size.w)) if size.w >= stride.w else []
    held = rows and columns and all(phase.pad >= 0 for phase in (*rows, *columns)) and rows[0].taps <= MAX_ROWS
    return None if held else f"window {op.window}"


@once
def parts_of(op: TransposeConv) -> tuple[tuple[Windows, Array], ...]:
    """Each phase with the sums of the weights, int64[channels], that its outputs do not see."""
    assert op.weights.data is not None
    weights = op.weights.data.astype(np.int8)
    (batch, height, width, depth), stride, size = op.x.shape, op.window.stride, op.size
    whole = weights.astype(np.int64).sum((1, 2, 3))
    parts = []
    for row in phases(stride.h, op.window.size.h, op.window.padding.top, size.h):
        for column in phases(stride.w, op.window.size.w, op.window.padding.left, size.w):
            taps = np.ascontiguousarray(weights[:, row.tap :: stride.h, column.tap :: stride.w][:, ::-1, ::-1])
            below = max(row.outputs - 1 + row.taps - row.pad - height, 0)
            right = max(column.outputs - 1 + column.taps - column.pad - width, 0)
            window = Window(Pair(row.taps, column.taps), Pair(1, 1), Pair(1, 1), Padding(row.pad, below, column.pad, right))
            line = size.w * op.channels
            first = row.first * line + column.first * op.channels
            placed = Placed(first, stride.w * op.channels, stride.h * line, size.h * line)
            y = (batch, row.outputs, column.outputs, op.channels)
            part = Windows((batch, height, width, depth), y, taps, window, 1, placed)
            parts.append((part, whole - taps.astype(np.int64).sum((1, 2, 3))))
    return tuple(parts)


def bind(op: TransposeConv, formula: HighWord | None, symbol: str, *, folded: bool) -> tuple[Call, ...]:
    """What a phase does not see counts as zero points."""
    assert formula is not None
    call = Call(symbol, (Tensor(op.x), Tensor(op.y)))
    moved = ((part, replace(formula, start=formula.start + op.x.zero_point * unseen)) for part, unseen in parts_of(op))
    return tuple(call_of(part, constants, call, op.x.zero_point, folded=folded) for part, constants in moved)


def cost(op: TransposeConv, context: Context, *, folded: bool) -> Cost:
    costs = [loops_cost(loops(part), FOLDED if folded else ANY, context.target) for part, _ in parts_of(op)]
    return Cost(sum(cost.cycles for cost in costs), sum(cost.instructions for cost in costs))


VARIANTS: tuple[Variant[Any], ...] = (
    Variant(
        name="tk_conv_dsp_s8",
        op=TransposeConv,
        signatures=("int8",),
        bind=lambda op, context: bind(op, folded_sums(op), "tk_conv_dsp_s8", folded=True),
        cost=lambda op, context: cost(op, context, folded=True),
        facts=(constant_weights, every_tap, folds),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_conv_dsp_any_s8",
        op=TransposeConv,
        signatures=("int8",),
        bind=lambda op, context: bind(op, signed_sums(op), "tk_conv_dsp_any_s8", folded=False),
        cost=lambda op, context: cost(op, context, folded=False),
        facts=(constant_weights, every_tap, signed),
        features=frozenset({Feature.DSP}),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""Which codes the channels of quantized values can take: interval analysis, per channel, by each operator's exact arithmetic.

A channel is a position along the last axis. The network's inputs take any code; an operator that has no rule here may make any
code of its type. Requantizations never fall, so the codes for the smallest and the largest accumulator bound all between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from tinycc.analysis.accumulators import Interval, Weighted, accumulators
from tinycc.ir import DType, Graph, Op, Value
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.elementwise.arithmetic import Mul, Sum
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.pooling import AveragePool2D, MaxPool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.resize import ResizeNearest

SMALL = (DType.INT8, DType.UINT8, DType.INT16)
"""Element types whose codes are followed."""
MAX_CHANNELS = 2**14
"""Of a value: a small file can describe any number."""


Intervals: TypeAlias = Mapping[Value, Interval]
Read: TypeAlias = Callable[[Value], Interval]


def followed(value: Value) -> bool:
    """Whether intervals are kept for a value: quantized, of one or two bytes, with channels, not too many."""
    return value.dtype in SMALL and bool(value.shape) and value.type.elements > 0 and value.shape[-1] <= MAX_CHANNELS


def anything(value: Value) -> Interval:
    """All codes of the type."""
    low, high = value.dtype.limits
    channels = value.shape[-1] if value.shape else 1
    return Interval(np.full(channels, low, np.int64), np.full(channels, high, np.int64))


def of_constant(value: Value) -> Interval:
    """What a constant's channels hold."""
    assert value.data is not None
    rows = value.data.astype(np.int64).reshape(-1, value.shape[-1] if value.shape else 1)
    return Interval(rows.min(0), rows.max(0))


def intervals(graph: Graph) -> Intervals:
    """The interval of every value of `graph` that is `followed`, constants among the activations included."""
    found: dict[Value, Interval] = {value: anything(value) for value in graph.sources if followed(value)}

    def read(value: Value) -> Interval:
        if value not in found:
            found[value] = of_constant(value) if value.data is not None else anything(value)
        return found[value]

    for op in graph.ops:
        for output in op.outputs:
            if followed(output):
                found[output] = anything(output)
        for value in activations(op):
            if followed(value):
                read(value)
        rule = _rule(op)
        if rule is not None and followed(op.y):
            found[op.y] = rule(op, read)
    return found


def activations(op: Op) -> tuple[Value, ...]:
    """The operands that are no weights, biases or other parameters."""
    return tuple(value for name, value in op.operands if name in ("x", "x1", "x2", "xs"))


def _rule(op: Op) -> Callable[[Any, Read], Interval] | None:
    if not op.inputs or not all(followed(value) or (value.dtype in SMALL and not value.shape) for value in activations(op)):
        return None
    return next((rule for cls, rule in RULES.items() if isinstance(op, cls)), None)


def reaches_padding(op: Weighted) -> bool:
    """Whether some products are left out at borders, as if the input were its zero point there."""
    if isinstance(op, TransposeConv):
        return True
    return not isinstance(op, FullyConnected) and any(op.window.padding)


def _weighted(op: Weighted, read: Read) -> Interval:
    sums = accumulators(op, read(op.x))
    if sums is None or not _fits(op, sums):
        return anything(op.y)
    totals = np.stack([sums.low, sums.high])
    codes = op.codes(totals)
    low, high = np.clip(codes, op.range.min, op.range.max).astype(np.int64)
    return Interval(low, high)


def _fits(op: Weighted, sums: Interval) -> bool:
    """Whether neither an accumulator nor what requantization makes of it first can leave 32 bits."""
    left = max(0, *(entry.shift for entry in op.requantization))
    return left < 31 and sums.largest << left < 2**31


def _sum(op: Sum | Mul, read: Read) -> Interval:
    """At the corners, since both functions rise or fall evenly in each operand while the other stays."""
    if not op.quantized:
        return anything(op.y)
    a, b = read(op.x1).offset(-op.x1.zero_point), read(op.x2).offset(-op.x2.zero_point)
    corners = [op.bounded(op.integer(p, q) + op.y.zero_point) for p in (a.low, a.high) for q in (b.low, b.high)]
    codes = np.broadcast_to(np.stack(corners), (4, op.y.shape[-1]))
    return Interval(codes.min(0).astype(np.int64), codes.max(0).astype(np.int64))


def _lookup(op: Lookup, read: Read) -> Interval:
    x = read(op.x)
    start = op.x.dtype.limits[0]
    table = op.table[np.arange(start, start + 256).astype(op.x.dtype.numpy).view(np.uint8)].astype(np.int64)
    seen = [table[low - start : high - start + 1] for low, high in zip(x.low, x.high, strict=True)]
    return Interval(np.array([part.min() for part in seen]), np.array([part.max() for part in seen]))


def _pool(op: AveragePool2D | MaxPool2D, read: Read) -> Interval:
    """Means and maxima of codes lie between them."""
    x = read(op.x)
    low, high = np.clip(np.stack([x.low, x.high]), op.range.min, op.range.max).astype(np.int64)
    return Interval(low, high)


def _mean(op: Mean, read: Read) -> Interval:
    rank = len(op.x.shape)
    if rank - 1 in {axis % rank for axis in op.axes}:
        return anything(op.y)
    x = read(op.x)
    low, high = (op.reduced(np.broadcast_to(bound, op.x.shape)).reshape(-1, op.y.shape[-1])[0] for bound in (x.low, x.high))
    return Interval(low.astype(np.int64), high.astype(np.int64))


def _pad(op: Pad, read: Read) -> Interval:
    x = read(op.x)
    if op.before[-1] or op.after[-1] or op.fill is not None:
        return anything(op.y)
    return x.join(int(op.value)) if any(op.before) or any(op.after) else x


def _concatenation(op: Concatenation, read: Read) -> Interval:
    if op.tables:
        return anything(op.y)
    parts = [read(value) for value in op.xs]
    if op.axis == len(op.y.shape) - 1:
        return Interval(np.concatenate([p.low for p in parts]), np.concatenate([p.high for p in parts]))
    return Interval(np.minimum.reduce([p.low for p in parts]), np.maximum.reduce([p.high for p in parts]))


def _reshape(op: Reshape, read: Read) -> Interval:
    x, channels = read(op.x), op.y.shape[-1] if op.y.shape else 1
    if channels % len(x.low) == 0:
        return Interval(np.tile(x.low, channels // len(x.low)), np.tile(x.high, channels // len(x.high)))
    if len(x.low) % channels == 0:
        return Interval(x.low.reshape(-1, channels).min(0), x.high.reshape(-1, channels).max(0))
    return Interval(np.full(channels, x.low.min()), np.full(channels, x.high.max()))


def _same(op: Copy | ResizeNearest, read: Read) -> Interval:
    return read(op.x)


RULES: Mapping[Any, Callable[[Any, Read], Interval]] = {
    **dict.fromkeys((Conv2D, DepthwiseConv2D, TransposeConv, FullyConnected), _weighted),
    **dict.fromkeys((Sum, Mul), _sum),
    **dict.fromkeys((AveragePool2D, MaxPool2D), _pool),
    **dict.fromkeys((Copy, ResizeNearest), _same),
    Lookup: _lookup,
    Mean: _mean,
    Pad: _pad,
    Concatenation: _concatenation,
    Reshape: _reshape,
}
"""Operator -> its rule, for operands that are `followed`."""

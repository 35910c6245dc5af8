# SPDX-License-Identifier: Apache-2.0
"""Means in the middle between two codes, as ONNX Runtime comes to them.

Where the scale stays the same, every second mean of an even number of codes is a half. tinycc takes the even neighbour, as the
operators on codes are defined; between DequantizeLinear and QuantizeLinear the runtime adds float32 numbers up, and what these
lose decides, in its order of additions. Computed so, everything else being the same, the results are the runtime's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from tinycc.interpret import Interpreter
from tinycc.ir import Array, DType, Graph, Op, Reader
from tinycc.numerics.rules import ORT
from tinycc.ops.pooling import AveragePool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.window import patches

CODES = (DType.INT8, DType.INT16)
WIDEST, LARGEST = 2040, 32
"""Of the rows with their padding, and of the windows, that ONNX Runtime pools column by column."""
LANES = 4
"""Floats of a vector: rows of a multiple of it begin where vectors do."""


class Order(Enum):
    """Of the additions over a window of rows and columns."""

    ROWS = "row by row"
    COLUMNS = "the sums of the columns"
    LANES = "every fourth element, the four sums by pairs, and what is left"
    EIGHTS = "every eighth element, the eight sums by fours and pairs, and what is left"


def ordered_sum(parts: Array, order: Order) -> Array:
    """float32[...]: the sums over the last two dimensions, rows and columns, of float32[..., rows, columns]."""
    if order is Order.COLUMNS:
        return _sum(_sum(np.swapaxes(parts, -1, -2)))
    flat = parts.reshape(*parts.shape[:-2], -1)
    whole = flat.shape[-1] // LANES * LANES
    if order is Order.ROWS or not whole:
        return _sum(flat)
    lanes = _lanes(flat[..., :whole], paired=order is Order.EIGHTS)
    pairs = (lanes[..., 0] + lanes[..., 2]) + (lanes[..., 1] + lanes[..., 3])
    return _sum(flat[..., whole:], pairs)


def _lanes(flat: Array, *, paired: bool) -> Array:
    """float32[..., 4]: the sums of every fourth of a multiple of four elements; `paired`: of every eighth, added."""
    fours = flat.reshape(*flat.shape[:-1], -1, LANES).swapaxes(-1, -2)
    count = fours.shape[-1] // 2 * 2
    if not paired or not count:
        return _sum(fours)
    return _sum(fours[..., count:], _sum(fours[..., :count:2]) + _sum(fours[..., 1:count:2]))


def _sum(parts: Array, start: Array | None = None) -> Array:
    """One after the other along the last dimension."""
    total = np.zeros(parts.shape[:-1], np.float32) if start is None else start
    for index in range(parts.shape[-1]):
        total = total + parts[..., index]
    return total


def order_of(op: AveragePool2D | Mean, *, modern: bool) -> Order | None:
    """In which ONNX Runtime adds up for an op of the graph as it was read; None where addresses decide, or nobody knows.
    `modern`: since operator set 19 pools go row by row."""
    if isinstance(op, Mean):
        return Order.LANES if op.origin.kind == "GlobalAveragePool" else _order_of_mean(op)
    if modern:
        return Order.ROWS
    (_, *image, _), window = op.x.shape, op.window
    padded = any(window.padding)
    if window.size == tuple(image) and window.stride == (1, 1) and not padded:
        return Order.LANES
    width = image[1] + window.padding.left + window.padding.right
    by_columns = image[0] > 1 and window.stride.w <= 2 and max(window.size) <= LARGEST and width <= WIDEST
    return Order.COLUMNS if by_columns else Order.ROWS


def _order_of_mean(op: Mean) -> Order | None:
    shape, rank = op.x.shape, len(op.x.shape)
    reduced = sorted({axis % rank for axis in op.axes})
    if not reduced or reduced != list(range(reduced[0], reduced[-1] + 1)):
        return None
    if reduced[-1] < rank - 1:
        return Order.ROWS if math.prod(shape[: reduced[0]]) == 1 else None
    return Order.EIGHTS if op.count % LANES == 0 or op.count < LANES else None


def in_halves(op: Op) -> bool:
    """Whether means of codes can lie in the middle between two of them; float32 loses nothing of powers of two."""
    if not isinstance(op, (AveragePool2D, Mean)) or op.x.dtype not in CODES or op.numerics != ORT:
        return False
    even = op.has_ties if isinstance(op, AveragePool2D) else op.count % 2 == 0
    return bool(even and op.x.scale == op.y.scale and math.frexp(op.x.scale)[0] != 0.5)


def has_halves(graph: Graph) -> bool:
    return any(in_halves(op) for op in graph.all_ops)


@dataclass(frozen=True)
class _Codes:
    """A mean of codes by float32 numbers."""

    op: AveragePool2D | Mean
    order: Order

    def of(self, x: Array) -> Array:
        op = self.op
        reals = (x.astype(np.int32) - op.x.zero_point).astype(np.float32) * np.float32(op.x.scale)
        total, count = self._pooled(reals, op) if isinstance(op, AveragePool2D) else self._reduced(reals, op)
        codes = np.rint(total / count / np.float32(op.y.scale)) + op.y.zero_point
        low, high = (op.range.min, op.range.max) if isinstance(op, AveragePool2D) else op.y.dtype.limits
        found: Array = np.clip(codes, low, high).astype(x.dtype).reshape(op.y.shape)
        return found

    def _pooled(self, reals: Array, op: AveragePool2D) -> tuple[Array, Array]:
        windows = np.moveaxis(patches(reals, op.window, 0), (3, 4), (-2, -1))
        return ordered_sum(windows, self.order), np.maximum(op.counts(DType.FLOAT32), 1)

    def _reduced(self, reals: Array, op: Mean) -> tuple[Array, Array]:
        rank = len(reals.shape)
        axes = sorted(axis % rank for axis in op.axes)
        moved = np.moveaxis(reals, axes, range(rank - len(axes), rank))
        flat = moved.reshape(*moved.shape[: rank - len(axes)], 1, -1)
        return ordered_sum(flat, self.order), np.asarray(op.count, np.float32)


class _Ordered(Interpreter):
    """A graph whose halves are the runtime's."""

    def __init__(self, graph: Graph, *, modern: bool) -> None:
        super().__init__(graph)
        self._modern = modern

    def evaluate(self, op: Op, read: Reader) -> tuple[Array, ...]:
        if isinstance(op, (AveragePool2D, Mean)) and in_halves(op):
            order = order_of(op, modern=self._modern)
            if order is not None:
                return (_Codes(op, order).of(read(op.x)),)
        return super().evaluate(op, read)


def with_halves(graph: Graph, inputs: Sequence[Sequence[Array]], *, modern: bool) -> list[list[Array]]:
    """The outputs of a graph for each of these inputs, halves as ONNX Runtime has them."""
    return [_Ordered(graph, modern=modern).run(given) for given in inputs]

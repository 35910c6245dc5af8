# SPDX-License-Identifier: Apache-2.0
"""How operators go through the rows of images: what an operator of a part of its result's rows reads, and is.

A part of a convolution is a convolution: of fewer rows, and of what is left of the padding. So every kernel that computes an
operator computes a part of it, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tinycc.ir import Op, Origin, TensorType, Value
from tinycc.kernels.accumulate import Accumulator, accumulator
from tinycc.kernels.base import Context
from tinycc.kernels.folding import is_part
from tinycc.ops.base import Operator
from tinycc.ops.conversion.cast import Cast
from tinycc.ops.conversion.quantize import Dequantize, Quantize, QuantizeToEven
from tinycc.ops.convolution.base import Convolution
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.elementwise.add_n import AddN
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.normalization.l2_normalization import L2Normalization
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.pooling import Pool2D
from tinycc.ops.resize import ResizeNearest

ROWS = 1
"""The dimension that rows are numbered along: height, in [N,H,W,C]."""


def height(value: Value) -> int:
    return value.shape[ROWS]


def row_bytes(value: Value) -> int:
    return value.type.bytes // height(value)


def has_rows(value: Value) -> bool:
    """Whether it is one image, of rows that are whole numbers of bytes one behind the other."""
    shape = value.shape
    return len(shape) >= 3 and shape[0] == 1 and all(shape) and value.dtype.bits >= 8


@dataclass(frozen=True)
class Reading:
    """In turn n: rows `first + step * n` and the next ones of an operand, `count` in all. Those that there are none of count
    as padding."""

    value: Value
    first: int
    step: int
    count: int

    def wanted(self, turn: int) -> range:
        first = self.first + self.step * turn
        return range(first, first + self.count)

    def rows(self, turn: int) -> range:
        wanted = self.wanted(turn)
        return range(max(wanted.start, 0), min(wanted.stop, height(self.value)))


@dataclass(frozen=True, eq=False)
class Block:
    """A part of an operator: an operator itself. `parts`: the operands of which it has rows, and what stands for them in it."""

    op: Operator
    parts: tuple[tuple[Value, Value], ...]


Restrict = Callable[[Mapping[Value, Value], Value, int], Operator]
"""(parts of the operands, part of the result, rows that are missing above) -> the operator between them."""


@dataclass(frozen=True)
class Sums:
    """What an operator keeps that has its result with the last row of its operand."""

    accumulator: Accumulator[Any]
    value: Value


@dataclass(frozen=True, eq=False)
class Form:
    """An operator that goes row by row: it makes `rows` rows of its result in every turn, or it reads a row in every turn and
    keeps `sums`. `whole`: operands that every turn reads all of."""

    op: Operator
    rows: int
    readings: tuple[Reading, ...]
    whole: tuple[Value, ...]
    restrict: Restrict
    sums: Sums | None = None
    _blocks: dict[tuple[object, ...], Block] = field(default_factory=dict)

    @cached_property
    def y(self) -> Value:
        return self.op.y

    @cached_property
    def turns(self) -> int:
        if self.sums is not None:
            return height(self.readings[0].value)
        return -(-height(self.y) // self.rows)

    def made(self, turn: int) -> range:
        """The rows that are there after a turn and were not before; of sums none."""
        if self.sums is not None:
            return range(0)
        return range(turn * self.rows, min((turn + 1) * self.rows, height(self.y)))

    def block(self, turn: int) -> Block:
        """What a turn computes; the same for all turns in which the same rows are missing."""
        rows = [reading.rows(turn) for reading in self.readings]
        missing = tuple(
            (found.start - reading.wanted(turn).start, len(found)) for reading, found in zip(self.readings, rows, strict=True)
        )
        key = (len(self.made(turn)), *missing)
        if key not in self._blocks:
            parts = {
                reading.value: _part(reading.value, len(found)) for reading, found in zip(self.readings, rows, strict=True)
            }
            above = max((top for top, _ in missing), default=0)
            y = self.y if self.sums is not None else _part(self.y, len(self.made(turn)))
            op = self.restrict(parts, y, above)
            assert op.infer()[0].shape == op.y.shape, f"{op.origin}: {op.infer()[0]} for {op.y!r}"
            if op is not self.op:
                is_part(op, self.op)
            self._blocks[key] = Block(op, tuple(parts.items()))
        return self._blocks[key]

    @cached_property
    def usual(self) -> Block:
        """What most turns compute."""
        return self.block(self.turns // 2)


def _part(value: Value, rows: int) -> Value:
    shape = (*value.shape[:ROWS], rows, *value.shape[ROWS + 1 :])
    return Value(value.name, TensorType(shape, value.dtype, value.type.quantization))


@dataclass(frozen=True, eq=False, kw_only=True)
class Arrival(Operator):
    """The rows of an input, which the caller brings one by one. No kernel computes it."""

    def infer(self) -> tuple[TensorType, ...]:
        return (self.y.type,)


def arrival(value: Value) -> Form | None:
    """The rows of an input as they come."""
    if not has_rows(value) or height(value) < 2:
        return None
    op = Arrival(outputs=(value,), origin=Origin(0, "INPUT", value.name))
    return Form(op, 1, (), (), lambda parts, y, above: op)


def form(op: Op, context: Context, owner: Callable[[Value], Value], rows: int = 1) -> Form | None:
    """How `op` makes `rows` rows of its result at a time; None if it does not. `owner`: the tensor that a view is one of."""
    if not isinstance(op, Operator) or len(op.outputs) != 1 or op.updates or op.graphs:
        return None
    if (found := accumulator(op, context)) is not None:
        return _summed(op, found, owner)
    if not has_rows(op.y) or height(op.y) < 2:
        return None
    if isinstance(op, Conv2D | DepthwiseConv2D | Pool2D):
        return _window(op, rows)
    if isinstance(op, TransposeConv):
        return _transposed(op, rows)
    if isinstance(op, ResizeNearest):
        return _stretched(op, rows)
    return _rowwise(op, rows)


def _summed(op: Operator, found: Accumulator[Any], owner: Callable[[Value], Value]) -> Form | None:
    """The result is there with the last row of the first operand."""
    x = owner(op.inputs[0])
    if x.constant or not has_rows(x) or height(x) < 2:
        return None
    dtype, count = found.sums(op)
    sums = Sums(found, Value(f"{op.y.name}, sums", TensorType((count,), dtype)))
    return Form(op, 1, (Reading(x, 0, 1, 1),), (), lambda parts, y, above: op, sums)


def _window(op: Conv2D | DepthwiseConv2D | Pool2D, rows: int) -> Form | None:
    """Each row of the result is made of the rows below a window."""
    window, x = op.window, op.x
    run_time = [value for _, value in op.operands if not value.constant]
    if run_time != [x] or not has_rows(x) or not window.touches(*x.shape[1:3]) or (isinstance(op, Convolution) and op.hybrid):
        return None
    step = window.stride.h * rows
    reading = Reading(x, -window.padding.top, step, window.stride.h * (rows - 1) + window.reach.h)

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        wanted = window.stride.h * (height(y) - 1) + window.reach.h
        padding = window.padding._replace(top=above, bottom=wanted - above - height(parts[x]))
        part: Operator = replace(op, x=parts[x], outputs=(y,), window=window._replace(padding=padding))
        return part

    return Form(op, rows, (reading,), (), restrict)


def _transposed(op: TransposeConv, rows: int) -> Form | None:
    """Each row of the operand adds to the rows of the result below a window: as many of these in a turn as the stride has, or a
    multiple."""
    x, stride, top, reach = op.x, op.window.stride.h, op.window.padding.top, op.window.size.h
    run_time = [value for _, value in op.operands if not value.constant]
    if run_time != [x] or not has_rows(x) or height(op.y) % stride:
        return None
    rows = stride * max(rows // stride, 1)
    first = -((reach - 1 - top) // stride)  # the first row that reaches row 0 of the result
    reading = Reading(x, first, rows // stride, (rows - 1 + top) // stride - first + 1)

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        above_it = top - stride * (first + above)
        below = (height(parts[x]) - 1) * stride + reach - height(y) - above_it
        padding = op.window.padding._replace(top=above_it, bottom=below)
        size = op.size._replace(h=height(y))
        part: Operator = replace(op, x=parts[x], outputs=(y,), size=size, window=op.window._replace(padding=padding))
        return part

    form = Form(op, rows, (reading,), (), restrict)
    there = all(reading.rows(turn) for turn in range(form.turns))
    return form if there and top - stride * first >= 0 else None


def _stretched(op: ResizeNearest, rows: int) -> Form | None:
    """Each row of the operand is a whole number of rows of the result."""
    x, factor = op.x, height(op.y) // height(op.x) if has_rows(op.x) else 0
    if not factor or [int(row) for row in op.positions(0)] != [row // factor for row in range(height(op.y))]:
        return None
    many = max(rows // factor, 1)
    if height(x) % many or (many > 1 and any(int(row) != n // factor for n, row in enumerate(_part_of(op, many)))):
        many = 1
    if many == 1 and any(_part_of(op, 1)):
        return None

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        part: Operator = replace(op, x=parts[x], outputs=(y,), size=(height(y), op.size[1]))
        return part

    return Form(op, factor * many, (Reading(x, 0, many, many),), (), restrict)


def _part_of(op: ResizeNearest, rows: int) -> list[int]:
    """The rows that a part of so many rows of the operand would look at."""
    part = replace(op, x=_part(op.x, rows), size=(op.size[0] // height(op.x) * rows, op.size[1]))
    return [int(row) for row in part.positions(0)]


ROWWISE: tuple[type[Operator], ...] = (
    *(AddN, Broadcast, Cast, Concatenation, Dequantize, L2Normalization),
    *(LogSoftmax, Pointwise, Quantize, QuantizeToEven, Select, Softmax),
)
"""What makes each row of its result of the same row of its operands."""


def _rowwise(op: Operator, rows: int) -> Form | None:
    if not isinstance(op, ROWWISE) or (isinstance(op, Concatenation) and op.axis <= ROWS):
        return None
    readings, whole = [], []
    for value in dict.fromkeys(op.inputs):
        found = _extent(value, op.y)
        if found == height(op.y) and not value.constant and has_rows(value):
            readings.append(Reading(value, 0, rows, rows))
        elif found != 1:
            return None
        elif not value.constant:
            whole.append(value)
    if not readings:
        return None

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        part = replace(op.with_operands(parts), outputs=(y,))
        return part

    return Form(op, rows, tuple(readings), tuple(whole), restrict)


def _extent(value: Value, y: Value) -> int:
    """Along the rows of y: 1 for an operand that all rows share."""
    missing = len(y.shape) - len(value.shape)
    return value.shape[ROWS - missing] if missing <= ROWS else 1

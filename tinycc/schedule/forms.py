# SPDX-License-Identifier: Apache-2.0
"""How operators go through the rows of images: convolutions, pools, what is computed element by element, and sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tinycc.ir import Op, Origin, TensorType, Value
from tinycc.kernels.accumulate import Accumulator, accumulator
from tinycc.kernels.base import Context
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
from tinycc.schedule.moved import moved
from tinycc.schedule.rows import ROWS, Arrival, Departure, Form, Reading, Sums, has_rows, height, part_of


def arrival(value: Value) -> Form | None:
    """The rows of an input as they come."""
    if not has_rows(value) or height(value) < 2:
        return None
    op = Arrival(outputs=(value,), origin=Origin(0, "INPUT", value.name))
    return Form(op, 1, (), (), lambda parts, y, above: op)


def departure(value: Value) -> Form | None:
    """The rows of an output as they go."""
    if not has_rows(value) or height(value) < 2:
        return None
    taken = Value(f"{value.name}, taken", value.type)
    op = Departure(x=value, outputs=(taken,), origin=Origin(0, "OUTPUT", value.name))
    return Form(op, 1, (Reading(value, 0, 1, 1),), (), lambda parts, y, above: op)


_Known = list[tuple[Context, int, "Value | None", "Form | None"]]


def form_of(op: Op, context: Context, owner: Callable[[Value], Value], rows: int = 1) -> Form | None:
    """As `form`, made once, as a graph is cut in many ways: with it goes what is found out about its parts. Kept in the
    operator, as what is judged of its kernels."""
    known: _Known = op.__dict__.setdefault("_forms", [])
    shown = owner(op.inputs[0]) if op.inputs else None
    for before, many, value, made in known:
        if many == rows and value is shown and before == context.asked:
            return made
    known.append((context.asked, rows, shown, form(op, context, owner, rows)))
    return known[-1][-1]


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
    return moved(op, rows) or _rowwise(op, rows)


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
    if run_time != [x] or not has_rows(x):
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
    part = replace(op, x=part_of(op.x, rows), size=(op.size[0] // height(op.x) * rows, op.size[1]))
    return [int(row) for row in part.positions(0)]


ROWWISE: tuple[type[Operator], ...] = (
    *(AddN, Broadcast, Cast, Concatenation, Dequantize, L2Normalization),
    *(LogSoftmax, Pointwise, Quantize, QuantizeToEven, Select, Softmax),
)
"""What makes each row of its result of the same row of its operands."""


def _rowwise(op: Operator, rows: int) -> Form | None:
    if not isinstance(op, ROWWISE):
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

# SPDX-License-Identifier: Apache-2.0
"""How operators that move rows, or mix neighbouring ones, go through them: padding, slices, concatenation along the height,
bilinear resizing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from tinycc.ir import Value
from tinycc.ops.base import Operator
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.repeat import MirrorPad
from tinycc.ops.movement.slices import Slice
from tinycc.ops.resize import Band, ResizeBilinear
from tinycc.schedule.rows import ROWS, Form, Reading, has_rows, height

MOST_ROWS = 8
"""Rows that bilinear resizing makes in a turn, at most."""


def moved(op: Operator, rows: int) -> Form | None:
    """As `form`, for these operators; None for others."""
    if isinstance(op, Pad):
        return _padded(op, rows)
    if isinstance(op, MirrorPad):
        return _mirrored(op)
    if isinstance(op, Slice):
        return _cut(op, rows)
    if isinstance(op, Concatenation) and op.axis == ROWS:
        return _stacked(op, rows)
    if isinstance(op, ResizeBilinear):
        return _mixed(op, rows)
    return None


def _padded(op: Pad, rows: int) -> Form | None:
    """Rows of the frame are made of nothing."""
    x = op.x
    if op.fill is not None:
        return None
    reading = Reading(x, -op.before[ROWS], rows, rows)

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        found = height(parts[x])
        if not found:
            frame = np.full(y.shape, op.value, y.dtype.numpy)
            return Copy(x=replace(y, name=f"{y.name}, padding", data=frame), outputs=(y,), origin=op.origin)
        sides = (op.before, above), (op.after, height(y) - above - found)
        before, after = ((*side[:ROWS], count, *side[ROWS + 1 :]) for side, count in sides)
        part: Operator = replace(op, x=parts[x], outputs=(y,), before=before, after=after)
        return part

    return Form(op, rows, (reading,), (), restrict)


def _mirrored(op: MirrorPad) -> Form:
    """Each row of the result is one of the operand, whose ends are mirrored."""
    x, top, bottom = op.x, op.before[ROWS], op.after[ROWS]
    rows = np.pad(np.arange(height(x)), (top, bottom), "reflect" if op.edge else "symmetric")
    ahead = rows - np.arange(len(rows))
    first = int(ahead.min())
    reading = Reading(x, first, 1, int(ahead.max()) - first + 1, tuple(map(int, rows)))
    before, after = ((*side[:ROWS], 0, *side[ROWS + 1 :]) for side in (op.before, op.after))

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        part: Operator = replace(op, x=parts[x], outputs=(y,), before=before, after=after)
        return part

    return Form(op, 1, (reading,), (), restrict)


def _cut(op: Slice, rows: int) -> Form | None:
    """Rows at even distances, downwards."""
    x = op.x
    if not has_rows(x) or not all(isinstance(part, slice) for part in op.index):
        return None
    ranges = [range(size)[part] for size, part in zip(x.shape, op.index, strict=False) if isinstance(part, slice)]
    taken = ranges[ROWS] if len(ranges) > ROWS else range(height(x))
    if taken.step < 1:
        return None
    reading = Reading(x, taken.start, taken.step * rows, taken.step * (rows - 1) + 1)

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        index = (*op.index, *[slice(None)] * (ROWS + 1 - len(op.index)))
        part_index = (*index[:ROWS], slice(0, taken.step * (height(y) - 1) + 1, taken.step), *index[ROWS + 1 :])
        part: Operator = replace(op, x=parts[x], outputs=(y,), index=part_index)
        return part

    return Form(op, rows, (reading,), (), restrict)


def _stacked(op: Concatenation, rows: int) -> Form | None:
    """The rows of one operand below those of the other."""
    if len(set(op.xs)) < len(op.xs) or any(value.constant for value in op.xs):
        return None
    starts = [sum(height(value) for value in op.xs[:index]) for index in range(len(op.xs))]
    readings = tuple(Reading(value, -start, rows, rows) for value, start in zip(op.xs, starts, strict=True))
    tables = op.tables or (None,) * len(op.xs)

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        there = [(parts[value], table) for value, table in zip(op.xs, tables, strict=True) if height(parts[value])]
        used = tuple(table for _, table in there) if op.tables else ()
        part: Operator = replace(op, xs=tuple(value for value, _ in there), outputs=(y,), tables=used)
        return part

    return Form(op, rows, readings, (), restrict)


def _mixed(op: ResizeBilinear, rows: int) -> Form | None:
    """Each row of the result is a mean of two rows of the operand, which lie at nearly even distances."""
    x = op.x
    whole = height(x), height(op.y)
    if height(x) == 1:

        def stretch(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
            part: Operator = replace(op, outputs=(y,), band=Band(whole, height(y), (0, 0), rows))
            return part

        return Form(op, rows, (), (x,), stretch)
    ratio = min((Fraction(*op.spans(0)), Fraction(*whole)), key=lambda ratio: ratio.denominator)
    many, step = ratio.denominator * max(rows // ratio.denominator, 1), 0
    step = ratio.numerator * many // ratio.denominator
    if many > max(MOST_ROWS, rows):
        return None
    lower, upper, _ = op.neighbours(0)
    turns = [range(start, min(start + many, height(op.y))) for start in range(0, height(op.y), many)]
    first = min(int(lower[rows].min()) - step * turn for turn, rows in enumerate(turns))
    last = max(int(upper[rows].max()) - step * turn for turn, rows in enumerate(turns))

    def restrict(parts: Mapping[Value, Value], y: Value, above: int) -> Operator:
        start = (0, 0) if above else (first, step)
        part: Operator = replace(op, x=parts[x], outputs=(y,), band=Band(whole, height(y), start, many))
        return part

    return Form(op, many, (Reading(x, first, step, last - first + 1),), (), restrict)

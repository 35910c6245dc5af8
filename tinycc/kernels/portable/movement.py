# SPDX-License-Identifier: Apache-2.0
"""Operators that only move elements, in plain C."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Call, Struct, Table, Tensor, struct
from tinycc.kernels.costs import rate
from tinycc.kernels.pieces import one_scale_for_all, pieces
from tinycc.kernels.portable.base import all_types, ints, tk, usual
from tinycc.kernels.portable.conversion import as_int32
from tinycc.ops.movement.base import Fill, Movement, Walk
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.sequence import DynamicSlice, DynamicUpdateSlice, ReverseSequence
from tinycc.ops.movement.shift import Shift
from tinycc.ops.strides import Loop, Shape, row_major
from tinycc.program.types import Content

EVERY_TYPE = tuple(dtype.value for dtype in DType)


def _pointers(walk: Walk) -> tuple[Tensor | Table, Tensor]:
    source = Table(*walk.source, Content.TABLE) if isinstance(walk.source, Fill) else Tensor(walk.source, walk.source_offset)
    return source, Tensor(walk.target, walk.target_offset)


def copy_rows(walk: Walk) -> Call:
    *outer, row = walk.loops
    size = walk.target.dtype.bytes
    rows, (x_step, y_step) = outer[0] if outer else Loop(1, (row.size, row.size))
    return Call("tk_copy_rows", (*_pointers(walk), rows, row.size * size, x_step * size, y_step * size))


def copy_strided(walk: Walk) -> Call:
    shape = struct(
        "tk_copy_shape",
        rank=len(walk.loops),
        dims=ints(loop.size for loop in walk.loops),
        x_stride=ints(loop.strides[0] for loop in walk.loops),
        y_stride=ints(loop.strides[1] for loop in walk.loops),
    )
    return Call("tk_copy_strided", (*_pointers(walk), shape, walk.target.dtype.bytes))


def bind_rows(op: Movement, context: Context) -> tuple[Call, ...]:
    return tuple(copy_rows(walk) for walk in op.walks)


def bind_strided(op: Movement, context: Context) -> tuple[Call, ...]:
    return tuple(copy_strided(walk) for walk in op.walks)


def whole_rows(op: Movement, context: Context) -> str | None:
    """contiguous rows at even distances are moved"""
    return None if all(walk.rows for walk in op.walks) else "single elements, or uneven distances"


def pad(op: Pad) -> tuple[Arg, ...]:
    shape = struct(
        "tk_pad_shape",
        rank=len(op.frames),
        dims=ints(frame.size for frame in op.frames),
        before=ints(frame.before for frame in op.frames),
        after=ints(frame.after for frame in op.frames),
    )
    value = Table("pad_value", np.asarray([op.value], op.x.dtype.numpy), Content.TABLE) if op.fill is None else Tensor(op.fill)
    return (Tensor(op.x), Tensor(op.y), shape, op.x.dtype.bytes, value)


LONGEST_ROW = 64
"""Bytes of a row that is repeated in place of a constant: the more a copy moves at once, the faster it is."""


def bind_copy(op: Copy, context: Context) -> tuple[Call, ...]:
    """A constant of one number all over, as the tables are that a loop fills, is a row of it again and again."""
    size, data = op.x.type.bytes, op.x.data
    if data is not None and size > LONGEST_ROW and op.x.dtype.bits >= 8 and (data == data.flat[0]).all():
        rows = next(rows for rows in range(-(-size // LONGEST_ROW), data.size + 1) if data.size % rows == 0)
        row = data.ravel()[: data.size // rows]
        return (Call("tk_copy_rows", (Table("row", row, Content.TABLE), Tensor(op.y), rows, row.nbytes, 0, row.nbytes)),)
    return (Call("tk_copy_rows", (Tensor(op.x), Tensor(op.y), 1, size, size, size)),) if size else ()


def bind_concatenation(op: Concatenation, context: Context) -> tuple[Call, ...]:
    size = op.y.dtype.bytes
    return tuple(
        Call("tk_copy_rows", (Tensor(part), Tensor(op.y, start), op.rows, columns * size, columns * size, op.columns * size))
        for part, columns, start in pieces(op)
    )


def bind_lookups(op: Concatenation, context: Context) -> tuple[Call, ...]:
    tables = dict(zip(op.xs, op.tables, strict=True))
    calls = []
    for number, (part, columns, start) in enumerate(pieces(op)):
        shape = (op.rows, columns, columns, op.columns)
        if (table := tables[part]) is None:
            calls.append(Call("tk_copy_rows", (Tensor(part), Tensor(op.y, start), *shape)))
        else:
            calls.append(
                Call("tk_lut_rows", (Tensor(part), Table(f"table{number}", table, Content.TABLE), Tensor(op.y, start), *shape))
            )
    return tuple(calls)


def several_scales(op: Concatenation, context: Context) -> str | None:
    """operands of uint8 have scales of their own"""
    return None if op.tables else "one scale for all"


def bind_update(op: DynamicUpdateSlice, context: Context) -> tuple[Call, ...]:
    calls, start = as_int32(op.start)
    args = (Tensor(op.x), Tensor(op.block), start, Tensor(op.y), place(op, op.block.shape), op.x.dtype.bytes)
    return (*calls, Call("tk_update_slice", args))


def bind_take(op: DynamicSlice, context: Context) -> tuple[Call, ...]:
    calls, start = as_int32(op.start)
    return (*calls, Call("tk_take_slice", (Tensor(op.x), start, Tensor(op.y), place(op, op.sizes), op.x.dtype.bytes)))


def place(op: DynamicUpdateSlice | DynamicSlice, sizes: Shape) -> Struct:
    return struct(
        "tk_place_shape",
        rank=len(op.x.shape),
        dims=ints(op.x.shape),
        block_dims=ints(sizes),
        pick=ints(op.corner.picks),
        fixed=ints(op.corner.fixed),
        from_end=int(op.corner.from_end),
    )


def bind_reverse(op: ReverseSequence, context: Context) -> tuple[Call, ...]:
    calls, lengths = as_int32(op.lengths)
    shape, size = op.x.shape, op.x.dtype.bytes
    steps = [step * size for step in row_major(shape)]
    first, last = sorted((op.axis, op.batch))
    outer, middle = math.prod(shape[:first]), math.prod(shape[first + 1 : last])
    loops = struct(
        "tk_reverse_shape",
        dims=ints((outer, middle, shape[op.batch])),
        stride=ints((steps[first] * shape[first], steps[last] * shape[last], steps[op.batch])),
        steps=shape[op.axis],
        step_stride=steps[op.axis],
        row_bytes=steps[last],
    )
    return (*calls, Call("tk_reverse_sequence", (Tensor(op.x), lengths, Tensor(op.y), loops)))


def shift(op: Shift) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.kept, op.x.type.bytes)


ROWS = rate(element=1)

VARIANTS: tuple[Variant[Any], ...] = (
    Variant("tk_copy_rows", Movement, EVERY_TYPE, bind_rows, ROWS, (whole_rows,)),
    Variant("tk_copy_strided", Movement, EVERY_TYPE, bind_strided, rate(element=12)),
    tk("tk_pad", Pad, EVERY_TYPE, pad, cost=rate(element=2)),
    Variant("tk_copy_rows", Copy, all_types(Copy), bind_copy, ROWS),
    tk("tk_shift_rows", Shift, all_types(Shift), shift, cost=rate(element=1)),
    Variant("tk_lut_rows", Concatenation, ("int8",), bind_lookups, rate(element=6), (several_scales,)),
    Variant("tk_copy_rows", Concatenation, EVERY_TYPE, bind_concatenation, ROWS, (one_scale_for_all,)),
    Variant("tk_update_slice", DynamicUpdateSlice, all_types(DynamicUpdateSlice), bind_update, usual(()), in_place=("x",)),
    Variant("tk_take_slice", DynamicSlice, all_types(DynamicSlice), bind_take, usual(())),
    Variant("tk_reverse_sequence", ReverseSequence, all_types(ReverseSequence), bind_reverse, usual(())),
)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of concatenation."""

from __future__ import annotations

from tinycc.ir import DType, Value
from tinycc.kernels.calls import Call, Table, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.target import Target


def _pieces(op: Concatenation) -> list[tuple[Value, int, int]]:
    """(operand, elements of it in a row of y, where these begin), operands without elements left out."""
    columns = [part.type.elements // op.rows for part in op.xs]
    starts = [sum(columns[:position]) for position in range(len(columns))]
    return [piece for piece in zip(op.xs, columns, starts, strict=True) if piece[1]]


def lower_concatenation_s8(op: Concatenation, target: Target) -> tuple[Call, ...]:
    """Whatever the axis: with all that follows it as x, y and z are 1 and arm_concatenation_s8_y, _z and _w the same."""
    return tuple(
        Call("arm_concatenation_s8_x", (Tensor(part), columns, 1, 1, op.rows, Tensor(op.y), op.columns, start))
        for part, columns, start in _pieces(op)
    )


def lower_concatenation(op: Concatenation, target: Target) -> tuple[Call, ...]:
    size = op.y.dtype.bytes
    return tuple(
        Call("tk_copy_rows", (Tensor(part), Tensor(op.y, start), op.rows, columns * size, columns * size, op.columns * size))
        for part, columns, start in _pieces(op)
    )


def lower_lookup(op: Concatenation, target: Target) -> tuple[Call, ...]:
    tables = dict(zip(op.xs, op.tables, strict=True))
    calls = []
    for number, (part, columns, start) in enumerate(_pieces(op)):
        shape = (op.rows, columns, columns, op.columns)
        if (table := tables[part]) is None:
            calls.append(Call("tk_copy_rows", (Tensor(part), Tensor(op.y, start), *shape)))
        else:
            calls.append(Call("tk_lut_rows", (Tensor(part), Table(f"table{number}", table), Tensor(op.y, start), *shape)))
    return tuple(calls)


def fits_uint16(op: Concatenation) -> bool:
    """Whether the counts fit the types of `arm_concatenation_s8_x`."""
    return max(op.rows, op.columns) < 2**16


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Concatenation] = (
    Kernel("tk_lut_rows", lower_lookup, lambda op, target: bool(op.tables), types=("int8",), remark="uint8 of several scales"),
    Kernel(
        "arm_concatenation_s8_x",
        lower_concatenation_s8,
        lambda op, target: op.y.dtype is DType.INT8 and fits_uint16(op),
    ),
    Kernel("tk_copy_rows", lower_concatenation),
)

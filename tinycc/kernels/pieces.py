# SPDX-License-Identifier: Apache-2.0
"""CONCATENATION as copies of pieces of rows."""

from __future__ import annotations

from tinycc.ir import Value
from tinycc.kernels.base import Context
from tinycc.ops.movement.concatenation import Concatenation


def pieces(op: Concatenation) -> list[tuple[Value, int, int]]:
    """(operand, elements of it in a row of y, where these begin), operands without elements left out."""
    columns = [part.type.elements // op.rows for part in op.xs]
    starts = [sum(columns[:position]) for position in range(len(columns))]
    return [piece for piece in zip(op.xs, columns, starts, strict=True) if piece[1]]


def one_scale_for_all(op: Concatenation, context: Context) -> str | None:
    """the operands have the scale and the zero point of the output"""
    return "operands that are requantized" if op.tables else None

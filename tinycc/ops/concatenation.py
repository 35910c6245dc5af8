# SPDX-License-Identifier: Apache-2.0
"""CONCATENATION."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.unsigned import OFFSET
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Table, Tensor
from tinycc.ops.base import Activation, Kernel, Operator, Signature
from tinycc.ops.shapes import Shape, every_type
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class Concatenation(Operator):
    """y = the operands one after the other along `axis`; all other dimensions are equal.

    Where `tables` has a table for an operand, its bytes are looked up there: uint8 operands may have a scale and a zero point
    of their own, and are requantized in float32. Source: TFLM concatenation.cc; for uint8 LiteRT's `ConcatenationWithScaling`.
    """

    xs: tuple[Value, ...]
    axis: int
    tables: tuple[Array | None, ...] = ()

    tflite: ClassVar[tuple[str, ...]] = ("CONCATENATION",)
    signatures: ClassVar[tuple[Signature, ...]] = every_type("xs")

    @classmethod
    def from_tflite(cls, node: Node) -> Concatenation:
        xs = tuple(node.input(position) for position in range(max(len(node.inputs), 1)))
        axis, rank = node.option("axis"), len(xs[0].shape)
        if not -rank <= axis < rank:
            raise node.error(f"axis {axis} of {list(xs[0].shape)}", f"{-rank} to {rank - 1}" if rank else "no scalars")
        if node.activation is not Activation.NONE:
            raise node.error(f"fused activation {node.activation.name}", "NONE, as no runtime takes another")
        tables = tuple(_requantized(x.type, node.outputs[0].type) if node.unsigned else None for x in xs)
        return cls(
            xs=xs,
            axis=axis % rank,
            tables=tables if any(table is not None for table in tables) else (),
            outputs=node.outputs,
            origin=node.origin,
        )

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.xs[0].shape
        total = sum(part.shape[self.axis] for part in self.xs)
        return (TensorType((*shape[: self.axis], total, *shape[self.axis + 1 :]), self.xs[0].dtype),)

    @property
    def rows(self) -> int:
        """How often the operands alternate: elements in front of the axis."""
        return math.prod(self.y.shape[: self.axis])

    @property
    def columns(self) -> int:
        """Elements of y in one row."""
        return math.prod(self.y.shape[self.axis :])

    def eval(self, read: Reader) -> tuple[Array, ...]:
        parts = [read(part) for part in self.xs]
        if self.tables:
            pairs = zip(parts, self.tables, strict=True)
            parts = [part if table is None else table[part.view(np.uint8)] for part, table in pairs]
        return (np.concatenate(parts, axis=self.axis),)


def _requantized(x: TensorType, y: TensorType) -> Array | None:
    """What each uint8 code of x is in y's units, for int8 that is uint8 in the file; None if it stays what it is."""
    if x.dtype is not DType.INT8 or x.quantization is None or y.quantization is None or x.quantization == y.quantization:
        return None
    scale = np.float32(x.quantization.scale) * (np.float32(1) / np.float32(y.quantization.scale))
    zero_points = x.quantization.zero_point + OFFSET, y.quantization.zero_point + OFFSET
    scaled = np.arange(256, dtype=np.float32) * scale + np.float32(-zero_points[0]) * scale
    codes = np.clip(np.trunc(scaled + np.copysign(np.float32(0.5), scaled)) + zero_points[1], 0, 255)
    table: Array = np.roll(codes - OFFSET, OFFSET).astype(np.int8)
    return table


def fitting_parts(op: Concatenation) -> str | None:
    """the operands have equal shapes, save along the axis"""

    def others(shape: Shape) -> tuple[int, Shape, Shape]:
        return len(shape), shape[: op.axis], shape[op.axis + 1 :]

    if len({others(part.shape) for part in op.xs}) > 1:
        return f"shapes {', '.join(str(list(part.shape)) for part in op.xs)} along axis {op.axis}"
    return None


def equal_quantization(op: Concatenation) -> str | None:
    """integer operands, save those of uint8, have the output's scale and zero point

    TFLite converters put a QUANTIZE in front of an operand whose scale differs: convert with a recent one.
    """
    for part, table in zip(op.xs, op.tables or (None,) * len(op.xs), strict=True):
        if table is None and part.dtype.is_integer and part.type.quantization != op.y.type.quantization:
            return f"%{part.name} with {part.type.quantization} -> {op.y.type.quantization}"
    return None


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


Concatenation.conditions = (fitting_parts, equal_quantization)
Concatenation.kernels = (
    Kernel("tk_lut_rows", lower_lookup, lambda op, target: bool(op.tables), types=("int8",), remark="uint8 of several scales"),
    Kernel(
        "arm_concatenation_s8_x",
        lower_concatenation_s8,
        lambda op, target: op.y.dtype is DType.INT8 and fits_uint16(op),
    ),
    Kernel("tk_copy_rows", lower_concatenation),
)

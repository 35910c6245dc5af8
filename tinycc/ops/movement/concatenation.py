# SPDX-License-Identifier: Apache-2.0
"""CONCATENATION."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, every_type
from tinycc.ops.strides import Shape


@dataclass(frozen=True, eq=False, kw_only=True)
class Concatenation(Operator):
    """y = the operands one after the other along `axis`; all other dimensions are equal.

    Where `tables` has a table for an operand, its bytes are looked up there: uint8 operands may have a scale and a zero point
    of their own, and are requantized in float32. Source: TFLM concatenation.cc; for uint8 LiteRT's `ConcatenationWithScaling`.
    """

    xs: tuple[Value, ...]
    axis: int
    tables: tuple[Array | None, ...] = ()

    signatures: ClassVar[tuple[Signature, ...]] = every_type("xs")

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


Concatenation.conditions = (fitting_parts, equal_quantization)

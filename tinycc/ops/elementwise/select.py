# SPDX-License-Identifier: Apache-2.0
"""SELECT, SELECT_V2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.strides import MAX_LOOPS, Loop, Shape, broadcast, common_shape, merge, stretched


@dataclass(frozen=True, eq=False, kw_only=True)
class Select(Operator):
    """y = x1 where condition, else x2, all three stretched to their common shape. Codes are passed on as they are.

    With `leading` (SELECT) the condition's one dimension is x1's first. Source: TFLM select.cc; SELECT, and types that TFLM
    lacks, as in LiteRT.
    """

    condition: Value
    x1: Value
    x2: Value
    leading: bool

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(dtype.value, dtype, condition=DType.BOOL, x1=dtype, x2=dtype) for dtype in DType if dtype is not DType.FLOAT16
    )

    @property
    def condition_shape(self) -> Shape:
        """The condition's shape, or with `leading` one that stretches as it should."""
        return (*self.condition.shape, *(1,) * (len(self.x1.shape) - 1)) if self.leading else self.condition.shape

    @property
    def shape(self) -> Shape | None:
        """The common shape; None if there is none."""
        values = broadcast(self.x1.shape, self.x2.shape)
        return None if values is None else broadcast(self.condition_shape, values)

    def infer(self) -> tuple[TensorType, ...]:
        values = common_shape(self.x1.shape, self.x2.shape)
        return (TensorType(common_shape(self.condition_shape, values), self.x1.dtype),)

    @property
    def loops(self) -> tuple[Loop, ...]:
        """The walk over y; strides of condition, x1 and x2."""
        (y,) = self.infer()
        return merge(y.shape, *(stretched(shape, y.shape) for shape in (self.condition_shape, self.x1.shape, self.x2.shape)))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        condition = read(self.condition).reshape(self.condition_shape)
        return (np.where(condition, read(self.x1), read(self.x2)),)


def fitting_shapes(op: Select) -> str | None:
    """the operands' shapes are equal or stretch to each other (a size of 1 is repeated)"""
    shapes = [list(value.shape) for value in (op.condition, op.x1, op.x2)]
    return f"shapes {', '.join(map(str, shapes))}" if op.shape is None else None


def few_loops(op: Select) -> str | None:
    """the operands are stretched along at most six separate runs of dimensions"""
    if op.shape is None or len(op.loops) <= MAX_LOOPS:
        return None
    return f"shapes {list(op.condition.shape)}, {list(op.x1.shape)}, {list(op.x2.shape)}"


Select.conditions = (fitting_shapes, few_loops)

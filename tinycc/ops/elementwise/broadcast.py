# SPDX-License-Identifier: Apache-2.0
"""What all functions of two elements share: operands stretched to a common shape, and kernels that walk them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Condition, Operator, Signature, signature
from tinycc.ops.strides import MAX_LOOPS, Loop, broadcast, common_shape, merge, stretched


def same_types(*dtypes: DType) -> tuple[Signature, ...]:
    """Signatures in which both operands and the result have one type."""
    return tuple(signature(dtype.value, dtype, x1=dtype, x2=dtype) for dtype in dtypes)


@dataclass(frozen=True, eq=False, kw_only=True)
class Broadcast(Operator):
    """y = f(x1, x2), x1 and x2 stretched to their common shape: sizes of 1 are repeated, missing ones stand in front."""

    x1: Value
    x2: Value

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(common_shape(self.x1.shape, self.x2.shape), self.x1.dtype),)

    @property
    def loops(self) -> tuple[Loop, ...]:
        """The walk over y; strides of x1 and x2."""
        shape = self.infer()[0].shape
        return merge(shape, stretched(self.x1.shape, shape), stretched(self.x2.shape, shape))

    @property
    def elementwise(self) -> bool:
        """Whether no operand is repeated: all three are one run of elements."""
        return len(self.loops) == 1 and self.loops[0].strides == (1, 1)

    @property
    def quantized(self) -> bool:
        """Whether the operands are codes; 32 and 64 bits are numbers."""
        return self.x1.dtype.is_integer and self.x1.dtype.bytes < 4

    def eval(self, read: Reader) -> tuple[Array, ...]:
        a, b = read(self.x1), read(self.x2)
        with np.errstate(all="ignore"):
            if self.quantized:
                codes = self.integer(a.astype(np.int64) - self.x1.zero_point, b.astype(np.int64) - self.x2.zero_point)
                result = self.bounded(codes + self.y.zero_point)
            else:
                result = self.bounded(self.real(a, b))
        return (np.asarray(result, self.y.dtype.numpy),)

    def bounded(self, result: Array) -> Array:
        """`result` within the limits of y: of its type, for codes."""
        return np.clip(result, *self.y.dtype.limits) if self.quantized else result

    def real(self, a: Array, b: Array) -> Array:
        """f on numbers: float32, int32, int64."""
        raise NotImplementedError(type(self).__name__)

    def integer(self, a: Array, b: Array) -> Array:
        """f on codes without their zero points, in units of y's scale."""
        raise NotImplementedError(type(self).__name__)


def fitting_shapes(op: Broadcast) -> str | None:
    """the operands' shapes are equal or stretch to each other (a size of 1 is repeated)"""
    if broadcast(op.x1.shape, op.x2.shape) is None:
        return f"shapes {list(op.x1.shape)} and {list(op.x2.shape)}"
    return None


def few_loops(op: Broadcast) -> str | None:
    """the operands are stretched along at most six separate runs of dimensions"""
    if fitting_shapes(op) is None and len(op.loops) > MAX_LOOPS:
        return f"shapes {list(op.x1.shape)} and {list(op.x2.shape)}"
    return None


SHAPE_CONDITIONS: tuple[Condition, ...] = (fitting_shapes, few_loops)

# SPDX-License-Identifier: Apache-2.0
"""ADD_N."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import activations_quantized

FRACTION = 19
"""Bits by which TFLM raises int8 operands (20, and the halving of their scale)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class AddN(Operator):
    """y = the sum of the operands, which all have one shape, added up in order. int32 wraps around.

    int8, all operands of one scale and zero point:

        y = clamp(requantize((sum of (x - zero_point) - zero_point) * 2**19, 2 * x_scale / (2**20 * y_scale)) + y_zero_point)

    The last zero_point is not a slip of ours: TFLM starts its sum from there. Source: TFLM add_n.cc, reference/add_n.h; int32
    as in LiteRT.
    """

    xs: tuple[Value, ...]

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(dtype.value, dtype, xs=dtype) for dtype in (DType.INT8, DType.FLOAT32, DType.INT32)
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.xs[0].shape, self.xs[0].dtype),)

    @property
    def ratio(self) -> float:
        return 2 * self.xs[0].scale / (2**20 * self.y.scale)

    @property
    def scaling(self) -> Multiplier:
        return quantize_multiplier(self.ratio)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        arrays = [read(x) for x in self.xs]
        if self.y.dtype is DType.INT8:
            return (self.integer(arrays),)
        with np.errstate(all="ignore"):
            total = arrays[0]
            for array in arrays[1:]:
                total = total + array
        return (np.asarray(total, self.y.dtype.numpy),)

    def integer(self, arrays: list[Array]) -> Array:
        zero_point = self.xs[0].zero_point
        total = sum(array.astype(np.int64) for array in arrays) - (len(arrays) + 1) * zero_point
        m = self.scaling
        codes = requantize(np.asarray(total) << FRACTION, m.multiplier, m.shift) + self.y.zero_point
        result: Array = np.clip(codes, *self.y.dtype.limits).astype(np.int8)
        return result


def equal_operands(op: AddN) -> str | None:
    """the operands have one shape and, as int8, one scale and zero point"""
    types = {(x.shape, x.type.quantization if x.dtype is DType.INT8 else None) for x in op.xs}
    return ", ".join(str(x.type) for x in op.xs) if len(types) > 1 else None


def few_operands(op: AddN) -> str | None:
    """at most 15 operands of int8, whose sum fits 32 bits"""
    return f"{len(op.xs)} operands" if op.y.dtype is DType.INT8 and len(op.xs) > 15 else None


def summable_scales(op: AddN) -> str | None:
    """the input scale is less than 2**19 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if op.y.dtype is not DType.INT8 or activations_quantized(op):
        return None
    return None if op.ratio < 1 and op.scaling.shift <= 0 else f"scales {op.xs[0].scale:g} -> {op.y.scale:g}"


AddN.conditions = (equal_operands, few_operands, activations_quantized, summable_scales)

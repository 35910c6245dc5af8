# SPDX-License-Identifier: Apache-2.0
"""POW, ATAN2, SQUARED_DIFFERENCE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType
from tinycc.numerics.fixedpoint import quantize_multiplier, requantize
from tinycc.ops.base import Signature
from tinycc.ops.conditions import activations_quantized, centred_int16
from tinycc.ops.elementwise.arithmetic import SumScaling
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

LEFT_SHIFTS = {DType.INT8: 7, DType.INT16: 0}
"""Bits by which SQUARED_DIFFERENCE raises operands: the square of a difference just fits into 32 bits."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Pow(Broadcast):
    """y = x1 ** x2, with broadcasting. int32 and int64 wrap around; a negative exponent, which LiteRT refuses, counts as 0.

    Source: LiteRT's pow.cc.
    """

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.FLOAT32, DType.INT32, DType.INT64)

    def real(self, a: Array, b: Array) -> Array:
        if self.x1.dtype.is_integer:
            return np.power(a, np.maximum(b, 0))
        return np.power(a.astype(np.float64), b.astype(np.float64)).astype(np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Atan2(Broadcast):
    """y = the angle, from -pi to pi, of the point (x2, x1). Source: LiteRT's atan2.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.FLOAT32)

    def real(self, a: Array, b: Array) -> Array:
        return np.arctan2(a.astype(np.float64), b.astype(np.float64)).astype(np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class SquaredDifference(Broadcast):
    """y = (x1 - x2)**2, with broadcasting. int32 wraps around.

    int8: a = requantize((x1 - zero_point) * 2**7, x1_scale / (2 * max_scale)), b likewise from x2, and
    y = clamp(requantize((a - b)**2, (2 * max_scale)**2 / (2**14 * y_scale)) + y_zero_point).
    int16: the same without the factors 2**7 and 2**14, and zero points 0.
    Source: TFLM squared_difference.cc.
    """

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32)

    @property
    def left_shift(self) -> int:
        return LEFT_SHIFTS[self.x1.dtype]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """The real multipliers of x1, x2 and y."""
        top = 2 * max(self.x1.scale, self.x2.scale)
        return self.x1.scale / top, self.x2.scale / top, top * top / (4**self.left_shift * self.y.scale)

    @property
    def scaling(self) -> SumScaling:
        return SumScaling(*map(quantize_multiplier, self.ratios))

    def real(self, a: Array, b: Array) -> Array:
        difference: Array = a - b
        return difference * difference

    def integer(self, a: Array, b: Array) -> Array:
        s = self.scaling
        a = requantize(a << self.left_shift, s.x1.multiplier, s.x1.shift)
        b = requantize(b << self.left_shift, s.x2.multiplier, s.x2.shift)
        return requantize((a - b) ** 2, s.y.multiplier, s.y.shift)


def equal_shapes(op: Atan2) -> str | None:
    """the operands have equal shapes, as LiteRT does not stretch them here"""
    return f"shapes {list(op.x1.shape)} and {list(op.x2.shape)}" if op.x1.shape != op.x2.shape else None


def squarable_scales(op: SquaredDifference) -> str | None:
    """the square of the larger input scale is less than 2**28 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if op.quantized and not activations_quantized(op) and not op.ratios[2] < 2**16 - 1:
        return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"
    return None


Pow.conditions = SHAPE_CONDITIONS
Atan2.conditions = (*SHAPE_CONDITIONS, equal_shapes)
SquaredDifference.conditions = (*SHAPE_CONDITIONS, activations_quantized, centred_int16, squarable_scales)

# SPDX-License-Identifier: Apache-2.0
"""ADD, SUB, MUL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize
from tinycc.numerics.rules import Numerics
from tinycc.ops.base import Clamped, Signature
from tinycc.ops.conditions import activations_quantized, centred_int16
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

LEFT_SHIFTS = {DType.INT8: 20, DType.INT16: 15}
"""Bits by which ADD and SUB raise operands before they rescale them."""
SIGNATURES = same_types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Binary(Clamped, Broadcast):
    """y = clamp(f(x1, x2)), with broadcasting."""

    def bounded(self, result: Array) -> Array:
        return np.clip(result, self.range.min, self.range.max)


class SumScaling(NamedTuple):
    """The three requantizations of a sum, or of a squared difference."""

    x1: Multiplier
    x2: Multiplier
    y: Multiplier


@dataclass(frozen=True, eq=False, kw_only=True)
class Sum(Binary):
    """y = clamp(x1 +- x2). int8: both operands are brought to half of the larger input scale times 2**-20, and the result to
    y's:

        a = requantize((x1 - zero_point) * 2**20, x1_scale / (2 * max_scale)), b likewise from x2
        y = clamp(requantize(a +- b, 2 * max_scale / (2**20 * y_scale)) + y_zero_point)

    int16: the same with 2**15.
    Source: TFLM add_common.cc `CalculateOpDataAdd`, reference/integer_ops/add.h `AddFunc`, reference/sub.h `SubElementwise`.
    """

    sign: ClassVar[int]

    @property
    def left_shift(self) -> int:
        return LEFT_SHIFTS[self.x1.dtype]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """The real multipliers of x1, x2 and y."""
        top = 2 * max(self.x1.scale, self.x2.scale)
        return self.x1.scale / top, self.x2.scale / top, top / (2**self.left_shift * self.y.scale)

    @property
    def scaling(self) -> SumScaling:
        return SumScaling(*map(quantize_multiplier, self.ratios))

    def real(self, a: Array, b: Array) -> Array:
        return a + b if self.sign > 0 else a - b

    def integer(self, a: Array, b: Array) -> Array:
        s = self.scaling
        a = requantize(a << self.left_shift, s.x1.multiplier, s.x1.shift)
        b = requantize(b << self.left_shift, s.x2.multiplier, s.x2.shift)
        return requantize(a + self.sign * b, s.y.multiplier, s.y.shift)


@dataclass(frozen=True, eq=False, kw_only=True)
class Add(Sum):
    """y = clamp(x1 + x2), with broadcasting. int8: see Sum. int32 wraps around.

    `unclamped`: an activation is left out, as TFLM does it on int32.
    """

    unclamped: bool = False

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES
    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Sub(Sum):
    """y = clamp(x1 - x2), with broadcasting. int8: see Sum. int32 and int64 wrap around."""

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES
    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class Mul(Binary):
    """y = clamp(x1 * x2), with broadcasting. int32 and int64 wrap around.

    int8: y = clamp(requantize((x1 - x1_zero_point) * (x2 - x2_zero_point), x1_scale * x2_scale / y_scale) + y_zero_point).
    Source: TFLM mul_common.cc `CalculateOpDataMul`, reference/integer_ops/mul.h `MulElementwise`.
    """

    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @property
    def ratio(self) -> float:
        return self.numerics.ratios.ratio(self.x1.scale, self.x2.scale, over=self.y.scale)

    @property
    def scaling(self) -> Multiplier:
        return quantize_multiplier(self.ratio)

    def real(self, a: Array, b: Array) -> Array:
        return a * b

    def integer(self, a: Array, b: Array) -> Array:
        return requantize(a * b, self.scaling.multiplier, self.scaling.shift)


def summable_scales(op: Sum) -> str | None:
    """the output scale is more than 2**-19 (int16: 2**-14) of the larger input scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not op.quantized or activations_quantized(op):
        return None
    if all(0 <= ratio < 1 for ratio in op.ratios) and all(multiplier.shift <= 0 for multiplier in op.scaling):
        return None
    return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"


def multipliable_scales(op: Mul) -> str | None:
    """the product of the input scales is less than 2**30 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if op.quantized and not activations_quantized(op) and not op.ratio < 2**30 - 1:
        return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"
    return None


Add.conditions = (*SHAPE_CONDITIONS, activations_quantized, summable_scales)
Sub.conditions = Add.conditions
Mul.conditions = (*SHAPE_CONDITIONS, activations_quantized, centred_int16, multipliable_scales)

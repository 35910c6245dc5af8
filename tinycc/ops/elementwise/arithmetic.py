# SPDX-License-Identifier: Apache-2.0
"""ADD, SUB, MUL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType
from tinycc.numerics.fixedpoint import (
    Aligned,
    Multiplier,
    aligned,
    narrowed,
    quantize_multiplier,
    requantize,
    rounded_even,
)
from tinycc.numerics.rules import ORT_QLINEAR, ORT_QLINEAR_U8, TFLM, Numerics, Requantization
from tinycc.ops.base import Clamped, Signature
from tinycc.ops.conditions import activations_quantized, centred_int16
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

LEFT_SHIFTS = {DType.INT8: 20, DType.INT16: 15}
"""Bits by which ADD and SUB raise operands before they rescale them."""
SIGNATURES = same_types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Binary(Clamped, Broadcast):
    """y = clamp(f(x1, x2)), with broadcasting."""

    numerics: Numerics = TFLM

    @property
    def rounding(self) -> Requantization:
        """How codes of the operands become codes of y."""
        return self.numerics.arithmetic

    @property
    def in_floats(self) -> bool:
        """Whether codes are dequantized to float32, and the result quantized."""
        return self.rounding is Requantization.SINGLE and self.x1.dtype is DType.INT8

    def integer(self, a: Array, b: Array) -> Array:
        if self.rounding is Requantization.FIXED:
            return self.fixed(a, b)
        if not self.in_floats:
            return rounded_even(self.products(a, b), self.right)
        return np.clip(self.rounded_in_floats(a, b).astype(np.float64), -(2.0**40), 2.0**40).astype(np.int64)

    def rounded_in_floats(self, a: Array, b: Array) -> Array:
        """Dequantized, f, divided by y's scale, rounded."""
        first = np.float32(self.x1.scale) * a.astype(np.float32)
        second = np.float32(self.x2.scale) * b.astype(np.float32)
        rounded: Array = np.rint(self.real(first, second) / np.float32(self.y.scale))
        return rounded

    @property
    def early_zero(self) -> int:
        """The zero point that is in `products`."""
        return 0

    def fixed(self, a: Array, b: Array) -> Array:
        """f on codes without their zero points, in units of y's scale, as TFLite has it."""
        raise NotImplementedError(type(self).__name__)

    def products(self, a: Array, b: Array) -> Array:
        """ONNX: f in units of y's scale times 2**-right."""
        raise NotImplementedError(type(self).__name__)

    @property
    def right(self) -> int:
        raise NotImplementedError(type(self).__name__)

    def bounded(self, result: Array) -> Array:
        return np.clip(result, self.range.min, self.range.max)


class Fused(NamedTuple):
    """y = round(x1 * first + (x2 * second + fixed)) by fused operations, of codes that are `start` more."""

    first: float
    second: float
    fixed: float
    start: int


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

    int16: the same with 2**15. ONNX: y = round((a * x1_scale +- b * x2_scale) / y_scale) + y_zero_point, ties to even: in
    float32, int16 with factors of 31 bits. QLinearAdd: fused multiplications and additions, codes as they are by quotients of
    the scales. Source: ONNX Runtime's `MlasQLinearAdd`.
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

    @property
    def even(self) -> Aligned:
        """The factors of x1 and x2, positive."""
        return aligned(self.x1.scale / self.y.scale, self.x2.scale / self.y.scale)

    def real(self, a: Array, b: Array) -> Array:
        return a + b if self.sign > 0 else a - b

    def rounded_in_floats(self, a: Array, b: Array) -> Array:
        if self.numerics not in (ORT_QLINEAR, ORT_QLINEAR_U8):
            return super().rounded_in_floats(a, b)
        f = self.fused
        inner = ((b + self.x2.zero_point + f.start) * np.float64(f.second) + np.float64(f.fixed)).astype(np.float32)
        outer = ((a + self.x1.zero_point + f.start) * np.float64(f.first) + inner).astype(np.float32)
        rounded: Array = np.rint(outer) - np.float32(self.y.zero_point + f.start)
        return rounded

    @property
    def fused(self) -> Fused:
        """QLinearAdd: the numbers of its formula, float32."""
        start = 2**7 if self.numerics.unsigned else 0
        zeros = [np.float32(value.zero_point + start) for value in (self.x1, self.x2, self.y)]
        first, second = (np.float32(x.scale) / np.float32(self.y.scale) for x in (self.x1, self.x2))
        return Fused(float(first), float(second), float(zeros[2] - (first * zeros[0] + second * zeros[1])), start)

    def products(self, a: Array, b: Array) -> Array:
        first, second = self.even.multipliers
        total: Array = a * first + self.sign * b * second
        return total

    @property
    def right(self) -> int:
        return self.even.right

    def fixed(self, a: Array, b: Array) -> Array:
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
    ONNX: ties to even, in float32; int16 by a multiplier of 24 bits. QLinearMul adds the zero point, that of uint8 if it is,
    before it rounds. Source: ONNX Runtime's `MlasQLinearMul`.
    Source: TFLM mul_common.cc `CalculateOpDataMul`, reference/integer_ops/mul.h `MulElementwise`.
    """

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @property
    def ratio(self) -> float:
        return self.numerics.ratios.ratio(self.x1.scale, self.x2.scale, over=self.y.scale)

    @property
    def scaling(self) -> Multiplier:
        entry = quantize_multiplier(self.ratio)
        wide = self.rounding is Requantization.SINGLE and self.x1.dtype is DType.INT16
        return narrowed(entry, 24) if wide else entry

    def real(self, a: Array, b: Array) -> Array:
        return a * b

    @property
    def early_zero(self) -> int:
        """The zero point that is added before a product is rounded."""
        if self.numerics not in (ORT_QLINEAR, ORT_QLINEAR_U8):
            return 0
        return self.y.zero_point + (2**7 if self.numerics.unsigned else 0)

    def rounded_in_floats(self, a: Array, b: Array) -> Array:
        if self.numerics not in (ORT_QLINEAR, ORT_QLINEAR_U8):
            return super().rounded_in_floats(a, b)
        ratio = np.float32(self.x1.scale) * np.float32(self.x2.scale) / np.float32(self.y.scale)
        rounded: Array = np.rint((a * b).astype(np.float32) * ratio + np.float32(self.early_zero)) - self.early_zero
        return rounded

    def products(self, a: Array, b: Array) -> Array:
        total: Array = a * b * self.scaling.multiplier + (self.early_zero << self.right)
        return total

    @property
    def right(self) -> int:
        return 31 - self.scaling.shift

    def fixed(self, a: Array, b: Array) -> Array:
        return requantize(a * b, self.scaling.multiplier, self.scaling.shift)


def summable_scales(op: Sum) -> str | None:
    """the output scale is more than 2**-19 (int16: 2**-14) of the larger input scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not op.quantized or activations_quantized(op):
        return None
    if op.rounding is Requantization.SINGLE:
        return None if max(op.x1.scale, op.x2.scale) < 2**14 * op.y.scale else f"{op.x1.scale:g} -> {op.y.scale:g}"
    if all(0 <= ratio < 1 for ratio in op.ratios) and all(multiplier.shift <= 0 for multiplier in op.scaling):
        return None
    return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"


def multipliable_scales(op: Mul) -> str | None:
    """the product of the input scales is less than 2**30 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    limit = 2**14 if op.rounding is Requantization.SINGLE else 2**30 - 1
    if op.quantized and not activations_quantized(op) and not op.ratio < limit:
        return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"
    return None


Add.conditions = (*SHAPE_CONDITIONS, activations_quantized, summable_scales)
Sub.conditions = Add.conditions


def centred(op: Mul) -> str | None:
    """int16 operands have zero point 0, but for ONNX's"""
    return None if op.rounding is Requantization.SINGLE else centred_int16(op)


Mul.conditions = (*SHAPE_CONDITIONS, activations_quantized, centred, multipliable_scales)

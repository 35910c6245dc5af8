# SPDX-License-Identifier: Apache-2.0
"""RELU, RELU6, RELU_N1_TO_1, RELU_0_TO_1, LEAKY_RELU, HARD_SWISH, LOGISTIC, TANH.

int8 has no kernel here: `eval` is exact for every code, and a pass tabulates it (see `tinycc.ops.elementwise.pointwise`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.numerics import gemmlowp
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize, rounded, rounding_divide_by_power_of_two
from tinycc.numerics.rules import Numerics
from tinycc.numerics.tables import sigmoid_minus_half
from tinycc.ops.base import Clamped, Condition, Signature, signature
from tinycc.ops.conditions import activations_quantized, centred_int16
from tinycc.ops.elementwise.pointwise import Pointwise

SIGNATURES: tuple[Signature, ...] = (
    signature("int8", DType.INT8, x=DType.INT8),
    signature("float32", DType.FLOAT32, x=DType.FLOAT32),
)

WITH_INT16 = (*SIGNATURES, signature("int16", DType.INT16, x=DType.INT16))


def saturated(codes: Array, dtype: DType = DType.INT8) -> Array:
    return np.clip(codes, *dtype.limits).astype(dtype.numpy)


@dataclass(frozen=True, eq=False, kw_only=True)
class Relu(Pointwise, Clamped):
    """y = clamp(x), by the bounds of the activation.

    int8: y = clamp(requantize(x - x_zero_point, x_scale / y_scale) + y_zero_point). But TFLM's RELU6 takes over the codes
    (`rescaled` is False): y = clamp(x), the bounds in x's quantization.
    Source: TFLM activations_common.cc; for RELU_N1_TO_1 and RELU_0_TO_1, which TFLM lacks, LiteRT's activations.cc.
    """

    rescaled: bool
    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = WITH_INT16

    @property
    def ratio(self) -> float:
        return self.numerics.ratios.ratio(self.x.scale, over=self.y.scale)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.x.dtype.is_integer and self.rescaled:
            m = quantize_multiplier(self.ratio)
            x = requantize(x.astype(np.int64) - self.x.zero_point, m.multiplier, m.shift) + self.y.zero_point
        return (np.clip(x, self.range.min, self.range.max).astype(self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class LeakyRelu(Pointwise):
    """y = x if x > 0 else alpha * x.

    int8: each side has its own multiplier, x_scale / y_scale and x_scale * alpha / y_scale; a negative alpha is applied as the
    negated result of its magnitude. Source: TFLM leaky_relu_common.cc, reference/leaky_relu.h.
    """

    alpha: float
    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = WITH_INT16

    @property
    def ratios(self) -> tuple[float, float]:
        """The real multipliers of the positive and of the negative side."""
        x, y = self.x.scale, self.y.scale
        return self.numerics.ratios.ratio(x, over=y), self.numerics.ratios.ratio(x, self.alpha, over=y)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if not self.x.dtype.is_integer:
            return (np.where(x > 0, x, x * np.float32(self.alpha)),)
        codes = x.astype(np.int64) - self.x.zero_point
        above, below = (quantize_multiplier(abs(ratio)) for ratio in self.ratios)
        sign = -1 if self.ratios[1] < 0 else 1
        negative = sign * requantize(codes, below.multiplier, below.shift)
        result = np.where(codes >= 0, requantize(codes, above.multiplier, above.shift), negative)
        return (saturated((result + self.y.zero_point).astype(np.int32), self.y.dtype),)


@dataclass(frozen=True, eq=False, kw_only=True)
class HardSwish(Pointwise):
    """y = x * min(max(x + 3, 0), 6) / 6.

    int8: in 16-bit fixed point. With v = (x - x_zero_point) * 2**7, the factor (x + 3) / 6 becomes r = (v rescaled so that 3.0
    is 2**15, saturated, + 2**15) / 2, and y = r * (v rescaled to y's scale) / 2**15.
    Source: TFLM hard_swish_common.cc, reference/hard_swish.h.
    """

    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @property
    def multipliers(self) -> tuple[Multiplier, Multiplier]:
        """v to y's scale, and v to the scale of r; the multipliers have 15 bits."""
        exact = (
            quantize_multiplier(self.numerics.ratios.ratio(self.x.scale / 128, over=over)) for over in (self.y.scale, 3 / 2**15)
        )
        to_y, to_r = (Multiplier(min((m.multiplier + 2**15) >> 16, 2**15 - 1), m.shift) for m in exact)
        return to_y, to_r

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if not self.x.dtype.is_integer:
            gate = np.minimum(np.float32(6), np.maximum(np.float32(0), x + np.float32(3)))
            return (x * gate / np.float32(6),)
        to_y, to_r = self.multipliers
        v = (x.astype(np.int64) - self.x.zero_point) << 7
        scaled = _high_multiply_16(v, to_y.multiplier)
        r = _high_multiply_16(_saturate_16(v << max(to_r.shift - 1, 0)), to_r.multiplier)
        r = _saturate_16(r << 1) if to_r.shift > 0 else _divide_16(r, -to_r.shift)
        product = ((r + 2**15) >> 1) * scaled
        quotient = np.sign(product) * (np.abs(product) >> 15)
        return (saturated(_divide_16(quotient, -to_y.shift) + self.y.zero_point),)


def _saturate_16(v: Array) -> Array:
    return np.clip(v, -(2**15), 2**15 - 1)


def _high_multiply_16(v: Array, multiplier: int) -> Array:
    """round(v * multiplier / 2**15), ties towards plus infinity."""
    high: Array = (v * multiplier + 2**14) >> 15
    return high


def _divide_16(v: Array, exponent: int) -> Array:
    """round(v / 2**exponent), ties away from zero; from 16 on gemmlowp's 16-bit mask runs over, and the result is +-1."""
    return rounding_divide_by_power_of_two(v, exponent) if exponent < 16 else np.where(v < 0, -1, 1)


def near_power_of_two(x: float) -> int | None:
    """The exponent if x > 0 is a power of two but for 1/1000 in the exponent.

    Source: TFLite quantization_util.cc `CheckedLog2`.
    """
    logarithm = math.log2(x)
    return round(logarithm) if abs(logarithm - round(logarithm)) < 1e-3 else None


UNITS_PER_ONE = 12288
"""Of the int16 argument of LOGISTIC and TANH."""
INTEGER_BITS = 4
"""Of the fixed-point argument of LOGISTIC and TANH, which so reaches +-16."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sigmoid(Pointwise):
    """What LOGISTIC and TANH share on integers. On int8, unless `numerics` has `float_functions`:

    v = requantize(x - x_zero_point, x_scale) with 4 integer bits; f(v) in gemmlowp's fixed point, rounded to multiples of
    2**-`fraction` (y's scale is not looked at); the limits where |x| is about 15 and beyond.
    Source: TFLM reference/integer_ops/logistic.h, tanh.h.
    `float_functions`: f(x) in float32, rounded to y's scale. Source: LiteRT internal/common.h `LUTPopulate`.
    int16: v = x * x_scale in units of 1/12288, by a 15-bit multiplier; f(v) from a table of the logistic function with straight
    lines between the entries; y in units of 2**-15. Source: TFLM logistic_common.cc, tanh.cc, reference/integer_ops/logistic.h.
    """

    numerics: Numerics

    fraction: ClassVar[int]
    zero_point: ClassVar[int]
    direct_shifts: ClassVar[tuple[int, ...]]
    """Left shifts by which an int16 x in units of a power of two becomes v / 3 as it is."""

    @staticmethod
    def real(x: Array) -> Array:
        """f in double."""
        raise NotImplementedError

    @classmethod
    def real_f32(cls, x: Array) -> Array:
        """f of float32."""
        result: Array = cls.real(x.astype(np.float64)).astype(np.float32)
        return result

    @classmethod
    def entry_f32(cls, x: Array) -> Array:
        """f of float32 as a table of codes is made of it."""
        result: Array = cls.real(x.astype(np.float64)).astype(np.float32)
        return result

    @staticmethod
    def fixed_point(v: Array) -> Array:
        """f(v) with no integer bits, v with INTEGER_BITS."""
        raise NotImplementedError

    @staticmethod
    def interpolated(v: Array) -> Array:
        """f(v) in units of 2**-15 for v in units of 1/12288."""
        raise NotImplementedError

    @property
    def argument16(self) -> Multiplier:
        """x's int16 codes to v: times multiplier / 2**shift."""
        power = near_power_of_two(self.x.scale)
        if power is not None and power + 12 in self.direct_shifts:
            return Multiplier(3 << power + 12, 0)
        factor, shift = self.x.scale * UNITS_PER_ONE, 0
        while factor <= 32767 / 2 and shift <= 30:
            factor, shift = 2 * factor, shift + 1
        return Multiplier(int(factor), shift)

    @property
    def argument(self) -> Multiplier:
        """x's codes to v."""
        return quantize_multiplier(self.x.scale * 2 ** (31 - INTEGER_BITS))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if not self.x.dtype.is_integer:
            return (self.real_f32(x),)
        if self.x.dtype is DType.INT16:
            m = self.argument16
            half = (1 << m.shift) >> 1
            return (self.interpolated((x.astype(np.int64) * m.multiplier + half) >> m.shift).astype(np.int16),)
        codes = x.astype(np.int64) - self.x.zero_point
        return (self._from_table(codes) if self.numerics.float_functions else self._from_fixed_point(codes),)

    def _from_fixed_point(self, codes: Array) -> Array:
        multiplier, shift = self.argument.multiplier, self.argument.shift
        radius = (2**INTEGER_BITS - 1) << (31 - INTEGER_BITS) >> shift
        inside = np.clip(codes, 1 - radius, radius - 1) if radius > 0 else np.zeros_like(codes)
        result = self.fixed_point(requantize(inside, multiplier, min(shift, 31)))
        y = rounding_divide_by_power_of_two(result, 31 - self.fraction) + self.zero_point
        return saturated(np.where(codes <= -radius, -128, np.where(codes >= radius, 127, y)))

    def _from_table(self, codes: Array) -> Array:
        real = np.float32(self.x.scale) * codes.astype(np.float32)
        inverse = np.float32(1) / np.float32(self.y.scale)
        return saturated(rounded(self.entry_f32(real) * inverse) + self.y.zero_point)


@dataclass(frozen=True, eq=False, kw_only=True)
class Logistic(Sigmoid):
    """y = 1 / (1 + exp(-x)). int8: see Sigmoid; y in units of 1/256 from -128."""

    signatures: ClassVar[tuple[Signature, ...]] = WITH_INT16
    fraction: ClassVar[int] = 8
    zero_point: ClassVar[int] = -128
    direct_shifts: ClassVar[tuple[int, ...]] = (0,)

    @staticmethod
    def real(x: Array) -> Array:
        result: Array = np.exp(-np.logaddexp(0, -x))
        return result

    @classmethod
    def real_f32(cls, x: Array) -> Array:
        """Below -9, exp(x) is as good in TFLM, and 1 from log(2**24 - 1) on. Source: TFLM reference/logistic.h."""
        below: Array = np.exp(x.astype(np.float64)).astype(np.float32)
        return np.where(x < -9, below, np.where(x > np.float32(16.619047), np.float32(1), super().real_f32(x)))

    @classmethod
    def entry_f32(cls, x: Array) -> Array:
        """Rounded three times: next to a half that is another code than the exact value has. Source: LiteRT activations.cc."""
        with np.errstate(over="ignore"):
            decay = np.exp(-x.astype(np.float64)).astype(np.float32)
        result: Array = np.float32(1) / (np.float32(1) + decay)
        return result

    @staticmethod
    def fixed_point(v: Array) -> Array:
        return gemmlowp.logistic(v, INTEGER_BITS)

    @staticmethod
    def interpolated(v: Array) -> Array:
        upper = sigmoid_minus_half(np.abs(v), 9, 32766 << 9)
        return np.where(v < 0, (1 << 24) - upper + 511, (1 << 24) + upper + 512) >> 10


@dataclass(frozen=True, eq=False, kw_only=True)
class Tanh(Sigmoid):
    """y = tanh(x). int8: see Sigmoid; y in units of 1/128 around 0."""

    signatures: ClassVar[tuple[Signature, ...]] = WITH_INT16
    fraction: ClassVar[int] = 7
    zero_point: ClassVar[int] = 0
    direct_shifts: ClassVar[tuple[int, ...]] = (0, 1)

    @staticmethod
    def real(x: Array) -> Array:
        result: Array = np.tanh(x)
        return result

    @staticmethod
    def fixed_point(v: Array) -> Array:
        return gemmlowp.tanh(v, INTEGER_BITS)

    @staticmethod
    def interpolated(v: Array) -> Array:
        upper = sigmoid_minus_half(np.abs(v), 8, 32767 << 8)
        return np.where(v < 0, 127 - upper, 128 + upper) >> 8


def centred_if_rescaled(op: Relu) -> str | None:
    """int16 tensors have zero point 0, unless RELU6 takes over the codes"""
    return centred_int16(op) if op.rescaled else None


def rescalable(op: Relu) -> str | None:
    """the input scale is less than 2**30 times the output scale"""
    return _too_large(op, lambda: op.ratio) if op.rescaled else None


def rescalable_by_alpha(op: LeakyRelu) -> str | None:
    """alpha is a number, and the input scale, times alpha or not, less than 2**30 times the output scale"""
    if not math.isfinite(op.alpha):
        return f"alpha {op.alpha}"
    return _too_large(op, lambda: max(map(abs, op.ratios)))


def _too_large(op: Pointwise, ratio: Callable[[], float]) -> str | None:
    if op.x.dtype.is_integer and not activations_quantized(op) and not ratio() < 2**30 - 1:
        return f"scales {op.x.scale:g} -> {op.y.scale:g}"
    return None


def hard_swish_scales(op: HardSwish) -> str | None:
    """the input scale is less than 128 times the output scale, and at most 2**23

    The 16-bit arithmetic of the reference kernel needs this: convert with a representative dataset.
    """
    if is_int8(op) and not activations_quantized(op) and not op.x.scale < min(128 * op.y.scale, 2**23 + 1):
        return f"scales {op.x.scale:g} -> {op.y.scale:g}"
    return None


def sigmoid_scales(op: Sigmoid) -> str | None:
    """the input scale of int8 is 2**-28 to 2**34, the output scale at least 2**-28"""
    if is_int8(op) and not activations_quantized(op) and not (2**-28 <= op.x.scale <= 2**34 and op.y.scale >= 2**-28):
        return f"scales {op.x.scale:g} -> {op.y.scale:g}"
    return None


def sigmoid_scales16(op: Sigmoid) -> str | None:
    """the input scale of int16 is 2**-28 to 32767/12288, the output scale 2**-15

    The converter sets the output scale by itself.
    """
    if op.x.dtype is not DType.INT16 or activations_quantized(op):
        return None
    if 2**-28 <= op.x.scale <= 32767 / UNITS_PER_ONE and op.y.scale > 0 and near_power_of_two(op.y.scale) == -15:
        return None
    return f"scales {op.x.scale:g} -> {op.y.scale:g}"


def logistic_zero_point(op: Logistic) -> str | None:
    """an int8 output has zero point -128

    Its values are 0 to 1, scale 1/256: the converter sets this by itself.
    """
    if is_int8(op) and not activations_quantized(op) and op.y.zero_point != -128:
        return f"zero point {op.y.zero_point}"
    return None


def is_int8(op: Pointwise) -> bool:
    return op.x.dtype is DType.INT8


CONDITIONS: tuple[Condition, ...] = (activations_quantized, centred_int16)
Relu.conditions = (activations_quantized, centred_if_rescaled, rescalable)
LeakyRelu.conditions = (activations_quantized, rescalable_by_alpha)
HardSwish.conditions = (*CONDITIONS, hard_swish_scales)
Logistic.conditions = (*CONDITIONS, sigmoid_scales, sigmoid_scales16, logistic_zero_point)
Tanh.conditions = (*CONDITIONS, sigmoid_scales, sigmoid_scales16)

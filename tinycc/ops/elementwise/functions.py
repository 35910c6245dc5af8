# SPDX-License-Identifier: Apache-2.0
"""Elementary functions of one element: ABS, CEIL, COS, ELU, EXP, FLOOR, GELU, LOG, NEG, ROUND, RSQRT, SIGN, SIN, SQRT, SQUARE.

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
from tinycc.numerics.fixedpoint import quantize_multiplier, requantize, rounded
from tinycc.numerics.rules import Numerics
from tinycc.numerics.tables import interpolate16, table16
from tinycc.ops.base import Condition, Signature, signature
from tinycc.ops.conditions import activations_quantized, centred_int16
from tinycc.ops.elementwise.pointwise import Pointwise


def types(*dtypes: DType) -> tuple[Signature, ...]:
    return tuple(signature(dtype.value, dtype, x=dtype) for dtype in dtypes)


def single(f: Callable[[Array], Array], x: Array) -> Array:
    """f(x) rounded once to float32, as a C library's float functions nearly do."""
    return np.asarray(f(x.astype(np.float64)), np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Function(Pointwise):
    """y = f(x).

    int8, unless the operator says otherwise: y = clamp(round(f(x_scale * (x - x_zero_point)) / y_scale) + y_zero_point), f in
    float32, ties away from zero, times the reciprocal of y_scale. int16 likewise at every 128th code, with straight lines in
    between (`tinycc.numerics.tables`). Source: TFLite internal/common.h `LUTPopulate`.
    """

    piecewise: ClassVar[bool] = True
    """Whether int16 is computed by straight lines."""

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        with np.errstate(all="ignore"):
            if not self.quantized:
                return (np.asarray(self.real(x), self.y.dtype.numpy),)
            if self.interpolated:
                return (interpolate16(self.table16, x.astype(np.int64)).astype(np.int16),)
            codes = self.integer(x.astype(np.int64) - self.x.zero_point) + self.y.zero_point
        return (np.clip(codes, *self.y.dtype.limits).astype(self.y.dtype.numpy),)

    @property
    def quantized(self) -> bool:
        """Whether x and y are codes."""
        return self.x.dtype in (DType.INT8, DType.INT16)

    @property
    def interpolated(self) -> bool:
        """Whether straight lines connect the results for every 128th code."""
        return self.x.dtype is DType.INT16 and self.piecewise

    @property
    def table16(self) -> Array:
        """The 513 results that straight lines connect. Raises OverflowError if one is beyond float32."""
        scale, y_scale = np.float32(self.x.scale), np.float32(self.y.scale)
        per_unit = np.float32(2**16) / (y_scale * np.float32(2**15 - 1) - y_scale * np.float32(-(2**15)))
        low, high = float(scale * np.float32(-(2**15))), float(scale * np.float32(2**15 - 1))
        with np.errstate(all="ignore"):
            return table16(lambda x: self.table(x.astype(np.float32)), low, high, float(per_unit))

    def real(self, x: Array) -> Array:
        """f on numbers: float32, and whole ones where the operator takes them."""
        raise NotImplementedError(type(self).__name__)

    def table(self, x: Array) -> Array:
        """f on float32 as an int8 table is made of it."""
        return self.real(x)

    def integer(self, codes: Array) -> Array:
        """f on codes without their zero point, in units of y's scale."""
        values = self.table(np.float32(self.x.scale) * codes.astype(np.float32))
        return rounded(np.nan_to_num(values * (np.float32(1) / np.float32(self.y.scale)), nan=0.0))


@dataclass(frozen=True, eq=False, kw_only=True)
class Abs(Function):
    """y = |x|. int8, int16: y = clamp(requantize(|x - x_zero_point|, x_scale / y_scale) + y_zero_point).

    int16 without a scale is a number. Source: TFLM elementwise.cc `AbsEvalQuantized`; int32 as in LiteRT.
    """

    numerics: Numerics

    piecewise: ClassVar[bool] = False

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32)

    @property
    def quantized(self) -> bool:
        return super().quantized and self.x.type.quantization is not None

    @property
    def ratio(self) -> float:
        return self.numerics.ratios.ratio(self.x.scale, over=self.y.scale) if self.quantized else 1.0

    def real(self, x: Array) -> Array:
        return np.abs(x)

    def integer(self, codes: Array) -> Array:
        m = quantize_multiplier(self.ratio)
        return requantize(np.abs(codes), m.multiplier, m.shift)


@dataclass(frozen=True, eq=False, kw_only=True)
class Rsqrt(Function):
    """y = 1 / sqrt(x).

    int8: the root of x - x_zero_point in fixed point (`gemmlowp.inverse_sqrt`) with 20 fractional bits, then requantized by
    1 / (sqrt(x_scale) * y_scale); y's largest code for 0 and, where the reference gives up, below it. int16 the same, or with
    `numerics.float_functions` by straight lines. Source: TFLM elementwise.cc `RsqrtEvalQuantized`; LiteRT elementwise.cc.
    """

    numerics: Numerics

    litert_rule: ClassVar[str] = "int16: straight lines between the results for every 128th code"
    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.INT16, DType.FLOAT32)
    fraction: ClassVar[int] = 20

    @property
    def interpolated(self) -> bool:
        return super().interpolated and self.numerics.float_functions

    @property
    def ratio(self) -> float:
        """With the precision of ratios, but for the reciprocal."""
        real = self.numerics.ratios.value
        product = np.sqrt(real(self.x.scale)) * real(self.y.scale)
        return 1 / float(product) if 0 < product < np.inf else math.inf

    def real(self, x: Array) -> Array:
        return np.float32(1) / np.sqrt(x)

    def table(self, x: Array) -> Array:
        return np.where(x > 0, self.real(x), np.float32(2**15 - 1) * np.float32(self.y.scale))

    def integer(self, codes: Array) -> Array:
        multiplier, shift = gemmlowp.inverse_sqrt(np.maximum(codes, 0))
        root = requantize(np.ones_like(codes), multiplier, shift + self.fraction)
        m = quantize_multiplier(self.ratio)
        return np.where(codes <= 0, 2**16, requantize(root, m.multiplier, m.shift - self.fraction))


@dataclass(frozen=True, eq=False, kw_only=True)
class Sqrt(Function):
    """y = sqrt(x). int8, int16 in float32, its quotient by y_scale cut off; where the reference gives up, below 0, as for 0.

    Source: TFLM elementwise.cc; for int8 and int16 LiteRT's elementwise.cc `SqrtEvalQuantized`.
    """

    piecewise: ClassVar[bool] = False

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.INT16, DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return np.sqrt(x)

    def integer(self, codes: Array) -> Array:
        values = np.sqrt(np.float32(self.x.scale) * np.maximum(codes, 0).astype(np.float32))
        whole: Array = np.minimum(values / np.float32(self.y.scale), np.float32(2**20)).astype(np.int64)
        return whole


@dataclass(frozen=True, eq=False, kw_only=True)
class Exp(Function):
    """y = exp(x). int8, int16: see Function. Source: TFLM exp.cc; for int8 and int16 LiteRT's exp.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.INT16, DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.exp, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Log(Function):
    """y = log(x). int8, int16: see Function; y's smallest code where x is not positive.

    Source: TFLM elementwise.cc; for int8 and int16 LiteRT's elementwise.cc `LogLUTPrepare`.
    """

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.INT16, DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.log, x)

    def table(self, x: Array) -> Array:
        lowest = np.float32(self.y.dtype.limits[0] - self.y.zero_point) * np.float32(self.y.scale)
        return np.where(x > 0, self.real(x), lowest)


@dataclass(frozen=True, eq=False, kw_only=True)
class Elu(Function):
    """y = x if x >= 0 else exp(x) - 1. int8: see Function. Source: TFLM elu.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return np.where(x < 0, single(np.expm1, x), x)

    def table(self, x: Array) -> Array:
        return np.where(x < 0, single(np.exp, x) - np.float32(1), x)


SQRT_TWO_OVER_PI = np.float32(math.sqrt(2 / math.pi))


@dataclass(frozen=True, eq=False, kw_only=True)
class Gelu(Function):
    """y = x * (1 + erf(x / sqrt(2))) / 2, or if `approximate` y = x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2.

    int8, int16: see Function. Source: LiteRT reference/gelu.h.
    """

    approximate: bool

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.INT8, DType.INT16, DType.FLOAT32)

    def real(self, x: Array) -> Array:
        if self.approximate:
            cubic = x + np.float32(0.044715) * x * x * x
            return np.float32(0.5) * x * (np.float32(1) + single(np.tanh, SQRT_TWO_OVER_PI * cubic))
        return np.float32(0.5) * x * single(np.vectorize(math.erfc, [float]), x * np.float32(-math.sqrt(0.5)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Sin(Function):
    """y = sin(x). Source: TFLM elementwise.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.sin, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cos(Function):
    """y = cos(x). Source: TFLM elementwise.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.cos, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Square(Function):
    """y = x * x. Source: TFLM elementwise.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return x * x


@dataclass(frozen=True, eq=False, kw_only=True)
class Ceil(Function):
    """y = the smallest integer that is not below x. Source: TFLM ceil.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return np.ceil(x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Floor(Function):
    """y = the largest integer that is not above x. Source: TFLM floor.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return np.floor(x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Round(Function):
    """y = the integer nearest to x, the even one of two. Source: TFLM reference/round.h `RoundToNearest`."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return np.rint(x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Neg(Function):
    """y = -x. int16: codes are negated as they are, whatever the scales say. Source: TFLM neg.cc; integers as in LiteRT."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32, DType.INT16, DType.INT32, DType.INT64)

    @property
    def quantized(self) -> bool:
        return False

    def real(self, x: Array) -> Array:
        return np.negative(x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sign(Function):
    """y = -1, 0 or 1 as x is negative, zero or positive; NaN stays. Source: LiteRT's sign.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32, DType.INT32)

    def real(self, x: Array) -> Array:
        return np.sign(x)


def small_ratio(op: Abs | Rsqrt) -> str | None:
    """what rescales integers is less than 2**30

    Convert with a representative dataset whose values are like those in use.
    """
    if op.quantized and not op.interpolated and not activations_quantized(op) and not op.ratio < 2**30 - 1:
        return f"scales {op.x.scale:g} -> {op.y.scale:g}"
    return None


def quantized_or_plain(op: Abs) -> str | None:
    """every int8 tensor has a scale and a zero point, and so have both int16 tensors or none"""
    plain = op.x.dtype is DType.INT16 and op.x.type.quantization is None and op.y.type.quantization is None
    return None if plain else activations_quantized(op)


def finite_values(op: Function) -> str | None:
    """int16: the function of all that the input can hold is within float32, even in units of the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not op.interpolated or activations_quantized(op):
        return None
    try:
        op.table16  # noqa: B018
    except OverflowError:
        return f"scales {op.x.scale:g} -> {op.y.scale:g}"
    return None


CONDITIONS: tuple[Condition, ...] = (activations_quantized,)
WITH_INT16 = (*CONDITIONS, centred_int16, finite_values)

_CONDITIONS: dict[type[Function], tuple[Condition, ...]] = {
    Abs: (quantized_or_plain, centred_int16, small_ratio),
    Exp: WITH_INT16,
    Gelu: WITH_INT16,
    Log: WITH_INT16,
    Neg: (),
    Rsqrt: (*WITH_INT16, small_ratio),
    Sqrt: (*CONDITIONS, centred_int16),
}


for _function in (Abs, Ceil, Cos, Elu, Exp, Floor, Gelu, Log, Neg, Round, Rsqrt, Sign, Sin, Sqrt, Square):
    _function.conditions = _CONDITIONS.get(_function, CONDITIONS)

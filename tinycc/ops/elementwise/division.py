# SPDX-License-Identifier: Apache-2.0
"""DIV, FLOOR_DIV, FLOOR_MOD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType
from tinycc.numerics import gemmlowp
from tinycc.numerics.fixedpoint import (
    Multiplier,
    quantize_multiplier,
    rounding_divide_by_power_of_two,
    saturating_doubling_high_multiply,
)
from tinycc.ops.base import Signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.elementwise.arithmetic import Binary
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

MAX_SHIFT = 23
"""The leading sign bits of the largest dividend, 255: so far can a quotient be shifted to the left without loss."""
SMALL = (DType.INT8, DType.INT16)
"""Types that are codes elsewhere."""
INFINITE = 2**20
"""A quotient beyond all bounds of int8."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Div(Binary):
    """y = clamp(x1 / x2), with broadcasting. int32, int64: cut off towards zero; 0 where x2 is 0.

    int8: with a and b the codes without their zero points, b made positive, and a * 2**n as large as int32 allows,

        y = clamp(round(round(a * 2**n / b) * 2**-n * x1_scale / (x2_scale * y_scale)) + y_zero_point)

    where the first quotient comes from a fixed-point reciprocal. Where b is 0, y is the bound on the side of a; where the last
    shift exceeds 31 bits, the result rounds to 0: C++ does not define what TFLM makes of either.
    Source: TFLM div.cc, reference/div.h `DivElementwise`.
    """

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.INT8, DType.FLOAT32, DType.INT32, DType.INT64)

    @property
    def ratio(self) -> float:
        with np.errstate(all="ignore"):
            product = np.float32(self.x2.scale) * np.float32(self.y.scale)
            return float(np.float32(self.x1.scale) / product)

    @property
    def scaling(self) -> Multiplier:
        return quantize_multiplier(self.ratio)

    def real(self, a: Array, b: Array) -> Array:
        return truncated_quotient(a, b) if self.x1.dtype.is_integer else a / b

    def integer(self, a: Array, b: Array) -> Array:
        infinite = np.where(b == 0, np.sign(a) * INFINITE, 0)
        a, b = np.where(b < 0, -a, a), np.maximum(np.abs(b), 1)
        digits = np.frexp(b.astype(np.float64))[1].astype(np.int64)
        reciprocal = gemmlowp.one_over_one_plus_x((b << (32 - digits)) - 2**31)
        headroom = 31 - np.frexp(np.where(a < 0, ~a, a).astype(np.float64))[1].astype(np.int64)
        quotient = saturating_doubling_high_multiply(a << headroom, reciprocal)
        scaled = saturating_doubling_high_multiply(quotient, self.scaling.multiplier)
        quotient = rounding_divide_by_power_of_two(scaled, headroom + digits - 1 - self.scaling.shift)
        return np.where(infinite != 0, infinite, quotient)


def truncated_quotient(a: Array, b: Array) -> Array:
    """a / b of integers towards zero; 0 where b is 0. Only the lowest integer by -1 wraps around."""
    quotient = np.floor_divide(a, b)
    inexact = (quotient * b != a) & ((a < 0) != (b < 0))
    return np.where(b == 0, 0, quotient + inexact)


@dataclass(frozen=True, eq=False, kw_only=True)
class OfNumbers(Broadcast):
    """A Broadcast to which integers of any size are numbers."""

    @property
    def quantized(self) -> bool:
        return False


@dataclass(frozen=True, eq=False, kw_only=True)
class FloorDiv(OfNumbers):
    """y = floor(x1 / x2), with broadcasting. Integers: 0 where x2 is 0, which the runtimes refuse.

    Source: TFLM reference/floor_div.h `FloorDiv`; integers as in LiteRT.
    """

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.FLOAT32, *SMALL, DType.INT32)

    def real(self, a: Array, b: Array) -> Array:
        if self.x1.dtype.is_integer:
            return np.where(b == 0, 0, np.floor_divide(a, b))
        return np.floor(a.astype(np.float64) / b.astype(np.float64))


@dataclass(frozen=True, eq=False, kw_only=True)
class FloorMod(OfNumbers):
    """y = x1 - x2 * floor(x1 / x2), with broadcasting: it has x2's sign. Integers: 0 where x2 is 0.

    Source: TFLM reference/floor_mod.h `FloorMod`; integers as in LiteRT.
    """

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.FLOAT32, *SMALL, DType.INT32, DType.INT64)

    def real(self, a: Array, b: Array) -> Array:
        if self.x1.dtype.is_integer:
            return np.where(b == 0, 0, np.mod(a, b))
        rest = np.fmod(a, b)
        return np.where((rest != 0) & ((b < 0) != (rest < 0)), rest + b, rest)


def dividable_scales(op: Div) -> str | None:
    """the first input scale is less than 2**23 times the product of the second and the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if op.quantized and not activations_quantized(op) and not (op.ratio < 2**MAX_SHIFT and op.scaling.shift <= MAX_SHIFT):
        return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"
    return None


def numbers(op: OfNumbers) -> str | None:
    """int8 and int16 tensors have no scale, which the reference would not look at"""
    for value in (op.x1, op.x2, op.y):
        if value.dtype in SMALL and value.type.quantization is not None:
            return f"%{value.name}: {value.type}"
    return None


Div.conditions = (*SHAPE_CONDITIONS, activations_quantized, dividable_scales)
FloorDiv.conditions = (*SHAPE_CONDITIONS, numbers)
FloorMod.conditions = FloorDiv.conditions

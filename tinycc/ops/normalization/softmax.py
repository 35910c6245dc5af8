# SPDX-License-Identifier: Apache-2.0
"""SOFTMAX."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics import gemmlowp
from tinycc.numerics.fixedpoint import (
    Multiplier,
    quantize_multiplier,
    requantize,
    requantize_even,
    rounding_divide_by_power_of_two,
    saturating_doubling_high_multiply,
)
from tinycc.numerics.rules import TFLM, Numerics, Requantization
from tinycc.numerics.tables import interpolate16, table16
from tinycc.ops.base import Operator, Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized, is_int16

DIFFERENCE_BITS = 5
"""Integer bits of scaled differences: exp(-32) is nothing."""
SUM_BITS = 12
"""Integer bits of the sum of exponentials."""
MAX_COLUMNS = {DType.INT8: 2**SUM_BITS - 1, DType.INT16: 2**16 - 1}
"""Columns whose exponentials can be summed, by the type of x."""

OUTPUTS = {
    (DType.INT8, DType.INT8): (2**-8, -(2**7), 0.0),
    (DType.INT8, DType.INT16): (2**-16, -(2**15), 1e-3),
    (DType.INT16, DType.INT16): (2**-15, 0, 1e-3),
}
"""(x, y) -> scale and zero point of y that the arithmetic means, and the relative tolerance of the scale."""


class Scaling(NamedTuple):
    """How a difference of codes becomes Q5.26: times multiplier * 2**(shift - 31). Below `diff_min` its exp counts as 0."""

    multiplier: int
    shift: int
    diff_min: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Softmax(Operator):
    """y[r,c] = exp(beta * (x[r,c] - max_c x[r,c])) / sum_c of the same, over the last dimension.

    int8 to int8 or int16: in fixed point, y from the least code on, in units of 1/256 or 1/65536: differences of codes times
    beta * x_scale in Q5.26, exp in Q0.31, their sum in Q12.19, its reciprocal by Newton's method. Source: TFLM
    reference/softmax.h `Softmax`, softmax_common.cc `CalculateSoftmaxParams`, TFLite quantization_util.cc
    `PreprocessSoftmaxScaling` and `CalculateInputRadius`.
    Where the sum reaches 512 (long, nearly flat rows) TFLM aborts; here int8 y is 0, to which it rounds.
    int16: y in units of 1/32768. Differences times beta * x_scale in units of 10/65535, exp from a table over [-10, 0], the
    reciprocal of their sum from one of 1 / (1 + x) over [0, 1]. Source: TFLM reference/softmax.h `SoftmaxInt16`.
    ONNX, int8: y in any quantization; exp from a table of 256 entries in Q1.31, the quotient in 2**-31, rounded to even as
    float32 would have it.
    """

    x: Value
    beta: float
    numerics: Numerics = TFLM

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("int8 to int16", DType.INT16, x=DType.INT8),
        signature("int16", DType.INT16, x=DType.INT16),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32),
    )

    @property
    def rounding(self) -> Requantization:
        """How quotients become codes."""
        return self.numerics.arithmetic

    @property
    def power_factors(self) -> Array:
        """ONNX: exp(-d * beta * x_scale) in Q1.31 for differences d of 0, 16, ... 240, and of 0 to 15: uint32[2,16]."""
        differences = np.arange(16) * [[16], [1]]
        real = np.exp(-differences * (float(self.beta) * self.x.scale))
        scaled: Array = np.rint(np.ldexp(real, 31)).astype(np.uint32)
        return scaled

    @property
    def powers(self) -> Array:
        """ONNX: products of the two, for differences of 0 to 255: uint64[256]."""
        high, low = self.power_factors.astype(np.uint64)
        powers: Array = (high[:, None] * low + np.uint64(1 << 30)) >> np.uint64(31)
        return powers.reshape(256)

    @property
    def inverse(self) -> Multiplier:
        """ONNX: 1 / y_scale."""
        return quantize_multiplier(1 / self.y.scale)

    @property
    def columns(self) -> int:
        return self.x.shape[-1]

    @property
    def rows(self) -> int:
        return self.x.type.elements // self.columns

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    @property
    def factor(self) -> float:
        """beta * x_scale in Q5.26, in double."""
        return math.ldexp(self.beta * self.x.scale, 31 - DIFFERENCE_BITS)

    @property
    def factor16(self) -> float:
        """beta * x_scale in units of 10/65535, in double."""
        return self.x.scale * self.beta / (10 / 65535)

    @property
    def scaling16(self) -> Multiplier:
        return quantize_multiplier(self.factor16)

    @property
    def scaling(self) -> Scaling:
        factor = quantize_multiplier(min(self.factor, 2.0**31 - 1))
        radius = (2**DIFFERENCE_BITS - 1) * 2 ** (31 - DIFFERENCE_BITS) >> factor.shift
        # A radius of 0 leaves the maxima alone, whose difference is 0 at any shift: 31 would be too much for C.
        return Scaling(factor.multiplier, min(factor.shift, 30), -radius)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.x.dtype.is_integer:
            function = self.integer16 if self.x.dtype is DType.INT16 else self.integer
            function = self.even if self.rounding is not Requantization.FIXED else function
            return (function(x.astype(np.int64)),)
        powers = np.exp((x - x.max(-1, keepdims=True)) * np.float32(self.beta))
        return (powers / powers.sum(-1, keepdims=True, dtype=np.float32),)

    def integer(self, x: Array) -> Array:
        """y for int8 codes x."""
        bits, lowest = 8 * self.y.dtype.bytes, self.y.dtype.limits[0]
        multiplier, shift, diff_min = self.scaling
        difference = x - x.max(-1, keepdims=True)
        counts = difference >= diff_min
        scaled = saturating_doubling_high_multiply(np.where(counts, difference, 0) << shift, multiplier)
        powers = gemmlowp.exp_on_negative_values(scaled, DIFFERENCE_BITS)
        total = np.where(counts, gemmlowp.rescale(powers, 0, SUM_BITS), 0).sum(-1, keepdims=True)
        headroom = 32 - np.frexp(total.astype(np.float64))[1].astype(np.int64)
        reciprocal = gemmlowp.one_over_one_plus_x((total << headroom) - 2**31)
        y = saturating_doubling_high_multiply(powers, reciprocal)
        y = rounding_divide_by_power_of_two(y, SUM_BITS - headroom + 31 - bits)
        result: Array = np.where(counts, np.minimum(y + lowest, -lowest - 1), lowest).astype(self.y.dtype.numpy)
        return result

    def even(self, x: Array) -> Array:
        """y for int8 codes x, rounded to even."""
        powers = self.powers[x.max(-1, keepdims=True) - x]
        total = powers.sum(-1, keepdims=True)
        excess = np.frexp(total.astype(np.float64))[1].astype(np.uint64) - np.uint64(32)
        reciprocal = np.uint64(1 << 63) // (total >> excess)
        quotient = ((powers * reciprocal) >> (np.uint64(32) + excess)).astype(np.int64)
        codes = requantize_even(quotient, self.inverse.multiplier, self.inverse.shift - 31) + self.y.zero_point
        result: Array = np.clip(codes, *self.y.dtype.limits).astype(self.y.dtype.numpy)
        return result

    def integer16(self, x: Array) -> Array:
        """y for int16 codes x."""
        scaled = requantize(x - x.max(-1, keepdims=True), self.scaling16.multiplier, self.scaling16.shift)
        powers = interpolate16(exp_table(), np.maximum(scaled + 2**15 - 1, -(2**15)))
        total = powers.sum(-1, keepdims=True)
        headroom = 32 - np.frexp(total.astype(np.float64))[1].astype(np.int64)
        position = (((total << (headroom - 1)) + 2**13) >> 14) - 2**16 - 2**15
        reciprocal = interpolate16(reciprocal_table(self.numerics), np.minimum(position, 2**15 - 1))
        shift = 31 - headroom
        y = (powers * reciprocal + (np.int64(1) << (shift - 1))) >> shift
        result: Array = np.clip(y, 0, 2**15 - 1).astype(np.int16)
        return result


def exp_table() -> Array:
    """exp over [-10, 0]."""
    return table16(np.exp, -10, 0)


def reciprocal_table(numerics: Numerics) -> Array:
    """1 / (1 + x) over [0, 1]; in double it has two entries that differ."""
    return table16(lambda x: 1 / (1 + x), 0, 1, real=np.float64 if numerics.float_functions else np.float32)


def unit_output(op: Softmax) -> str | None:
    """an int8 output has scale 1/256 and zero point -128, an int16 output 1/32768 and 0, or 1/65536 and -32768 from int8; ONNX:
    int8 in any quantization

    This is what the converter writes for probabilities.
    """
    if not is_quantized(op.y) or activations_quantized(op):
        return None
    if op.rounding is not Requantization.FIXED:
        return None if op.x.dtype is DType.INT8 and op.y.scale > 2**-16 else f"{op.x.type} -> {op.y.type}"
    scale, zero_point, tolerance = OUTPUTS[op.x.dtype, op.y.dtype]
    right = abs(op.y.scale - scale) <= tolerance * scale and op.y.zero_point == zero_point
    return None if right else f"output {op.y.type.quantization}"


def centred_input(op: Softmax) -> str | None:
    """an int16 input has zero point 0"""
    if is_int16(op) and not activations_quantized(op) and op.x.zero_point:
        return f"zero point {op.x.zero_point}"
    return None


def scaled_input(op: Softmax) -> str | None:
    """beta is finite and, for integers, beta times the input scale is more than 2**-26, for int16 at most 4"""
    if not np.isfinite(op.beta):
        return f"beta {op.beta:g}"
    if not is_quantized(op.x) or activations_quantized(op):
        return None
    if op.factor > 1 and not (is_int16(op) and op.beta * op.x.scale > 4):
        return None
    return f"beta {op.beta:g}, input scale {op.x.scale:g}"


def short_rows(op: Softmax) -> str | None:
    """the last dimension has less than 4096 elements for int8, less than 65536 for int16"""
    if op.columns <= MAX_COLUMNS.get(op.x.dtype, op.columns):
        return None
    return f"input {list(op.x.shape)}"


Softmax.conditions = (activations_quantized, unit_output, centred_input, scaled_input, short_rows)

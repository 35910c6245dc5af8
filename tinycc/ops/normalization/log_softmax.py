# SPDX-License-Identifier: Apache-2.0
"""LOG_SOFTMAX."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics import gemmlowp
from tinycc.numerics.fixedpoint import INT32_MIN, Multiplier, quantize_multiplier, requantize, rounding_divide_by_power_of_two
from tinycc.ops.base import Operator, Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.normalization.softmax import DIFFERENCE_BITS, SUM_BITS, Scaling

OUTPUT_BITS = 4
"""Integer bits of the logarithms: they are between -16 and 0."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LogSoftmax(Operator):
    """y[r,c] = x[r,c] - max_c x[r,c] - log(sum_c exp(x[r,c] - max_c x[r,c])), over the last dimension.

    int8: in fixed point, y in units of 1/16 with zero point 127: differences of codes times x_scale in Q5.26, their exp summed
    up in Q12.19, its logarithm in Q5.26. Source: TFLM log_softmax.cc, reference/log_softmax.h.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32),
    )

    @property
    def columns(self) -> int:
        return self.x.shape[-1]

    @property
    def rows(self) -> int:
        return self.x.type.elements // max(self.columns, 1)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    @property
    def factor(self) -> float:
        """x_scale in Q5.26, in double."""
        return math.ldexp(self.x.scale, 31 - DIFFERENCE_BITS)

    @property
    def scaling(self) -> Scaling:
        factor = quantize_multiplier(min(self.factor, 2.0**31 - 1))
        radius = (2**DIFFERENCE_BITS - 1) * 2 ** (31 - DIFFERENCE_BITS) >> factor.shift
        return Scaling(factor.multiplier, factor.shift, -radius)

    @property
    def reverse(self) -> Multiplier:
        """From Q5.26 back to differences of codes."""
        return quantize_multiplier(2.0 ** (31 - self.scaling.shift) / self.scaling.multiplier)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.x.dtype.is_integer:
            return (self.integer(x.astype(np.int64)),)
        with np.errstate(all="ignore"):
            shifted = x - x.max(-1, keepdims=True)
            return (np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True, dtype=np.float32)), np.float32),)

    def integer(self, x: Array) -> Array:
        multiplier, shift, diff_min = self.scaling
        difference = x - x.max(-1, keepdims=True)
        counts = difference >= diff_min
        scaled = requantize(np.where(counts, difference, 0), multiplier, shift)
        powers = gemmlowp.rescale(gemmlowp.exp_on_negative_values(scaled, DIFFERENCE_BITS), 0, SUM_BITS)
        log_sum = gemmlowp.log(np.where(counts, powers, 0).sum(-1, keepdims=True))
        lowest = requantize(log_sum + INT32_MIN, self.reverse.multiplier, self.reverse.shift)
        above = difference > np.maximum(lowest, diff_min - 1)
        logarithm = requantize(np.where(above, difference, 0), multiplier, shift) - log_sum
        codes = rounding_divide_by_power_of_two(logarithm, 31 - DIFFERENCE_BITS - OUTPUT_BITS) + 127
        result: Array = np.where(above, np.clip(codes, -128, 127), -128).astype(np.int8)
        return result


def unit_output(op: LogSoftmax) -> str | None:
    """an int8 output has scale 1/16 and zero point 127

    This is what the converter writes for logarithms of probabilities.
    """
    if not is_quantized(op.y) or activations_quantized(op) or (op.y.scale, op.y.zero_point) == (1 / 16, 127):
        return None
    return f"output {op.y.type.quantization}"


def scaled_input(op: LogSoftmax) -> str | None:
    """an int8 input's scale is more than 2**-26 and at most 15"""
    if not is_quantized(op.x) or activations_quantized(op) or (op.factor > 1 and op.x.scale <= 15):
        return None
    return f"input scale {op.x.scale:g}"


def short_rows(op: LogSoftmax) -> str | None:
    """the last dimension has less than 4096 elements for int8"""
    too_long = op.x.dtype is DType.INT8 and op.columns >= 2**SUM_BITS
    return f"input {list(op.x.shape)}" if too_long else None


LogSoftmax.conditions = (activations_quantized, unit_output, scaled_input, short_rows)

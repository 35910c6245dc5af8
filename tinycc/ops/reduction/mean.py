# SPDX-License-Identifier: Apache-2.0
"""MEAN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType, Value
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize, requantize_single
from tinycc.numerics.rules import TFLM, Numerics, Requantization
from tinycc.ops.base import Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.reduction.base import Reduction, few_loops

MAX_COUNT = 2**23
"""int8 and floats: elements per mean. The sum of so many codes and their zero points fits into int32."""


class Scaling(NamedTuple):
    """The constants of an integer mean or sum."""

    sum_offset: int
    multiplier: int
    shift: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Mean(Reduction):
    """y = sum(x) / n over the n elements along `axes`.

    int8, int16: y = clamp(requantize(sum(x) - n * x_zero_point, x_scale / y_scale / n) + y_zero_point), where 1/n is folded
    into the multiplier: with (m, s) = quantize_multiplier(x_scale / y_scale) and k = min(floor(log2(n)), 32, 31 + s), the
    multiplier is floor(m * 2**k / n) and the shift s - k. Source: TFLM reference/reduce.h `QuantizedMeanOrSum`, `Mean`.
    ONNX: the product with quantize_multiplier(x_scale / y_scale / n) as float32 has it, ties to even.
    """

    numerics: Numerics = TFLM

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("int16", DType.INT16, x=DType.INT16),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32),
    )

    @property
    def rounding(self) -> Requantization:
        """How sums become codes."""
        return self.numerics.arithmetic

    @property
    def even(self) -> Multiplier:
        return quantize_multiplier(self.x.scale / self.y.scale / self.count)

    @property
    def scaling(self) -> Scaling:
        ratio = quantize_multiplier(self.x.scale / self.y.scale)
        k = min(self.count.bit_length() - 1, 32, 31 + ratio.shift)
        return Scaling(-self.x.zero_point * self.count, (ratio.multiplier << k) // self.count, ratio.shift - k)

    def reduced(self, x: Array) -> Array:
        if not self.x.dtype.is_integer:
            return np.asarray(x.sum(self.axes, dtype=np.float32) / np.float32(self.count))
        if self.rounding is not Requantization.FIXED:
            total = np.asarray(x.sum(self.axes, dtype=np.int64)) - self.x.zero_point * self.count
            return as_codes(requantize_single(total, self.even.multiplier, self.even.shift), self.y)
        sum_offset, multiplier, shift = self.scaling
        total = np.asarray(x.sum(self.axes, dtype=np.int64)) + sum_offset
        return as_codes(requantize(total, multiplier, shift), self.y)


def as_codes(scaled: Array, y: Value) -> Array:
    """What was rescaled to y's units, as its codes. The zero point's addition may wrap around."""
    codes: Array = np.clip((scaled + y.zero_point).astype(np.int32), *y.dtype.limits)
    return codes


def countable(op: Reduction) -> str | None:
    """each result is of less than 2**23 elements, for int16 of less than 2**16, or 2**15 if the zero point is not 0"""
    limit = MAX_COUNT
    if op.x.dtype is DType.INT16 and is_quantized(op.x):
        limit = 2**15 if any(op.x.quantization.zero_points) else 2**16
    return None if op.count < limit else f"{op.count} elements each"


def not_of_nothing(op: Mean) -> str | None:
    """there is an element for each result"""
    return f"axes {list(op.axes)} of {list(op.x.shape)}" if not op.count and op.y.type.elements else None


def bounded_ratio(op: Mean) -> str | None:
    """the input scale is less than 2**30 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not is_quantized(op.x) or activations_quantized(op) or op.x.scale < 2**30 * op.y.scale:
        return None
    return f"scales {op.x.scale:g} -> {op.y.scale:g}"


Mean.conditions = (not_of_nothing, countable, few_loops, activations_quantized, bounded_ratio)

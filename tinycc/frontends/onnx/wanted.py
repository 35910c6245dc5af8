# SPDX-License-Identifier: Apache-2.0
"""Codes that are wanted of real numbers, and real numbers that codes stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array, DType, Quantization, TensorType
from tinycc.ops.base import Clamped, Range


@dataclass(frozen=True)
class Wanted:
    """In which codes a value is wanted. `bounds`: in these codes, a clamp that follows the value."""

    dtype: DType
    quantization: Quantization
    bounds: Range

    @property
    def limits(self) -> Range:
        return Range(*self.dtype.limits)

    def type(self, shape: tuple[int, ...]) -> TensorType:
        return TensorType(shape, self.dtype, self.quantization)

    def clamped(self, op: Clamped) -> Wanted:
        """Of the operand of a clamp: rounding keeps the order, so that clamping may come after it."""
        return replace(self, bounds=self.within(op).intersect(self.bounds))

    def within(self, op: Clamped) -> Range:
        """The clamp of a float32 result in these codes."""
        low, high = (self.code(bound) for bound in (op.range.min, op.range.max))
        return Range(low, high)

    def code(self, real: float) -> int:
        """The code of a number, infinite ones too."""
        low, high = self.dtype.limits
        if not np.isfinite(real):
            return high if real > 0 else low
        with np.errstate(over="ignore"):
            code = np.rint(np.float32(real) / np.float32(self.quantization.scale)) + self.quantization.zero_point
        return int(np.clip(code, low, high))


def real_codes(codes: Array, quantization: Quantization) -> Array:
    """What codes stand for, in float32."""
    with np.errstate(over="ignore"):
        real: Array = np.float32(quantization.scale) * (codes.astype(np.int64) - quantization.zero_point).astype(np.float32)
    return real


def quantized(real: Array, wanted: Wanted) -> Array:
    """float32 numbers as codes, clamped."""
    with np.errstate(all="ignore"):
        codes = np.rint(real.astype(np.float32) / np.float32(wanted.quantization.scale)).astype(np.float64)
    codes = np.clip(np.nan_to_num(codes + wanted.quantization.zero_point), wanted.bounds.min, wanted.bounds.max)
    result: Array = codes.astype(wanted.dtype.numpy)
    return result

# SPDX-License-Identifier: Apache-2.0
"""SUM, REDUCE_PROD, CUMSUM."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import quantize_multiplier, requantize, requantize64
from tinycc.ops.base import Operator, Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.reduction.base import Reduction, few_loops
from tinycc.ops.reduction.mean import Scaling, as_codes, bounded_ratio, countable


def number_types(*dtypes: DType) -> tuple[Signature, ...]:
    return tuple(signature(dtype.value, dtype, x=dtype) for dtype in dtypes)


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceSum(Reduction):
    """y = sum(x) along `axes`. int32 and int64 wrap.

    int8, int16: y = clamp(requantize(sum(x) - n * x_zero_point, x_scale / y_scale) + y_zero_point).
    Source: TFLM reference/reduce.h `QuantizedMeanOrSum`, reduce_common.cc `EvalSumHelper`.
    """

    signatures: ClassVar[tuple[Signature, ...]] = number_types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32, DType.INT64)

    @property
    def scaling(self) -> Scaling:
        ratio = quantize_multiplier(self.x.scale / self.y.scale)
        return Scaling(-self.x.zero_point * self.count, ratio.multiplier, ratio.shift)

    def reduced(self, x: Array) -> Array:
        if self.x.dtype not in (DType.INT8, DType.INT16):
            return np.asarray(x.sum(self.axes, dtype=x.dtype))
        sum_offset, multiplier, shift = self.scaling
        total = np.asarray(x.sum(self.axes, dtype=np.int64)) + sum_offset
        return as_codes(requantize(total, multiplier, shift), self.y)


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceProd(Reduction):
    """y = the product of x along `axes`. int32 and int64 wrap.

    int8, int16: with the n elements along `axes` in order and m = quantize_multiplier(x_scale / y_scale ** (1 / n)),
    y = clamp(requantize64(p, m) + y_zero_point), p = x[0] - x_zero_point, then requantize64(p * (x[i] - x_zero_point), m) for
    each further one. Source: LiteRT reduce.cc `GetQuantProdScaling`, reference/reduce.h `QuantizedReduceProd`.
    """

    signatures: ClassVar[tuple[Signature, ...]] = number_types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32, DType.INT64)

    @property
    def quantized(self) -> bool:
        """Whether x and y are codes."""
        return self.x.dtype in (DType.INT8, DType.INT16)

    @property
    def ratio(self) -> float:
        """What each product of codes is scaled by."""
        return float(self.x.scale / math.pow(self.y.scale, 1.0 / self.count))

    def reduced(self, x: Array) -> Array:
        if not self.quantized:
            return np.asarray(x.prod(self.axes, dtype=x.dtype))
        m = quantize_multiplier(self.ratio)
        kept = [axis for axis in range(x.ndim) if axis not in self.axes]
        codes = x.transpose(*self.axes, *kept).reshape(self.count, -1).astype(np.int64) - self.x.zero_point
        product = codes[0]
        for factor in codes[1:]:
            product = requantize64(product * factor, m.multiplier, m.shift)
        return as_codes(requantize64(product, m.multiplier, m.shift), self.y)


@dataclass(frozen=True, eq=False, kw_only=True)
class CumSum(Operator):
    """y[i] = x[0] + ... + x[i] along `axis`; without x[i] itself if `exclusive`; from the end if `reverse`. Whole numbers wrap.

    int8: y = clamp(requantize(sum, 2 * x_scale / (2**20 * y_scale)) + y_zero_point) with the wrapping int32 sum of the
    (x - x_zero_point) * 2**19, which starts, as the reference's does, not from 0 but from -x_zero_point * 2**19.
    Source: TFLM cumsum.cc, reference/cumsum.h.
    """

    x: Value
    axis: int
    exclusive: bool
    reverse: bool

    signatures: ClassVar[tuple[Signature, ...]] = number_types(DType.INT8, DType.FLOAT32, DType.INT32, DType.INT64)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    @property
    def ratio(self) -> float:
        return 2 * self.x.scale / (2**20 * self.y.scale)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.x.dtype is not DType.INT8:
            return (self.sums(x),)
        start = -self.x.zero_point << 19
        total = self.sums(((x.astype(np.int32) - self.x.zero_point) << 19).astype(np.int32)) + np.int32(start)
        ratio = quantize_multiplier(self.ratio)
        y = requantize(total.astype(np.int64), ratio.multiplier, ratio.shift) + self.y.zero_point
        return (np.clip(y, -128, 127).astype(np.int8),)

    def sums(self, x: Array) -> Array:
        x = np.flip(x, self.axis) if self.reverse else x
        total = np.add.accumulate(x, self.axis, dtype=x.dtype)
        if self.exclusive:
            total = np.roll(total, 1, self.axis)
            np.moveaxis(total, self.axis, 0)[:1] = 0
        return np.ascontiguousarray(np.flip(total, self.axis) if self.reverse else total)


def summable_scale(op: CumSum) -> str | None:
    """the output scale is more than 2**-19 of the input scale"""
    if not is_quantized(op.x) or op.x.dtype is not DType.INT8 or activations_quantized(op) or op.ratio < 1:
        return None
    return f"scales {op.x.scale:g} -> {op.y.scale:g}"


def centred_products(op: ReduceProd) -> str | None:
    """int16 tensors have zero point 0"""
    off = [v for v in (op.x, op.y) if v.dtype is DType.INT16 and v.type.quantization is not None and v.zero_point]
    return f"zero points {op.x.zero_point}, {op.y.zero_point}" if off else None


def product_scale(op: ReduceProd) -> str | None:
    """codes: n is not 0, and the input scale is less than 2**7 times the n-th root of the output scale"""
    if not op.quantized or activations_quantized(op):
        return None
    if not op.count:
        return f"axes {list(op.axes)} of {list(op.x.shape)}"
    fits = quantize_multiplier(op.ratio).shift <= 7
    return None if fits else f"scales {op.x.scale:g} -> {op.y.scale:g}, n = {op.count}"


ReduceSum.conditions = (countable, few_loops, activations_quantized, bounded_ratio)
ReduceProd.conditions = (few_loops, activations_quantized, centred_products, product_scale)
CumSum.conditions = (activations_quantized, summable_scale)

# SPDX-License-Identifier: Apache-2.0
"""QUANTIZE (floats to integers, and integers to integers of another type or scale) and DEQUANTIZE."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Op, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize, requantize_even, rounded
from tinycc.ops.base import Clamped, Operator, Signature, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.elementwise.pointwise import Pointwise


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantize(Operator):
    """y = clamp(round(x / y_scale) + y_zero_point), the division in float32, ties away from zero, NaN as 0.

    The limits are those of y's type. Source: TFLM reference/quantize.h `AffineQuantize`; for uint8, which TFLM lacks, LiteRT's.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"float32 to {y.value}", y, x=DType.FLOAT32) for y in (DType.INT8, DType.INT16, DType.UINT8)
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        with np.errstate(over="ignore"):
            real = read(self.x) / np.float32(self.y.scale)
        codes = rounded(np.nan_to_num(real, nan=0.0)) + self.y.zero_point
        return (np.clip(codes, *self.y.dtype.limits).astype(self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class QuantizeToEven(Operator):
    """y = clamp(round(x / y_scale) + y_zero_point), the division in float32, ties to even, NaN as 0: QuantizeLinear of ONNX."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"float32 to {y.value}", y, x=DType.FLOAT32) for y in (DType.INT8, DType.INT16)
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        with np.errstate(all="ignore"):
            real = np.nan_to_num(read(self.x) / np.float32(self.y.scale), nan=0.0)
        codes = np.rint(real.astype(np.float64)) + self.y.zero_point
        return (np.clip(codes, *self.y.dtype.limits).astype(self.y.dtype.numpy),)


REQUANTIZED = {
    DType.INT8: (DType.INT8, DType.UINT8, DType.INT16, DType.INT32),
    DType.UINT8: (DType.INT8, DType.UINT8),
    DType.INT16: (DType.INT8, DType.INT16, DType.INT32),
    DType.INT32: (DType.INT8, DType.INT16),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Requantize(Pointwise):
    """y = clamp(requantize(x - x_zero_point, x_scale / y_scale) + y_zero_point), the ratio in double.

    What QUANTIZE is between integers. Source: TFLM quantize_common.cc, reference/requantize.h `Requantize`; for uint8 to uint8,
    which TFLM lacks, LiteRT's.
    """

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"{x.value} to {y.value}", y, x=x) for x, types in REQUANTIZED.items() for y in types
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    @property
    def ratio(self) -> float:
        return self.x.scale / self.y.scale

    @property
    def multiplier(self) -> Multiplier:
        return quantize_multiplier(self.ratio)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        m = self.multiplier
        offset = _wrapped(read(self.x).astype(np.int64) - self.x.zero_point)
        codes = _wrapped(requantize(offset, m.multiplier, m.shift) + self.y.zero_point)
        return (np.clip(codes, *self.y.dtype.limits).astype(self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class RequantizeToEven(Clamped, Pointwise):
    """y = clamp(round((x - x_zero_point) * x_scale / y_scale) + y_zero_point), ties to even, the ratio with 31 bits: what
    DequantizeLinear and QuantizeLinear are together, where one of them has 16 bits. (Of 8 bits it is a table.)"""

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8 to int16", DType.INT16, x=DType.INT8),
        signature("int16 to int8", DType.INT8, x=DType.INT16),
        signature("int16", DType.INT16, x=DType.INT16),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    @property
    def ratio(self) -> float:
        return self.x.scale / self.y.scale

    @property
    def multiplier(self) -> Multiplier:
        return quantize_multiplier(self.ratio)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        m = self.multiplier
        codes = requantize_even(read(self.x).astype(np.int64) - self.x.zero_point, m.multiplier, m.shift) + self.y.zero_point
        return (np.clip(codes, self.range.min, self.range.max).astype(self.y.dtype.numpy),)


def _wrapped(codes: Array) -> Array:
    """As int32, which only int32 tensors at the ends of their range can leave."""
    return codes.astype(np.int32).astype(np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Dequantize(Operator):
    """y = scale * (x - zero_point), rounded once to float32; float16 widens. Constants may be quantized per channel.

    Source: TFLM reference/dequantize.h `Dequantize`.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8 to float32", DType.FLOAT32, x=DType.INT8),
        signature("int16 to float32", DType.FLOAT32, x=DType.INT16),
        signature("uint8 to float32", DType.FLOAT32, x=DType.UINT8),
        signature("float16 to float32", DType.FLOAT32, x=DType.FLOAT16),
        signature("int4 to float32", DType.FLOAT32, x=DType.INT4),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.FLOAT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if not self.x.dtype.is_integer:
            return (x.astype(np.float32),)
        q = self.x.quantization
        along = [1] * x.ndim
        if q.axis is not None:
            along[q.axis] = -1
        zero_points, scales = np.reshape(q.zero_points, along), np.reshape(q.scales, along)
        return ((scales * (x.astype(np.int64) - zero_points)).astype(np.float32),)


def scales_kept(op: Op, value: Value) -> Value:
    """The constant `value` that was made of `op`'s operands: floats that were codes of several scales keep these, since a
    runtime gets them wrong (see tinycc.defects)."""
    if not isinstance(op, Dequantize) or op.x.type.quantization is None or not op.x.quantization.per_channel:
        return value
    return replace(value, type=replace(value.type, quantization=op.x.quantization))


def constant_float16(op: Dequantize) -> str | None:
    """float16 occurs only in constants

    Convert the model to float32 or int8: microcontroller code does not compute in float16.
    """
    return f"%{op.x.name} computed at run time" if op.x.dtype is DType.FLOAT16 and not op.x.constant else None


def quantized_operand(op: Dequantize) -> str | None:
    """an integer operand has a scale and a zero point, one for all channels unless it is a constant"""
    if op.x.dtype is DType.FLOAT16 or (op.x.constant and op.x.type.quantization is not None):
        return None
    return activations_quantized(op)


def requantizable_scales(op: Requantize | RequantizeToEven) -> str | None:
    """the input scale is less than 2**30 times the output scale"""
    if scaled(op) is None and activations_quantized(op) is None and op.ratio >= 2**30 - 1:
        return f"scales {op.x.scale:g} -> {op.y.scale:g}"
    return None


def scaled(op: Requantize | RequantizeToEven) -> str | None:
    """int32 tensors have one scale and a zero point too"""
    for value in (op.x, op.y):
        if value.type.quantization is None or value.quantization.per_channel:
            return f"%{value.name}: {value.type}"
    return None


Quantize.conditions = (activations_quantized,)
Requantize.conditions = (activations_quantized, scaled, requantizable_scales)
Dequantize.conditions = (constant_float16, quantized_operand)
QuantizeToEven.conditions = Quantize.conditions
RequantizeToEven.conditions = Requantize.conditions

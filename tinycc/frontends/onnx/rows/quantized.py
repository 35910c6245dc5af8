# SPDX-License-Identifier: Apache-2.0
"""QuantizeLinear and DequantizeLinear. uint8 is int8 inside: codes and zero points are 128 less, and a table translates where
something else reads the codes."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import Array, DType, Quantization, TensorType, Value
from tinycc.ops.conversion.quantize import Dequantize, QuantizeToEven
from tinycc.ops.elementwise.pointwise import Lookup

OFFSET = 128
CODES = np.arange(256, dtype=np.uint8)
TO_INT8 = (CODES ^ np.uint8(OFFSET)).view(np.int8)
TO_UINT8 = CODES ^ np.uint8(OFFSET)
"""What each byte, as an index, becomes."""
CODE_TYPES = {"int8": DType.INT8, "uint8": DType.INT8, "int32": DType.INT32, "int4": DType.INT8, "uint4": DType.INT8}
"""Constants that are codes, and the type that they have inside."""


def _one(node: Node, position: int, default: float) -> float:
    """The scale or the zero point of a tensor that is quantized as a whole."""
    return node.scalar(position, default)


def _scale(node: Node) -> float:
    scale = float(np.float32(_one(node, 1, 1.0)))
    if not 0 < scale < float("inf"):
        raise node.error(f"scale {scale:g}", "a positive number")
    return scale


@row("QuantizeLinear")
def quantize(node: Node, build: Builder) -> Value:
    node.read.update(("saturate", "axis"))
    if node.attr_int("block_size", 0) or node.attr_int("precision", 0):
        raise node.error("blocks", "one scale")
    zero = node.optional(2)
    dtype = DType.UINT8 if zero is None else zero.dtype
    if node.x.data is not None and node.input(1).data is not None and node.input(1).type.elements > 1:
        return _codes_of_constant(node, build, node.x.data, dtype)
    if node.attr_int("output_dtype", 0) and zero is None:
        raise node.error("output_dtype without a zero point", "a zero point of that type")
    scale, zero_point = _scale(node), int(_one(node, 2, 0))
    unsigned = dtype is DType.UINT8
    if dtype not in (DType.UINT8, DType.INT8, DType.INT16):
        raise node.error(f"codes of {dtype.value}", "uint8, int8 or int16")
    inside = DType.INT8 if unsigned else dtype
    quantization = Quantization((scale,), (zero_point - (OFFSET if unsigned else 0),))
    x = build.cast(node.x, DType.FLOAT32)
    codes = build.op(QuantizeToEven, x=x, types=(TensorType(x.shape, inside, quantization),))
    return build.op(Lookup, x=codes, table=TO_UINT8) if unsigned else codes


def _codes_of_constant(node: Node, build: Builder, real: Array, dtype: DType) -> Value:
    """A constant that has a scale for each channel."""
    if not dtype.is_integer or dtype.bytes > 2:
        raise node.error(f"codes of {dtype.value}", "uint8, int8 or int16")
    axis = node.axis(node.attr_int("axis", 1), real.ndim)
    shape = [-1 if dimension == axis else 1 for dimension in range(real.ndim)]
    scales: Array = node.constant(1).astype(np.float32).reshape(shape)
    zeros: Array = np.zeros_like(scales) if node.optional(2) is None else node.constant(2).reshape(shape)
    if scales.size != real.shape[axis] or not ((scales > 0) & np.isfinite(scales)).all():
        raise node.error(f"{scales.size} scales", f"{real.shape[axis]} positive numbers")
    codes = np.clip(np.rint(real.astype(np.float32) / scales) + zeros.astype(np.float64), *dtype.limits)
    if np.isnan(codes).any():
        raise node.error("NaN among the constants", "numbers", "Has the training diverged?")
    return build.constant(codes.astype(dtype.numpy))


@row("DequantizeLinear")
def dequantize(node: Node, build: Builder) -> Value:
    x = node.x
    if x.data is not None:
        return _constant(node, build, x.data)
    node.attr_int("axis", 1)
    if node.attr_int("block_size", 0):
        raise node.error("blocks of codes computed at run time", "one scale")
    scale, zero_point = _scale(node), int(_one(node, 2, 0))
    if x.dtype is DType.UINT8:
        x, zero_point = signed_codes(build, x), zero_point - OFFSET
    if x.dtype not in (DType.INT8, DType.INT16):
        raise node.error(f"codes of {x.dtype.value} computed at run time", "uint8, int8 or int16")
    codes = Value(x.name, TensorType(x.shape, x.dtype, Quantization((scale,), (zero_point,))), index=x.index)
    if x.type.quantization != codes.type.quantization:
        x = build.requantized(x, codes.quantization)
    return build.op(Dequantize, x=x)


def signed_codes(build: Builder, x: Value) -> Value:
    """uint8 codes as int8."""
    maker = build.maker(x)
    if isinstance(maker, Lookup) and np.array_equal(maker.table, TO_UINT8) and maker.x.dtype is DType.INT8:
        return maker.x
    return build.op(Lookup, x=x, table=TO_INT8)


def _constant(node: Node, build: Builder, codes: Array) -> Value:
    """(codes - zero points) * scales, in float32."""
    scales: Array = node.constant(1).astype(np.float32)
    zeros: Array = np.zeros_like(scales, np.int64) if node.optional(2) is None else node.constant(2).astype(np.int64)
    size, rank = node.attr_int("block_size", 0), codes.ndim
    axis = node.attr_int("axis", 1)
    if scales.size > 1:
        axis = node.axis(axis, rank)
        sizes = {scales.shape, zeros.shape}
        expected = tuple(-(-codes.shape[i] // size) if size and i == axis else codes.shape[i] for i in range(rank))
        if sizes != ({expected} if size else {(codes.shape[axis],)}) or size < 0:
            raise node.error(f"scales {list(scales.shape)}, zero points {list(zeros.shape)}", f"those of {list(codes.shape)}")
        if size:
            scales, zeros = (np.repeat(part, size, axis)[tuple(map(slice, codes.shape))] for part in (scales, zeros))
        else:
            shape = [-1 if dimension == axis else 1 for dimension in range(rank)]
            scales, zeros = scales.reshape(shape), zeros.reshape(shape)
    elif scales.size == zeros.size == 1:
        scales, zeros = scales.reshape(()), zeros.reshape(())
    else:
        raise node.error(f"{scales.size} scales, {zeros.size} zero points", "one of each, or one of each per channel")
    with np.errstate(over="ignore", invalid="ignore"):  # As ONNX has it; operators refuse what is not finite among weights.
        real: Array = (codes.astype(np.int64) - zeros).astype(np.float32) * scales
    value = build.constant(real.astype(np.float32))
    if not size and codes.dtype.name in CODE_TYPES:
        note(build, value, codes, scales.ravel(), zeros.ravel(), axis if scales.size > 1 else None)
    return value


def note(build: Builder, value: Value, codes: Array, scales: Array, zeros: Array, axis: int | None) -> None:
    """What the constant was dequantized from."""
    dtype = CODE_TYPES[codes.dtype.name]
    if codes.dtype == np.uint8:
        codes, zeros = (codes ^ np.uint8(OFFSET)).view(np.int8), zeros - OFFSET
    points = tuple(int(zero) for zero in np.broadcast_to(zeros, scales.shape))
    quantization = Quantization(tuple(float(scale) for scale in scales), points, axis)
    type = TensorType(value.shape, dtype, quantization)
    build.ledger.codes.note(value, Value(f"{value.name}_codes", type, np.asarray(codes, dtype.numpy, order="C")))

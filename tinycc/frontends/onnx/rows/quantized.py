# SPDX-License-Identifier: Apache-2.0
"""QuantizeLinear and DequantizeLinear. uint8 is int8 inside: codes and zero points are 128 less, and a table translates where
something else reads the codes; uint16 likewise is int16."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from tinycc.frontends.onnx.builder import Blocks, Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.tensors import TYPES, type_name
from tinycc.ir import Array, DType, Quantization, TensorType, Value
from tinycc.ops.base import Range
from tinycc.ops.conversion.cast import SameBits
from tinycc.ops.conversion.quantize import Dequantize, QuantizeToEven
from tinycc.ops.elementwise.activations import Relu
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.bitwise import BitwiseXor
from tinycc.ops.elementwise.division import Div
from tinycc.ops.elementwise.functions import Round
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.movement.gather import Gather

OFFSET, WIDE_OFFSET = 2**7, 2**15
UNSIGNED = {DType.UINT8: DType.INT8, DType.UINT16: DType.INT16}
"""What codes without sign are inside: less half of their range."""
CODES = np.arange(256, dtype=np.uint8)
TO_INT8 = (CODES ^ np.uint8(OFFSET)).view(np.int8)
TO_UINT8 = CODES ^ np.uint8(OFFSET)
"""What each byte, as an index, becomes."""
CODE_TYPES = {
    **{"int8": DType.INT8, "uint8": DType.INT8, "int4": DType.INT8, "uint4": DType.INT8},
    **{"int16": DType.INT16, "uint16": DType.INT16, "int32": DType.INT32},
}
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
    node.read.add("saturate")
    if node.attr_int("precision", 0) not in (0, TensorProto.FLOAT):
        raise node.error("another precision", "float32")
    zero, asked = node.optional(2), node.attr_int("output_dtype", 0)
    dtype = zero.dtype if zero is not None else TYPES.get(asked) if asked else DType.UINT8
    if dtype not in (*UNSIGNED, *UNSIGNED.values(), DType.INT4):
        raise node.error(f"codes of {type_name(asked) if dtype is None else dtype.value}", "uint8, int8, uint16 or int16")
    if node.x.data is not None and node.input(1).data is not None and node.input(1).type.elements > 1:
        return _codes_of_constant(node, build, node.x.data, dtype)
    x = build.cast(node.x, DType.FLOAT32)
    if not _for_all(node):
        return _quantized(node, build, x, dtype)
    node.attr_int("axis", 1), node.attr_int("block_size", 0)
    scale, zero_point = _scale(node), int(_one(node, 2, 0))
    inside = UNSIGNED.get(dtype, dtype)
    quantization = Quantization((scale,), (zero_point + inside.limits[0] - dtype.limits[0],))
    codes = build.op(QuantizeToEven, x=x, types=(TensorType(x.shape, inside, quantization),))
    return unsigned_codes(build, codes) if dtype in UNSIGNED else codes


def _for_all(node: Node) -> bool:
    """Whether one scale and one zero point, known at compile time, are for the whole tensor."""
    parts = (node.input(1), *((node.input(2),) if node.optional(2) is not None else ()))
    return all(part.data is not None and part.type.elements == 1 for part in parts)


def _stretched(node: Node, build: Builder, position: int) -> Value:
    """Scales or zero points in a shape that stretches to that of the first operand."""
    part, shape = node.input(position), node.x.shape
    axis, size = node.attr_int("axis", 1), node.attr_int("block_size", 0)
    if part.type.elements == 1:
        return build.reshape(part, ())
    axis = node.axis(axis, len(shape))
    if size <= 0:
        if part.type.elements != shape[axis]:
            raise node.error(f"{part.type.elements} scales or zero points", f"{shape[axis]}")
        return build.reshape(part, tuple(size if at == axis else 1 for at, size in enumerate(shape)))
    if part.shape != tuple(-(-n // size) if at == axis else n for at, n in enumerate(shape)):
        raise node.error(f"scales or zero points {list(part.shape)}", f"those of {list(shape)} in blocks of {size}")
    return build.op(Gather, x=part, indices=build.constant(np.arange(shape[axis]) // size), axis=axis, batch=0)


def _quantized(node: Node, build: Builder, x: Value, dtype: DType) -> Value:
    """Codes by scales of channels, of blocks, or that are computed at run time: in float32."""
    y = build.op(Round, x=build.binary(Div, x, build.cast(_stretched(node, build, 1), DType.FLOAT32)))
    if node.optional(2) is not None:
        y = build.binary(Add, y, build.cast(_stretched(node, build, 2), DType.FLOAT32))
    y = build.op(Relu, x=y, range=Range(*map(float, dtype.limits)), rescaled=False)
    return build.cast(y, dtype)


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
    x, zero = node.x, node.optional(2)
    if zero is not None and zero.dtype is not x.dtype:
        raise node.error(f"a zero point of {zero.dtype.value}", f"{x.dtype.value}, as the codes are")
    if x.data is not None and node.input(1).data is not None:
        return _constant(node, build, x.data)
    if x.dtype not in (*UNSIGNED, *UNSIGNED.values()) or not _for_all(node):
        return _dequantized(node, build)
    node.attr_int("axis", 1), node.attr_int("block_size", 0)
    scale, zero_point = _scale(node), int(_one(node, 2, 0))
    if x.dtype in UNSIGNED:
        zero_point += UNSIGNED[x.dtype].limits[0]
        x = signed_codes(build, x)
    codes = Value(x.name, TensorType(x.shape, x.dtype, Quantization((scale,), (zero_point,))), index=x.index)
    if x.type.quantization != codes.type.quantization:
        x = build.requantized(x, codes.quantization)
    return build.op(Dequantize, x=x)


def _dequantized(node: Node, build: Builder) -> Value:
    """Codes by scales of channels, of blocks, or that are computed at run time, and codes of 32 bits: in float32."""
    node.attr_int("axis", 1), node.attr_int("block_size", 0), node.attr_int("output_dtype", 0)
    wide = node.x.dtype is DType.INT32
    y = node.x if wide else build.cast(node.x, DType.FLOAT32)
    if node.optional(2) is not None:
        zero = _stretched(node, build, 2)
        y = build.binary(Sub, y, zero if wide else build.cast(zero, DType.FLOAT32))
    return build.binary(Mul, build.cast(y, DType.FLOAT32), build.cast(_stretched(node, build, 1), DType.FLOAT32))


def signed_codes(build: Builder, x: Value) -> Value:
    """uint8 codes as int8, uint16 codes as int16: less half of their range."""
    maker = build.maker(x)
    if x.dtype is DType.UINT16:
        source = build.maker(maker.x) if isinstance(maker, SameBits) else None
        if isinstance(source, BitwiseXor) and source.x2.data is not None and source.x2.data.tolist() == DType.INT16.limits[0]:
            return source.x1
        return _flipped(build, build.cast(x, DType.INT16))
    if isinstance(maker, Lookup) and np.array_equal(maker.table, TO_UINT8) and maker.x.dtype is DType.INT8:
        return maker.x
    return build.op(Lookup, x=x, table=TO_INT8)


def unsigned_codes(build: Builder, codes: Value) -> Value:
    """The same back."""
    if codes.dtype is DType.INT8:
        return build.op(Lookup, x=codes, table=TO_UINT8)
    return build.cast(_flipped(build, codes), DType.UINT16)


def _flipped(build: Builder, codes: Value) -> Value:
    return build.op(BitwiseXor, x1=codes, x2=build.constant(np.int16(DType.INT16.limits[0])))


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
            kept = scales, zeros
            scales, zeros = (np.repeat(part, size, axis)[tuple(map(slice, codes.shape))] for part in kept)
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
    if size and scales.ndim == rank and codes.dtype.itemsize == 1 and ((scales > 0) & np.isfinite(scales)).all():
        blocks = in_blocks(codes, kept[0], kept[1], axis, size)
        if blocks is not None:
            build.ledger.codes.note_blocks(value, blocks)
    if not size and codes.dtype.name in CODE_TYPES:
        note(build, value, *_of_four_bits(node.x, codes, zeros), scales.ravel(), axis if scales.size > 1 else None)
    return value


def in_blocks(codes: Array, scales: Array, zeros: Array, axis: int, size: int) -> Blocks | None:
    """Codes of one byte or less, in as few bits as they need, unsigned ones less half of their range; None for zero points that
    are no codes."""
    unsigned = codes.dtype.kind == "u"
    for bits in (2, 4, 8):
        half = 1 << (bits - 1)
        whole, points = (part.astype(np.int64) - (half if unsigned else 0) for part in (codes, zeros))
        if -half <= whole.min(initial=0) and whole.max(initial=0) < half and np.array_equal(points, points.astype(np.int8)):
            return Blocks(whole.astype(np.int8), scales, points.astype(np.int8), axis, size, bits)
    return None


NIBBLE, NIBBLE_OFFSET = 2**4, 2**3


def _of_four_bits(x: Value, codes: Array, zeros: Array) -> tuple[DType | None, Array, Array]:
    """INT4, codes and zero points of what the file has in four bits; unsigned ones, which are bytes by now, less half of their
    range."""
    if x.dtype is DType.INT4:
        return DType.INT4, codes, zeros
    if codes.dtype == np.uint8 and max(codes.max(initial=0), zeros.max(initial=0)) < NIBBLE:
        return DType.INT4, codes.astype(np.int8) - np.int8(NIBBLE_OFFSET), zeros - NIBBLE_OFFSET
    return None, codes, zeros


def note(
    build: Builder, value: Value, dtype: DType | None, codes: Array, zeros: Array, scales: Array, axis: int | None
) -> None:
    """What the constant was dequantized from. `dtype`: of codes that are no elements of their array's type."""
    if not ((scales > 0) & np.isfinite(scales)).all():
        return
    dtype = dtype or CODE_TYPES[codes.dtype.name]
    zeros = zeros.ravel()
    if codes.dtype == np.uint8:
        codes, zeros = (codes ^ np.uint8(OFFSET)).view(np.int8), zeros - OFFSET
    if codes.dtype == np.uint16:
        codes, zeros = (codes ^ np.uint16(WIDE_OFFSET)).view(np.int16), zeros - WIDE_OFFSET
    points = tuple(int(zero) for zero in np.broadcast_to(zeros, scales.shape))
    quantization = Quantization(tuple(float(scale) for scale in scales), points, axis)
    type = TensorType(value.shape, dtype, quantization)
    build.ledger.codes.note(value, Value(f"{value.name}_codes", type, np.asarray(codes, dtype.numpy, order="C")))

# SPDX-License-Identifier: Apache-2.0
"""Dynamic quantization: DynamicQuantizeLinear, and sums of products of what it makes."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.qlinear import MICROSOFT, apply
from tinycc.frontends.onnx.rows.quantized import OFFSET, TO_UINT8, signed_codes
from tinycc.frontends.onnx.rows.windows import channels_first, channels_last, geometry, spatial_rank
from tinycc.ir import DType, Value
from tinycc.ops.conversion.dynamic import DynamicQuantize
from tinycc.ops.convolution.integer import IntegerConv2D
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.window import Padding, Pair, Window

POINT = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))


@row("DynamicQuantizeLinear")
def dynamic_quantize(node: Node, build: Builder) -> tuple[Value, ...]:
    codes, scale, zero = build.ops(DynamicQuantize, x=node.typed(node.x, DType.FLOAT32))
    return build.op(Lookup, x=codes, table=TO_UINT8), scale, build.op(Lookup, x=zero, table=TO_UINT8)


def operand(node: Node, build: Builder, position: int, zero: int) -> tuple[Value, Value | None]:
    """int8 codes, and their zero point: one element, None for 0."""
    x, point = node.input(position), node.optional(zero)
    node.typed(x, DType.INT8, DType.UINT8)
    if point is not None and point.type.elements != 1:
        raise node.error(f"zero points {point.type}", "one for all of an operand that is computed at run time")
    if x.dtype is DType.INT8:
        return x, point
    point = build.constant(np.asarray(-OFFSET, np.int8)) if point is None else signed_codes(build, point)
    return signed_codes(build, x), point


def constant(node: Node, build: Builder, position: int, zero: int, channels: int) -> tuple[Value, tuple[int, ...]]:
    """Constant int8 weights, and a zero point for each output channel."""
    data = node.constant(position)
    node.typed(node.input(position), DType.INT8, DType.UINT8)
    zeros = np.zeros(1, np.int64) if node.optional(zero) is None else node.constant(zero).astype(np.int64).ravel()
    if zeros.size not in (1, channels):
        raise node.error(f"{zeros.size} zero points of weights", f"1 or {channels}")
    if data.dtype == np.uint8:
        data, zeros = (data ^ np.uint8(OFFSET)).view(np.int8), zeros - OFFSET
    return build.constant(data), tuple(int(item) for item in np.broadcast_to(zeros, channels))


def products(node: Node, build: Builder, zeros: tuple[int, int]) -> Value:
    """int32: the operands 0 and 1, matrices, the second one constant."""
    x, zero = operand(node, build, 0, zeros[0])
    shape = node.input(1).shape
    if len(shape) != 2 or not x.shape or x.shape[-1] != shape[0]:
        raise node.error(f"{list(x.shape)} times {list(shape)}", "a constant matrix that fits")
    weights, weight_zeros = constant(node, build, 1, zeros[1], shape[1])
    filters = build.reshape(build.transpose(weights, (1, 0)), (shape[1], 1, 1, shape[0]))
    image = build.reshape(x, (1, 1, x.type.elements // shape[0], shape[0]))
    y = build.op(IntegerConv2D, x=image, zero=zero, weights=filters, weight_zeros=weight_zeros, window=POINT)
    return build.reshape(y, (*x.shape[:-1], shape[1]))


@row("MatMulInteger")
def matmul_integer(node: Node, build: Builder) -> Value:
    return products(node, build, (2, 3))


@row("ConvInteger")
def conv_integer(node: Node, build: Builder) -> Value:
    x, zero = operand(node, build, 0, 2)
    spatial, groups = spatial_rank(node, x), node.attr_int("group", 1)
    channels, depth, *size = node.ranked(node.input(1), len(x.shape)).shape
    if len(spatial) > 2 or groups < 1 or depth * groups != x.shape[1] or channels % groups:
        raise node.error(
            f"{list(x.shape)} with weights {list(node.input(1).shape)}", "windows of one or two dimensions that fit"
        )
    node.attr_ints("kernel_shape")
    made = geometry(node, spatial, tuple(size))
    weights, weight_zeros = constant(node, build, 1, 3, channels)
    filters = build.transpose(build.reshape(weights, (channels, depth, *made.window.size)), (0, 2, 3, 1))
    image = channels_last(build, x)
    y = build.op(IntegerConv2D, x=image, zero=zero, weights=filters, weight_zeros=weight_zeros, window=made.window)
    return channels_first(build, y, len(x.shape))


@row("MatMulIntegerToFloat", domain=MICROSOFT)
def to_float(node: Node, build: Builder) -> Value:
    """A, B, a_scale, b_scale, a_zero_point, b_zero_point, bias."""
    return scaled(node, build, products(node, build, (4, 5)), node.input(2), node.input(3), node.optional(6))


def scaled(node: Node, build: Builder, sums: Value, first: Value, second: Value, bias: Value | None) -> Value:
    y = apply(node, build, "Mul", build.cast(sums, DType.FLOAT32), apply(node, build, "Mul", first, second))
    return y if bias is None else apply(node, build, "Add", y, bias)


@row("DynamicQuantizeMatMul", domain=MICROSOFT)
def dynamic_matmul(node: Node, build: Builder) -> Value:
    """A, B, b_scale, b_zero_point, bias."""
    codes, scale, zero = build.ops(DynamicQuantize, x=node.typed(node.x, DType.FLOAT32))
    inputs = (codes, node.input(1), zero, node.optional(3))
    inner = Node(node.origin, "MatMulInteger", node.version, inputs, ("",), {})
    return scaled(node, build, products(inner, build, (2, 3)), scale, node.input(2), node.optional(4))

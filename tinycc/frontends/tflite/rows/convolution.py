# SPDX-License-Identifier: Apache-2.0
"""Convolutions, FULLY_CONNECTED, BATCH_MATMUL."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import MAX_STEPS, integers, read_window
from tinycc.ir import DType, TensorType, Value
from tinycc.numerics.rules import LITERT, TFLM, Numerics
from tinycc.ops.base import FLOAT_RANGE, UNBOUNDED, Activation, clamp_range
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.strides import Shape
from tinycc.ops.window import Pair


def read_weights(node: Node) -> Value:
    """Operand 1. In int8 a convolution's weights must be symmetric: the reference runtimes do not look at their zero points."""
    weights = signed_weights(node)
    q = weights.type.quantization
    if not node.numerics.unsigned and q is not None and any(q.zero_points):
        expected = f"{weights.dtype.value} weights that are symmetric (zero point 0)"
        raise node.error(f"weights with zero points {sorted(set(q.zero_points))[:4]}", expected)
    return weights


def signed_weights(node: Node) -> Value:
    """Operand 1. No runtime has kernels for packed weights and uint8 activations."""
    weights = node.input(1)
    if node.numerics.unsigned and weights.dtype.packed:
        found = f"{weights.dtype.value} weights with uint8 activations"
        raise node.error(found, "int8 activations", "Convert with int8 inputs and outputs.")
    if weights.dtype is DType.INT2 and node.origin.kind != "FULLY_CONNECTED":
        raise node.error("int2 weights", "int4 or int8 weights: runtimes have 2-bit weights for FULLY_CONNECTED alone")
    return weights


def is_fully_connected(op: BatchMatMul) -> bool:
    """Whether every row of x meets the same constant weights, of a type that FULLY_CONNECTED has."""
    shape = op.weights.shape
    types = (op.x.dtype, op.weights.dtype)
    return (
        op.weights.data is not None
        and not op.adj_x
        and len(shape) <= len(op.x.shape)
        and all(size == 1 for size in shape[:-2])
        and types in ((DType.INT8, DType.INT8), (DType.INT16, DType.INT8), (DType.FLOAT32, DType.FLOAT32))
    )


def as_fully_connected(op: BatchMatMul, numerics: Numerics) -> FullyConnected:
    """LiteRT takes several scales for one that is 0: nothing is left of the weights then."""
    assert op.weights.data is not None
    matrix = op.weights.data.reshape(op.weights.shape[-2:])
    quantization = op.weights.type.quantization
    if numerics.blind_batch_matmul and quantization is not None and quantization.per_channel:
        matrix = np.zeros_like(matrix)
    data = np.ascontiguousarray(matrix if op.adj_y else matrix.T)
    return FullyConnected(
        x=op.x,
        weights=Value(f"{op.y.name}_weights", _weights_type(op, data.shape), data),
        bias=None,
        keep_dims=True,
        asymmetric_inputs=False,
        numerics=TFLM,
        range=op.range,
        outputs=op.outputs,
        origin=op.origin,
    )


def _weights_type(op: BatchMatMul, shape: Shape) -> TensorType:
    """The type of weights [N,K]; scales along N are scales along the first axis now."""
    q, columns = op.weights.type.quantization, len(op.weights.shape) - (2 if op.adj_y else 1)
    if q is not None and q.axis == columns:
        q = replace(q, axis=0)
    return replace(op.weights.type, shape=shape, quantization=q)


def in_litert_only(x: Value, weights: Value) -> bool:
    """Whether TFLM has no kernel for the weights: int2, int4 per channel, int4 with int16 activations."""
    per_channel = weights.type.quantization is not None and weights.quantization.per_channel
    return weights.dtype is DType.INT2 or (weights.dtype is DType.INT4 and (per_channel or x.dtype is DType.INT16))


def read_bias(node: Node, channels: int) -> Value | None:
    """Operand 2. A 16x8 operator that has none may ask for 32-bit accumulators all the same: it gets a bias of zeros."""
    bias = node.optional(2)
    return _narrow_bias(node, channels) if bias is None else bias


def _transposed_size(node: Node, x: Value, channels: int) -> Pair:
    """Rows and columns of y: as the operand says, if that is known, else as the file describes y.

    (Runtimes with fixed shapes read the latter alone; where both are there, they must agree.)
    """
    shape = node.declared() if node.input(0).data is None else integers(node, 0)
    if min(shape[1:3], default=0) < 0 and node.input(0).data is None:
        node.constant(0)  # which it is not
    if len(shape) != 4 or min(shape[1:3]) < 0 or (shape[0], shape[3]) not in ((x.shape[0], channels), (-1, channels)):
        raise node.error(f"output shape {list(shape)} for {x.shape[0]} images and {channels} channels", "[N,H',W',O]")
    return Pair(*shape[1:3])


def _transposed_bias(node: Node, channels: int) -> Value | None:
    """Operand 3, with 64 bits where the file has 16."""
    bias = node.optional(3)
    if bias is not None and bias.dtype is DType.INT16 and bias.data is not None:
        return Value(f"{bias.name}_wide", TensorType(bias.shape, DType.INT64), bias.data.astype(np.int64))
    return _narrow_bias(node, channels) if bias is None and node.numerics.narrow_transpose_conv else bias


def _narrow_bias(node: Node, channels: int) -> Value | None:
    """The bias of zeros that makes the accumulators of a 16x8 operator narrow, if its options ask for them."""
    if node.outputs[0].dtype is not DType.INT16 or node.options.get("quantized_bias_type") != "INT32":
        return None
    zeros = np.zeros(channels, np.int32)
    return Value(f"{node.outputs[0].name}_bias", TensorType(zeros.shape, DType.INT32), zeros)


def batch_matmul(node: Node) -> BatchMatMul | FullyConnected:
    x, weights, y = node.input(0), node.input(1), node.outputs[0]
    if min(len(x.shape), len(weights.shape)) < 2:
        raise node.error(f"operands {x.type} and {weights.type}", "matrices: at least two dimensions")
    op = BatchMatMul(
        numerics=node.numerics,
        x=x,
        weights=weights,
        adj_x=bool(node.options.get("adj_x", False)),
        adj_y=bool(node.options.get("adj_y", False)),
        range=clamp_range(Activation.NONE, y.type, UNBOUNDED),
        outputs=node.outputs,
        origin=node.origin,
    )
    return as_fully_connected(op, node.numerics) if is_fully_connected(op) else op


def conv2_d(node: Node) -> Conv2D:
    x, weights, y = node.input(0), read_weights(node), node.outputs[0]
    if len(x.shape) != 4 or len(weights.shape) != 4:
        raise node.error(f"input {x.type} and weights {weights.type}", "input [N,H,W,C] and weights [O,kH,kW,C]")
    return Conv2D(
        x=x,
        weights=weights,
        bias=read_bias(node, weights.shape[0]),
        window=read_window(node, x.shape[1], x.shape[2], Pair(*weights.shape[1:3])),
        numerics=node.numerics,
        range=clamp_range(node.activation, y.type),
        outputs=node.outputs,
        origin=node.origin,
    )


def depthwise_conv2_d(node: Node) -> DepthwiseConv2D:
    x, weights, y = node.input(0), read_weights(node), node.outputs[0]
    if len(x.shape) != 4 or len(weights.shape) != 4:
        raise node.error(f"input {x.type} and weights {weights.type}", "input [N,H,W,C] and weights [1,kH,kW,C*m]")
    node.check_repeated("depth_multiplier", weights.shape[3] // max(x.shape[3], 1))
    return DepthwiseConv2D(
        x=x,
        weights=weights,
        bias=node.optional(2),
        window=read_window(node, x.shape[1], x.shape[2], Pair(*weights.shape[1:3])),
        numerics=node.numerics,
        range=clamp_range(node.activation, y.type),
        outputs=node.outputs,
        origin=node.origin,
    )


def fully_connected(node: Node) -> FullyConnected:
    x, weights = node.input(0), signed_weights(node)
    hybrid = x.dtype is DType.FLOAT32 and weights.dtype.is_integer
    layout = node.options.get("weights_format", "DEFAULT")
    if len(weights.shape) != 2:
        raise node.error(f"weights {weights.type}", "weights [O,I]")
    if layout != "DEFAULT":
        raise node.error(f"weights format {layout}", "DEFAULT", "Convert again without shuffled weights.")
    return FullyConnected(
        x=x,
        weights=weights,
        bias=read_bias(node, weights.shape[0]),
        keep_dims=bool(node.options.get("keep_num_dims", False)),
        asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
        numerics=LITERT if in_litert_only(x, weights) else node.numerics,
        range=clamp_range(node.activation, node.outputs[0].type, UNBOUNDED if hybrid else FLOAT_RANGE),
        outputs=node.outputs,
        origin=node.origin,
    )


def transpose_conv(node: Node) -> TransposeConv:
    weights, x, y = read_weights(node), node.input(2), node.outputs[0]
    if not len(x.shape) == len(weights.shape) == len(y.shape) == 4:
        found = f"input {x.type}, weights {weights.type}, output {y.type}"
        raise node.error(found, "input [N,H,W,C], weights [O,kH,kW,C], output [N,H',W',O]")
    if max(x.shape[1:3]) > MAX_STEPS:
        raise node.error(f"input {x.type}", f"at most {MAX_STEPS} rows and columns")
    channels, narrow = weights.shape[0], node.options.get("quantized_bias_type") == "INT32"
    size, bias = _transposed_size(node, x, channels), _transposed_bias(node, channels)
    return TransposeConv(
        numerics=node.numerics,
        x=x,
        weights=weights,
        bias=bias,
        undeclared_bias=x.dtype is DType.INT16 and bias is not None and bias.dtype is DType.INT32 and not narrow,
        window=read_window(node, *size, Pair(*weights.shape[1:3])),
        size=size,
        range=clamp_range(node.activation, y.type),
        outputs=node.outputs,
        origin=node.origin,
    )


ROWS = {
    "BATCH_MATMUL": Row(batch_matmul, (BatchMatMul,)),
    "CONV_2D": Row(conv2_d, (Conv2D,)),
    "DEPTHWISE_CONV_2D": Row(depthwise_conv2_d, (DepthwiseConv2D,)),
    "FULLY_CONNECTED": Row(fully_connected, (FullyConnected,)),
    "TRANSPOSE_CONV": Row(transpose_conv, (TransposeConv,)),
}

# SPDX-License-Identifier: Apache-2.0
"""DynamicQuantizeLSTM of com.microsoft: inputs and hidden states are quantized by their range of the moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.dynamic import POINT
from tinycc.frontends.onnx.rows.gates import functions
from tinycc.frontends.onnx.rows.qlinear import MICROSOFT
from tinycc.frontends.onnx.rows.quantized import OFFSET
from tinycc.frontends.onnx.rows.recurrent import Direction, run_steps
from tinycc.ir import Array, DType, Value
from tinycc.ops.conversion.dynamic import DynamicQuantize
from tinycc.ops.convolution.integer import IntegerConv2D
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.movement.concatenation import Concatenation

ORDERS = {"forward": (1,), "reverse": (-1,), "bidirectional": (1, -1)}


@dataclass(frozen=True)
class Matrix:
    """Weights: int8 codes [O,I], a zero point and a scale for each output or for all."""

    codes: Array
    zeros: Array
    scales: Array

    def product(self, build: Builder, x: Value) -> Value:
        """x [...,I] float32, quantized as a whole, times the weights."""
        outputs, depth = self.codes.shape
        codes, scale, zero = build.ops(DynamicQuantize, x=x)
        sums = build.op(
            IntegerConv2D,
            x=build.reshape(codes, (1, 1, x.type.elements // depth, depth)),
            zero=zero,
            weights=build.constant(self.codes.reshape(outputs, 1, 1, depth)),
            weight_zeros=tuple(int(zero) for zero in np.broadcast_to(self.zeros, outputs)),
            window=POINT,
        )
        unit = build.binary(Mul, scale, build.constant(self.scales))
        return build.binary(Mul, build.cast(build.reshape(sums, (*x.shape[:-1], outputs)), DType.FLOAT32), unit)


@row("DynamicQuantizeLSTM", domain=MICROSOFT)
def dynamic_quantize_lstm(node: Node, build: Builder) -> tuple[Value, ...]:
    """X, W [directions,I,4H], R [directions,H,4H], B, lengths, h, c, P, and scale and zero point of W and of R."""
    x = node.typed(node.ranked(node.x, 3), DType.FLOAT32)
    orders = ORDERS.get(node.attr_text("direction", "forward"))
    if orders is None:
        raise node.error("direction", " or ".join(ORDERS))
    others = node.attr_int("input_forget", 0), node.attr_int("layout", 0)
    if any(others) or node.optional(7) is not None or node.optional(4) is not None:
        raise node.error("lengths, peepholes, coupled gates or another layout", "an LSTM without them")
    size = node.attr_int("hidden_size", node.input(2).shape[1] if len(node.input(2).shape) == 3 else 0)
    steps, batch, depth = x.shape
    results = [_direction(node, build, x, number, order, (len(orders), depth, size)) for number, order in enumerate(orders)]
    outputs = [build.reshape(y, (steps, 1, batch, size)) for y, _, _ in results]
    last = [[build.reshape(value, (1, batch, size)) for value in item[1:]] for item in results]
    return (_joined(build, outputs, 1), *(_joined(build, [item[i] for item in last], 0) for i in range(2)))


def _joined(build: Builder, parts: list[Value], axis: int) -> Value:
    return parts[0] if len(parts) == 1 else build.op(Concatenation, xs=tuple(parts), axis=axis)


def _direction(
    node: Node, build: Builder, x: Value, number: int, order: int, sizes: tuple[int, int, int]
) -> tuple[Value, Value, Value]:
    """The outputs of all steps, the last one, and the last cell."""
    directions, depth, size = sizes
    inputs = _matrix(node, 1, 8, number, (directions, depth, 4 * size))
    recurrent = _matrix(node, 2, 10, number, (directions, size, 4 * size))
    build.afford(8 * size)
    bias = np.zeros((directions, 8 * size), np.float32) if node.optional(3) is None else node.constant(3)
    if bias.shape != (directions, 8 * size):
        raise node.error(f"biases {list(bias.shape)}", f"{[directions, 8 * size]}")
    own, other = np.split(bias[number].astype(np.float32), 2)
    from_inputs = build.binary(Add, inputs.product(build, x), build.constant(own + other))
    hidden, cell = (_initial(node, build, position, number, (directions, x.shape[1], size)) for position in (5, 6))
    nothing = build.constant(np.float32(0))
    chosen = functions(node, "LSTM", number, directions)
    d = Direction(None, None, nothing, nothing, chosen, hidden, cell, None, recurrent.product)
    y, last, last_cell = run_steps("LSTM", build, from_inputs, d, order, (False, False), None)
    assert last_cell is not None
    return y, last, last_cell


def _initial(node: Node, build: Builder, position: int, number: int, shape: tuple[int, int, int]) -> Value:
    if node.optional(position) is None:
        build.afford(*shape)
        return build.constant(np.zeros(shape[1:], np.float32))
    data = node.constant(position)
    if data.shape != shape:
        raise node.error(f"operand {position} of {list(data.shape)}", f"{list(shape)}")
    return build.constant(data[number].astype(np.float32))


def _matrix(node: Node, position: int, scale: int, number: int, shape: tuple[int, int, int]) -> Matrix:
    """The weights `position` of one direction; their scales are `scale`, zero points the one behind."""
    data, scales = node.constant(position), node.constant(scale).astype(np.float32)
    zeros: Array = np.zeros(scales.shape, np.int64) if node.optional(scale + 1) is None else node.constant(scale + 1)
    node.typed(node.input(position), DType.INT8, DType.UINT8)
    outputs = shape[2]
    expected = ((shape[0],), (shape[0], outputs))
    if data.shape != shape or scales.shape not in expected or zeros.shape not in expected:
        raise node.error(
            f"weights {list(data.shape)}, scales {list(scales.shape)}, zero points {list(zeros.shape)}", f"{list(shape)}"
        )
    codes, points = data[number].T.astype(np.int64), zeros[number].astype(np.int64)
    if data.dtype == np.uint8:
        codes, points = codes - OFFSET, points - OFFSET
    return Matrix(codes.astype(np.int8), points, scales[number])

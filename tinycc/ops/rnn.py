# SPDX-License-Identifier: Apache-2.0
"""UNIDIRECTIONAL_SEQUENCE_RNN, RNN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Tensor
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.hybrid import dynamic_weights, products
from tinycc.ops.lstm_layer import Sequence
from tinycc.ops.recurrent import ACTIVATIONS, activate
from tinycc.ops.shapes import not_empty
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class Rnn(Operator):
    """At every step: y = activate(weights x + recurrent h + bias), with h the output of the step before, at first `hidden`.

    x: [B,T,I], with `time_major` [T,B,I], for RNN [B,I] (one step); weights: [U,I]; recurrent: [U,U]; bias: [U]; hidden: [B,U];
    y: as x with U. hybrid: x and h are quantized at run time, step by step. Source: LiteRT kernel_utils.cc `RnnBatchStep`.
    """

    x: Value
    weights: Value
    recurrent: Value
    bias: Value
    hidden: Value
    activation: str
    time_major: bool
    asymmetric_inputs: bool = False

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("hidden", 1),)
    tflite: ClassVar[tuple[str, ...]] = ("UNIDIRECTIONAL_SEQUENCE_RNN", "RNN")
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(
            name,
            {**dict.fromkeys(("x", "bias", "hidden"), DType.FLOAT32), "weights": weights, "recurrent": weights},
            (DType.FLOAT32, DType.FLOAT32),
        )
        for name, weights in (("float32", DType.FLOAT32), ("hybrid", DType.INT8))
    )

    @classmethod
    def from_tflite(cls, node: Node) -> Rnn:
        x, weights = node.input(0), node.input(1)
        rank = 2 if node.origin.kind == "RNN" else 3
        if len(x.shape) != rank or len(weights.shape) != 2:
            raise node.error(f"input {x.type}, weights {weights.type}", f"input of {rank} dimensions, weights [U,I]")
        hidden, after = node.state(4)
        return cls(
            x=x,
            weights=weights,
            recurrent=node.input(2),
            bias=node.input(3),
            hidden=hidden,
            activation=str(node.option("fused_activation_function")),
            time_major=bool(node.options.get("time_major", False)),
            asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
            outputs=(*node.outputs, after),
            origin=node.origin,
        )

    @property
    def sequence(self) -> Sequence:
        return Sequence.of(self.x, self.time_major)

    @property
    def units(self) -> int:
        return self.weights.shape[0]

    @property
    def macs(self) -> int:
        return self.sequence.batch * self.sequence.steps * (self.weights.type.elements + self.recurrent.type.elements)

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType((*self.x.shape[:-1], self.units), self.x.dtype), self.hidden.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        bias = read(self.bias)
        hidden = read(self.hidden).reshape(self.sequence.batch, self.units)
        rows = []
        for step in self.sequence.by_time(read(self.x)):
            total = self._product(read, step, self.weights) + self._product(read, hidden, self.recurrent)
            hidden = activate(total + bias, self.activation)
            rows.append(hidden)
        y = self.sequence.from_time(np.stack(rows))
        return y.reshape(self.infer()[0].shape), hidden.reshape(self.hidden.shape)

    def _product(self, read: Reader, x: Array, weights: Value) -> Array:
        if weights.dtype is DType.INT8:
            return products(x, read(weights), np.array(weights.scale, np.float32), self.asymmetric_inputs)
        result: Array = x @ read(weights).T
        return result


def matching_shapes(op: Rnn) -> str | None:
    """weights [U,I], recurrent weights [U,U], bias [U] and state [B,U] fit the input"""
    shapes = [value.shape for value in (op.weights, op.recurrent, op.bias)]
    expected = [(op.units, op.x.shape[-1]), (op.units, op.units), (op.units,)]
    if shapes == expected and op.hidden.type.elements == op.sequence.batch * op.units:
        return None
    return f"input {list(op.x.shape)}, weights and bias {', '.join(map(str, map(list, shapes)))}, state {list(op.hidden.shape)}"


def known_activation(op: Rnn) -> str | None:
    """the fused activation is NONE, RELU, RELU_N1_TO_1, RELU6 or TANH"""
    return None if op.activation in ACTIVATIONS[:5] else f"fused activation {op.activation}"


def symmetric_weights(op: Rnn) -> str | None:
    """hybrid: weights are constants with one scale and the zero point 0"""
    if op.weights.dtype is not DType.INT8:
        return None
    for value in (op.weights, op.recurrent):
        q = value.type.quantization
        if q is None or q.per_channel or q.zero_point or not value.constant:
            return f"{value!r}" if value.constant else f"{value!r} computed at run time"
    return None


def lower_hybrid(op: Rnn, target: Target) -> tuple[Call, ...]:
    def weights(role: str, value: Value) -> Struct:
        assert value.data is not None
        return dynamic_weights(role, value.data, np.array([value.scale], np.float32), op.asymmetric_inputs)

    scratch = Scratch("quantized", max(op.sequence.inputs, op.units))
    args: tuple[Arg, ...] = (
        *(Tensor(op.x), weights("input", op.weights), weights("recurrent", op.recurrent), Tensor(op.bias)),
        *(Tensor(op.hidden), Tensor(op.y), scratch, op.sequence.shape(op.units), ACTIVATIONS.index(op.activation)),
    )
    return (Call("tk_rnn_hybrid", args),)


def lower(op: Rnn, target: Target) -> tuple[Call, ...]:
    operands = op.x, op.weights, op.recurrent, op.bias, op.hidden, op.y
    tensors: tuple[Arg, ...] = tuple(Tensor(value) for value in operands)
    return (Call("tk_rnn_f32", (*tensors, op.sequence.shape(op.units), ACTIVATIONS.index(op.activation))),)


Rnn.conditions = (matching_shapes, not_empty, known_activation, symmetric_weights)
Rnn.kernels = (
    Kernel("tk_rnn_hybrid", lower_hybrid, lambda op, target: op.weights.dtype is DType.INT8),
    Kernel("tk_rnn_f32", lower),
)

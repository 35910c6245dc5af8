# SPDX-License-Identifier: Apache-2.0
"""UNIDIRECTIONAL_SEQUENCE_RNN, RNN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.lstm_layer import Sequence
from tinycc.ops.recurrent import ACTIVATIONS, activate
from tinycc.ops.shapes import not_empty
from tinycc.program import Arg, Call, Tensor
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class Rnn(Operator):
    """At every step: y = activate(weights x + recurrent h + bias), with h the output of the step before, at first `hidden`.

    x: [B,T,I], with `time_major` [T,B,I], for RNN [B,I] (one step); weights: [U,I]; recurrent: [U,U]; bias: [U]; hidden: [B,U];
    y: as x with U. Source: LiteRT kernel_utils.cc `RnnBatchStep`.
    """

    x: Value
    weights: Value
    recurrent: Value
    bias: Value
    hidden: Value
    activation: str
    time_major: bool

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("hidden", 1),)
    tflite: ClassVar[tuple[str, ...]] = ("UNIDIRECTIONAL_SEQUENCE_RNN", "RNN")
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            "float32",
            dict.fromkeys(("x", "weights", "recurrent", "bias", "hidden"), DType.FLOAT32),
            (DType.FLOAT32, DType.FLOAT32),
        ),
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
        weights, recurrent, bias = read(self.weights), read(self.recurrent), read(self.bias)
        hidden = read(self.hidden).reshape(self.sequence.batch, self.units)
        rows = []
        for step in self.sequence.by_time(read(self.x)):
            hidden = activate(step @ weights.T + hidden @ recurrent.T + bias, self.activation)
            rows.append(hidden)
        y = self.sequence.from_time(np.stack(rows))
        return y.reshape(self.infer()[0].shape), hidden.reshape(self.hidden.shape)


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


def lower(op: Rnn, target: Target) -> tuple[Call, ...]:
    operands = op.x, op.weights, op.recurrent, op.bias, op.hidden, op.y
    tensors: tuple[Arg, ...] = tuple(Tensor(value) for value in operands)
    return (Call("tk_rnn_f32", (*tensors, op.sequence.shape(op.units), ACTIVATIONS.index(op.activation))),)


Rnn.conditions = (matching_shapes, not_empty, known_activation)
Rnn.kernels = (Kernel("tk_rnn_f32", lower),)

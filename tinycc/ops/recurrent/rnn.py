# SPDX-License-Identifier: Apache-2.0
"""UNIDIRECTIONAL_SEQUENCE_RNN, RNN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.hybrid import products
from tinycc.ops.recurrent.base import ACTIVATIONS, activate
from tinycc.ops.recurrent.layer import Sequence


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
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(
            name,
            {**dict.fromkeys(("x", "bias", "hidden"), DType.FLOAT32), "weights": weights, "recurrent": weights},
            (DType.FLOAT32, DType.FLOAT32),
        )
        for name, weights in (("float32", DType.FLOAT32), ("hybrid", DType.INT8))
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


Rnn.conditions = (matching_shapes, not_empty, known_activation, symmetric_weights)

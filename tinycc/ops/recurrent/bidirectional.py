# SPDX-License-Identifier: Apache-2.0
"""BIDIRECTIONAL_SEQUENCE_LSTM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.recurrent.layer import HYBRID, Layer, Sequence, Types, heavy_layer, hybrid_problem, layer_problem, run_layer_f32

_STATES = ("forward_hidden", "forward_cell", "backward_hidden", "backward_cell")


@dataclass(frozen=True, eq=False, kw_only=True)
class BidirectionalLstm(Operator):
    """Two LSTM layers over the same sequence, `forward` from its first step on, `backward` from its last (formula: Lstm).

    x: [B,T,I], with `time_major` [T,B,I]; weights: as in `Layer`; hidden: [B,O]; cell: [B,C]. Outputs: forward [B,T,O] and
    backward [B,T,P], or with `merged` one [B,T,O+P]. Source: LiteRT bidirectional_sequence_lstm.cc, lstm_eval.cc.
    """

    x: Value
    forward: tuple[Value | None, ...]
    backward: tuple[Value | None, ...]
    forward_hidden: Value
    forward_cell: Value
    backward_hidden: Value
    backward_cell: Value
    activation: str
    cell_clip: float
    projection_clip: float
    time_major: bool
    merged: bool
    asymmetric_inputs: bool = False

    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", dict.fromkeys(("x", *_STATES, "forward", "backward"), DType.FLOAT32), (DType.FLOAT32,) * 6),
        Signature("hybrid", dict.fromkeys(("x", *_STATES), DType.FLOAT32), (DType.FLOAT32,) * 6),
    )

    @property
    def updates(self) -> tuple[tuple[str, int], ...]:  # type: ignore[override]
        first = len(self.outputs) - len(_STATES)
        return tuple((name, first + index) for index, name in enumerate(_STATES))

    @property
    def layers(self) -> tuple[Layer, Layer]:
        """Forward, backward."""
        options = self.activation, self.cell_clip, self.projection_clip, self.asymmetric_inputs
        return Layer(self.forward, *options), Layer(self.backward, *options)

    @property
    def states(self) -> tuple[tuple[Value, Value], tuple[Value, Value]]:
        """(hidden, cell), forward and backward."""
        return (self.forward_hidden, self.forward_cell), (self.backward_hidden, self.backward_cell)

    @property
    def sequence(self) -> Sequence:
        return Sequence.of(self.x, self.time_major)

    @property
    def macs(self) -> int:
        return self.sequence.batch * self.sequence.steps * sum(layer.macs for layer in self.layers)

    def infer(self) -> tuple[TensorType, ...]:
        widths = [layer.outputs for layer in self.layers]
        sizes = [sum(widths)] if self.merged else widths
        outputs = [TensorType((*self.x.shape[:-1], size), self.x.dtype) for size in sizes]
        return (*outputs, *(value.type for pair in self.states for value in pair))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        batch = self.sequence.batch
        x = self.sequence.by_time(read(self.x))
        outputs, after = [], []
        for layer, pair, order in zip(self.layers, self.states, (1, -1), strict=True):
            before = (read(value).reshape(batch, -1) for value in pair)
            y, *states = run_layer_f32(layer, read, x[::order], *before)
            outputs.append(self.sequence.from_time(y[::order]))
            after += [state.reshape(value.shape) for state, value in zip(states, pair, strict=True)]
        return (*([np.concatenate(outputs, 2)] if self.merged else outputs), *after)


def complete(op: BidirectionalLstm) -> str | None:
    """in each direction, weights and biases of all gates are constants of matching shapes (the input gate may be left out)"""
    for layer, states in zip(op.layers, op.states, strict=True):
        if found := layer_problem(layer, op.sequence, *states, HYBRID if layer.hybrid else Types.all(DType.FLOAT32)):
            return found
    return None


def quantized(op: BidirectionalLstm) -> str | None:
    """int8 weights have one scale and the zero point 0"""
    return next(filter(None, map(hybrid_problem, op.layers)), None)


def known_activation(op: BidirectionalLstm) -> str | None:
    """the activation is TANH, RELU, RELU_N1_TO_1 or RELU6"""
    return None if op.activation in ("TANH", "RELU", "RELU_N1_TO_1", "RELU6") else f"activation {op.activation}"


def bounded_sums(op: BidirectionalLstm) -> str | None:
    """hybrid: the products that make a sum cannot leave 32 bits together, for any input of 8 bits

    The runtimes leave undefined what comes then: give the layer fewer inputs.
    """
    return next(filter(None, map(heavy_layer, op.layers)), None)


BidirectionalLstm.conditions = (complete, not_empty, known_activation, quantized, bounded_sums)

# SPDX-License-Identifier: Apache-2.0
"""BIDIRECTIONAL_SEQUENCE_LSTM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Tensor
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.lstm_layer import (
    HYBRID,
    Layer,
    Sequence,
    Types,
    hybrid_problem,
    layer_problem,
    lower_layer_f32,
    run_layer_f32,
    scratches,
)
from tinycc.ops.shapes import not_empty
from tinycc.target import Target

WEIGHTS = 17
"""Operands of a direction in the file; there is no layer normalization."""
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

    tflite: ClassVar[tuple[str, ...]] = ("BIDIRECTIONAL_SEQUENCE_LSTM",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", dict.fromkeys(("x", *_STATES, "forward", "backward"), DType.FLOAT32), (DType.FLOAT32,) * 6),
        Signature("hybrid", dict.fromkeys(("x", *_STATES), DType.FLOAT32), (DType.FLOAT32,) * 6),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> BidirectionalLstm:
        x, merged = node.input(0), bool(node.options.get("merge_outputs", False))
        if len(x.shape) != 3:
            raise node.error(f"input {x.type}", "3 dimensions")
        if any(node.optional(position) is not None for position in range(39, 48)):
            raise node.error("an auxiliary input", "none", "Concatenate it with the input.")
        if len(node.outputs) != (1 if merged else 2):
            raise node.error(f"{len(node.outputs)} outputs", "1 if they are merged, else 2")
        states = [node.state(position) for position in range(35, 39)]
        before = dict(zip(_STATES, (state for state, _ in states), strict=True))
        return cls(
            x=x,
            forward=_weights(node, 1),
            backward=_weights(node, 1 + WEIGHTS),
            activation=str(node.option("fused_activation_function")),
            cell_clip=float(node.option("cell_clip")),
            projection_clip=float(node.option("proj_clip")),
            time_major=bool(node.option("time_major")),
            merged=merged,
            asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
            outputs=(*node.outputs, *(after for _, after in states)),
            origin=node.origin,
            **before,
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


def _weights(node: Node, first: int) -> tuple[Value | None, ...]:
    return (*(node.optional(position) for position in range(first, first + WEIGHTS)), None, None, None, None)


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


def lower(op: BidirectionalLstm, target: Target) -> tuple[Call, ...]:
    forward, backward = op.layers
    offset = forward.outputs if op.merged else 0
    pitch = forward.outputs + backward.outputs if op.merged else 0
    places = Tensor(op.y), Tensor(op.y, offset) if op.merged else Tensor(op.outputs[1])
    memory = scratches(op.layers, op.sequence.inputs)
    return tuple(
        lower_layer_f32(
            layer,
            op.sequence,
            Tensor(op.x),
            (Tensor(hidden), Tensor(cell)),
            place,
            memory,
            pitch=pitch,
            reverse=name == "backward",
            name=f"{name}_",
        )
        for name, layer, (hidden, cell), place in zip(("forward", "backward"), op.layers, op.states, places, strict=True)
    )


BidirectionalLstm.conditions = (complete, not_empty, known_activation, quantized)
BidirectionalLstm.kernels = (
    Kernel("tk_lstm_hybrid", lower, lambda op, target: any(layer.hybrid for layer in op.layers)),
    Kernel("tk_lstm_f32", lower),
)

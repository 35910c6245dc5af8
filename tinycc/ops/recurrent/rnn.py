# SPDX-License-Identifier: Apache-2.0
"""UNIDIRECTIONAL_SEQUENCE_RNN, RNN, BIDIRECTIONAL_SEQUENCE_RNN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import heavy_row, not_empty
from tinycc.ops.hybrid import products
from tinycc.ops.recurrent.base import ACTIVATIONS, activate
from tinycc.ops.recurrent.layer import Sequence

_TYPES = (("float32", DType.FLOAT32), ("hybrid", DType.INT8))


@dataclass(frozen=True)
class Cell:
    """At every step: y = activate(weights x + recurrent h + bias), with h the output of the step before, at first the state.

    weights: [U,I]; recurrent: [U,U]; bias: [U]. Weights are int8 in a hybrid cell, where x and h are quantized at run time,
    step by step, with a zero point if `asymmetric`.
    """

    weights: Value
    recurrent: Value
    bias: Value
    activation: str
    asymmetric: bool

    @property
    def units(self) -> int:
        return self.weights.shape[0]

    @property
    def hybrid(self) -> bool:
        return self.weights.dtype is DType.INT8

    @property
    def macs(self) -> int:
        """A step's."""
        return self.weights.type.elements + self.recurrent.type.elements

    def run(self, read: Reader, x: Array, hidden: Array) -> tuple[Array, Array]:
        """x: [T,B,I]; hidden: [B,U]. The outputs [T,B,U], and the state that they leave."""
        bias, rows = read(self.bias), []
        for step in x:
            total = self._product(read, step, self.weights) + self._product(read, hidden, self.recurrent)
            hidden = activate(total + bias, self.activation)
            rows.append(hidden)
        return np.stack(rows), hidden

    def _product(self, read: Reader, x: Array, weights: Value) -> Array:
        if weights.dtype is DType.INT8:
            return products(x, read(weights), np.array(weights.scale, np.float32), self.asymmetric)
        result: Array = x @ read(weights).T
        return result


def mismatch(cell: Cell, sequence: Sequence, hidden: Value) -> str | None:
    """Shapes that do not go together."""
    shapes = [value.shape for value in (cell.weights, cell.recurrent, cell.bias)]
    units = cell.weights.shape[0] if cell.weights.shape else 0
    if shapes == [(units, sequence.inputs), (units, units), (units,)] and hidden.type.elements == sequence.batch * units:
        return None
    found = ", ".join(map(str, map(list, shapes)))
    return f"input of {sequence.batch} x {sequence.inputs}, weights and bias {found}, state {list(hidden.shape)}"


def unsuitable(cell: Cell) -> str | None:
    """Weights of a hybrid cell that its integers cannot stand for."""
    for value in (cell.weights, cell.recurrent) if cell.hybrid else ():
        q = value.type.quantization
        if q is None or q.per_channel or q.zero_point or not value.constant:
            return f"{value!r}" if value.constant else f"{value!r} computed at run time"
    return None


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
        for name, weights in _TYPES
    )

    @property
    def sequence(self) -> Sequence:
        return Sequence.of(self.x, self.time_major)

    @property
    def cell(self) -> Cell:
        return Cell(self.weights, self.recurrent, self.bias, self.activation, self.asymmetric_inputs)

    @property
    def macs(self) -> int:
        return self.sequence.batch * self.sequence.steps * self.cell.macs

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType((*self.x.shape[:-1], self.cell.units), self.x.dtype), self.hidden.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        hidden = read(self.hidden).reshape(self.sequence.batch, self.cell.units)
        rows, hidden = self.cell.run(read, self.sequence.by_time(read(self.x)), hidden)
        return self.sequence.from_time(rows).reshape(self.infer()[0].shape), hidden.reshape(self.hidden.shape)


@dataclass(frozen=True, eq=False, kw_only=True)
class BidirectionalRnn(Operator):
    """Two RNN layers (formula: Rnn) over the same sequence, forward from its first step on, backward from its last.

    x: [B,T,I], with `time_major` [T,B,I], and `backward_x` of the backward layer likewise; weights: [U,I], recurrent: [U,U],
    bias: [U] and hidden: [B,U] of each. Outputs: forward [B,T,U] and backward [B,T,V], or with `merged` one [B,T,U+V].
    Source: LiteRT bidirectional_sequence_rnn.cc.
    """

    x: Value
    forward_weights: Value
    forward_recurrent: Value
    forward_bias: Value
    forward_hidden: Value
    backward_x: Value
    backward_weights: Value
    backward_recurrent: Value
    backward_bias: Value
    backward_hidden: Value
    activation: str
    time_major: bool
    merged: bool
    asymmetric_inputs: bool = False

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(
            name,
            dict.fromkeys(("x", "backward_x"), DType.FLOAT32)
            | {
                f"{way}_{role}": weights if role in ("weights", "recurrent") else DType.FLOAT32
                for way in ("forward", "backward")
                for role in ("weights", "recurrent", "bias", "hidden")
            },
            (DType.FLOAT32,) * 4,
        )
        for name, weights in _TYPES
    )

    @property
    def updates(self) -> tuple[tuple[str, int], ...]:  # type: ignore[override]
        return ("forward_hidden", len(self.outputs) - 2), ("backward_hidden", len(self.outputs) - 1)

    @property
    def cells(self) -> tuple[Cell, Cell]:
        """Forward, backward."""
        forward = Cell(self.forward_weights, self.forward_recurrent, self.forward_bias, self.activation, self.asymmetric_inputs)
        backward = self.backward_weights, self.backward_recurrent, self.backward_bias
        return forward, Cell(*backward, self.activation, self.asymmetric_inputs)

    @property
    def sequences(self) -> tuple[Sequence, Sequence]:
        return Sequence.of(self.x, self.time_major), Sequence.of(self.backward_x, self.time_major)

    @property
    def macs(self) -> int:
        return sum(s.batch * s.steps * cell.macs for s, cell in zip(self.sequences, self.cells, strict=True))

    def infer(self) -> tuple[TensorType, ...]:
        units = [cell.units for cell in self.cells]
        sizes = [sum(units)] if self.merged else units
        outputs = [TensorType((*self.x.shape[:-1], size), self.x.dtype) for size in sizes]
        return (*outputs, self.forward_hidden.type, self.backward_hidden.type)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        outputs, after = [], []
        states, xs = (self.forward_hidden, self.backward_hidden), (self.x, self.backward_x)
        for cell, sequence, x, state, order in zip(self.cells, self.sequences, xs, states, (1, -1), strict=True):
            hidden = read(state).reshape(sequence.batch, cell.units)
            rows, hidden = cell.run(read, sequence.by_time(read(x))[::order], hidden)
            outputs.append(sequence.from_time(rows[::order]))
            after.append(hidden.reshape(state.shape))
        return (*([np.concatenate(outputs, 2)] if self.merged else outputs), *after)


def matching_shapes(op: Rnn) -> str | None:
    """weights [U,I], recurrent weights [U,U], bias [U] and state [B,U] fit the input"""
    return mismatch(op.cell, op.sequence, op.hidden)


def matching_directions(op: BidirectionalRnn) -> str | None:
    """in each direction weights [U,I], recurrent weights [U,U], bias [U] and state [B,U] fit the input"""
    forward, backward = op.sequences
    if (forward.batch, forward.steps) != (backward.batch, backward.steps):
        return f"inputs {list(op.x.shape)} and {list(op.backward_x.shape)}"
    states = op.forward_hidden, op.backward_hidden
    return next(filter(None, map(mismatch, op.cells, op.sequences, states)), None)


def known_activation(op: Rnn | BidirectionalRnn) -> str | None:
    """the fused activation is NONE, RELU, RELU_N1_TO_1, RELU6 or TANH"""
    return None if op.activation in ACTIVATIONS[:5] else f"fused activation {op.activation}"


def symmetric_weights(op: Rnn | BidirectionalRnn) -> str | None:
    """hybrid: weights are constants with one scale and the zero point 0"""
    return next(filter(None, map(unsuitable, (op.cell,) if isinstance(op, Rnn) else op.cells)), None)


def bounded_sums(op: Rnn | BidirectionalRnn) -> str | None:
    """hybrid: the products that make a sum cannot leave 32 bits together, for any input of 8 bits

    The runtimes leave undefined what comes then: give the layer fewer inputs.
    """
    cells = (op.cell,) if isinstance(op, Rnn) else op.cells
    return heavy_row(*((value.name, value.data) for cell in cells for value in (cell.weights, cell.recurrent)))


def backward_input(op: BidirectionalRnn) -> str | None:
    """a backward layer with an input of its own has time_major, as LiteRT otherwise reads the forward layer's

    Convert with time_major=True.
    """
    return None if op.time_major or op.backward_x is op.x else f"input %{op.backward_x.name} of the backward layer"


def runs_once(op: BidirectionalRnn) -> str | None:
    """hybrid: batches come before steps, as LiteRT otherwise goes over the sequence once for each of its steps

    Convert with time_major=False.
    """
    forward, _ = op.sequences
    repeated = op.cells[0].hybrid and op.time_major and forward.steps > 1
    return f"time_major, {forward.steps} steps" if repeated else None


_SHARED = (not_empty, known_activation, symmetric_weights, bounded_sums)
Rnn.conditions = (matching_shapes, *_SHARED)
BidirectionalRnn.conditions = (matching_directions, *_SHARED, backward_input, runs_once)

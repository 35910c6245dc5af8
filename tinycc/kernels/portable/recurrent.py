# SPDX-License-Identifier: Apache-2.0
"""RNN and SVDF in plain C."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.ir import Value
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.portable.base import tk, usual
from tinycc.kernels.portable.dynamic import dynamic_weights
from tinycc.kernels.portable.lstm_layer import sequence_shape
from tinycc.ops.recurrent.base import ACTIVATIONS, wrapped
from tinycc.ops.recurrent.layer import Sequence
from tinycc.ops.recurrent.rnn import BidirectionalRnn, Cell, Rnn
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.program.types import Content


def rnn_call(
    cell: Cell,
    sequence: Sequence,
    x: Tensor,
    hidden: Tensor,
    y: Tensor,
    scratch: Scratch,
    *,
    pitch: int = 0,
    reverse: bool = False,
    name: str = "",
) -> Call:
    """The call of tk_rnn_f32 or tk_rnn_hybrid. `pitch`: elements from one row of y to the next, if more than the units."""
    lstm = sequence_shape(sequence, cell.units)
    shape = struct("tk_rnn_shape", rows=lstm, y_pitch=pitch or cell.units, reverse=int(reverse))
    last = shape, ACTIVATIONS.index(cell.activation)
    if not cell.hybrid:
        weights: tuple[Arg, ...] = Tensor(cell.weights), Tensor(cell.recurrent), Tensor(cell.bias)
        return Call("tk_rnn_f32", (x, *weights, hidden, y, *last))

    def coded(role: str, value: Value) -> Struct:
        assert value.data is not None
        return dynamic_weights(f"{name}{role}", value.data, np.array([value.scale], np.float32), cell.asymmetric)

    weights = coded("input", cell.weights), coded("recurrent", cell.recurrent), Tensor(cell.bias)
    return Call("tk_rnn_hybrid", (x, *weights, hidden, y, scratch, *last))


def bind_rnn(op: Rnn, context: Context) -> tuple[Call, ...]:
    scratch = Scratch("quantized", max(op.sequence.inputs, op.cell.units))
    return (rnn_call(op.cell, op.sequence, Tensor(op.x), Tensor(op.hidden), Tensor(op.y), scratch),)


def bind_directions(op: BidirectionalRnn, context: Context) -> tuple[Call, ...]:
    forward, backward = op.cells
    pitch = forward.units + backward.units if op.merged else 0
    places = Tensor(op.y), Tensor(op.y, forward.units) if op.merged else Tensor(op.outputs[1])
    widest = max(*(sequence.inputs for sequence in op.sequences), forward.units, backward.units)
    ways = ("forward", op.x, op.forward_hidden), ("backward", op.backward_x, op.backward_hidden)
    return tuple(
        rnn_call(
            cell,
            sequence,
            Tensor(x),
            Tensor(hidden),
            place,
            Scratch("quantized", widest),
            pitch=pitch,
            reverse=way == "backward",
            name=f"{way}_",
        )
        for cell, sequence, place, (way, x, hidden) in zip(op.cells, op.sequences, places, ways, strict=True)
    )


def shape_struct(op: Svdf) -> Struct:
    batch, inputs = op.x.shape
    return struct("tk_svdf_shape", batch=batch, inputs=inputs, units=op.units, rank=op.rank, memory=op.memory)


def svdf_f32(op: Svdf) -> tuple[Arg, ...]:
    weights = Tensor(op.weights_feature), Tensor(op.weights_time), tensor_or_null(op.bias)
    tensors = (Tensor(op.x), *weights, Tensor(op.activation_state), Tensor(op.y))
    return (*tensors, shape_struct(op), ACTIVATIONS.index(op.activation))


def svdf_hybrid(op: Svdf) -> tuple[Arg, ...]:
    feature = op.weights_feature
    assert feature.data is not None
    weights = dynamic_weights("feature", feature.data, np.array([feature.scale], np.float32), op.asymmetric_inputs)
    return (
        *(Tensor(op.x), weights, Tensor(op.weights_time), tensor_or_null(op.bias)),
        *(Tensor(op.activation_state), Tensor(op.y), Scratch("quantized", op.x.shape[1]), shape_struct(op)),
        *(op.weights_time.scale, ACTIVATIONS.index(op.activation)),
    )


def svdf_s8(op: Svdf) -> tuple[Arg, ...]:
    feature, time = op.weights_feature.data, op.weights_time.data
    assert feature is not None
    assert time is not None
    feature_bias = -op.x.zero_point * feature.sum(1, dtype=np.int64)
    bias = -op.activation_state.zero_point * time.reshape(op.units, -1).sum(1, dtype=np.int64)
    if op.bias is not None and op.bias.data is not None:
        bias = bias + op.bias.data.ravel()
    params = struct(
        "tk_svdf_s8_params",
        shape=shape_struct(op),
        state_multiplier=op.state_multiplier.multiplier,
        state_shift=op.state_multiplier.shift,
        state_offset=op.activation_state.zero_point,
        output_multiplier=op.output_multiplier.multiplier,
        output_shift=op.output_multiplier.shift,
        output_offset=op.y.zero_point,
    )
    return (
        *(
            Tensor(op.x),
            Tensor(op.weights_feature),
            Table("feature_bias", wrapped(feature_bias).astype(np.int32), Content.BIAS),
        ),
        *(Tensor(op.weights_time), Table("bias", wrapped(bias).astype(np.int32), Content.BIAS)),
        *(Tensor(op.activation_state), Tensor(op.y), params),
    )


VARIANTS: tuple[Variant[Any], ...] = (
    *(
        variant
        for symbol, types in (("tk_rnn_hybrid", ("hybrid",)), ("tk_rnn_f32", ("float32",)))
        for variant in (
            Variant(symbol, Rnn, types, bind_rnn, usual(types)),
            Variant(symbol, BidirectionalRnn, types, bind_directions, usual(types)),
        )
    ),
    tk("tk_svdf_s8", Svdf, ("int8",), svdf_s8, cost=rate(mac=7, element=40)),
    tk("tk_svdf_hybrid", Svdf, ("hybrid",), svdf_hybrid),
    tk("tk_svdf_f32", Svdf, ("float32",), svdf_f32),
)

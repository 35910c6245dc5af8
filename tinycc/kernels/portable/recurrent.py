# SPDX-License-Identifier: Apache-2.0
"""RNN and SVDF in plain C."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.ir import Value
from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Scratch, Struct, Table, Tensor, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.portable.base import tk
from tinycc.kernels.portable.dynamic import dynamic_weights
from tinycc.kernels.portable.lstm_layer import sequence_shape
from tinycc.ops.recurrent.base import ACTIVATIONS, wrapped
from tinycc.ops.recurrent.rnn import Rnn
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.program.types import Content


def rnn_hybrid(op: Rnn) -> tuple[Arg, ...]:
    def weights(role: str, value: Value) -> Struct:
        assert value.data is not None
        return dynamic_weights(role, value.data, np.array([value.scale], np.float32), op.asymmetric_inputs)

    scratch = Scratch("quantized", max(op.sequence.inputs, op.units))
    return (
        *(Tensor(op.x), weights("input", op.weights), weights("recurrent", op.recurrent), Tensor(op.bias)),
        *(Tensor(op.hidden), Tensor(op.y), scratch, sequence_shape(op.sequence, op.units), ACTIVATIONS.index(op.activation)),
    )


def rnn_f32(op: Rnn) -> tuple[Arg, ...]:
    operands = op.x, op.weights, op.recurrent, op.bias, op.hidden, op.y
    tensors: tuple[Arg, ...] = tuple(Tensor(value) for value in operands)
    return (*tensors, sequence_shape(op.sequence, op.units), ACTIVATIONS.index(op.activation))


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
    tk("tk_rnn_hybrid", Rnn, ("hybrid",), rnn_hybrid),
    tk("tk_rnn_f32", Rnn, ("float32",), rnn_f32),
    tk("tk_svdf_s8", Svdf, ("int8",), svdf_s8, cost=rate(mac=7, element=40)),
    tk("tk_svdf_hybrid", Svdf, ("hybrid",), svdf_hybrid),
    tk("tk_svdf_f32", Svdf, ("float32",), svdf_f32),
)

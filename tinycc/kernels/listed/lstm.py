# SPDX-License-Identifier: Apache-2.0
"""Kernels of lstm."""

from __future__ import annotations

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Ints, Struct, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.lstm_layer import lower_layer_f32, scratches, sequence_shape
from tinycc.kernels.listed.lstm_litert import lower_litert
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.tables import sigmoid_table
from tinycc.ops.base import Operator
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.target import Target


def lower_f32(op: Lstm, target: Target) -> tuple[Call, ...]:
    states = Tensor(op.hidden), Tensor(op.cell)
    memory = scratches([op.layer], op.sequence.inputs)
    return (lower_layer_f32(op.layer, op.sequence, Tensor(op.x), states, Tensor(op.y), memory),)


def _params(op: Lstm) -> Struct:
    keep, add = op.cell_multipliers
    low, high = op.cell_range

    def ints(multipliers: list[Multiplier]) -> tuple[Ints, Ints]:
        return Ints(tuple(m.multiplier for m in multipliers)), Ints(tuple(m.shift for m in multipliers))

    inputs, recurrent = ints(op.input_multipliers), ints(op.recurrent_multipliers)
    return struct(
        "tk_lstm_params",
        shape=sequence_shape(op.sequence, op.layer.units),
        input_multiplier=inputs[0],
        input_shift=inputs[1],
        recurrent_multiplier=recurrent[0],
        recurrent_shift=recurrent[1],
        forget_multiplier=keep.multiplier,
        forget_shift=keep.shift,
        update_multiplier=add.multiplier,
        update_shift=add.shift,
        cell_min=low,
        cell_max=high,
        tanh_multiplier=op.tanh_argument.multiplier,
        tanh_shift=op.tanh_argument.shift,
        output_multiplier=op.output_multiplier.multiplier,
        output_shift=op.output_multiplier.shift,
        output_offset=op.hidden.zero_point,
    )


def _weights(op: Lstm) -> Struct:
    constants = op.constants
    weights, recurrent = Table("input_weights", constants.input), Table("recurrent_weights", constants.recurrent)
    sigmoid = Table("sigmoid", sigmoid_table())
    if op.x.dtype is DType.INT16:
        bias = Table("bias", constants.input_bias)
        return struct("tk_lstm_s16_weights", input=weights, recurrent=recurrent, bias=bias, sigmoid=sigmoid)
    return struct(
        "tk_lstm_s8_weights",
        input=weights,
        recurrent=recurrent,
        input_bias=Table("input_bias", wrapped(constants.input_bias).astype(np.int32)),
        recurrent_bias=Table("recurrent_bias", wrapped(constants.recurrent_bias).astype(np.int32)),
        sigmoid=sigmoid,
    )


def lower_integer(op: Lstm, target: Target) -> tuple[Call, ...]:
    symbol = "tk_lstm_s16" if op.x.dtype is DType.INT16 else "tk_lstm_s8"
    return (Call(symbol, (Tensor(op.x), _weights(op), Tensor(op.hidden), Tensor(op.cell), Tensor(op.y), _params(op))),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Lstm] = (
    Kernel("tk_lstm_litert_s8", lower_litert, lambda op, target: op.litert is not None),
    Kernel("tk_lstm_s8", lower_integer, lambda op, target: op.x.dtype is DType.INT8),
    Kernel("tk_lstm_s16", lower_integer, lambda op, target: op.x.dtype is DType.INT16),
    Kernel("tk_lstm_hybrid", lower_f32, lambda op, target: op.hybrid),
    Kernel("tk_lstm_f32", lower_f32, lambda op, target: op.x.dtype is DType.FLOAT32),
)

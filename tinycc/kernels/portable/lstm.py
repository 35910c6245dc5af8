# SPDX-License-Identifier: Apache-2.0
"""UNIDIRECTIONAL_SEQUENCE_LSTM, LSTM and BIDIRECTIONAL_SEQUENCE_LSTM in plain C.

CMSIS-NN's arm_lstm_unidirectional_s8 and _s16 are not called. They saturate the sum of an argument's two products, where TFLM's
reference saturates the second product first: results differ if that one alone exceeds 16 bits, which the weights of trained
layers allow (20 units are enough). And in the releases up to 7.0.0 they clear both states at every call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Call, Ints, Struct, Table, Tensor, struct
from tinycc.kernels.portable.base import tk, usual
from tinycc.kernels.portable.lstm_layer import layer_call, scratches, sequence_shape
from tinycc.kernels.portable.lstm_litert import litert
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.tables import sigmoid_table
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.bidirectional import BidirectionalLstm
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.program.types import Content


def bind_layer(op: Lstm, context: Context) -> tuple[Call, ...]:
    states = Tensor(op.hidden), Tensor(op.cell)
    memory = scratches([op.layer], op.sequence.inputs)
    return (layer_call(op.layer, op.sequence, Tensor(op.x), states, Tensor(op.y), memory),)


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
    weights, recurrent = (
        Table("input_weights", constants.input, Content.WEIGHTS),
        Table("recurrent_weights", constants.recurrent, Content.WEIGHTS),
    )
    sigmoid = Table("sigmoid", sigmoid_table(), Content.TABLE)
    if op.x.dtype is DType.INT16:
        bias = Table("bias", constants.input_bias, Content.BIAS)
        return struct("tk_lstm_s16_weights", input=weights, recurrent=recurrent, bias=bias, sigmoid=sigmoid)
    return struct(
        "tk_lstm_s8_weights",
        input=weights,
        recurrent=recurrent,
        input_bias=Table("input_bias", wrapped(constants.input_bias).astype(np.int32), Content.BIAS),
        recurrent_bias=Table("recurrent_bias", wrapped(constants.recurrent_bias).astype(np.int32), Content.BIAS),
        sigmoid=sigmoid,
    )


def integer(op: Lstm) -> tuple[Arg, ...]:
    return (Tensor(op.x), _weights(op), Tensor(op.hidden), Tensor(op.cell), Tensor(op.y), _params(op))


def litert_layer(op: Lstm, context: Context) -> str | None:
    """LiteRT's arithmetic is followed: it is asked for, or TFLM lacks the layer"""
    return None if op.litert is not None else f"{op.numerics}"


def tflm_layer(op: Lstm, context: Context) -> str | None:
    """TFLM's arithmetic is followed"""
    return None if op.litert is None else "a layer that TFLM lacks, or LiteRT's arithmetic"


def bind_directions(op: BidirectionalLstm, context: Context) -> tuple[Call, ...]:
    forward, backward = op.layers
    offset = forward.outputs if op.merged else 0
    pitch = forward.outputs + backward.outputs if op.merged else 0
    places = Tensor(op.y), Tensor(op.y, offset) if op.merged else Tensor(op.outputs[1])
    memory = scratches(op.layers, op.sequence.inputs)
    return tuple(
        layer_call(
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


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_lstm_litert_s8", Lstm, ("int8",), litert, facts=(litert_layer,)),
    tk("tk_lstm_s8", Lstm, ("int8",), integer, facts=(tflm_layer,)),
    tk("tk_lstm_s16", Lstm, ("int16",), integer),
    Variant("tk_lstm_hybrid", Lstm, ("hybrid",), bind_layer, usual(("hybrid",))),
    Variant("tk_lstm_f32", Lstm, ("float32",), bind_layer, usual(("float32",))),
    Variant("tk_lstm_hybrid", BidirectionalLstm, ("hybrid",), bind_directions, usual(("hybrid",))),
    Variant("tk_lstm_f32", BidirectionalLstm, ("float32",), bind_directions, usual(("float32",))),
)

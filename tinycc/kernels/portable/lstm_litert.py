# SPDX-License-Identifier: Apache-2.0
"""An integer LSTM layer as LiteRT computes it, in plain C."""

from __future__ import annotations

from tinycc.ir import Array, DType
from tinycc.kernels.calls import Arg, Ints, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.portable.lstm_layer import sequence_shape
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.recurrent.layer import Sequence
from tinycc.ops.recurrent.litert import LitertLayer
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.program.types import Content


def litert(op: Lstm) -> tuple[Arg, ...]:
    layer = op.litert
    assert layer is not None
    scratch = Scratch("gates", 2 * layer.layer.units * len(layer.layer.order))
    states = Tensor(layer.hidden), Tensor(layer.cell)
    return (Tensor(layer.x), _weights(layer), *states, Tensor(op.y), scratch, _params(layer, op.sequence))


def _weights(layer: LitertLayer) -> Struct:
    w = layer.constants

    def table(role: str, data: Array | None, dtype: DType, content: Content = Content.WEIGHTS) -> Arg:
        return None if data is None else Table(role, data.astype(dtype.numpy), content)

    return struct(
        "tk_lstm_litert_s8_weights",
        input=table("input_weights", w.input, DType.INT8),
        recurrent=table("recurrent_weights", w.recurrent, DType.INT8),
        input_bias=table("input_bias", w.input_bias, DType.INT32, Content.BIAS),
        recurrent_bias=table("recurrent_bias", w.recurrent_bias, DType.INT32, Content.BIAS),
        peephole=table("peephole", w.peephole, DType.INT16),
        layer_norm=table("layer_norm", w.normalization, DType.INT16),
        layer_norm_bias=table("layer_norm_bias", w.normalization_bias, DType.INT32, Content.BIAS),
        projection=table("projection", w.projection, DType.INT8),
        projection_bias=table("projection_bias", w.projection_bias, DType.INT32, Content.BIAS),
    )


def _params(layer: LitertLayer, sequence: Sequence) -> Struct:
    return struct(
        "tk_lstm_litert_s8_params",
        shape=sequence_shape(sequence, layer.layer.units),
        outputs=layer.layer.outputs,
        gates=len(layer.layer.order),
        input=_rescales(layer.input_multipliers),
        recurrent=_rescales(layer.recurrent_multipliers),
        peephole=_rescales(layer.peephole_multipliers),
        layer_norm=_rescales(layer.normalization_multipliers),
        variance_guard=Ints(layer.variance_guards),
        cell_power=layer.cell_power,
        cell_clip=layer.cell_clip,
        hidden_multiplier=layer.hidden_multiplier.multiplier,
        hidden_shift=layer.hidden_multiplier.shift,
        hidden_offset=layer.offset,
        projection_multiplier=layer.projection_multiplier.multiplier,
        projection_shift=layer.projection_multiplier.shift,
        projection_offset=layer.hidden.zero_point,
        projection_clip=layer.projection_clip,
    )


def _rescales(multipliers: tuple[Multiplier, ...]) -> Struct:
    return struct(
        "tk_lstm_rescale",
        multiplier=Ints(tuple(m.multiplier for m in multipliers)),
        shift=Ints(tuple(m.shift for m in multipliers)),
    )

# SPDX-License-Identifier: Apache-2.0
"""One float32 or hybrid LSTM layer, in plain C."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.portable.dynamic import NO_WEIGHTS, dynamic_weights
from tinycc.ops.recurrent.base import ACTIVATIONS
from tinycc.ops.recurrent.layer import Layer, Sequence, gates_of
from tinycc.program.types import Content


def layer_call(
    layer: Layer,
    sequence: Sequence,
    x: Tensor,
    states: tuple[Tensor, Tensor],
    y: Tensor,
    scratches: tuple[Scratch, Scratch],
    *,
    pitch: int = 0,
    reverse: bool = False,
    name: str = "",
) -> Call:
    """The call of tk_lstm_f32 or tk_lstm_hybrid. `pitch`: elements from one row of y to the next, if more than the outputs."""
    params = struct(
        "tk_lstm_f32_params",
        batch=sequence.batch,
        steps=sequence.steps,
        inputs=sequence.inputs,
        units=layer.units,
        outputs=layer.outputs,
        gates=len(layer.order),
        batch_rows=sequence.batch_rows,
        step_rows=sequence.step_rows,
        y_pitch=pitch or layer.outputs,
        reverse=int(reverse),
        activation=ACTIVATIONS.index(layer.activation),
        cell_clip=layer.cell_clip,
        projection_clip=layer.projection_clip,
    )
    if layer.hybrid:
        return Call("tk_lstm_hybrid", (x, _hybrid_weights(layer, name), *states, y, *scratches, params))
    return Call("tk_lstm_f32", (x, _weights(layer, name), *states, y, scratches[0], params))


def scratches(layers: Iterable[Layer], inputs: int) -> tuple[Scratch, Scratch]:
    """For all layers of an operator: their gates, and inputs as a hybrid layer quantizes them."""
    widest = max(max(inputs, layer.outputs, layer.units) for layer in layers)
    return Scratch("gates", max(layer.scratch_bytes for layer in layers)), Scratch("quantized", widest)


def _weights(layer: Layer, name: str) -> Struct:
    w = gates_of(layer)

    def table(role: str, data: Array | None, content: Content = Content.WEIGHTS) -> Arg:
        return None if data is None else Table(f"{name}{role}", data, content)

    def tensor(position: int, role: str, content: Content = Content.WEIGHTS) -> Arg:
        value = layer.weights[position]
        return None if value is None else table(role, value.data, content)

    return struct(
        "tk_lstm_f32_weights",
        input=None if layer.hybrid else table("input_weights", w.input),
        recurrent=None if layer.hybrid else table("recurrent_weights", w.recurrent),
        bias=table("bias", w.bias, Content.BIAS),
        peephole=table("peephole", w.peephole),
        layer_norm=table("layer_norm", w.normalization),
        projection=None if layer.hybrid else tensor(layer.PROJECTION, "projection"),
        projection_bias=tensor(layer.PROJECTION_BIAS, "projection_bias", Content.BIAS),
    )


def _hybrid_weights(layer: Layer, name: str) -> Struct:
    w, projection, asymmetric = gates_of(layer), layer.weights[layer.PROJECTION], layer.asymmetric
    projected = NO_WEIGHTS
    if projection is not None and projection.data is not None:
        scale = np.array([projection.scale], np.float32)
        projected = dynamic_weights(f"{name}projection", projection.data, scale, asymmetric)
    return struct(
        "tk_lstm_hybrid_weights",
        input=dynamic_weights(f"{name}input", w.input, w.input_scales, asymmetric),
        recurrent=dynamic_weights(f"{name}recurrent", w.recurrent, w.recurrent_scales, asymmetric),
        projection=projected,
        rest=_weights(layer, name),
    )


def sequence_shape(sequence: Sequence, units: int) -> Struct:
    """The kernels' `tk_lstm_shape`."""
    return struct(
        "tk_lstm_shape",
        batch=sequence.batch,
        steps=sequence.steps,
        inputs=sequence.inputs,
        units=units,
        batch_rows=sequence.batch_rows,
        step_rows=sequence.step_rows,
    )

# SPDX-License-Identifier: Apache-2.0
"""Kernels of bidirectional_lstm."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.lstm_layer import lower_layer_f32, scratches
from tinycc.ops.base import Operator
from tinycc.ops.recurrent.bidirectional import BidirectionalLstm
from tinycc.target import Target


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


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[BidirectionalLstm] = (
    Kernel("tk_lstm_hybrid", lower, lambda op, target: any(layer.hybrid for layer in op.layers)),
    Kernel("tk_lstm_f32", lower),
)

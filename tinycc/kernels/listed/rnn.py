# SPDX-License-Identifier: Apache-2.0
"""Kernels of rnn."""

from __future__ import annotations

import numpy as np

from tinycc.ir import DType, Value
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.hybrid import dynamic_weights
from tinycc.kernels.listed.lstm_layer import sequence_shape
from tinycc.ops.base import Operator
from tinycc.ops.recurrent.base import ACTIVATIONS
from tinycc.ops.recurrent.rnn import Rnn
from tinycc.target import Target


def lower_hybrid(op: Rnn, target: Target) -> tuple[Call, ...]:
    def weights(role: str, value: Value) -> Struct:
        assert value.data is not None
        return dynamic_weights(role, value.data, np.array([value.scale], np.float32), op.asymmetric_inputs)

    scratch = Scratch("quantized", max(op.sequence.inputs, op.units))
    args: tuple[Arg, ...] = (
        *(Tensor(op.x), weights("input", op.weights), weights("recurrent", op.recurrent), Tensor(op.bias)),
        *(Tensor(op.hidden), Tensor(op.y), scratch, sequence_shape(op.sequence, op.units), ACTIVATIONS.index(op.activation)),
    )
    return (Call("tk_rnn_hybrid", args),)


def lower(op: Rnn, target: Target) -> tuple[Call, ...]:
    operands = op.x, op.weights, op.recurrent, op.bias, op.hidden, op.y
    tensors: tuple[Arg, ...] = tuple(Tensor(value) for value in operands)
    return (Call("tk_rnn_f32", (*tensors, sequence_shape(op.sequence, op.units), ACTIVATIONS.index(op.activation))),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Rnn] = (
    Kernel("tk_rnn_hybrid", lower_hybrid, lambda op, target: op.weights.dtype is DType.INT8),
    Kernel("tk_rnn_f32", lower),
)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of svdf."""

from __future__ import annotations

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.fully_connected import tensor_quantization
from tinycc.kernels.listed.hybrid import dynamic_weights
from tinycc.kernels.listed.quantized import dims
from tinycc.ops.base import Operator
from tinycc.ops.recurrent.base import ACTIVATIONS, wrapped
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.target import Target


def shape_struct(op: Svdf) -> Struct:
    batch, inputs = op.x.shape
    return struct("tk_svdf_shape", batch=batch, inputs=inputs, units=op.units, rank=op.rank, memory=op.memory)


def lower_f32(op: Svdf, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    weights = Tensor(op.weights_feature), Tensor(op.weights_time)
    args: tuple[Arg, ...] = (Tensor(op.x), *weights, bias, Tensor(op.activation_state), Tensor(op.y), shape_struct(op))
    return (Call("tk_svdf_f32", (*args, ACTIVATIONS.index(op.activation))),)


def lower_hybrid(op: Svdf, target: Target) -> tuple[Call, ...]:
    feature = op.weights_feature
    assert feature.data is not None
    weights = dynamic_weights("feature", feature.data, np.array([feature.scale], np.float32), op.asymmetric_inputs)
    args: tuple[Arg, ...] = (
        *(Tensor(op.x), weights, Tensor(op.weights_time), None if op.bias is None else Tensor(op.bias)),
        *(Tensor(op.activation_state), Tensor(op.y), Scratch("quantized", op.x.shape[1]), shape_struct(op)),
        *(op.weights_time.scale, ACTIVATIONS.index(op.activation)),
    )
    return (Call("tk_svdf_hybrid", args),)


def lower_s8(op: Svdf, target: Target) -> tuple[Call, ...]:
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
    args: tuple[Arg, ...] = (
        *(Tensor(op.x), Tensor(op.weights_feature), Table("feature_bias", wrapped(feature_bias).astype(np.int32))),
        *(Tensor(op.weights_time), Table("bias", wrapped(bias).astype(np.int32))),
        *(Tensor(op.activation_state), Tensor(op.y), params),
    )
    return (Call("tk_svdf_s8", args),)


def lower_cmsis(op: Svdf, target: Target) -> tuple[Call, ...]:
    batch, inputs = op.x.shape
    sizes = 4 * batch * op.filters, 4 * batch * op.units
    scratch = [
        struct("cmsis_nn_context", buf=Scratch(role, size), size=size)
        for role, size in zip(("per_filter", "per_unit"), sizes, strict=True)
    ]
    low, high = op.activation_state.dtype.limits
    params = struct(
        "cmsis_nn_svdf_params",
        rank=op.rank,
        input_offset=op.x.zero_point,
        output_offset=op.y.zero_point,
        input_activation=struct("cmsis_nn_activation", min=low, max=high),
        output_activation=struct("cmsis_nn_activation", min=-128, max=127),
    )
    args: tuple[Arg, ...] = (
        *(*scratch, params, tensor_quantization(op.state_multiplier), tensor_quantization(op.output_multiplier)),
        *(dims(batch, inputs, 1, 1), Tensor(op.x)),
        *(dims(batch, op.memory * op.filters, 1, 1), Tensor(op.activation_state)),
        *(dims(op.filters, inputs, 1, 1), Tensor(op.weights_feature)),
        *(dims(op.filters, op.memory, 1, 1), Tensor(op.weights_time)),
        *(dims(op.units, 1, 1, 1), None if op.bias is None else Tensor(op.bias)),
        *(dims(batch, op.units, 1, 1), Tensor(op.y)),
    )
    if op.activation_state.dtype is DType.INT16:
        return (Call("arm_svdf_state_s16_s8", args, checked=True),)
    return (Call("arm_svdf_s8", (kernel_sums(op, target), *args), checked=True),)


def kernel_sums(op: Svdf, target: Target) -> Struct:
    """The context of arm_svdf_s8: with Helium, what the input's zero point adds to each filter's sum."""
    if not target.may_use_mve:
        return struct("cmsis_nn_context", buf=None, size=0)
    assert op.weights_feature.data is not None
    sums = wrapped(-op.x.zero_point * op.weights_feature.data.sum(1, dtype=np.int64))
    return struct("cmsis_nn_context", buf=Table("kernel_sums", sums.astype(np.int32)), size=4 * op.filters)


def without_offset(op: Svdf, target: Target) -> bool:
    """CMSIS-NN's 8-bit state has no zero point; TFLM's reference adds it, and wraps around where that goes beyond 8 bits."""
    return op.x.dtype is DType.INT8 and op.activation_state.zero_point == 0


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Svdf] = (
    Kernel(
        "arm_svdf_state_s16_s8",
        lower_cmsis,
        lambda op, target: op.activation_state.dtype is DType.INT16,
        types=("int8, int16 state",),
    ),
    Kernel("arm_svdf_s8", lower_cmsis, without_offset, types=("int8",)),
    Kernel("tk_svdf_s8", lower_s8, lambda op, target: op.x.dtype is DType.INT8, types=("int8",)),
    Kernel("tk_svdf_hybrid", lower_hybrid, lambda op, target: op.hybrid),
    Kernel("tk_svdf_f32", lower_f32, lambda op, target: op.x.dtype is DType.FLOAT32),
)

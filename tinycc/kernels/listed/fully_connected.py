# SPDX-License-Identifier: Apache-2.0
"""Kernels of fully_connected."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array, DType
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, context, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.convolution16 import Geometry, convolutions_16x8
from tinycc.kernels.listed.hybrid import hybrid
from tinycc.kernels.listed.quantized import activation, channel_quantization, conv_shape, dims, range_f32
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float, is_int8, is_int16
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.window import Padding, Pair, Window
from tinycc.target import Target


def bias_or_null(op: FullyConnected) -> Tensor | None:
    return None if op.bias is None else Tensor(op.bias)


def offsets(op: FullyConnected) -> tuple[int, int]:
    """What CMSIS-NN adds to inputs and to weights: their zero points, negated."""
    return -op.x.zero_point, -op.weights.zero_point


def kernel_sums(op: FullyConnected) -> Array | None:
    """bias[o] + sum_i x_offset * (weights[o,i] + weights_offset) as `arm_vector_sum_s8` gives it, if all of it is constant."""
    bias = None if op.bias is None else op.bias.data
    if op.weights.data is None or (op.bias is not None and bias is None):
        return None
    x_offset, weights_offset = offsets(op)
    sums: Array = x_offset * (op.weights.data.astype(np.int64) + weights_offset).sum(1)
    if bias is not None:
        sums = sums + bias.ravel()
    return sums.astype(np.int32)


def kernel_sum_context(op: FullyConnected, target: Target) -> tuple[Struct, tuple[Call, ...]]:
    """CMSIS-NN's context, and the calls that fill it: with Helium it holds the kernel sums, otherwise nothing.

    Constant sums lie in flash; the others are made before each inference by `arm_vector_sum_s8`.
    """
    size = 4 * op.channels if target.may_use_mve else 0
    constant = kernel_sums(op) if size else None
    buffer = None if not size else Scratch("kernel_sums", size) if constant is None else Table("kernel_sums", constant)
    ctx = struct("cmsis_nn_context", buf=buffer, size=size)
    if not isinstance(buffer, Scratch):
        return ctx, ()
    args = (buffer, op.depth, op.channels, Tensor(op.weights), *offsets(op), bias_or_null(op))
    return ctx, (Call("arm_vector_sum_s8", args, checked=True),)


def lower_s8(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    per_channel = op.weights.quantization.per_channel
    ctx, fill = kernel_sum_context(op, target)
    x_offset, weights_offset = offsets(op)
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=x_offset,
        filter_offset=weights_offset,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        ctx,
        params,
        channel_quantization(op.requantization) if per_channel else tensor_quantization(op.requantization[0]),
        dims(op.batch, 1, 1, op.depth),
        Tensor(op.x),
        dims(op.depth, 1, 1, op.channels),
        Tensor(op.weights),
        dims(1, 1, 1, op.channels),
        bias_or_null(op),
        dims(op.batch, 1, 1, op.channels),
        Tensor(op.y),
    )
    symbol = "arm_fully_connected_per_channel_s8" if per_channel else "arm_fully_connected_s8"
    return (*fill, Call(symbol, args, checked=True))


def lower_s4(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=-op.x.zero_point,
        filter_offset=0,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        *(context("none", 0), params, tensor_quantization(op.requantization[0])),
        *(dims(op.batch, 1, 1, op.depth), Tensor(op.x)),
        *(dims(op.depth, 1, 1, op.channels), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        *(dims(op.batch, 1, 1, op.channels), Tensor(op.y)),
    )
    return (Call("arm_fully_connected_s4", args, checked=True),)


def tensor_quantization(entry: Multiplier) -> Struct:
    """CMSIS-NN's `cmsis_nn_per_tensor_quant_params`."""
    return struct("cmsis_nn_per_tensor_quant_params", multiplier=entry.multiplier, shift=entry.shift)


def lower_s16(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=0,
        filter_offset=0,
        output_offset=0,
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        *(context("none", 0), params, tensor_quantization(op.requantization[0])),
        *(dims(op.batch, 1, 1, op.depth), Tensor(op.x)),
        *(dims(op.depth, 1, 1, op.channels), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        *(dims(op.batch, 1, 1, op.channels), Tensor(op.y)),
    )
    return (Call("arm_fully_connected_s16", args, checked=True),)


def as_convolution(op: FullyConnected) -> Geometry:
    """A 1x1 convolution over an image of one row."""
    window = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))
    return Geometry((1, 1, op.batch, op.depth), (op.channels, 1, 1, op.depth), (1, 1, op.batch, op.channels), window)


def rows_shape(op: FullyConnected) -> Struct:
    """A 1x1 convolution over images of one pixel, one per row."""
    g = as_convolution(op)
    return conv_shape((op.batch, 1, 1, op.depth), (op.batch, 1, 1, op.channels), g.window, 1)


def lower_litert_s8(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    return (litert_call("tk_fully_connected_litert_s8", op),)


def lower_litert_s4(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    return (litert_call("tk_fully_connected_litert_s4", op),)


def litert_call(symbol: str, op: FullyConnected) -> Call:
    scales = np.asarray(op.weights.quantization.scales, np.float32)
    x_offset, weights_offset = offsets(op)
    params = struct(
        "tk_fully_connected_litert_s8_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        input_offset=x_offset,
        weights_offset=weights_offset,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
        input_scale=op.x.scale,
        output_scale=op.y.scale,
        scale_step=int(scales.size > 1),
    )
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), Table("weight_scales", scales), Tensor(op.y), params)
    return Call(symbol, args)


def lower_litert_s16(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    scales = np.asarray(op.weights.quantization.scales, np.float32)
    params = struct(
        "tk_fully_connected_litert_s16_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        narrow=int(not op.wide_accumulators),
        min=int(op.range.min),
        max=int(op.range.max),
        input_scale=op.x.scale,
        output_scale=op.y.scale,
        scale_step=int(scales.size > 1),
    )
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), Table("weight_scales", scales), Tensor(op.y), params)
    return (Call("tk_fully_connected_litert_s16", args),)


def lower_blockwise(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_blockwise_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        block=op.weights.quantization.block,
        range=range_f32(op.range),
    )
    scales = Table("block_scales", np.asarray(op.weights.quantization.scales, np.float16))
    scratch = Scratch("quantized", op.depth)
    args = (Tensor(op.x), Tensor(op.weights), scales, bias_or_null(op), Tensor(op.y), scratch, params)
    return (Call("tk_fully_connected_blockwise_s4", args),)


def lower_f32(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    args: tuple[Arg, ...] = (
        *(Tensor(op.x), Tensor(op.weights), bias_or_null(op), Tensor(op.y)),
        *(op.batch, op.depth, op.channels, range_f32(op.range)),
    )
    return (Call("tk_fully_connected_f32", args),)


def is_per_channel(op: FullyConnected) -> bool:
    return is_int8(op) and op.weights.quantization.per_channel


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[FullyConnected] = (
    Kernel("tk_fully_connected_litert_s4", lower_litert_s4, lambda op, target: op.packed and op.real),
    Kernel("arm_fully_connected_s4", lower_s4, lambda op, target: op.packed),
    Kernel("tk_fully_connected_litert_s8", lower_litert_s8, lambda op, target: is_int8(op) and op.real),
    Kernel("arm_fully_connected_per_channel_s8", lower_s8, lambda op, target: is_per_channel(op)),
    Kernel("arm_fully_connected_s8", lower_s8, lambda op, target: is_int8(op)),
    Kernel("tk_fully_connected_litert_s16", lower_litert_s16, lambda op, target: is_int16(op) and op.real),
    Kernel("arm_fully_connected_s16", lower_s16, lambda op, target: op.wide_accumulators and len(op.requantization) == 1),
    *convolutions_16x8(as_convolution),
    Kernel("tk_fully_connected_blockwise_s4", lower_blockwise, lambda op, target: op.blockwise_weights, types=("hybrid int4",)),
    hybrid("tk_conv_hybrid", rows_shape),
    hybrid("tk_conv_hybrid_s4", rows_shape, DType.INT4),
    Kernel("tk_fully_connected_f32", lower_f32, lambda op, target: is_float(op)),
)

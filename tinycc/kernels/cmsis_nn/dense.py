# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED and BATCH_MATMUL by CMSIS-NN."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tinycc.ir import Array, Value
from tinycc.kernels.base import Context, Origin, Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, context, struct, tensor_or_null
from tinycc.kernels.cmsis_nn import counts, counts16
from tinycc.kernels.cmsis_nn.base import activation, arm, channel_quantization, dims, tensor_quantization, tile
from tinycc.kernels.cmsis_nn.convolution import CONVOLVE_S16, computed_s16, convolve_s16, documented
from tinycc.kernels.cmsis_nn.versions import bias_of_64_bits, no_offset
from tinycc.kernels.costs import Estimate, Rate, arm_rate, bundled
from tinycc.kernels.facts import older_library, rounds_twice
from tinycc.kernels.geometry import one_row
from tinycc.kernels.portable.base import ints
from tinycc.ops.conditions import is_int8
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.window import Pair
from tinycc.program.types import Content


def one_multiplier(op: FullyConnected, context: Context) -> str | None:
    """the weights have one scale"""
    return f"{len(op.requantization)} scales" if op.weights.quantization.per_channel else None


def several_multipliers(op: FullyConnected, context: Context) -> str | None:
    """the weights are quantized per channel"""
    return None if op.weights.quantization.per_channel else "one scale"


def wide_sums_of_one_multiplier(op: FullyConnected, context: Context) -> str | None:
    """sums have 64 bits (the bias is no int32), and the weights have one scale"""
    return None if op.wide_accumulators and len(op.requantization) == 1 else f"bias {op.bias}, {len(op.requantization)} scales"


def kernel_sums(op: FullyConnected) -> Array | None:
    """bias[o] + sum_i x_offset * (weights[o,i] + weights_offset) as `arm_vector_sum_s8` gives it, if all of it is constant."""
    bias = None if op.bias is None else op.bias.data
    if op.weights.data is None or (op.bias is not None and bias is None):
        return None
    sums: Array = -op.x.zero_point * (op.weights.data.astype(np.int64) - op.weights.zero_point).sum(1)
    if bias is not None:
        sums = sums + bias.ravel()
    return sums.astype(np.int32)


def kernel_sum_context(op: FullyConnected, context: Context) -> tuple[Struct, tuple[Call, ...]]:
    """CMSIS-NN's context, and the calls that fill it: with Helium it holds the kernel sums, otherwise nothing.

    Constant sums lie in flash; the others are made before each inference by `arm_vector_sum_s8`.
    """
    size = 4 * op.channels if context.may_use_mve else 0
    constant = kernel_sums(op) if size else None
    buffer = (
        None if not size else Scratch("kernel_sums", size) if constant is None else Table("kernel_sums", constant, Content.BIAS)
    )
    ctx = struct("cmsis_nn_context", buf=buffer, size=size)
    if not isinstance(buffer, Scratch):
        return ctx, ()
    offsets = -op.x.zero_point, -op.weights.zero_point
    args = (buffer, op.depth, op.channels, Tensor(op.weights), *offsets, tensor_or_null(op.bias))
    return ctx, (Call("arm_vector_sum_s8", args, checked=True),)


def dense_args(op: FullyConnected, buffer: Struct, quantization: Struct) -> tuple[Arg, ...]:
    """The argument list that the functions share."""
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=-op.x.zero_point,
        filter_offset=-op.weights.zero_point,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    return (
        *(buffer, params, quantization),
        *(dims(op.batch, 1, 1, op.depth), Tensor(op.x)),
        *(dims(op.depth, 1, 1, op.channels), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), tensor_or_null(op.bias)),
        *(dims(op.batch, 1, 1, op.channels), Tensor(op.y)),
    )


def one_scale(op: FullyConnected, context_: Context) -> tuple[Arg, ...]:
    return dense_args(op, context("none", 0), tensor_quantization(op.requantization[0]))


def pixels(op: FullyConnected, context_: Context) -> tuple[Arg, ...]:
    """A 1x1 convolution over images of one pixel."""
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(Pair(1, 1)),
        padding=tile(Pair(0, 0)),
        dilation=tile(Pair(1, 1)),
        activation=activation(op),
    )
    return (
        *(context("none", 0), params, channel_quantization(op.requantization)),
        *(dims(op.batch, 1, 1, op.depth), Tensor(op.x)),
        *(dims(op.channels, 1, 1, op.depth), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), tensor_or_null(op.bias)),
        *(dims(op.batch, 1, 1, op.channels), Tensor(op.y)),
    )


def bind_s8(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    buffer, fill = kernel_sum_context(op, context)
    args = dense_args(op, buffer, tensor_quantization(op.requantization[0]))
    return (*fill, Call("arm_fully_connected_s8", args, checked=True))


def bind_per_channel_s8(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    buffer, fill = kernel_sum_context(op, context)
    args = dense_args(op, buffer, channel_quantization(op.requantization))
    return (*fill, Call("arm_fully_connected_per_channel_s8", args, checked=True))


def two_loops(op: BatchMatMul, context: Context) -> str | None:
    """the matrices lie along at most two loops"""
    return f"{len(op.batches)} loops" if len(op.batches) > 2 else None


def matrices(batches: list[int], rows: int, columns: int) -> Struct:
    """The `cmsis_nn_dims` of one or two loops over matrices."""
    outer, inner = [1, *batches][-2:]
    return dims(outer, inner, rows, columns)


def transposed(role: str, value: Value) -> tuple[Tensor | Table | Scratch, tuple[Call, ...]]:
    """Where the matrices of `value` lie transposed, and the calls that put them there."""
    *_, rows, columns = value.shape
    if value.data is not None:
        return Table(role, np.ascontiguousarray(np.swapaxes(value.data, -1, -2)), Content.WEIGHTS), ()
    count, size = value.type.elements // (rows * columns), value.dtype.bytes
    copy = struct(
        "tk_copy_shape",
        rank=3,
        dims=ints((count, columns, rows)),
        x_stride=ints((rows * columns, 1, columns)),
        y_stride=ints((rows * columns, rows, 1)),
    )
    scratch = Scratch(role, value.type.elements * size)
    return scratch, (Call("tk_copy_strided", (Tensor(value), scratch, copy, size)),)


def bind_matmul(symbol: str, op: BatchMatMul, context_: Context) -> tuple[Call, ...]:
    """The product of rows of x and rows of the transposed weights; what does not lie so is transposed first."""
    (rows, depth), (_, columns) = op.x_matrix, op.weights_matrix
    sizes = [loop.size for loop in op.batches]
    x_sizes, weights_sizes = ([loop.size if loop.strides[i] else 1 for loop in op.batches] for i in (0, 1))
    x, x_calls = transposed("x", op.x) if op.adj_x else (Tensor(op.x), ())
    weights, weights_calls = (Tensor(op.weights), ()) if op.adj_y else transposed("weights", op.weights)
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=-op.x.zero_point,
        filter_offset=-op.weights.zero_point,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    sums = context_.scratch(mve=4 * columns) if is_int8(op) else 0
    args: tuple[Arg, ...] = (
        *(context("sums", sums), struct("cmsis_nn_bmm_params", adj_x=0, adj_y=0, fc_params=params)),
        tensor_quantization(op.requantization[0]),
        *(matrices(x_sizes, rows, depth), x),
        *(matrices(weights_sizes, columns, depth), weights),
        *(matrices(sizes, rows, columns), Tensor(op.y)),
    )
    return (*x_calls, *weights_calls, Call(symbol, args, checked=True))


def _matmul(symbol: str, signature: str, cost: Estimate) -> Variant[BatchMatMul]:
    bind = partial(bind_matmul, symbol)
    return Variant(symbol, BatchMatMul, (signature,), bind, cost, (rounds_twice, two_loops), origin=Origin.CMSIS_NN)


ARM_S8 = arm_rate(Rate(3.4, 25), dsp=Rate(2.1, 25), mve=Rate(0.35, 12))
ARM_S16 = arm_rate(Rate(2.85, output=73), dsp=Rate(2.65, output=21), mve=Rate(0.45, 15))
MATMUL_S16 = arm_rate(Rate(5, output=46), dsp=Rate(1.9, output=48), mve=Rate(0.6, 15))
DENSE_S8 = bundled(counts.of_dense, counts.DENSE, ARM_S8)

VARIANTS: tuple[Variant[Any], ...] = (
    arm(
        "arm_fully_connected_s4",
        FullyConnected,
        ("int8x4",),
        one_scale,
        arm_rate(Rate(5, 25), dsp=Rate(3, 25), mve=Rate(0.8, 15)),
    ),
    Variant(
        "arm_fully_connected_per_channel_s8",
        FullyConnected,
        ("int8",),
        bind_per_channel_s8,
        bundled(counts.of_dense, counts.DENSE_PER_CHANNEL, ARM_S8),
        (rounds_twice, several_multipliers),
        origin=Origin.CMSIS_NN,
    ),
    arm(
        "arm_convolve_1x1_s8_fast",
        FullyConnected,
        ("int8",),
        pixels,
        bundled(counts.of_pointwise, counts.POINTWISE, ARM_S8),
        facts=(several_multipliers, older_library),
    ),
    Variant(
        "arm_fully_connected_s8",
        FullyConnected,
        ("int8",),
        bind_s8,
        DENSE_S8,
        (rounds_twice, one_multiplier, no_offset),
        origin=Origin.CMSIS_NN,
    ),
    arm(
        "arm_fully_connected_s16",
        FullyConnected,
        ("int16x8",),
        one_scale,
        bundled(counts16.of_dense, counts16.DENSE, ARM_S16),
        facts=(wide_sums_of_one_multiplier,),
    ),
    arm(
        "arm_convolve_s16",
        FullyConnected,
        ("int16x8",),
        partial(convolve_s16, one_row),
        bundled(partial(counts16.of_convolution, one_row), counts16.CONVOLUTION, CONVOLVE_S16),
        facts=(documented(computed_s16, one_row), bias_of_64_bits),
    ),
    _matmul("arm_batch_matmul_s8", "int8", arm_rate(Rate(4, 25), dsp=Rate(2.3, 25), mve=Rate(0.5, 12))),
    _matmul("arm_batch_matmul_s16", "int16", bundled(counts16.of_matmul, counts16.MATMUL, MATMUL_S16)),
)

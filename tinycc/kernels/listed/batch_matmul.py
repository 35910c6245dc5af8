# SPDX-License-Identifier: Apache-2.0
"""Kernels of batch_matmul."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Value
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, context, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.fully_connected import tensor_quantization
from tinycc.kernels.listed.quantized import activation, dims, int_list, range_f32
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float, is_int8, is_int16
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.target import Target


def matmul_shape(op: BatchMatMul) -> Struct:
    (rows, depth), (_, columns) = op.x_matrix, op.weights_matrix
    loops = op.batches
    batches = struct(
        "tk_broadcast",
        rank=len(loops),
        dims=int_list(tuple(loop.size for loop in loops)),
        stride1=int_list(tuple(loop.strides[0] for loop in loops)),
        stride2=int_list(tuple(loop.strides[1] for loop in loops)),
    )
    return struct(
        "tk_matmul_shape",
        batches=batches,
        rows=rows,
        columns=columns,
        depth=depth,
        x_row=1 if op.adj_x else depth,
        x_step=rows if op.adj_x else 1,
        w_column=depth if op.adj_y else 1,
        w_step=1 if op.adj_y else columns,
    )


def arm_computes(op: BatchMatMul) -> bool:
    """Whether the matrices lie along at most two loops, as `arm_batch_matmul_*` take them."""
    return len(op.batches) <= 2


def matrices(batches: list[int], rows: int, columns: int) -> Struct:
    """The `cmsis_nn_dims` of one or two loops over matrices."""
    outer, inner = [1, *batches][-2:]
    return dims(outer, inner, rows, columns)


def transposed(role: str, value: Value) -> tuple[Tensor | Table | Scratch, tuple[Call, ...]]:
    """Where the matrices of `value` lie transposed, and the calls that put them there."""
    *_, rows, columns = value.shape
    if value.data is not None:
        return Table(role, np.ascontiguousarray(np.swapaxes(value.data, -1, -2))), ()
    count, size = value.type.elements // (rows * columns), value.dtype.bytes
    copy = struct(
        "tk_copy_shape",
        rank=3,
        dims=int_list((count, columns, rows)),
        x_stride=int_list((rows * columns, 1, columns)),
        y_stride=int_list((rows * columns, rows, 1)),
    )
    scratch = Scratch(role, value.type.elements * size)
    return scratch, (Call("tk_copy_strided", (Tensor(value), scratch, copy, size)),)


def lower_arm(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
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
    sums = target.scratch(plain=0, dsp=0, mve=4 * columns) if is_int8(op) else 0
    args: tuple[Arg, ...] = (
        *(context("sums", sums), struct("cmsis_nn_bmm_params", adj_x=0, adj_y=0, fc_params=params)),
        tensor_quantization(op.requantization[0]),
        *(matrices(x_sizes, rows, depth), x),
        *(matrices(weights_sizes, columns, depth), weights),
        *(matrices(sizes, rows, columns), Tensor(op.y)),
    )
    symbol = "arm_batch_matmul_s8" if is_int8(op) else "arm_batch_matmul_s16"
    return (*x_calls, *weights_calls, Call(symbol, args, checked=True))


def lower_s8(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_batch_matmul_s8_params",
        x_offset=-op.x.zero_point,
        w_offset=-op.weights.zero_point,
        multiplier=op.requantization[0].multiplier,
        shift=op.requantization[0].shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_batch_matmul_s8", (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)),)


def lower_s16(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_batch_matmul_s16_params",
        multiplier=op.requantization[0].multiplier,
        shift=op.requantization[0].shift,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_batch_matmul_s16", (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)),)


def lower_f32(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    args = (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), range_f32(op.range))
    return (Call("tk_batch_matmul_f32", args),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[BatchMatMul] = (
    Kernel("arm_batch_matmul_s8", lower_arm, lambda op, target: is_int8(op) and arm_computes(op)),
    Kernel("arm_batch_matmul_s16", lower_arm, lambda op, target: is_int16(op) and arm_computes(op)),
    Kernel("tk_batch_matmul_s8", lower_s8, lambda op, target: is_int8(op)),
    Kernel("tk_batch_matmul_s16", lower_s16, lambda op, target: is_int16(op)),
    Kernel("tk_batch_matmul_f32", lower_f32, lambda op, target: is_float(op)),
)

# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED and BATCH_MATMUL in plain C."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Arg, Scratch, Struct, Table, Tensor, struct, tensor_or_null
from tinycc.kernels.costs import Each, counts_of, loops_cost, rate
from tinycc.kernels.facts import asymmetric_weights, older_library, real_scale, rounds_twice
from tinycc.kernels.geometry import one_pixel, one_row
from tinycc.kernels.portable.base import all_types, conv_shape, ints, range_f32, tk
from tinycc.kernels.portable.convolution import HYBRID, PACKED, asymmetric_args, conv_s16, cost_s16, hybrid_args, packed_args
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.blockwise import BlockwiseDense
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.determinant import Determinant
from tinycc.program.types import Content


def blocks(op: FullyConnected, context: Context) -> str | None:
    """the weights have a scale for each block of a row"""
    return None if op.blockwise_weights else "none"


def no_blocks(op: FullyConnected, context: Context) -> str | None:
    """the weights have no scale for each block of a row"""
    return "blocks" if op.blockwise_weights else None


def pixels(op: FullyConnected) -> Struct:
    """The `tk_conv_shape` of a 1x1 convolution over images of one pixel."""
    g = one_pixel(op)
    return conv_shape(g.x, g.y, g.window)


def _scales(op: FullyConnected) -> Table:
    return Table("weight_scales", np.asarray(op.weights.quantization.scales, np.float32), Content.REQUANT)


def litert_s8(op: FullyConnected) -> tuple[Arg, ...]:
    scales = _scales(op)
    params = struct(
        "tk_fully_connected_litert_s8_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
        input_scale=op.x.scale,
        output_scale=op.y.scale,
        scale_step=int(scales.data.size > 1),
    )
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), scales, Tensor(op.y), params)


def litert_s16(op: FullyConnected) -> tuple[Arg, ...]:
    scales = _scales(op)
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
        scale_step=int(scales.data.size > 1),
    )
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), scales, Tensor(op.y), params)


def litert_s16_packed(op: FullyConnected) -> tuple[Arg, ...]:
    return (*litert_s16(op), op.weights.dtype.bits)


def blockwise(op: FullyConnected) -> tuple[Arg, ...]:
    params = struct(
        "tk_blockwise_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        block=op.weights.quantization.block,
        range=range_f32(op.range),
    )
    scales = Table("block_scales", np.asarray(op.weights.quantization.scales, np.float16), Content.REQUANT)
    weights = Tensor(op.weights), scales, tensor_or_null(op.bias)
    return (Tensor(op.x), *weights, Tensor(op.y), Scratch("quantized", op.depth), params)


def dense_blocks(op: BlockwiseDense) -> tuple[Arg, ...]:
    params = struct(
        "tk_dense_blocks",
        batch=op.x.type.elements // op.depth,
        depth=op.depth,
        outputs=op.channels,
        block=op.block,
        bits=op.weights.dtype.bits,
        range=range_f32(op.range),
    )
    weights = Tensor(op.weights), Tensor(op.scales), tensor_or_null(op.zeros), tensor_or_null(op.bias)
    return (Tensor(op.x), *weights, Tensor(op.y), params)


def dense_f32(op: FullyConnected) -> tuple[Arg, ...]:
    return (
        *(Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), Tensor(op.y)),
        *(op.batch, op.depth, op.channels, range_f32(op.range)),
    )


def matmul_shape(op: BatchMatMul) -> Struct:
    """The `tk_matmul_shape` of an operator."""
    (rows, depth), (_, columns) = op.x_matrix, op.weights_matrix
    loops = op.batches
    batches = struct(
        "tk_broadcast",
        rank=len(loops),
        dims=ints(loop.size for loop in loops),
        stride1=ints(loop.strides[0] for loop in loops),
        stride2=ints(loop.strides[1] for loop in loops),
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


def matmul_s8(op: BatchMatMul) -> tuple[Arg, ...]:
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
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)


def matmul_s16(op: BatchMatMul) -> tuple[Arg, ...]:
    params = struct(
        "tk_batch_matmul_s16_params",
        multiplier=op.requantization[0].multiplier,
        shift=op.requantization[0].shift,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)


def matmul_f32(op: BatchMatMul) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), range_f32(op.range))


MATMUL = rate(mac=9, element=40)
MATMUL_S16 = {"call": Each(135, 208), "mac": Each(11.7, 19.6), "element": Each(2, 2.57), "output": Each(58, 73.7)}


def matmul_cost_s16(op: Any, context: Context) -> Cost:
    return loops_cost(counts_of(op), MATMUL_S16, context.target)


def determinant(op: Determinant) -> tuple[Arg, ...]:
    n = op.x.shape[-1]
    return (Tensor(op.x), Tensor(op.y), Scratch("matrix", 4 * n * n), op.y.type.elements, n)


COST_S16 = partial(cost_s16, one_row)

VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_determinant_f32", Determinant, ("float32",), determinant),
    tk("tk_fully_connected_litert_s4", FullyConnected, ("int8x4",), litert_s8, facts=(real_scale,)),
    tk(
        "tk_conv_asymmetric_s8",
        FullyConnected,
        ("int8",),
        partial(asymmetric_args, pixels),
        facts=(rounds_twice, asymmetric_weights, older_library),
    ),
    tk(
        "tk_conv_s4",
        FullyConnected,
        ("int8x4",),
        partial(packed_args, pixels),
        facts=(rounds_twice, older_library),
        cost=PACKED,
    ),
    tk("tk_fully_connected_litert_s8", FullyConnected, ("int8",), litert_s8, facts=(real_scale,)),
    tk("tk_fully_connected_litert_s16", FullyConnected, ("int16x8",), litert_s16, facts=(real_scale,)),
    tk("tk_fully_connected_litert_s2", FullyConnected, ("int8x2",), litert_s8, cost=PACKED),
    tk("tk_fully_connected_litert_s16_packed", FullyConnected, ("int16x4", "int16x2"), litert_s16_packed, cost=PACKED),
    tk(
        "tk_conv_s16",
        FullyConnected,
        ("int16x8",),
        partial(conv_s16, one_row),
        facts=(rounds_twice,),
        cost=partial(cost_s16, one_row),
    ),
    tk("tk_fully_connected_blockwise_s4", FullyConnected, ("hybrid int4",), blockwise, facts=(blocks,), cost=PACKED),
    tk("tk_conv_hybrid", FullyConnected, ("hybrid",), partial(hybrid_args, pixels), cost=HYBRID),
    tk("tk_fully_connected_hybrid_s2", FullyConnected, ("hybrid int2",), partial(hybrid_args, pixels), cost=PACKED),
    tk("tk_conv_hybrid_s4", FullyConnected, ("hybrid int4",), partial(hybrid_args, pixels), facts=(no_blocks,), cost=PACKED),
    tk("tk_fully_connected_f32", FullyConnected, ("float32",), dense_f32),
    tk(
        "tk_dense_blocks_f32", BlockwiseDense, all_types(BlockwiseDense), dense_blocks, cost=rate(mac=10, element=20, real=True)
    ),
    tk("tk_batch_matmul_s8", BatchMatMul, ("int8",), matmul_s8, facts=(rounds_twice,), cost=MATMUL),
    tk("tk_batch_matmul_s16", BatchMatMul, ("int16",), matmul_s16, facts=(rounds_twice,), cost=matmul_cost_s16),
    tk("tk_batch_matmul_f32", BatchMatMul, ("float32",), matmul_f32),
)

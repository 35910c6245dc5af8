# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products of int16 as ONNX rounds them, in plain C: sums of 64 bits, or 32 where those will do."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from tinycc.analysis.accumulators import accumulators, partial_sums
from tinycc.analysis.rounding import multipliers_of
from tinycc.ir import DType
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Struct, Tensor, int32_table, packed_multipliers, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.folding import once
from tinycc.kernels.geometry import one_row
from tinycc.kernels.portable.base import conv_shape, tk
from tinycc.kernels.portable.convolution import grouped, ungrouped
from tinycc.kernels.portable.dense import matmul_shape
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.program.types import Content

Op: TypeAlias = Conv2D | DepthwiseConv2D | TransposeConv | FullyConnected


def rounds_long(op: Op | BatchMatMul, context: Context) -> str | None:
    """sums of 16-bit codes are multiplied by the scale as integers, and rounded to even"""
    return None if op.rounds_long else f"{op.numerics}"


@once
def long_sums(op: Op) -> bool:
    """Whether some sum of products may leave 32 bits."""
    parts, whole = partial_sums(op), accumulators(op)
    return parts is None or whole is None or not parts.within(32)


def shape(op: Op) -> Struct:
    if isinstance(op, FullyConnected):
        g = one_row(op)
        return conv_shape(g.x, g.y, g.window)
    if isinstance(op, DepthwiseConv2D):
        return conv_shape(op.x.shape, op.y.shape, op.window, op.x.shape[3])
    return grouped(op) if isinstance(op, Conv2D) else ungrouped(op)


def sums_args(op: Op) -> tuple[Arg, ...]:
    taps = op.weights.type.elements // op.channels
    depthwise = isinstance(op, DepthwiseConv2D)
    params = struct(
        "tk_conv_even_s16_params",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.quantization.zero_points[0],
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
        w_filter=1 if depthwise else taps,
        w_step=op.channels if depthwise else 1,
        long_sums=int(long_sums(op)),
        long_bias=int(op.bias is not None and op.bias.dtype is DType.INT64),
    )
    rest = np.broadcast_to(op.rest_of_products, op.channels)
    tables = (*packed_multipliers(multipliers_of(op)), int32_table("rest", rest, Content.BIAS) if rest.any() else None)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, Tensor(op.y), shape(op), params)


def matmul_args(op: BatchMatMul) -> tuple[Arg, ...]:
    entry = op.requantization[0]
    params = struct(
        "tk_batch_matmul_even_s16_params",
        x_offset=-op.x.zero_point,
        w_offset=-op.weights.zero_point,
        multiplier=entry.multiplier,
        shift=entry.shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)


LONG = (rounds_long,)
SUMS, TAPS = rate(mac=7, element=60), rate(mac=20, element=70)

VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_conv_even_s16", Conv2D, ("int16x8",), sums_args, facts=LONG, cost=SUMS),
    tk("tk_conv_even_s16", FullyConnected, ("int16x8",), sums_args, facts=LONG, cost=SUMS),
    tk("tk_conv_even_s16", DepthwiseConv2D, ("int16x8",), sums_args, facts=LONG, cost=TAPS),
    tk("tk_transpose_conv_even_s16", TransposeConv, ("int16x8",), sums_args, facts=LONG, cost=SUMS),
    tk("tk_batch_matmul_even_s16", BatchMatMul, ("int16",), matmul_args, facts=LONG, cost=rate(mac=12, element=60)),
)

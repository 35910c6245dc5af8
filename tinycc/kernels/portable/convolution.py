# SPDX-License-Identifier: Apache-2.0
"""Convolutions in plain C."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import numpy as np

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Arg, Scratch, Struct, Table, Tensor, packed_multipliers, struct, tensor_or_null
from tinycc.kernels.cmsis_nn import counts, counts16
from tinycc.kernels.costs import Each, loops_cost, rate
from tinycc.kernels.facts import asymmetric_weights, older_library, rounds_twice, symmetric_weights
from tinycc.kernels.geometry import Geometry, geometry
from tinycc.kernels.portable.base import conv_shape, range_f32, tk, window_shape
from tinycc.ops.convolution.base import Convolution, WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.program.types import Content

WeightedT = TypeVar("WeightedT", bound=WeightedSum)


def grouped(op: Conv2D) -> Struct:
    return window_shape(op.x, op.y, op.window, op.groups)


def ungrouped(op: Convolution) -> Struct:
    return window_shape(op.x, op.y, op.window)


def asymmetric_args(shape: Callable[[WeightedT], Struct], op: WeightedT) -> tuple[Arg, ...]:
    """Of a kernel for weights with a zero point and one multiplier."""
    entry = op.requantization[0]
    params = struct(
        "tk_asymmetric_s8",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.zero_point,
        multiplier=entry.multiplier,
        shift=entry.shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), Tensor(op.y), shape(op), params)


def channel_args(params_type: str, shape: Callable[[WeightedT], Struct], op: WeightedT) -> tuple[Arg, ...]:
    """Of a kernel in place of one of CMSIS-NN: each channel has its multiplier."""
    params = struct(
        params_type,
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    entries = op.requantization * (op.channels if len(op.requantization) == 1 else 1)
    tables = packed_multipliers(entries)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, Tensor(op.y), shape(op), params)


def packed_args(shape: Callable[[WeightedT], Struct], op: WeightedT) -> tuple[Arg, ...]:
    """Of a kernel for int4 weights, where CMSIS-NN has none."""
    return channel_args("tk_conv_s4_params", shape, op)


def hybrid_args(shape: Callable[[WeightedT], Struct], op: WeightedT) -> tuple[Arg, ...]:
    """Of a kernel for float32 inputs and integer weights."""
    scales, sizes = op.weights_scales, shape(op)
    params = struct(
        "tk_hybrid",
        asymmetric=int(op.hybrid_scheme.asymmetric),
        scale_step=int(len(scales) > 1),
        weights_first=int(op.hybrid_scheme.weights_first),
        range=range_f32(op.range),
    )
    batch = dict(sizes.fields)["batch"]
    assert isinstance(batch, int)
    scratch = Scratch("quantized", op.x.type.elements // batch)
    table = Table("weight_scales", np.asarray(scales, np.float32), Content.REQUANT)
    weights = Tensor(op.weights), table, tensor_or_null(op.bias)
    return (Tensor(op.x), *weights, Tensor(op.y), scratch, sizes, params)


def float_args(shape: Callable[[WeightedT], Struct], op: WeightedT) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), Tensor(op.y), shape(op), range_f32(op.range))


def conv_s16(geometry: Callable[[WeightedT], Geometry], op: WeightedT) -> tuple[Arg, ...]:
    g = geometry(op)
    params = struct(
        "tk_conv_s16_params",
        narrow=int(not op.wide_accumulators),
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables = packed_multipliers(g.multipliers(op))
    shape = conv_shape(g.x, g.y, g.window, g.groups)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, Tensor(op.y), shape, params)


def cost_s16(geometry: Callable[[WeightedT], Geometry], op: WeightedT, context: Context) -> Cost:
    return loops_cost(counts16.of_windows(geometry, op), counts16.WINDOWS, context.target)


def transpose_conv_s8(op: TransposeConv) -> tuple[Arg, ...]:
    params = struct(
        "tk_transpose_conv_s8_params",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.quantization.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables = packed_multipliers(op.requantization)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, Tensor(op.y), ungrouped(op), params)


def transpose_conv_s16(op: TransposeConv) -> tuple[Arg, ...]:
    params = struct(
        "tk_transpose_conv_s16_params",
        narrow=int(not op.wide_accumulators),
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables = packed_multipliers(op.requantization)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, Tensor(op.y), ungrouped(op), params)


PACKED = rate(mac=14, element=50)
HYBRID = rate(mac=7, element=40)

TRANSPOSED = {
    "call": Each(130, 143),
    "transposed pixel": Each(85.1, 142),
    "output": Each(72.2, 101),
    "line of one": Each(26.5, 34.8),
    "product": Each(6.95, 9.96),
}


TRANSPOSED_S16 = {
    "call": Each(144, 163),
    "pixel": Each(86.7, 139),
    "output": Each(89.5, 112),
    "line of one": Each(30.8, 36.1),
    "product": Each(4.87, 7.87),
}


def transposed_cost(rounds: Mapping[str, Each], op: Any, context: Context) -> Cost:
    loops = {name: times for name, times in counts.of_transposed(op, in_fours=False).items() if name in rounds}
    return loops_cost(loops, rounds, context.target)


COST_S16 = partial(cost_s16, geometry)

VARIANTS: tuple[Variant[Any], ...] = (
    tk(
        "tk_conv_s4",
        Conv2D,
        ("int8x4",),
        partial(packed_args, grouped),
        facts=(rounds_twice,),
        cost=PACKED,
    ),
    tk(
        "tk_conv_grouped_s8",
        Conv2D,
        ("int8",),
        partial(channel_args, "tk_conv_grouped_s8_params", grouped),
        facts=(rounds_twice, symmetric_weights, older_library),
        cost=PACKED,
    ),
    tk("tk_conv_asymmetric_s8", Conv2D, ("int8",), partial(asymmetric_args, grouped), facts=(rounds_twice, asymmetric_weights)),
    tk(
        "tk_conv_s16",
        Conv2D,
        ("int16x8",),
        partial(conv_s16, geometry),
        facts=(rounds_twice,),
        cost=partial(cost_s16, geometry),
    ),
    tk("tk_conv_s16_s4", Conv2D, ("int16x4",), partial(conv_s16, geometry), facts=(rounds_twice,), cost=PACKED),
    tk("tk_conv_hybrid", Conv2D, ("hybrid",), partial(hybrid_args, grouped), cost=HYBRID),
    tk("tk_conv_hybrid_s4", Conv2D, ("hybrid int4",), partial(hybrid_args, grouped), cost=PACKED),
    tk("tk_conv_f32", Conv2D, ("float32",), partial(float_args, grouped)),
    tk(
        "tk_depthwise_conv_s4",
        DepthwiseConv2D,
        ("int8x4",),
        partial(packed_args, ungrouped),
        facts=(rounds_twice,),
        cost=PACKED,
    ),
    tk(
        "tk_depthwise_conv_asymmetric_s8",
        DepthwiseConv2D,
        ("int8",),
        partial(asymmetric_args, ungrouped),
        facts=(rounds_twice, asymmetric_weights),
    ),
    tk("tk_depthwise_conv_hybrid", DepthwiseConv2D, ("hybrid",), partial(hybrid_args, ungrouped), cost=HYBRID),
    tk("tk_depthwise_conv_f32", DepthwiseConv2D, ("float32",), partial(float_args, ungrouped)),
    tk(
        "tk_transpose_conv_s8",
        TransposeConv,
        ("int8",),
        transpose_conv_s8,
        facts=(rounds_twice,),
        cost=partial(transposed_cost, TRANSPOSED),
    ),
    tk(
        "tk_transpose_conv_s16",
        TransposeConv,
        ("int16x8",),
        transpose_conv_s16,
        facts=(rounds_twice,),
        cost=partial(transposed_cost, TRANSPOSED_S16),
    ),
    tk("tk_transpose_conv_hybrid", TransposeConv, ("hybrid",), partial(hybrid_args, ungrouped), cost=HYBRID),
    tk("tk_transpose_conv_f32", TransposeConv, ("float32",), partial(float_args, ungrouped)),
)

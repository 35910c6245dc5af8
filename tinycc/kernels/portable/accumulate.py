# SPDX-License-Identifier: Apache-2.0
"""Means, averages and FULLY_CONNECTED over the rows of an image, in plain C. See tinycc/kernels/accumulate.py."""

from __future__ import annotations

import math
from typing import Any

from tinycc.ir import DType, Value
from tinycc.kernels.accumulate import Accumulator, Row
from tinycc.kernels.base import Context, Fact
from tinycc.kernels.calls import Call, Tensor, packed_multipliers, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.base import SUFFIXES, range_f32, usual
from tinycc.numerics.rules import Requantization
from tinycc.ops.base import Range
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.pooling import AveragePool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum

LONGEST = 2**14
"""Elements of a row whose products tk_dense_row_s8 adds up."""

Image = Mean | ReduceSum | AveragePool2D


def whole_columns(op: Mean | ReduceSum, context: Context) -> str | None:
    """rows are added up, alone or with all that a row has of every channel"""
    rank = len(op.x.shape)
    return None if set(op.axes) in ({1}, {1, 2}) and rank in (3, 4) else f"axes {op.axes} of {rank}"


def as_tflite(op: Image, context: Context) -> str | None:
    """sums of codes become codes as TFLite has it"""
    if isinstance(op, ReduceSum) or not op.x.dtype.is_integer:
        return None
    same = op.as_tflite if isinstance(op, AveragePool2D) else op.rounding is Requantization.FIXED
    return None if same else f"{op.numerics}"


def whole_image(op: AveragePool2D, context: Context) -> str | None:
    """the window is the image"""
    window, (_, height, width, _) = op.window, op.x.shape
    plain = window.size == (height, width) and window.dilation == (1, 1) and not any(window.padding)
    return None if plain and op.y.shape[1:3] == (1, 1) else f"window {window}"


def constant_weights(op: WeightedSum, context: Context) -> str | None:
    """weights and bias are constants"""
    known = op.weights.constant and (op.bias is None or op.bias.constant)
    return None if known else "some that are computed"


def _pixels(op: Image) -> tuple[int, int]:
    """Pixels that are added up in a row, and channels."""
    _, _, *rest = op.x.shape
    together = isinstance(op, AveragePool2D) or 2 in op.axes
    return (rest[0], math.prod(rest[1:])) if together else (1, math.prod(rest))


def image_sums(op: Image) -> tuple[DType, int]:
    return DType.INT32 if op.x.dtype.is_integer else DType.FLOAT32, _pixels(op)[1]


def add_row(op: Image, row: Row) -> Call:
    symbol = f"tk_add_row_{SUFFIXES[op.x.dtype.value]}"
    return Call(symbol, (Tensor(row.x), Tensor(row.sums), *_pixels(op), int(row.fresh)))


def finish_mean(op: Mean | ReduceSum, sums: Value) -> Call:
    channels = _pixels(op)[1]
    if not op.x.dtype.is_integer:
        bounds = range_f32(Range(-math.inf, math.inf))
        return Call("tk_average_of_sums_f32", (Tensor(sums), Tensor(op.y), channels, op.count, bounds))
    sum_offset, multiplier, shift = op.scaling
    params = struct(
        "tk_mean_s8_params",
        sum_offset=sum_offset,
        multiplier=multiplier,
        shift=shift,
        output_offset=op.y.zero_point,
    )
    return Call(f"tk_mean_of_sums_{SUFFIXES[op.x.dtype.value]}", (Tensor(sums), Tensor(op.y), channels, params))


def finish_average(op: AveragePool2D, sums: Value) -> Call:
    count = op.x.shape[1] * op.x.shape[2]
    start = (Tensor(sums), Tensor(op.y), _pixels(op)[1], count)
    if not op.x.dtype.is_integer:
        return Call("tk_average_of_sums_f32", (*start, range_f32(op.range)))
    bounds = int(op.range.min), int(op.range.max)
    return Call(f"tk_average_of_sums_{SUFFIXES[op.x.dtype.value]}", (*start, int(op.ties_up), *bounds))


Summed = FullyConnected | Conv2D | DepthwiseConv2D
"""What has one result of each channel. A CONV_2D whose window is the image is a FULLY_CONNECTED."""


def window_is_image(op: Conv2D | DepthwiseConv2D, context: Context) -> str | None:
    """the window is the image, and there are no groups"""
    window, image = op.window, op.x.shape[1:3]
    plain = window.size == image and window.dilation == (1, 1) and not any(window.padding) and op.y.shape[:3] == (1, 1, 1)
    grouped = isinstance(op, Conv2D) and op.groups > 1
    return None if plain and not grouped else f"window {window}"


def short_rows(op: DepthwiseConv2D, context: Context) -> str | None:
    """rows have at most 16,384 pixels"""
    return None if op.x.shape[2] <= LONGEST else f"{op.x.shape[2]}"


def depth_of(op: FullyConnected | Conv2D) -> int:
    """Inputs of a result."""
    return op.depth if isinstance(op, FullyConnected) else op.x.type.elements


def channel_sums(op: Summed) -> tuple[DType, int]:
    kept = {DType.INT8: DType.INT32, DType.INT16: DType.INT64, DType.FLOAT32: DType.FLOAT32}
    return kept[op.x.dtype], op.channels


def one_image(op: FullyConnected | Conv2D, context: Context) -> str | None:
    """there is one row of inputs, in parts of at most 16,384"""
    depth = depth_of(op)
    one = op.batch == 1 if isinstance(op, FullyConnected) else op.x.shape[0] == 1
    return None if one and depth <= LONGEST * 2 else f"{depth} inputs"


def add_dense(op: FullyConnected | Conv2D, row: Row) -> Call:
    length = row.x.type.elements
    start = Tensor(row.x), Tensor(op.weights)
    if op.x.dtype is DType.INT8:
        params = struct(
            "tk_dense_row_s8_params",
            length=length,
            depth=depth_of(op),
            outputs=op.channels,
            input_offset=-op.x.zero_point,
            weights_offset=-op.weights.zero_point,
        )
        return Call("tk_dense_row_s8", (*start, tensor_or_null(op.bias), Tensor(row.sums), row.times(length), params))
    sizes = length, depth_of(op), op.channels
    return Call(f"tk_dense_row_{SUFFIXES[op.x.dtype.value]}", (*start, Tensor(row.sums), *sizes, row.times(length)))


def add_depthwise(op: DepthwiseConv2D, row: Row) -> Call:
    start = Tensor(row.x), Tensor(op.weights)
    pixels, channels = op.x.shape[2:]
    if op.x.dtype is DType.INT8:
        params = struct(
            "tk_depthwise_row_s8_params",
            pixels=pixels,
            channels=channels,
            multiplier=op.multiplier,
            input_offset=-op.x.zero_point,
            weights_offset=-op.weights.zero_point,
        )
        return Call("tk_depthwise_row_s8", (*start, tensor_or_null(op.bias), Tensor(row.sums), row.times(1), params))
    sizes = pixels, channels, op.multiplier
    return Call(f"tk_depthwise_row_{SUFFIXES[op.x.dtype.value]}", (*start, Tensor(row.sums), *sizes, row.times(1)))


def finish_channels(op: Summed, sums: Value) -> Call:
    """Bias (of int8 it is in the sums), requantization, clamp."""
    suffix = SUFFIXES[op.x.dtype.value]
    if not op.x.dtype.is_integer:
        operands = Tensor(sums), tensor_or_null(op.bias), Tensor(op.y)
        return Call(f"tk_dense_of_sums_{suffix}", (*operands, op.channels, range_f32(op.range)))
    wide = op.x.dtype is DType.INT16
    start: dict[str, int] = {"narrow": int(not op.wide_accumulators)} if wide else {"output_offset": op.y.zero_point}
    params = struct(
        f"tk_dense_of_sums_{suffix}_params",
        outputs=op.channels,
        step=int(len(op.requantization) > 1),
        **start,  # type: ignore[arg-type]
        min=int(op.range.min),
        max=int(op.range.max),
    )
    bias = (tensor_or_null(op.bias),) if wide else ()
    return Call(
        f"tk_dense_of_sums_{suffix}", (Tensor(sums), *bias, *packed_multipliers(op.requantization), Tensor(op.y), params)
    )


def dense(op: type[FullyConnected] | type[Conv2D], suffix: str, *facts: Fact[Any]) -> Accumulator[Any]:
    """Of FULLY_CONNECTED, or what is one."""
    types = {"s8": "int8", "s16": "int16x8", "f32": "float32"}
    cost = {"s8": rate(mac=3.2, output=30), "s16": rate(mac=5, output=30), "f32": usual(("float32",))}[suffix]
    exact: tuple[Fact[Any], ...] = () if suffix == "f32" else (rounds_twice,)
    facts = *exact, constant_weights, *facts, one_image
    return Accumulator(
        f"tk_dense_of_sums_{suffix}", op, (types[suffix],), channel_sums, add_dense, finish_channels, cost, facts
    )


INTEGERS = ("int8", "int16")
TYPES = (*INTEGERS, "float32")
PIXELS = rate(element=4)

ACCUMULATORS: tuple[Accumulator[Any], ...] = (
    Accumulator("tk_mean_of_sums", Mean, TYPES, image_sums, add_row, finish_mean, PIXELS, (whole_columns, as_tflite)),
    Accumulator("tk_mean_of_sums", ReduceSum, INTEGERS, image_sums, add_row, finish_mean, PIXELS, (whole_columns,)),
    Accumulator(
        "tk_average_of_sums", AveragePool2D, TYPES, image_sums, add_row, finish_average, PIXELS, (whole_image, as_tflite)
    ),
    *(dense(FullyConnected, suffix) for suffix in ("s8", "s16", "f32")),
    *(dense(Conv2D, suffix, window_is_image) for suffix in ("s8", "s16", "f32")),
    Accumulator(
        name="tk_depthwise_of_sums",
        op=DepthwiseConv2D,
        signatures=("int8", "int16x8", "float32"),
        sums=channel_sums,
        add=add_depthwise,
        finish=finish_channels,
        cost=rate(mac=12, output=30),
        facts=(rounds_twice, constant_weights, window_is_image, short_rows),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of transpose_conv."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.calls import Arg, Call, Table, Tensor, context, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.convolution16 import bias_or_null
from tinycc.kernels.listed.quantized import (
    activation,
    channel_quantization,
    dims,
    int32_tables,
    nhwc,
    range_f32,
    tile,
    window_shape,
)
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float, is_int8, is_int16
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.window import Pair
from tinycc.target import Target

REVERSED_DEPTH = 16
"""Input channels from which on Arm's code prefers a convolution (source: arm_transpose_conv_wrapper_s8.c)."""


def is_reversed(op: TransposeConv) -> bool:
    """Whether a convolution with reversed weights, over an image with gaps between the pixels, is possible and worthwhile."""
    return op.weights.data is not None and max(op.window.stride) <= 2 and op.x.shape[3] > REVERSED_DEPTH


def arm_buffer(op: TransposeConv) -> Pair:
    """The outputs that `arm_transpose_conv_s8` sums up at the same time: rows, columns."""
    size, stride = op.window.size, op.window.stride
    return Pair(max(size.h, stride.h), (op.x.shape[2] - 1) * stride.w + max(size.w, stride.w))


def arm_computes(op: TransposeConv) -> bool:
    """Whether Arm's function makes exactly the rows and columns of y.

    Until July 2026 it lost its way where the padding above is not a multiple of the stride.
    """
    padding, stride = op.window.padding, op.window.stride
    finished, end = op.x.shape[1] * stride.h, padding.top + op.size.h
    rows = padding.top <= finished <= end <= finished + max(op.window.size.h - stride.h, 0)
    return rows and padding.top % stride.h == 0 and padding.left + op.size.w <= arm_buffer(op).w


def lower_reversed_s8(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    n, h, w, depth = op.x.shape
    window, taps = op.window, int(np.prod(op.weights.shape[1:]))
    assert op.weights.data is not None
    weights = Table("reversed_weights", np.ascontiguousarray(op.weights.data[:, ::-1, ::-1]))
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(1, 1),
        padding=tile(window.size.w - 1 - window.padding.left, window.size.h - 1 - window.padding.top),
        dilation=tile(1, 1),
        activation=activation(op),
    )
    row = 4 * (-(-taps // 4) * 4)
    args: tuple[Arg, ...] = (
        *(context("im2col", target.scratch(plain=row, dsp=row, mve=64 * -(-taps // 16))), params),
        channel_quantization(op.requantization),
        *(dims(n, h * window.stride.h, w * window.stride.w, depth), Tensor(op.x)),
        *(nhwc(op.weights), weights),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        dims(0, window.stride.h, window.stride.w, 0),
        *(nhwc(op.y), Tensor(op.y)),
    )
    return (Call("arm_convolve_s8", args, checked=True),)


def lower_s8(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    window = op.window
    rows, columns = arm_buffer(op)
    # Arm's size function adds a wide vertical stride instead of the horizontal one: as much as it asks for, too.
    columns = max(columns, (op.x.shape[2] - 1) * window.stride.w + window.stride.h)
    size = 4 * op.channels * rows * columns
    params = struct(
        "cmsis_nn_transpose_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        padding_offsets=tile(window.padding.right, window.padding.bottom),
        dilation=tile(1, 1),
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        *(context("sums", target.scratch(plain=size, dsp=size, mve=size)), context("none", 0), params),
        channel_quantization(op.requantization),
        *(nhwc(op.x), Tensor(op.x)),
        *(nhwc(op.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        *(nhwc(op.y), Tensor(op.y)),
    )
    return (Call("arm_transpose_conv_s8", args, checked=True),)


def lower_own_s8(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_transpose_conv_s8_params",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.quantization.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables, shape = int32_tables(op.requantization), window_shape(op.x, op.y, op.window)
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), *tables, Tensor(op.y), shape, params)
    return (Call("tk_transpose_conv_s8", args),)


def lower_s16(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_transpose_conv_s16_params",
        narrow=int(not op.wide_accumulators),
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables, shape = int32_tables(op.requantization), window_shape(op.x, op.y, op.window)
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), *tables, Tensor(op.y), shape, params)
    return (Call("tk_transpose_conv_s16", args),)


def lower_f32(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    shape = window_shape(op.x, op.y, op.window)
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), Tensor(op.y), shape, range_f32(op.range))
    return (Call("tk_transpose_conv_f32", args),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[TransposeConv] = (
    Kernel("tk_transpose_conv_s8", lower_own_s8, lambda op, target: op.asymmetric_weights),
    Kernel("arm_convolve_s8", lower_reversed_s8, lambda op, target: is_int8(op) and is_reversed(op)),
    Kernel("arm_transpose_conv_s8", lower_s8, lambda op, target: is_int8(op) and arm_computes(op)),
    Kernel("tk_transpose_conv_s8", lower_own_s8, lambda op, target: is_int8(op)),
    Kernel("tk_transpose_conv_s16", lower_s16, lambda op, target: is_int16(op)),
    Kernel("tk_transpose_conv_f32", lower_f32, lambda op, target: is_float(op)),
)

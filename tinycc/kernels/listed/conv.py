# SPDX-License-Identifier: Apache-2.0
"""Kernels of conv."""

from __future__ import annotations

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Struct, Tensor, context, int32_table, struct
from tinycc.kernels.listed.asymmetric import asymmetric_s8
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.convolution16 import Geometry, convolutions_16x8
from tinycc.kernels.listed.hybrid import hybrid
from tinycc.kernels.listed.int4 import lower_own_s4
from tinycc.kernels.listed.quantized import activation, channel_quantization, dims, nhwc, range_f32, tile, window_shape
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float, is_int8
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.target import Target, Unit


def is_1x1(op: Conv2D) -> bool:
    return op.window.size == (1, 1) and not any(op.window.padding) and op.groups == 1


def _bias(op: Conv2D) -> Arg:
    """The bias; zeros where Arm's code reads through NULL (grouped convolutions)."""
    if op.bias is not None:
        return Tensor(op.bias)
    return int32_table("zero_bias", [0] * op.channels) if op.groups > 1 else None


def conv_args(op: Conv2D, scratch: int, *, upscale: bool) -> tuple[Arg, ...]:
    """The argument list that CMSIS-NN's convolutions share; only `arm_convolve_s8` takes upscale dimensions."""
    window = op.window
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        dilation=tile(window.dilation.w, window.dilation.h),
        activation=activation(op),
    )
    channels = op.y.shape[3]
    return (
        context("im2col", scratch),
        params,
        channel_quantization(op.requantization),
        nhwc(op.x),
        Tensor(op.x),
        nhwc(op.weights),
        Tensor(op.weights),
        dims(1, 1, 1, channels),
        _bias(op),
        *([None] if upscale else []),
        nhwc(op.y),
        Tensor(op.y),
    )


def lower_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    taps = op.weights.shape[1] * op.weights.shape[2] * op.x.shape[3]
    row = 4 * (-(-taps // 4) * 4)
    size = target.scratch(plain=row, dsp=row, mve=64 * -(-taps // 16))
    return (Call("arm_convolve_s8", conv_args(op, size, upscale=True), checked=True),)


def lower_1x1_fast_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s8_fast", conv_args(op, 0, upscale=False), checked=True),)


def lower_1x1_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s8", conv_args(op, 0, upscale=False), checked=True),)


def lower_s4(op: Conv2D, target: Target) -> tuple[Call, ...]:
    taps = int(np.prod(op.weights.shape[1:]))
    size = target.scratch(plain=4 * taps, dsp=4 * taps, mve=64 * -(-taps // 16))
    return (Call("arm_convolve_s4", conv_args(op, size, upscale=False), checked=True),)


def lower_1x1_fast_s4(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s4_fast", conv_args(op, 0, upscale=False), checked=True),)


def lower_1x1_s4(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s4", conv_args(op, 0, upscale=False), checked=True),)


def arm_computes_s4(op: Conv2D) -> bool:
    """Whether `arm_convolve_s4` is right: no groups, and sizes that fit its 16 bits."""
    sizes = (*op.x.shape[1:], *op.y.shape[1:], *op.window.stride, *op.window.padding, int(np.prod(op.weights.shape[1:])))
    return op.groups == 1 and max(sizes) < 2**16


def lower_1_x_n_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    size = op.x.shape[3] * (op.window.size.w + op.window.padding.left)
    return (Call("arm_convolve_1_x_n_s8", conv_args(op, size, upscale=False), checked=True),)


def is_1_x_n(op: Conv2D) -> bool:
    """One row, at least as wide as the kernel, of channels in fours; stride 1, the odd column of padding on the right.

    That is what Arm's Helium code computes: with other strides it was wrong for ten shapes of thirty.
    """
    window, padding = op.window, op.window.padding
    one_row = op.x.shape[1] == window.size.h == op.y.shape[1] == 1 and not padding.top
    return (
        (one_row and op.groups == 1 and op.x.shape[3] % 4 == 0)
        and (window.stride.w == window.dilation.w == 1 and op.x.shape[2] >= window.size.w)
        and padding.right - padding.left in (0, 1)
    )


def lower_f32(op: Conv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("tk_conv_f32", (Tensor(op.x), Tensor(op.weights), bias, Tensor(op.y), shape_of(op), range_f32(op.range))),)


def shape_of(op: Conv2D) -> Struct:
    return window_shape(op.x, op.y, op.window, op.groups)


def geometry(op: Conv2D) -> Geometry:
    return Geometry(op.x.shape, op.weights.shape, op.y.shape, op.window)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Conv2D] = (
    Kernel(
        "arm_convolve_1x1_s4_fast",
        lower_1x1_fast_s4,
        lambda op, target: op.packed and is_1x1(op) and op.window.stride == (1, 1),
    ),
    Kernel("arm_convolve_1x1_s4", lower_1x1_s4, lambda op, target: op.packed and is_1x1(op)),
    Kernel("arm_convolve_s4", lower_s4, lambda op, target: op.packed and arm_computes_s4(op)),
    Kernel("tk_conv_s4", lower_own_s4("tk_conv_s4", shape_of), lambda op, target: op.packed),
    asymmetric_s8("tk_conv_asymmetric_s8", shape_of),
    Kernel(
        "arm_convolve_1x1_s8_fast",
        lower_1x1_fast_s8,
        lambda op, target: is_int8(op) and is_1x1(op) and op.window.stride == (1, 1),
    ),
    Kernel("arm_convolve_1x1_s8", lower_1x1_s8, lambda op, target: is_int8(op) and is_1x1(op)),
    Kernel(
        "arm_convolve_1_x_n_s8",
        lower_1_x_n_s8,
        lambda op, target: is_int8(op) and target.units == (Unit.MVE,) and is_1_x_n(op),
    ),
    Kernel("arm_convolve_s8", lower_s8, lambda op, target: is_int8(op)),
    *convolutions_16x8(geometry),
    hybrid("tk_conv_hybrid", shape_of),
    hybrid("tk_conv_hybrid_s4", shape_of, DType.INT4),
    Kernel("tk_conv_f32", lower_f32, lambda op, target: is_float(op)),
)

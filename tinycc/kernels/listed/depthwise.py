# SPDX-License-Identifier: Apache-2.0
"""Kernels of depthwise."""

from __future__ import annotations

from tinycc.kernels.calls import Arg, Call, Struct, Table, Tensor, context, int32_table, struct
from tinycc.kernels.listed.asymmetric import asymmetric_s8
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.hybrid import hybrid
from tinycc.kernels.listed.int4 import lower_own_s4
from tinycc.kernels.listed.quantized import activation, channel_quantization, dims, nhwc, range_f32, tile, window_shape
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float, is_int8, is_int16
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.target import Target, Unit

MVE_CHANNELS = 124
"""Channels that CMSIS-NN's Helium code takes at a time (CH_IN_BLOCK_MVE)."""
FAST_TAPS = 511
"""Products of int16 and int8 that `arm_depthwise_conv_fast_s16` adds up in 32 bits."""


def shape_of(op: DepthwiseConv2D) -> Struct:
    return window_shape(op.x, op.y, op.window)


def lower_f32(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    args = (Tensor(op.x), Tensor(op.weights), bias, Tensor(op.y), shape_of(op), range_f32(op.range))
    return (Call("tk_depthwise_conv_f32", args),)


def depthwise_args(op: DepthwiseConv2D, scratch: int, bias: Tensor | Table | None) -> tuple[Arg, ...]:
    """The argument list that CMSIS-NN's depthwise convolutions share."""
    window = op.window
    params = struct(
        "cmsis_nn_dw_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        ch_mult=op.multiplier,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        dilation=tile(window.dilation.w, window.dilation.h),
        activation=activation(op),
    )
    return (
        context("window", scratch),
        params,
        channel_quantization(op.requantization),
        nhwc(op.x),
        Tensor(op.x),
        nhwc(op.weights),
        Tensor(op.weights),
        dims(1, 1, 1, op.channels),
        bias,
        nhwc(op.y),
        Tensor(op.y),
    )


def lower_s8(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_s8", depthwise_args(op, 0, bias), checked=True),)


def lower_s16(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_s16", depthwise_args(op, 0, bias), checked=True),)


def lower_fast_s16(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    window = 2 * op.channels * op.window.size.h * op.window.size.w
    bias = None if op.bias is None else Tensor(op.bias)
    scratch = target.scratch(dsp=window, mve=4 * window + 8)
    return (Call("arm_depthwise_conv_fast_s16", depthwise_args(op, scratch, bias), checked=True),)


def lower_3x3_s8(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_3x3_s8", depthwise_args(op, 0, bias), checked=True),)


def lower_opt_s8(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    taps = op.window.size.h * op.window.size.w
    scratch = target.scratch(dsp=2 * op.channels * taps, mve=4 * MVE_CHANNELS * taps)
    bias: Tensor | Table | None = None if op.bias is None else Tensor(op.bias)
    if bias is None and target.may_use_mve and op.channels > MVE_CHANNELS:
        # Arm's Helium code adds the offset of the second block of channels to the pointer before it asks whether it is NULL.
        bias = int32_table("zero_bias", [0] * op.channels)
    return (Call("arm_depthwise_conv_s8_opt", depthwise_args(op, scratch, bias), checked=True),)


def lower_s4(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_s4", depthwise_args(op, 0, bias), checked=True),)


def lower_opt_s4(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    scratch = target.scratch(dsp=2 * op.channels * op.window.size.h * op.window.size.w)
    return (Call("arm_depthwise_conv_s4_opt", depthwise_args(op, scratch, bias), checked=True),)


def is_dsp(target: Target) -> bool:
    """Whether `arm_depthwise_conv_s4_opt` serves: GCC 12 mistranslates its Helium code, plain C gains nothing by its buffer."""
    return target.units == (Unit.DSP,)


def has_whole_bytes(op: DepthwiseConv2D) -> bool:
    """Whether every tap's weights begin with a byte. `arm_depthwise_conv_s4` is wrong for odd numbers of input channels."""
    return op.x.shape[3] % 2 == 0


def is_regular(op: DepthwiseConv2D) -> bool:
    """No dilation, one output per input channel, every window on the image: Arm's fast paths look no further."""
    return op.window.dilation == (1, 1) and op.multiplier == 1 and op.window.touches(*op.x.shape[1:3])


def is_plain(op: DepthwiseConv2D) -> bool:
    """Regular, with one image."""
    return is_int8(op) and op.x.shape[0] == 1 and is_regular(op)


def is_fast_s16(op: DepthwiseConv2D, target: Target) -> bool:
    """Regular, with so few products that their sum has 32 bits, for a target that has the instructions.

    With Helium Arm's function reads beyond its operands unless the channels are a multiple of four. Without DSP and Helium it
    is `arm_depthwise_conv_s16`, which takes no scratch: that is what a target that may lack them gets.
    """
    if not is_int16(op) or Unit.PLAIN in target.units or op.window.size.h * op.window.size.w > FAST_TAPS:
        return False
    return is_regular(op) and not (target.may_use_mve and op.channels % 4)


def is_3x3(op: DepthwiseConv2D) -> bool:
    """3x3 with one row and column of padding at most: the middle column of every window lies in the image."""
    return is_plain(op) and op.window.size == (3, 3) and max(op.window.padding) <= 1


def beyond_mve(target: Target) -> bool:
    """Whether the target may lack Helium: `arm_depthwise_conv_s8_opt` is the faster one only with it."""
    return target.units != (Unit.MVE,)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[DepthwiseConv2D] = (
    Kernel(
        "arm_depthwise_conv_s4_opt",
        lower_opt_s4,
        lambda op, target: op.packed and is_plain(op) and is_dsp(target),
    ),
    Kernel("arm_depthwise_conv_s4", lower_s4, lambda op, target: op.packed and has_whole_bytes(op)),
    Kernel(
        "tk_depthwise_conv_s4",
        lower_own_s4("tk_depthwise_conv_s4", shape_of),
        lambda op, target: op.packed,
    ),
    asymmetric_s8("tk_depthwise_conv_asymmetric_s8", shape_of),
    Kernel(
        "arm_depthwise_conv_3x3_s8",
        lower_3x3_s8,
        lambda op, target: is_3x3(op) and beyond_mve(target),
        remark="not on targets that have Helium for certain (cortex-m55, cortex-m85)",
    ),
    Kernel("arm_depthwise_conv_s8_opt", lower_opt_s8, lambda op, target: is_plain(op)),
    Kernel("arm_depthwise_conv_s8", lower_s8, lambda op, target: is_int8(op)),
    Kernel("arm_depthwise_conv_fast_s16", lower_fast_s16, is_fast_s16),
    Kernel("arm_depthwise_conv_s16", lower_s16, lambda op, target: is_int16(op)),
    hybrid("tk_depthwise_conv_hybrid", shape_of),
    Kernel("tk_depthwise_conv_f32", lower_f32, lambda op, target: is_float(op)),
)

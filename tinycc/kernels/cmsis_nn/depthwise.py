# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D by CMSIS-NN."""

from __future__ import annotations

from functools import partial

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Tensor, context, int32_table, struct, tensor_or_null
from tinycc.kernels.cmsis_nn import counts, counts16
from tinycc.kernels.cmsis_nn.base import activation, arm, channel_quantization, dims, nhwc, tile
from tinycc.kernels.costs import Rate, arm_rate, bundled
from tinycc.kernels.facts import helium_is_not_certain, helium_is_out_of_question, symmetric_weights
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.window import Pair
from tinycc.program.types import Content
from tinycc.target import Feature

MVE_CHANNELS = 124
"""Channels that Arm's Helium code takes at a time (CH_IN_BLOCK_MVE)."""
FAST_TAPS = 511
"""Products of int16 and int8 that `arm_depthwise_conv_fast_s16` adds up in 32 bits."""


def depthwise_args(op: DepthwiseConv2D, scratch: int, bias: Arg) -> tuple[Arg, ...]:
    """The argument list that the depthwise convolutions share."""
    params = struct(
        "cmsis_nn_dw_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        ch_mult=op.multiplier,
        stride=tile(op.window.stride),
        padding=tile(Pair(op.window.padding.top, op.window.padding.left)),
        dilation=tile(op.window.dilation),
        activation=activation(op),
    )
    return (
        *(context("window", scratch), params, channel_quantization(op.requantization)),
        *(nhwc(op.x), Tensor(op.x)),
        *(nhwc(op.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias),
        *(nhwc(op.y), Tensor(op.y)),
    )


def taps(op: DepthwiseConv2D) -> int:
    return op.window.size.h * op.window.size.w


def no_scratch(op: DepthwiseConv2D, context: Context) -> tuple[Arg, ...]:
    return depthwise_args(op, 0, tensor_or_null(op.bias))


def opt_s8(op: DepthwiseConv2D, context: Context) -> tuple[Arg, ...]:
    scratch = context.scratch(dsp=2 * op.channels * taps(op), mve=4 * MVE_CHANNELS * taps(op))
    if op.bias is None and context.may_use_mve and op.channels > MVE_CHANNELS:
        # Arm's Helium code adds the offset of the second block of channels to the pointer before it asks whether it is NULL.
        return depthwise_args(op, scratch, int32_table("zero_bias", [0] * op.channels, Content.BIAS))
    return depthwise_args(op, scratch, tensor_or_null(op.bias))


def opt_s4(op: DepthwiseConv2D, context: Context) -> tuple[Arg, ...]:
    return depthwise_args(op, context.scratch(dsp=2 * op.channels * taps(op)), tensor_or_null(op.bias))


def fast_s16(op: DepthwiseConv2D, context: Context) -> tuple[Arg, ...]:
    window = 2 * op.channels * taps(op)
    return depthwise_args(op, context.scratch(dsp=window, mve=4 * window + 8), tensor_or_null(op.bias))


def regular(op: DepthwiseConv2D, context: Context) -> str | None:
    """the window has no dilation and touches the image at every position, and each input channel feeds one output

    Arm's fast paths look no further.
    """
    if op.window.dilation == (1, 1) and op.multiplier == 1 and op.window.touches(*op.x.shape[1:3]):
        return None
    return f"window {op.window} on {op.x.type}, {op.multiplier} outputs per channel"


def one_image(op: DepthwiseConv2D, context: Context) -> str | None:
    """there is one image"""
    return None if op.x.shape[0] == 1 else f"{op.x.shape[0]} images"


def three_by_three(op: DepthwiseConv2D, context: Context) -> str | None:
    """the window is 3x3 with one row and column of padding at most: its middle column always lies in the image"""
    return None if op.window.size == (3, 3) and max(op.window.padding) <= 1 else f"window {op.window}"


def whole_bytes(op: DepthwiseConv2D, context: Context) -> str | None:
    """every tap's int4 weights begin with a byte: the number of input channels is even"""
    return f"{op.x.shape[3]} channels" if op.x.shape[3] % 2 else None


def few_taps(op: DepthwiseConv2D, context: Context) -> str | None:
    """a window has at most 511 taps, whose sum has 32 bits"""
    return f"{taps(op)} taps" if taps(op) > FAST_TAPS else None


def fours_with_helium(op: DepthwiseConv2D, context: Context) -> str | None:
    """with Helium the channels are a multiple of four

    Arm's function reads beyond its operands otherwise.
    """
    return f"{op.channels} channels" if context.may_use_mve and op.channels % 4 else None


DEPTHWISE_S16 = Rate(14, output=105)

VARIANTS: tuple[Variant[DepthwiseConv2D], ...] = (
    # With Helium GCC 12 mistranslates it, and plain C gains nothing by its buffer.
    arm(
        "arm_depthwise_conv_s4_opt",
        DepthwiseConv2D,
        ("int8x4",),
        opt_s4,
        arm_rate(Rate(9, 30), dsp=Rate(6, 30)),
        facts=(one_image, regular, helium_is_out_of_question),
        features=(Feature.DSP,),
    ),
    arm(
        "arm_depthwise_conv_s4",
        DepthwiseConv2D,
        ("int8x4",),
        no_scratch,
        arm_rate(Rate(11, 40)),
        facts=(whole_bytes,),
    ),
    # With Helium arm_depthwise_conv_s8_opt is the faster one.
    arm(
        "arm_depthwise_conv_3x3_s8",
        DepthwiseConv2D,
        ("int8",),
        no_scratch,
        bundled(partial(counts.of_depthwise, is_3x3=True), counts.DEPTHWISE, arm_rate(Rate(6, 30), dsp=Rate(5.5, 30))),
        facts=(symmetric_weights, one_image, regular, three_by_three, helium_is_not_certain),
    ),
    arm(
        "arm_depthwise_conv_s8_opt",
        DepthwiseConv2D,
        ("int8",),
        opt_s8,
        bundled(counts.of_depthwise, counts.DEPTHWISE, arm_rate(Rate(8, 30), dsp=Rate(6, 30), mve=Rate(2, 12))),
        facts=(symmetric_weights, one_image, regular),
    ),
    arm(
        "arm_depthwise_conv_s8",
        DepthwiseConv2D,
        ("int8",),
        no_scratch,
        bundled(counts.of_depthwise, counts.DEPTHWISE, arm_rate(Rate(11, 40))),
        facts=(symmetric_weights,),
    ),
    arm(
        "arm_depthwise_conv_fast_s16",
        DepthwiseConv2D,
        ("int16x8",),
        fast_s16,
        bundled(counts16.of_depthwise, counts16.DEPTHWISE, arm_rate(DEPTHWISE_S16, dsp=Rate(10, output=20), mve=Rate(2, 15))),
        facts=(few_taps, regular, fours_with_helium),
        features=(Feature.DSP,),
    ),
    arm(
        "arm_depthwise_conv_s16",
        DepthwiseConv2D,
        ("int16x8",),
        no_scratch,
        bundled(counts16.of_depthwise, counts16.DEPTHWISE, arm_rate(DEPTHWISE_S16)),
    ),
)

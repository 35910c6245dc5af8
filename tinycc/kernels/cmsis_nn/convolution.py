# SPDX-License-Identifier: Apache-2.0
"""CONV_2D by CMSIS-NN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Struct, Tensor, context, int32_table, struct, tensor_or_null
from tinycc.kernels.cmsis_nn import counts, counts16
from tinycc.kernels.cmsis_nn.base import activation, arm, channel_quantization, dims, nhwc, tile
from tinycc.kernels.cmsis_nn.versions import bias_of_64_bits, one_group
from tinycc.kernels.costs import Rate, arm_rate, bundled
from tinycc.kernels.facts import symmetric_weights
from tinycc.kernels.geometry import Geometry, geometry
from tinycc.ops.convolution.base import Convolution, WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.window import Pair
from tinycc.program.types import Content
from tinycc.target import Feature

WeightedT = TypeVar("WeightedT", bound=WeightedSum)

NARROW_TAPS = 512
"""Products of int16 and int8 that Arm's code adds up in 32 bits, where 64 are asked for, before it goes on in 64."""


def conv_params(op: Convolution) -> Struct:
    """`cmsis_nn_conv_params`."""
    return struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(op.window.stride),
        padding=tile(Pair(op.window.padding.top, op.window.padding.left)),
        dilation=tile(op.window.dilation),
        activation=activation(op),
    )


def conv_args(op: Conv2D, scratch: int, *, upscale: bool = False) -> tuple[Arg, ...]:
    """The argument list that the convolutions share; only `arm_convolve_s8` takes upscale dimensions."""
    return (
        *(context("im2col", scratch), conv_params(op), channel_quantization(op.requantization)),
        *(nhwc(op.x), Tensor(op.x)),
        *(nhwc(op.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), _bias(op)),
        *([None] if upscale else []),
        *(nhwc(op.y), Tensor(op.y)),
    )


def _bias(op: Conv2D) -> Arg:
    """The bias; zeros where Arm's code reads through NULL (grouped convolutions)."""
    if op.bias is None and op.groups > 1:
        return int32_table("zero_bias", [0] * op.channels, Content.BIAS)
    return tensor_or_null(op.bias)


def no_scratch(op: Conv2D, context: Context) -> tuple[Arg, ...]:
    return conv_args(op, 0)


def im2col_s8(op: Conv2D, context: Context) -> tuple[Arg, ...]:
    taps = op.weights.shape[1] * op.weights.shape[2] * op.x.shape[3]
    return conv_args(op, im2col_bytes(taps, context), upscale=True)


def im2col_bytes(taps: int, context: Context) -> int:
    """Scratch of `arm_convolve_s8`."""
    row = 4 * (-(-taps // 4) * 4)
    return context.scratch(plain=row, dsp=row, mve=64 * -(-taps // 16))


def im2col_s4(op: Conv2D, context: Context) -> tuple[Arg, ...]:
    taps = int(np.prod(op.weights.shape[1:]))
    return conv_args(op, context.scratch(plain=4 * taps, dsp=4 * taps, mve=64 * -(-taps // 16)))


def row_buffer(op: Conv2D, context: Context) -> tuple[Arg, ...]:
    return conv_args(op, op.x.shape[3] * (op.window.size.w + op.window.padding.left))


def convolve_s16(geometry: Callable[[WeightedT], Geometry], op: WeightedT, context_: Context) -> tuple[Arg, ...]:
    g = geometry(op)
    pixels = 2 * 2 * g.taps
    scratch = context_.scratch(plain=pixels, dsp=pixels, mve=64 * -(-g.taps // 8))
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=0,
        output_offset=0,
        stride=tile(g.window.stride),
        padding=tile(Pair(g.window.padding.top, g.window.padding.left)),
        dilation=tile(g.window.dilation),
        activation=activation(op),
    )
    bias = struct("cmsis_nn_bias_data", data=tensor_or_null(op.bias), is_int32_bias=int(not op.wide_accumulators))
    return (
        *(context("im2col", scratch), params, channel_quantization(g.multipliers(op))),
        *(dims(*g.x), Tensor(op.x)),
        *(dims(*g.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, g.y[3]), bias),
        *(dims(*g.y), Tensor(op.y)),
    )


def one_by_one(op: Conv2D, context: Context) -> str | None:
    """the window is 1x1, without padding and groups"""
    if op.window.size == (1, 1) and not any(op.window.padding) and op.groups == 1:
        return None
    return f"window {op.window}, {op.groups} groups"


def every_pixel(op: Conv2D, context: Context) -> str | None:
    """the stride is 1"""
    return None if op.window.stride == (1, 1) else f"stride {op.window.stride}"


def sizes_of_16_bits(op: Conv2D, context: Context) -> str | None:
    """there are no groups, and no size reaches 2**16"""
    sizes = (*op.x.shape[1:], *op.y.shape[1:], *op.window.stride, *op.window.padding, int(np.prod(op.weights.shape[1:])))
    return None if op.groups == 1 and max(sizes) < 2**16 else f"{op.groups} groups, {op.x.type}, window {op.window}"


def one_row_of_fours(op: Conv2D, context: Context) -> str | None:
    """the image is one row, at least as wide as the window, of channels in fours, with stride 1, the odd column of padding on
    the right, and no groups

    That is what Arm's Helium code computes: with other strides it was wrong for ten shapes of thirty.
    """
    window, padding = op.window, op.window.padding
    one_row = op.x.shape[1] == window.size.h == op.y.shape[1] == 1 and not padding.top
    fits = window.stride.w == window.dilation.w == 1 and op.x.shape[2] >= window.size.w
    if one_row and op.groups == 1 and op.x.shape[3] % 4 == 0 and fits and padding.right - padding.left in (0, 1):
        return None
    return f"{op.x.type}, window {window}, {op.groups} groups"


def computed_s16(geometry: Callable[[WeightedT], Geometry], op: WeightedT, context: Context) -> str | None:
    """there are no groups, and 64-bit sums are of at most 512 products, or of an even number of channels whose weights keep
    them within 32 bits

    From 513 on, the last of an odd number of pixels is summed in 32 bits (builds without MVE), and the last of an odd number
    of channels reads beyond its weights (DSP builds).
    """
    g = geometry(op)
    long = op.wide_accumulators and g.taps > NARROW_TAPS
    if g.groups == 1 and g.taps < 2**16 and not (long and (g.y[3] % 2 or not fits_32_bits(op))):
        return None
    return f"{g.groups} groups, {g.taps} products, {g.y[3]} channels"


def fits_32_bits(op: WeightedSum) -> bool:
    """Whether no sum of products can leave 32 bits, by the weights."""
    weights = op.weights.data
    return weights is not None and int(np.abs(weights.reshape(len(weights), -1).astype(np.int64)).sum(1).max()) < 2**16


def documented(function: Callable[..., str | None], *args: object) -> Callable[..., str | None]:
    """A partial that keeps the docstring, which a fact is known by."""
    made = partial(function, *args)
    made.__doc__ = function.__doc__
    return made


CONVOLVE_S16 = arm_rate(Rate(2.65, output=97), dsp=Rate(2.2, output=57), mve=Rate(0.5, 25))

VARIANTS: tuple[Variant[Conv2D], ...] = (
    arm(
        "arm_convolve_1x1_s4_fast",
        Conv2D,
        ("int8x4",),
        no_scratch,
        arm_rate(Rate(4, 25), dsp=Rate(2.5, 20), mve=Rate(0.7, 20)),
        facts=(one_by_one, every_pixel),
    ),
    arm(
        "arm_convolve_1x1_s4",
        Conv2D,
        ("int8x4",),
        no_scratch,
        arm_rate(Rate(4.2, 30), dsp=Rate(2.6, 25), mve=Rate(0.8, 25)),
        facts=(one_by_one,),
    ),
    arm(
        "arm_convolve_s4",
        Conv2D,
        ("int8x4",),
        im2col_s4,
        arm_rate(Rate(5, 40), dsp=Rate(2.8, 35), mve=Rate(0.9, 35)),
        facts=(sizes_of_16_bits,),
    ),
    arm(
        "arm_convolve_1x1_s8_fast",
        Conv2D,
        ("int8",),
        no_scratch,
        bundled(counts.of_pointwise, counts.POINTWISE, arm_rate(Rate(3.4, 25), dsp=Rate(1.6, 20), mve=Rate(0.2, 20))),
        facts=(symmetric_weights, one_by_one, every_pixel),
    ),
    arm(
        "arm_convolve_1x1_s8",
        Conv2D,
        ("int8",),
        no_scratch,
        bundled(
            partial(counts.of_pointwise, by_row=True),
            counts.POINTWISE,
            arm_rate(Rate(3.5, 30), dsp=Rate(1.7, 25), mve=Rate(0.25, 25)),
        ),
        facts=(symmetric_weights, one_by_one),
    ),
    arm(
        "arm_convolve_1_x_n_s8",
        Conv2D,
        ("int8",),
        row_buffer,
        arm_rate(Rate(3.6, 35), mve=Rate(0.3, 30)),
        facts=(symmetric_weights, one_row_of_fours),
        features=(Feature.MVE,),
    ),
    arm(
        "arm_convolve_s8",
        Conv2D,
        ("int8",),
        im2col_s8,
        bundled(counts.of_convolution, counts.CONVOLUTION, arm_rate(Rate(3.7, 40), dsp=Rate(1.8, 35), mve=Rate(0.35, 35))),
        facts=(symmetric_weights, one_group),
    ),
    arm(
        "arm_convolve_s16",
        Conv2D,
        ("int16x8",),
        partial(convolve_s16, geometry),
        bundled(partial(counts16.of_convolution, geometry), counts16.CONVOLUTION, CONVOLVE_S16),
        facts=(documented(computed_s16, geometry), bias_of_64_bits),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE_CONV by CMSIS-NN."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Table, Tensor, context, struct, tensor_or_null
from tinycc.kernels.cmsis_nn import counts
from tinycc.kernels.cmsis_nn.base import activation, arm, channel_quantization, dims, nhwc, tile
from tinycc.kernels.cmsis_nn.convolution import im2col_bytes
from tinycc.kernels.cmsis_nn.versions import upscales
from tinycc.kernels.costs import Rate, arm_rate, bundled
from tinycc.kernels.facts import symmetric_weights
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.window import Pair
from tinycc.program.types import Content

REVERSED_DEPTH = 16
"""Input channels from which on Arm's code prefers a convolution (source: arm_transpose_conv_wrapper_s8.c)."""


def sums_of(op: TransposeConv) -> Pair:
    """The outputs that `arm_transpose_conv_s8` sums up at the same time: rows, columns."""
    size, stride = op.window.size, op.window.stride
    return Pair(max(size.h, stride.h), (op.x.shape[2] - 1) * stride.w + max(size.w, stride.w))


def reversed_args(op: TransposeConv, context_: Context) -> tuple[Arg, ...]:
    """A convolution with reversed weights over an image with gaps between the pixels."""
    n, h, w, depth = op.x.shape
    window = op.window
    assert op.weights.data is not None
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(Pair(1, 1)),
        padding=tile(Pair(window.size.h - 1 - window.padding.top, window.size.w - 1 - window.padding.left)),
        dilation=tile(Pair(1, 1)),
        activation=activation(op),
    )
    return (
        *(context("im2col", im2col_bytes(int(np.prod(op.weights.shape[1:])), context_)), params),
        channel_quantization(op.requantization),
        *(dims(n, h * window.stride.h, w * window.stride.w, depth), Tensor(op.x)),
        *(nhwc(op.weights), Table("reversed_weights", np.ascontiguousarray(op.weights.data[:, ::-1, ::-1]), Content.WEIGHTS)),
        *(dims(1, 1, 1, op.channels), tensor_or_null(op.bias)),
        dims(0, window.stride.h, window.stride.w, 0),
        *(nhwc(op.y), Tensor(op.y)),
    )


def transposed_args(op: TransposeConv, context_: Context) -> tuple[Arg, ...]:
    window = op.window
    rows, columns = sums_of(op)
    # Arm's size function adds a wide vertical stride instead of the horizontal one: as much as it asks for, too.
    columns = max(columns, (op.x.shape[2] - 1) * window.stride.w + window.stride.h)
    size = 4 * op.channels * rows * columns
    params = struct(
        "cmsis_nn_transpose_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(window.stride),
        padding=tile(Pair(window.padding.top, window.padding.left)),
        padding_offsets=tile(Pair(window.padding.bottom, window.padding.right)),
        dilation=tile(Pair(1, 1)),
        activation=activation(op),
    )
    return (
        *(context("sums", context_.scratch(plain=size, dsp=size, mve=size)), context("none", 0), params),
        channel_quantization(op.requantization),
        *(nhwc(op.x), Tensor(op.x)),
        *(nhwc(op.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), tensor_or_null(op.bias)),
        *(nhwc(op.y), Tensor(op.y)),
    )


def deep_and_narrow_stride(op: TransposeConv, context: Context) -> str | None:
    """the weights are constant, there are more than 16 input channels, and the stride is at most 2

    Arm's own rule for when a convolution with reversed weights is the better one.
    """
    if op.weights.data is not None and max(op.window.stride) <= 2 and op.x.shape[3] > REVERSED_DEPTH:
        return None
    return f"{op.x.shape[3]} channels, stride {op.window.stride}"


def shallow_or_wide_stride(op: TransposeConv, context: Context) -> str | None:
    """there are at most 16 input channels, or the stride is more than 2, or the weights are no constant

    Arm's own rule for when a convolution with reversed weights is not the better one.
    """
    if deep_and_narrow_stride(op, context) is not None:
        return None
    return f"{op.x.shape[3]} channels, stride {op.window.stride}"


def reached_outputs(op: TransposeConv, context: Context) -> str | None:
    """the function makes exactly the rows and columns of the output, and the padding above is a multiple of the stride

    Until July 2026 it lost its way where that is not so.
    """
    padding, stride = op.window.padding, op.window.stride
    finished, end = op.x.shape[1] * stride.h, padding.top + op.size.h
    rows = padding.top <= finished <= end <= finished + max(op.window.size.h - stride.h, 0)
    if rows and padding.top % stride.h == 0 and padding.left + op.size.w <= sums_of(op).w:
        return None
    return f"{op.x.type} -> {op.size}, window {op.window}"


VARIANTS: tuple[Variant[TransposeConv], ...] = (
    arm(
        "arm_convolve_s8",
        TransposeConv,
        ("int8",),
        reversed_args,
        bundled(counts.of_transposed, counts.TRANSPOSED, arm_rate(Rate(5, 40), dsp=Rate(5, 35), mve=Rate(1.5, 35))),
        facts=(symmetric_weights, deep_and_narrow_stride, upscales),
    ),
    arm(
        "arm_transpose_conv_s8",
        TransposeConv,
        ("int8",),
        transposed_args,
        bundled(counts.of_transposed, counts.TRANSPOSED, arm_rate(Rate(9, 40), dsp=Rate(6, 40), mve=Rate(2, 30))),
        facts=(symmetric_weights, shallow_or_wide_stride, reached_outputs),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8, pixel by pixel: few pixels, or kernels of which planes are more work than products."""

from __future__ import annotations

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import SCALING, constant_weights, signed, signed_sums
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

MAX_TAPS = 64
"""TK_DEPTHWISE_PIXEL_TAPS."""


def taps_of(op: DepthwiseConv2D) -> int:
    """Rounded up to pairs."""
    return rounded_up(op.window.size.h * op.window.size.w, 2)


def plain(op: DepthwiseConv2D, context: Context) -> str | None:
    """at least four channels feed one output each"""
    return None if op.multiplier == 1 and op.channels >= 4 else f"{op.x.shape[3]} channels for {op.channels} outputs"


def few_taps(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel has at most 64 taps"""
    return None if taps_of(op) <= MAX_TAPS else f"window {op.window}"


def fours(channels: int) -> Array:
    """int64[fours, 4]: channels, the last four of them the last ones."""
    first = np.minimum(np.arange(0, channels, 4), channels - 4)
    return first[:, None] + np.arange(4)


def words(op: DepthwiseConv2D) -> Array:
    """uint32: as tk_depthwise_pixel.h says it."""
    weights, f = filters(op), signed_sums(op)
    assert weights is not None
    assert f is not None
    by_tap = weights.reshape(-1, op.channels)
    taps = np.pad(by_tap, ((0, taps_of(op) - len(by_tap)), (0, 0))) << SCALING
    halves = (taps & 0xFFFF).reshape(-1, 2, op.channels)
    products = (halves[:, 0] | halves[:, 1] << 16)[:, fours(op.channels)]  # pair, four, channel
    constants = np.stack((f.multiplier, f.addend, f.below, f.shift), 1)[fours(op.channels)]
    count = len(constants)
    parts = (f.start[fours(op.channels)] << SCALING, products.swapaxes(0, 1).reshape(count, -1), constants.reshape(count, -1))
    return np.concatenate([as_words(part) for part in parts], axis=1).ravel()


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    (batch, in_h, in_w, channels), (_, out_h, out_w, _), window = op.x.shape, op.y.shape, op.window
    layer = struct(
        "tk_depthwise_pixels",
        pixel=struct(
            "tk_depthwise_pixel", weights=Table("weights", words(op), Content.WEIGHTS), taps=taps_of(op), channels=channels
        ),
        zero_point=op.x.zero_point,
        batch=batch,
        in_h=in_h,
        in_w=in_w,
        out_h=out_h,
        out_w=out_w,
        kernel_h=window.size.h,
        kernel_w=window.size.w,
        stride_h=window.stride.h,
        stride_w=window.stride.w,
        dilation_h=window.dilation.h,
        dilation_w=window.dilation.w,
        pad_h=window.padding.top,
        pad_w=window.padding.left,
    )
    return (Call("tk_depthwise_pixels_dsp_s8", (Tensor(op.x), Tensor(op.y), layer, Scratch("padding", channels))),)


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    """Fitted to counts on a Cortex-M4."""
    batch, height, width, channels = op.y.shape
    pixels, four, size = batch * height * width, rounded_up(channels, 4) // 4, op.window.size
    cycles = 150 + pixels * (70 + size.h * (24 + 17 * size.w) + four * (taps_of(op) * 13 + 63))
    instructions = 120 + pixels * (60 + size.h * (16 + 12 * size.w) + four * (taps_of(op) * 17 // 2 + 45))
    return Cost(cycles, instructions)


VARIANTS = (
    Variant(
        name="tk_depthwise_pixels_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(constant_weights, plain, few_taps, signed),
        features=frozenset({Feature.DSP}),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int16 with int8 weights on Helium, pixel by pixel: see runtime/kernels/mve/tk_mve_taps_s16.h."""

from __future__ import annotations

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.dsp.products16 import high_multipliers, one_multiplication, starts_of
from tinycc.kernels.facts import rounds_twice, symmetric_weights
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.mve import conv, layer
from tinycc.kernels.mve.depthwise import few_taps, one_to_one
from tinycc.kernels.mve.packing import pixels_stream
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.target import Feature


@once_for_all
def stream(op: DepthwiseConv2D) -> Array:
    multipliers, weights = high_multipliers(op), op.weights.data
    assert multipliers is not None
    assert weights is not None
    return pixels_stream(weights.reshape(-1, op.channels), starts_of(op), multipliers)


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    window = op.window
    pixels = struct(
        "tk_mve_pixels",
        weights=layer.stream(stream(op)),
        taps=window.size.h * window.size.w,
        channels=op.channels,
        step=window.stride.w * op.channels,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    described = struct(
        "tk_mve_depthwise_taps",
        pixels=pixels,
        in_w=op.x.shape[2],
        out_w=op.y.shape[2],
        columns=window.size.w,
        stride=window.stride.w,
        pad=window.padding.left,
        dilation=window.dilation.w,
        down=conv.down(op),
    )
    return (Call("tk_mve_depthwise_s16", (Tensor(op.x), Tensor(op.y), described)),)


def runs(op: DepthwiseConv2D) -> int:
    """How many calls of tk_mve_taps_s16 a row takes: one for each pixel at the border, one for all others."""
    window, width, count = op.window, op.x.shape[2], op.y.shape[2]
    lefts = (q * window.stride.w - window.padding.left for q in range(count))
    inside = sum(left >= 0 and left + window.reach.w <= width for left in lefts)
    return count - inside + min(inside, 1)


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    (batch, height, width, channels), taps = op.y.shape, op.window.size.h * op.window.size.w
    wide, narrow = channels // 16, -(-(channels % 16) // 8)
    rows, pixels = batch * height, batch * height * width
    around = rows * (40 + 15 * op.window.size.h + runs(op) * (70 + op.window.size.h * 10 + taps * 10))
    vectors = pixels * (wide * (33 + 15 * taps) + narrow * (25 + 10 * taps))
    scalar = around + pixels * (9 + (wide + narrow) * (5 + 2.5 * taps))
    flash = (16 * wide + 8 * narrow) * (taps + 8) - channels * (taps + 8)
    return layer.cost(around + vectors + 9 * pixels, scalar, flash)


VARIANTS = (
    Variant(
        name="tk_mve_depthwise_s16",
        op=DepthwiseConv2D,
        signatures=("int16x8",),
        bind=bind,
        cost=cost,
        facts=(layer.known_weights, symmetric_weights, one_to_one, few_taps, rounds_twice, one_multiplication),
        features=frozenset({Feature.MVE}),
    ),
)

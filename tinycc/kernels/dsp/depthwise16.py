# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int16 with int8 weights, pixel by pixel: see runtime/kernels/dsp/tk_depthwise_dsp_s16.h."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.cmsis_nn.counts import taps as inside
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.depthwise_pixels import fours, plain
from tinycc.kernels.dsp.gemm import as_words
from tinycc.kernels.dsp.products16 import floor_of, high_multipliers, one_multiplication, plain_bounds, starts_of
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.portable.base import window_shape
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

MAX_TAPS = 64
"""TK_DEPTHWISE_TAPS_S16."""


def taps_of(op: DepthwiseConv2D) -> int:
    return op.window.size.h * op.window.size.w


def few_taps(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel has at most 64 taps"""
    return None if taps_of(op) <= MAX_TAPS else f"window {op.window}"


@once_for_all
def words(op: DepthwiseConv2D) -> Array:
    """uint32: where sums begin, taps, multipliers, of four channels after four."""
    multipliers, chosen, weights = high_multipliers(op), fours(op.channels), op.weights.data
    assert multipliers is not None
    assert weights is not None
    taps = weights.astype(np.int8).reshape(-1, op.channels)[:, chosen[:, [0, 2, 1, 3]]]  # tap, four, byte
    stream = np.ascontiguousarray(taps.swapaxes(0, 1)).reshape(len(chosen), -1).view("<u4")
    return np.concatenate((as_words(starts_of(op)[chosen]), stream, as_words(multipliers[chosen])), axis=1).ravel()


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    pixel = struct(
        "tk_depthwise_pixel_s16_params",
        weights=Table("weights", words(op), Content.WEIGHTS),
        taps=taps_of(op),
        channels=op.channels,
        floor=floor_of(op),
    )
    layer = struct("tk_depthwise_s16", pixel=pixel, shape=window_shape(op.x, op.y, op.window))
    return (Call("tk_depthwise_dsp_s16", (Tensor(op.x), Tensor(op.y), layer, Scratch("zeros", 2 * op.channels))),)


def loops(op: DepthwiseConv2D) -> Loops:
    """Pointers to the taps of rows that lie in the image, and of others; then the taps of four channels at a time."""
    (batch, height, width, channels), size = op.y.shape, op.window.size
    rows, columns = inside(op)
    pixels, count, taps = batch * height * width, -(-channels // 4), taps_of(op)
    whole = batch * int(rows.sum()) * int((columns == size.w).sum())
    return {
        "call": 1,
        "pixel": pixels,
        "whole row": whole,
        "whole tap": whole * size.w,
        "row": pixels * size.h - whole,
        "tap": (pixels * size.h - whole) * size.w,
        "four": pixels * count,
        "product": pixels * count * taps,
        "round": pixels * count * -(-taps // 2),
    }


ROUNDS = {
    "call": Each(275, 344),
    "pixel": Each(40, 63),
    "whole row": Each(36, 54),
    "whole tap": Each(1.2, 1.4),
    "row": Each(34, 56),
    "tap": Each(13.1, 17.4),
    "four": Each(38, 50),
    "product": Each(10.8, 12.8),
    "round": Each(2, 4),
}


VARIANTS = (
    Variant(
        name="tk_depthwise_dsp_s16",
        op=DepthwiseConv2D,
        signatures=("int16x8",),
        bind=bind,
        cost=lambda op, context: loops_cost(loops(op), ROUNDS, context.target),
        facts=(constant_weights, rounds_twice, plain, few_taps, one_multiplication, plain_bounds),
        features=frozenset({Feature.DSP}),
    ),
)

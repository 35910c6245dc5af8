# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8 with next to no scratch, for where memory counts: see runtime/kernels/dsp/tk_near.h."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.dsp.conv import few_rows, one_channel
from tinycc.kernels.dsp.depthwise import of_fours
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import SCALING, constant_weights, signed, signed_sums
from tinycc.kernels.dsp.segments import Conv, Segments, contiguous
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.portable.base import conv_shape
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

ON_STACK = 128
"""TK_LEAN_WINDOW."""


def even(op: Conv, context: Context) -> str | None:
    """there is an even number of outputs"""
    return None if op.channels % 2 == 0 else f"{op.channels}"


def segments_of(op: Conv) -> Segments:
    return Segments(op, rounded_up(op.window.size.w * op.x.shape[3], 4))


def gathered(op: Conv) -> int:
    """Bytes of scratch: of a window, if there are any that reach beyond the image, unless the stack has room for it."""
    s, window = segments_of(op), op.window
    _, rows, _, out_rows, out_w = s.sizes
    bottom = (out_rows - 1) * window.stride.h + window.reach.h - window.padding.top
    inside = s.inner == (0, out_w) and not window.padding.top and bottom <= rows
    wanted = 0 if inside else window.size.h * s.bytes
    return wanted if wanted > ON_STACK else 0


@once_for_all
def words(op: Conv) -> Array:
    """uint32: of two channels after two, where sums begin, weights, constants."""
    f = signed_sums(op)
    assert f is not None
    assert op.weights.data is not None
    kernels = op.weights.data.transpose(3, 1, 2, 0) if isinstance(op, DepthwiseConv2D) else op.weights.data
    segments = kernels.astype(np.int8).reshape(op.channels, op.window.size.h, -1)
    fours = np.pad(segments, ((0, 0), (0, 0), (0, -segments.shape[2] % 4)))
    pairs = fours.reshape(op.channels // 2, 2, -1, 2, 2)  # channel, four, half, odd
    stream = np.ascontiguousarray(pairs.transpose(0, 2, 4, 3, 1)).reshape(op.channels // 2, -1).view("<u4")
    parts = as_words(f.start.reshape(-1, 2)), stream, _constants(f).reshape(op.channels // 2, -1)
    return np.concatenate(parts, axis=1).ravel()


def _constants(f: HighWord) -> Array:
    return as_words(np.stack((f.multiplier, f.addend, f.below, f.shift), 1))


def bind(op: Conv, context: Context) -> tuple[Call, ...]:
    w, window, depth, channels = segments_of(op), op.window, op.x.shape[3], op.channels
    (batch, rows, width, out_rows, out_w), (low, high) = w.sizes, w.inner
    near = struct(
        "tk_near",
        weights=Table("weights", words(op), Content.WEIGHTS),
        segments=window.size.h,
        row_step=window.dilation.h,
        bytes=w.bytes,
        apart=window.stride.w * depth,
        channels=channels,
        pitch=channels,
    )
    lean = struct(
        "tk_lean",
        near=near,
        batch=batch,
        in_rows=rows,
        row_bytes=width * depth,
        out_rows=out_rows,
        out_w=out_w,
        stride=window.stride.h,
        pad=window.padding.top,
        first=-window.padding.left * depth,
        low=low,
        high=high,
        zero_point=op.x.zero_point,
    )
    return (Call("tk_conv_lean_dsp_s8", (Tensor(op.x), Tensor(op.y), lean, Scratch("gathered", gathered(op)))),)


def cost(op: Conv, context: Context) -> Cost:
    """Reckoned from the code: pairs of pixels, those at the edges alone and gathered."""
    w, pairs, segments = segments_of(op), op.channels // 2, op.window.size.h
    (batch, _, _, rows, width), (low, high) = w.sizes, w.inner
    inside = max(high - low, 0)
    products = pairs * (23 * segments * w.bytes // 4 + 55) + 60
    beside = products + 20 * pairs + segments * (2 * w.bytes + 45) + 400
    cycles = 200 + batch * rows * (-(-inside // 2) * (products + 20 * pairs * segments + 60) + (width - inside) * beside)
    return Cost(cycles, cycles * 85 // 100)


def one_output(op: DepthwiseConv2D, context: Context) -> str | None:
    """at least four channels feed one output each, and every window sees a part of the image"""
    if op.multiplier != 1 or op.channels < 4:
        return f"{op.x.shape[3]} channels for {op.channels} outputs"
    return None if op.window.touches(*op.x.shape[1:3]) else f"window {op.window}"


@once_for_all
def depthwise_words(op: DepthwiseConv2D) -> Array:
    """uint32: of four channels after four, taps, where sums begin, constants."""
    f, weights = signed_sums(op), filters(op)
    assert f is not None
    assert weights is not None
    taps = weights[:, :, 0].reshape(-1, op.channels)  # tap, channel
    starts = (f.start + op.x.zero_point * taps.sum(0)) << SCALING
    own = as_words(np.concatenate((starts[:, None], np.stack((f.multiplier, f.addend, f.below, f.shift), 1)), axis=1))
    rows = of_fours(np.concatenate((as_words(taps.T << SCALING), own), axis=1), op).reshape(-1, 4, len(taps) + 5)
    halves = rows[:, :, : len(taps)].astype(np.int64) & 0xFFFF
    pairs = np.stack((halves[:, 0] | halves[:, 2] << 16, halves[:, 1] | halves[:, 3] << 16), 2).reshape(len(rows), -1)
    ends = rows[:, :, len(taps)], rows[:, :, len(taps) + 1 :].reshape(len(rows), -1)
    return np.concatenate((as_words(pairs), *ends), axis=1).ravel()


def bind_depthwise(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    shape: Struct = conv_shape(op.x.shape, op.y.shape, op.window)
    weights = Table("weights", depthwise_words(op), Content.WEIGHTS)
    return (Call("tk_depthwise_lean_dsp_s8", (Tensor(op.x), Tensor(op.y), weights, shape, op.x.zero_point)),)


def cost_depthwise(op: DepthwiseConv2D, context: Context) -> Cost:
    """Reckoned from the code."""
    size = op.window.size
    tap = 8 if size.w == 3 else 14
    four = size.h * (size.w * tap + 12) + 62
    pixels = op.y.type.elements // op.channels
    cycles = 150 + pixels * (rounded_up(op.channels, 4) // 4 * four + 90)
    return Cost(cycles, cycles * 85 // 100)


def variant(cls: type[Conv2D] | type[DepthwiseConv2D], *facts: Fact[Any]) -> Variant[Any]:
    return Variant(
        name="tk_conv_lean_dsp_s8",
        op=cls,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(*facts, constant_weights, contiguous, even, few_rows, signed),
        features=frozenset({Feature.DSP}),
    )


VARIANTS = (
    variant(Conv2D),
    variant(DepthwiseConv2D, one_channel),
    Variant(
        name="tk_depthwise_lean_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind_depthwise,
        cost=cost_depthwise,
        facts=(constant_weights, one_output, signed),
        features=frozenset({Feature.DSP}),
    ),
)

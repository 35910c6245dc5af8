# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8 with a kernel of 3x3: through planes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.folding import once_for_all, stairs_of
from tinycc.numerics.high_word import HighWord, fold_high
from tinycc.numerics.staircase import Staircase
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

SHIFT = 8
"""TK_DEPTHWISE_SHIFT in runtime/kernels/dsp/tk_depthwise3.h."""
WORDS = 9
"""TK_DEPTHWISE3_WORDS: of a channel."""
LINE, LINES = 16, 10
"""TK_LINE: words of a plane's line; lines of the planes that are granted to any layer."""


def is_3x3(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel is 3x3 with stride 1 or 2 and without dilation, and at least four channels feed one output each"""
    window = op.window
    if window.size == (3, 3) and window.stride in ((1, 1), (2, 2)) and window.dilation == (1, 1):
        return None if op.multiplier == 1 and op.channels >= 4 else f"{op.x.shape[3]} channels for {op.channels} outputs"
    return f"window {window}"


def folds(op: DepthwiseConv2D, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication with a shift that all share, proved"""
    return "a channel without one" if scaled_sums(op) is None else None


@once_for_all
def scaled_sums(op: DepthwiseConv2D) -> tuple[HighWord, Array] | None:
    """The formula, and by which power of two each channel's weights are multiplied for it; None where none is proved."""
    stairs = stairs_of(op)
    if stairs is None:
        return None
    with np.errstate(divide="ignore"):
        power = np.clip(SHIFT + 2 + np.floor(np.log2(np.where(stairs.live, stairs.scale, 1e-9))), 0, 8).astype(np.int64)
    columns = {name: np.zeros(len(power), np.int64) for name in ("start", "multiplier", "addend", "below", "shift")}
    for scaling in np.unique(power):
        at = np.flatnonzero(power == scaling)
        formula = fold_high(_channels(stairs, at), SHIFT, int(scaling))
        if not formula.proved.all():
            return None
        for name, column in columns.items():
            column[at] = getattr(formula, name)
    proved = np.ones(len(power), np.bool_)
    return HighWord(**columns, scaling=0, min=stairs.min, max=stairs.max, proved=proved), power


def _channels(stairs: Staircase, at: Array) -> Staircase:
    pivot = None if stairs.pivot is None else stairs.pivot[at]
    names = ("low", "high", "thresholds", "scale", "exact")
    return replace(stairs, pivot=pivot, **{name: getattr(stairs, name)[at] for name in names})


def _transposed(op: DepthwiseConv2D) -> bool:
    """Whether lines are columns of the image: where those are longer."""
    return op.y.shape[1] > op.y.shape[2]


def _words(op: DepthwiseConv2D) -> Array:
    """uint32: nine words a channel, channels in fours, the last four of them the last channels."""
    found, weights = scaled_sums(op), filters(op)
    assert found is not None
    assert weights is not None
    formula, power = found
    taps = weights[:, :, 0].transpose(1, 0, 2) if _transposed(op) else weights[:, :, 0]
    taps = taps << power
    halfwords = np.stack((taps[:, 0], taps[:, 1], taps[:, 1], taps[:, 2]), 1) & 0xFFFF  # line, half, channel
    pairs = (halfwords[:, ::2] | halfwords[:, 1::2] << 16).reshape(6, -1)
    rows = np.concatenate((pairs, [formula.start << power, formula.multiplier, formula.addend])).T
    last = np.arange(op.channels - 4, op.channels) if op.channels % 4 else np.arange(0)
    order = np.concatenate((np.arange(op.channels // 4 * 4), last))
    return as_words(rows[order]).ravel()


def strips(op: DepthwiseConv2D) -> tuple[int, int]:
    """(lines, columns) of the result that are computed at a time: equal parts, as few as fit."""
    stride, (lines, columns) = op.window.stride.h, sorted(op.y.shape[1:3])
    most = (LINES - 3) // stride + 1, (2 * LINE - 3) // stride + 1
    return equal_part(lines, most[0]), equal_part(columns, most[1])


def equal_part(whole: int, most: int) -> int:
    return -(-whole // -(-whole // most))


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    (n, in_h, in_w, c), (_, out_h, out_w, _) = op.x.shape, op.y.shape
    padding, stride = op.window.padding, op.window.stride.h
    lines, columns = (in_h, out_h, padding.top), (in_w, out_w, padding.left)
    steps = (in_w * c, c), (out_w * c, c)
    if _transposed(op):
        lines, columns = columns, lines
        steps = steps[0][::-1], steps[1][::-1]
    strip_lines, strip_columns = strips(op)
    layer = struct(
        "tk_depthwise_layer",
        weights=Table("weights", _words(op), Content.WEIGHTS),
        four_words=4 * WORDS,
        channels=c,
        multiplier=1,
        zero_point=op.x.zero_point,
        stride_lines=stride,
        stride_columns=stride,
        reach_lines=3,
        reach_columns=3,
        strip_lines=strip_lines,
        strip_columns=strip_columns,
        in_lines=lines[0],
        in_columns=columns[0],
        in_line=steps[0][0],
        in_pixel=steps[0][1],
        out_lines=lines[1],
        out_columns=columns[1],
        out_line=steps[1][0],
        out_pixel=steps[1][1],
        pad_lines=lines[2],
        pad_columns=columns[2],
        batch=n,
        in_bytes=in_h * in_w * c,
        out_bytes=out_h * out_w * c,
    )
    scratch = Scratch("planes", ((strip_lines - 1) * stride + 3) * 16 * LINE + 4)
    return (Call("tk_depthwise3_dsp_s8", (Tensor(op.x), Tensor(op.y), layer, scratch)),)


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    """Reckoned from the code: planes laid once per strip, then pairs of results."""
    _, out_h, out_w, _ = op.y.shape
    stride = op.window.stride.h
    fours = op.x.shape[0] * rounded_up(op.channels, 4) // 4
    lines, columns = sorted((out_h, out_w))
    strips = -(-lines // ((LINES - 3) // stride + 1)) * -(-columns // ((2 * LINE - 3) // stride + 1))
    laid = (lines * stride + 2 * strips) * (10 * columns * stride + 150)
    made = 4 * (lines * (columns * (20 if stride == 1 else 23) + 30) + 60 * strips)
    cycles = fours * (laid + made + 150 * strips)
    return Cost(cycles, cycles * 4 // 5, 0)


VARIANTS = (
    Variant(
        name="tk_depthwise3_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(constant_weights, is_3x3, folds),
        features=frozenset({Feature.DSP}),
    ),
)

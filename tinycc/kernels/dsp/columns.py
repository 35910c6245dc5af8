# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8, 3x3, without scratch: from column to column (runtime/kernels/dsp/tk_columns.h)."""

from __future__ import annotations

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Table, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.depthwise import folds, scaled_sums
from tinycc.kernels.dsp.gemm import as_words
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.folding import once_for_all
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

MOST = 0xFFFF
"""Channels, which have half a word."""


def is_3x3(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel is 3x3 with stride 1 or 2 and without dilation, and each channel feeds one output"""
    window = op.window
    if window.size == (3, 3) and window.stride in ((1, 1), (2, 2)) and window.dilation == (1, 1):
        fits = op.multiplier == 1 and op.channels <= MOST
        return None if fits else f"{op.x.shape[3]} channels for {op.channels} outputs"
    return f"window {window}"


def sides(op: DepthwiseConv2D) -> tuple[int, int]:
    """Columns of padding that the first and the last result of a row see."""
    window = op.window
    return window.padding.left, max((op.y.shape[2] - 1) * window.stride.w + 3 - window.padding.left - op.x.shape[2], 0)


def seen(op: DepthwiseConv2D) -> list[int]:
    """Rows of the image that each row of windows sees."""
    (_, rows, _, _), window = op.x.shape, op.window
    tops = (i * window.stride.h - window.padding.top for i in range(op.y.shape[1]))
    return [min(top + 3, rows) - max(top, 0) for top in tops]


def narrow_padding(op: DepthwiseConv2D, context: Context) -> str | None:
    """windows see at least two rows of the image and at most one column of padding"""
    fits = max(sides(op)) <= 1 and min(seen(op)) >= 2
    return None if fits else f"window {op.window}"


@once_for_all
def words(op: DepthwiseConv2D) -> Array:
    """uint32: of each channel, as tk_columns.h says it."""
    found, weights = scaled_sums(op), filters(op)
    assert found is not None
    assert weights is not None
    formula, power = found
    taps = (weights[:, :, 0].transpose(2, 0, 1) << power[:, None, None]) & 0xFFFF  # channel, row, column
    pairs = taps[:, 0] | taps[:, 1] << 16
    third = taps[:, 2, 0] | taps[:, 2, 1] << 16, op.channels | taps[:, 2, 2] << 16
    starts = formula.start << power
    return as_words(np.stack((formula.multiplier, formula.addend, *pairs.T, *third, starts), 1)).ravel()


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    (batch, rows, width, channels), (_, out_rows, out_w, _), window = op.x.shape, op.y.shape, op.window
    left, right = sides(op)
    columns = struct(
        "tk_columns",
        weights=Table("weights", words(op), Content.WEIGHTS),
        channels=channels,
        pitch=width * channels,
        out_w=out_w,
        left=left,
        right=right,
        zero_point=(op.x.zero_point & 0xFFFF) * 0x10001,
        above=0,
    )
    layer = struct(
        "tk_depthwise_columns",
        columns=columns,
        batch=batch,
        in_rows=rows,
        out_rows=out_rows,
        stride=window.stride.h,
        pad=window.padding.top,
    )
    return (Call("tk_depthwise_columns_dsp_s8", (Tensor(op.x), Tensor(op.y), layer)),)


def loops(op: DepthwiseConv2D) -> Loops:
    """How often the code goes through its loops."""
    batch, _, width, channels = op.y.shape
    of_three = sum(rows == 3 for rows in seen(op)) * batch
    of_two = sum(rows == 2 for rows in seen(op)) * batch
    stride = op.window.stride.w
    results = (width - sides(op)[1]) * channels
    return {
        "call": 1,
        "row": of_three + of_two,
        "channel": (of_three + of_two) * channels,
        f"result of three rows by {stride}": of_three * results,
        f"result of two rows by {stride}": of_two * results,
    }


ROUNDS = {
    "call": Each(70, 100),
    "row": Each(150, 200),
    "channel": Each(40, 65),
    "result of three rows by 1": Each(16, 21),
    "result of two rows by 1": Each(12, 16),
    "result of three rows by 2": Each(21, 27),
    "result of two rows by 2": Each(16, 21),
}


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    return loops_cost(loops(op), ROUNDS, context.target)


VARIANTS = (
    Variant(
        name="tk_depthwise_columns_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(constant_weights, is_3x3, narrow_padding, folds),
        features=frozenset({Feature.DSP}),
    ),
)

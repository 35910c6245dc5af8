# SPDX-License-Identifier: Apache-2.0
"""Pools of int16: four channels at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.cmsis_nn.counts import taps
from tinycc.kernels.cmsis_nn.pooling import ties_away_from_zero
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.pooling import layer, no_empty_window
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.target import Feature

MAX_COUNT = 255
"""Codes whose mean tk_window_means_s16 has exactly."""


def few_inputs(op: AveragePool2D, context: Context) -> str | None:
    """a window has at most 255 pixels"""
    count = op.window.size.h * op.window.size.w
    return None if count <= MAX_COUNT else f"{count}"


def loops(op: Pool2D) -> Loops:
    """Rows that are as wide as the image are one. Fewer than four channels go one by one."""
    (rows, columns), (batch, _, _, channels), width = taps(op), op.y.shape, op.x.shape[2]
    pixels, fours, ones = batch * rows.size * columns.size, -(-channels // 4), 0
    if channels < 4:
        fours, ones = 0, channels
    inputs, clamped = batch * int(rows.sum()) * int(columns.sum()), (int(op.range.min), int(op.range.max)) != op.x.dtype.limits
    whole = int((columns == width).sum())
    runs = batch * (rows.size * whole + int(rows.sum()) * (columns.size - whole))
    return {
        "call": 1,
        "row": batch * rows.size,
        "pixel": pixels,
        "four": pixels * fours,
        "run": runs * fours,
        "tap": inputs * fours,
        "one": pixels * ones,
        "run of one": runs * ones,
        "tap of one": inputs * ones,
        "rest": pixels * (channels > 4 and channels % 4 > 0),
        "clamped": pixels * channels * clamped,
    }


AVERAGE: Mapping[str, Each] = {
    "call": Each(45, 85),
    "row": Each(30, 45),
    "pixel": Each(75, 100),
    "four": Each(48, 54),
    "run": Each(8, 12),
    "tap": Each(9, 12),
    "one": Each(30, 40),
    "run of one": Each(8, 12),
    "tap of one": Each(5, 8),
    "rest": Each(55, 70),
    "clamped": Each(9, 12),
}
MAX: Mapping[str, Each] = {**AVERAGE, "pixel": Each(45, 62), "four": Each(13, 20), "rest": Each(38, 48)}


def _variant(symbol: str, cls: type[Pool2D], rounds: Mapping[str, Each], *facts: Fact[Any]) -> Variant[Any]:
    def bind(op: Pool2D, context: Context) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), layer(op))),)

    def cost(op: Pool2D, context: Context) -> Cost:
        return loops_cost(loops(op), rounds, context.target)

    return Variant(symbol, cls, ("int16",), bind, cost, (*facts, no_empty_window), frozenset({Feature.DSP}))


VARIANTS: tuple[Variant[Any], ...] = (
    _variant("tk_avg_pool_dsp_s16", AveragePool2D, AVERAGE, ties_away_from_zero, few_inputs),
    _variant("tk_max_pool_dsp_s16", MaxPool2D, MAX),
)

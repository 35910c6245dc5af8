# SPDX-License-Identifier: Apache-2.0
"""Pools of int8 and int16 on Helium."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Arg, Call, Struct, Tensor, struct
from tinycc.kernels.cmsis_nn.pooling import ties_away_from_zero
from tinycc.kernels.costs import Each
from tinycc.kernels.dsp.pooling import exact_lines
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.mve import counts
from tinycc.kernels.mve.conv import MAX_ROWS
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.target import Feature

PoolT = TypeVar("PoolT", bound=Pool2D)

MAX_COUNT = 256
"""Codes of int8 whose sum fits into 16 bits."""


def few_rows(op: Pool2D, context: Context) -> str | None:
    """the window has at most 32 rows"""
    return None if op.window.size.h <= MAX_ROWS else f"{op.window.size.h}"


def few_inputs(op: AveragePool2D, context: Context) -> str | None:
    """the window has at most 256 inputs"""
    count = op.window.size.h * op.window.size.w
    return None if count <= MAX_COUNT else f"{count}"


def no_empty_window(op: AveragePool2D, context: Context) -> str | None:
    """every window covers some of the input"""
    return None if op.window.touches(*op.x.shape[1:3]) else f"window {op.window}"


@once_for_all
def short_line(op: AveragePool2D) -> Struct | None:
    """The `tk_mve_line` of a mean: on sums that the zero point is still part of, with a multiplier of 16 bits."""
    for line in exact_lines(op):
        addend = line.addend - line.offset * line.multiplier + (line.zero_point << line.shift)
        largest = 128 * MAX_COUNT * line.multiplier + abs(addend)
        if line.multiplier < 2**15 and largest < 2**31:
            return struct(
                "tk_mve_line",
                multiplier=line.multiplier,
                addend=addend,
                shift=line.shift,
                even=line.even,
                zero_point=line.offset >> line.shift if line.even else 0,
            )
    return None


def has_short_line(op: AveragePool2D, context: Context) -> str | None:
    """ONNX: all windows cover as many pixels, and one form with a multiplier of 16 bits has the code of every sum of theirs"""
    return "none" if op.as_tflite or short_line(op) is None else None


def no_more(op: Pool2D) -> tuple[Arg, ...]:
    return ()


def line(op: AveragePool2D) -> tuple[Arg, ...]:
    found = short_line(op)
    assert found is not None
    return (found,)


def described(op: Pool2D) -> Struct:
    """The `tk_mve_pool` of a pool."""
    window, (batch, height, width, channels) = op.window, op.x.shape
    channels *= op.x.dtype.bytes
    inputs = struct("tk_mve_pool_window", channels=channels, pixel=channels, min=int(op.range.min), max=int(op.range.max))
    down = struct(
        "tk_mve_rows",
        batch=batch,
        in_h=height,
        in_row=width * channels,
        out_h=op.y.shape[1],
        out_row=op.y.shape[2] * channels,
        rows=window.size.h,
        stride=window.stride.h,
        pad=window.padding.top,
    )
    return struct(
        "tk_mve_pool",
        window=inputs,
        in_w=width,
        out_w=op.y.shape[2],
        columns=window.size.w,
        stride=window.stride.w,
        pad=window.padding.left,
        down=down,
    )


def variant(
    symbol: str,
    cls: type[PoolT],
    facts: tuple[Fact[PoolT], ...],
    lanes: int,
    rounds: Mapping[str, Each],
    more: Callable[[PoolT], tuple[Arg, ...]] = no_more,
) -> Variant[PoolT]:
    """`lanes`: channels at a time; `rounds`: what a round of each loop takes; `more`: the last arguments."""
    dtype = "int16" if symbol.endswith("_s16") else "int8"

    def bind(op: PoolT, context: Context) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), described(op), *more(op))),)

    def cost(op: PoolT, context: Context) -> Cost:
        return counts.cost_of(counts.of_pool(op, lanes), rounds)

    return Variant(
        name=symbol,
        op=cls,
        signatures=(dtype,),
        bind=bind,
        cost=cost,
        facts=facts,
        features=frozenset({Feature.MVE}),
    )


VARIANTS: tuple[Variant[Any], ...] = (
    variant(
        "tk_mve_avg_pool_s8", AveragePool2D, (few_rows, few_inputs, no_empty_window, ties_away_from_zero), 8, counts.AVERAGE
    ),
    variant(
        "tk_mve_avg_pool_line_s8",
        AveragePool2D,
        (few_rows, few_inputs, no_empty_window, has_short_line),
        8,
        counts.AVERAGE_LINE,
        line,
    ),
    variant("tk_mve_max_pool_s8", MaxPool2D, (few_rows,), 16, counts.MAXIMUM),
    variant(
        "tk_mve_avg_pool_s16",
        AveragePool2D,
        (few_rows, no_empty_window, ties_away_from_zero),
        4,
        counts.AVERAGE_S16,
    ),
    variant("tk_mve_max_pool_s16", MaxPool2D, (few_rows,), 8, counts.MAXIMUM),
)

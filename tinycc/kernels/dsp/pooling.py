# SPDX-License-Identifier: Apache-2.0
"""Pools of int8: four channels at a time."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Tensor, struct
from tinycc.kernels.cmsis_nn.pooling import ties_away_from_zero
from tinycc.kernels.dsp.gemm import rounded_up
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.target import Feature

MAX_COUNT = 256
"""Codes whose sum fits into 16 bits."""


def four_channels(op: Pool2D, context: Context) -> str | None:
    """there are at least four channels"""
    return None if op.x.shape[3] >= 4 else f"{op.x.shape[3]}"


def few_inputs(op: AveragePool2D, context: Context) -> str | None:
    """a window has at most 256 pixels"""
    count = op.window.size.h * op.window.size.w
    return None if count <= MAX_COUNT else f"{count}"


def no_empty_window(op: Pool2D, context: Context) -> str | None:
    """every window covers some of the input"""
    return None if op.window.touches(*op.x.shape[1:3]) else f"window {op.window}"


def layer(op: Pool2D) -> Struct:
    (batch, in_h, in_w, channels), (_, out_h, out_w, _), window = op.x.shape, op.y.shape, op.window
    return struct(
        "tk_pool_layer",
        batch=batch,
        channels=channels,
        rows=window.size.h,
        columns=window.size.w,
        stride_h=window.stride.h,
        stride_w=window.stride.w,
        pad_h=window.padding.top,
        pad_w=window.padding.left,
        in_h=in_h,
        in_w=in_w,
        out_h=out_h,
        out_w=out_w,
        min=int(op.range.min),
        max=int(op.range.max),
    )


def bind_average(op: AveragePool2D, context: Context) -> tuple[Call, ...]:
    scratch = Scratch("sums", 2 * rounded_up(op.x.shape[3], 4))
    return (Call("tk_avg_pool_dsp_s8", (Tensor(op.x), Tensor(op.y), layer(op), scratch)),)


def bind_max(op: MaxPool2D, context: Context) -> tuple[Call, ...]:
    return (Call("tk_max_pool_dsp_s8", (Tensor(op.x), Tensor(op.y), layer(op))),)


def cost(op: Pool2D, after: int) -> Cost:
    """Reckoned from the code. `after`: cycles of four channels when their window is through."""
    fours, size = rounded_up(op.x.shape[3], 4) // 4, op.window.size
    runs = (1, size.h * size.w) if size.w == op.x.shape[2] else (size.h, size.w)
    pixels = op.y.type.elements // op.y.shape[3]
    window = runs[0] * (runs[1] // 4 * 20 + runs[1] % 4 * 7 + 14) + 16
    cycles = 400 + pixels * (100 + fours * (window + after))
    return Cost(cycles, cycles * 4 // 5)


VARIANTS: tuple[Variant[Any], ...] = (
    Variant(
        name="tk_avg_pool_dsp_s8",
        op=AveragePool2D,
        signatures=("int8",),
        bind=bind_average,
        cost=lambda op, context: cost(op, after=70),
        facts=(four_channels, no_empty_window, few_inputs, ties_away_from_zero),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_max_pool_dsp_s8",
        op=MaxPool2D,
        signatures=("int8",),
        bind=bind_max,
        cost=lambda op, context: cost(op, after=8),
        facts=(four_channels, no_empty_window),
        features=frozenset({Feature.DSP}),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""Pools of int8: four channels at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Tensor, struct
from tinycc.kernels.cmsis_nn.counts import taps
from tinycc.kernels.cmsis_nn.pooling import ties_away_from_zero
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.gemm import rounded_up
from tinycc.kernels.folding import once_for_all
from tinycc.numerics.fixedpoint import requantize_single
from tinycc.numerics.rules import Requantization
from tinycc.numerics.staircase import fold, single_product, staircase
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.target import Feature

MAX_COUNT = 256
"""Codes whose sum fits into 16 bits."""
MOST_SHIFT = 23
"""Of codes in 32 bits."""


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


class Line(NamedTuple):
    """t = sum - offset, p = t * multiplier; the code: ((p + addend + ((p >> shift) & even)) >> shift) + zero_point."""

    offset: int
    multiplier: int
    addend: int
    shift: int
    even: int
    zero_point: int

    def codes(self, sums: Array) -> Array:
        products = (sums - self.offset) * self.multiplier
        even: Array = products >> self.shift & self.even
        codes: Array = ((products + self.addend + even) >> self.shift) + self.zero_point
        return codes


def lines(op: AveragePool2D, count: int) -> Iterator[Line]:
    """What may be the codes of means over `count` codes: halves to the even one, or one multiplication."""
    offset = op.x.zero_point * count
    power = count.bit_length() - 1
    if count == 1 << power and op.x.scale == op.y.scale:
        yield Line(offset, 1, (count >> 1) - 1, power, 1, op.y.zero_point)
    low, high = (np.asarray([code * count - offset]) for code in (-128, 127))
    stairs = staircase(single_product([op.even(count)], op.y.zero_point, int(op.range.min), int(op.range.max)), low, high)
    for shift in range(MOST_SHIFT, 0, -1):
        folded = fold(stairs, shift, two_sided=False)
        multiplier, addend = int(folded.multiplier[0]), int(folded.offset[0])
        if 255 * count * multiplier + abs(addend) < 2**31:
            yield Line(offset, multiplier, addend, shift, 0, 0)


def exact_lines(op: AveragePool2D) -> Iterator[Line]:
    """The forms that have the code of every sum, if all windows cover as many pixels."""
    counts = np.unique(op.counts(op.x.dtype).astype(np.int64))
    if op.rounding is Requantization.FIXED or len(counts) != 1 or not 2 <= counts[0] <= MAX_COUNT:
        return
    count, limits = int(counts[0]), (int(op.range.min), int(op.range.max))
    sums = np.arange(-128 * count, 127 * count + 1)
    m = op.even(count)
    wanted = np.clip(requantize_single(sums - op.x.zero_point * count, m.multiplier, m.shift) + op.y.zero_point, *limits)
    yield from (line for line in lines(op, count) if (np.clip(line.codes(sums), *limits) == wanted).all())


@once_for_all
def line_of(op: AveragePool2D) -> Line | None:
    """One of them."""
    return next(exact_lines(op), None)


def has_line(op: AveragePool2D, context: Context) -> str | None:
    """ONNX: all windows cover as many pixels, and one form in 32 bits has the code of every sum of theirs"""
    return "none" if op.as_tflite or line_of(op) is None else None


def bind_line(op: AveragePool2D, context: Context) -> tuple[Call, ...]:
    line = line_of(op)
    assert line is not None
    scratch = Scratch("sums", 2 * rounded_up(op.x.shape[3], 4))
    form = struct("tk_line", **line._asdict())
    return (Call("tk_avg_pool_line_dsp_s8", (Tensor(op.x), Tensor(op.y), layer(op), form, scratch)),)


def bind_max(op: MaxPool2D, context: Context) -> tuple[Call, ...]:
    return (Call("tk_max_pool_dsp_s8", (Tensor(op.x), Tensor(op.y), layer(op))),)


def loops(op: Pool2D) -> Loops:
    """Windows as wide as the image are one run, others a run a row; of a run, four pixels at a time."""
    (rows, columns), batch, fours = taps(op), op.x.shape[0], rounded_up(op.x.shape[3], 4) // 4
    runs = [(1, a * b) if b == op.x.shape[2] else (a, b) for a in rows.tolist() for b in columns.tolist()]
    pixels = batch * rows.size * columns.size
    return {
        "call": 1,
        "row": batch * rows.size,
        "pixel": pixels,
        "four": pixels * fours,
        "run": batch * fours * sum(count for count, _ in runs),
        "quad": batch * fours * sum(count * (length // 4) for count, length in runs),
        "one": batch * fours * sum(count * (length % 4) for count, length in runs),
    }


def loops_max(op: MaxPool2D) -> Loops:
    """The last four channels once more where they are no whole four, and a clamp of its own."""
    pixels, channels = op.y.type.elements // op.y.shape[3], op.y.shape[3]
    clamped = int(op.range.min) > -128 or int(op.range.max) < 127
    rest = pixels if channels % 4 else 0
    return {**loops(op), "rest": rest, "clamped pixel": pixels * clamped, "clamped": pixels * channels * clamped}


AVERAGE = {
    "call": Each(31, 90),
    "row": Each(33, 12),
    "pixel": Each(93.5, 173),
    "four": Each(102, 169),
    "run": Each(5, 0),
    "quad": Each(16, 19.5),
    "one": Each(7.2, 12.8),
}
FOLDED = {**AVERAGE, "four": Each(78, 139)}
MAX = {
    "call": Each(45.7, 85.7),
    "row": Each(52.7, 87.9),
    "pixel": Each(14.8, 35.2),
    "four": Each(12.8, 16.6),
    "run": Each(11.4, 15.1),
    "quad": Each(17.6, 20.6),
    "one": Each(5.83, 8.93),
    "rest": Each(16.7, 40.9),
    "clamped pixel": Each(10.6, 15.6),
    "clamped": Each(7.93, 11.2),
}


VARIANTS: tuple[Variant[Any], ...] = (
    Variant(
        name="tk_avg_pool_dsp_s8",
        op=AveragePool2D,
        signatures=("int8",),
        bind=bind_average,
        cost=lambda op, context: loops_cost(loops(op), AVERAGE, context.target),
        facts=(four_channels, no_empty_window, few_inputs, ties_away_from_zero),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_avg_pool_line_dsp_s8",
        op=AveragePool2D,
        signatures=("int8",),
        bind=bind_line,
        cost=lambda op, context: loops_cost(loops(op), FOLDED, context.target),
        facts=(four_channels, no_empty_window, few_inputs, has_line),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_max_pool_dsp_s8",
        op=MaxPool2D,
        signatures=("int8",),
        bind=bind_max,
        cost=lambda op, context: loops_cost(loops_max(op), MAX, context.target),
        facts=(four_channels, no_empty_window),
        features=frozenset({Feature.DSP}),
    ),
)

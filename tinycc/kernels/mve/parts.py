# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE_CONV and CONV_2D of groups on Helium, as convolutions of which each computes some of the results.

A phase of a transposed convolution (tinycc/kernels/dsp/transposed.py) sees the image through some taps, with results `stride`
pixels apart; a group sees some channels of every pixel, with results among those of other groups. Rows of columns are made of
any channels, and a matrix product puts its results any distance apart: these are the kernels of whole convolutions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from tinycc.ir import Array, Value
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.dsp.products16 import one_multiplication
from tinycc.kernels.dsp.transposed import every_tap, phases
from tinycc.kernels.facts import rounds_twice, symmetric_weights
from tinycc.kernels.folding import once
from tinycc.kernels.mve import conv, conv16, layer
from tinycc.kernels.mve.conv import Placed
from tinycc.numerics.rules import Precision
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.window import Padding, Pair, Window
from tinycc.target import Feature

Divided: TypeAlias = Conv2D | TransposeConv

CALL = 220
"""Bytes of a call and of what describes its layer to it."""


class Part(NamedTuple):
    """A convolution that computes some of an operator's results, and where it has its operands."""

    op: Conv2D
    placed: Placed


def some(value: Value, channels: slice) -> Value:
    """Of a constant, what it has for some of the output channels, its first dimension."""
    assert value.data is not None
    kept, q = value.data[channels], value.type.quantization
    if q is not None and len(q.scales) > 1:
        q = replace(q, scales=q.scales[channels], zero_points=q.zero_points[channels])
    return replace(value, type=replace(value.type, shape=kept.shape, quantization=q), data=kept)


def holding(value: Value, data: Array) -> Value:
    return replace(value, type=replace(value.type, shape=data.shape), data=data)


def shaped(value: Value, shape: tuple[int, ...]) -> Value:
    return replace(value, type=replace(value.type, shape=shape))


@once
def groups(op: Conv2D) -> tuple[Part, ...]:
    depth, count, (height, width) = op.weights.shape[3], op.channels // op.groups, op.y.shape[1:3]
    parts = []
    for group in range(op.groups):
        channels = slice(group * count, (group + 1) * count)
        part = replace(
            op,
            x=shaped(op.x, (*op.x.shape[:3], depth)),
            weights=some(op.weights, channels),
            bias=None if op.bias is None else some(op.bias, channels),
            exact=None if op.exact is None else op.exact[channels],
            forms=None if op.forms is None else op.forms[channels],
            outputs=(shaped(op.y, (op.y.shape[0], height, width, count)),),
        )
        x, y = Tensor(op.x, group * depth), Tensor(op.y, group * count)
        parts.append(Part(part, Placed(x, y, op.x.shape[3], op.channels, width * op.channels)))
    return tuple(parts)


@once
def phases_of(op: TransposeConv) -> tuple[Part, ...]:
    """Multipliers are those of products of scales in double, as the operator's are."""
    assert op.weights.data is not None
    (batch, height, width, _), stride, size, channels = op.x.shape, op.window.stride, op.size, op.channels
    parts = []
    for row in phases(stride.h, op.window.size.h, op.window.padding.top, size.h):
        for column in phases(stride.w, op.window.size.w, op.window.padding.left, size.w):
            taps = np.ascontiguousarray(op.weights.data[:, row.tap :: stride.h, column.tap :: stride.w][:, ::-1, ::-1])
            below = max(row.outputs - 1 + row.taps - row.pad - height, 0)
            right = max(column.outputs - 1 + column.taps - column.pad - width, 0)
            padding = Padding(row.pad, below, column.pad, right)
            part = Conv2D(
                x=op.x,
                weights=holding(op.weights, taps),
                bias=op.bias,
                exact=op.exact,
                forms=op.forms,
                outputs=(shaped(op.y, (batch, row.outputs, column.outputs, channels)),),
                window=Window(Pair(row.taps, column.taps), Pair(1, 1), Pair(1, 1), padding),
                range=op.range,
                numerics=replace(op.numerics, channel_scales=Precision.DOUBLE),
                origin=op.origin,
            )
            y = Tensor(op.y, (row.first * size.w + column.first) * channels)
            placed = Placed(Tensor(op.x), y, op.x.shape[3], stride.w * channels, stride.h * size.w * channels)
            parts.append(Part(part, placed))
    return tuple(parts)


def parts_of(op: Divided) -> tuple[Part, ...]:
    return phases_of(op) if isinstance(op, TransposeConv) else groups(op)


def several_groups(op: Conv2D, context: Context) -> str | None:
    """there are groups of channels"""
    return None if op.groups > 1 else "one"


def rows_of_phases(op: TransposeConv, context: Context) -> str | None:
    """there is one image, or as many output rows in every phase"""
    return None if op.x.shape[0] == 1 or op.size.h % op.window.stride.h == 0 else f"{op.size.h} rows"


def in_every_part(fact: Fact[Any]) -> Fact[Divided]:
    def held(op: Divided, context: Context) -> str | None:
        found = (fact(part.op, context) for part in parts_of(op))
        return next((reason for reason in found if reason is not None), None)

    held.__doc__ = fact.__doc__
    return held


def total(costs: Iterator[Cost]) -> Cost:
    cycles, instructions, flash, loops = 0, 0, 0, defaultdict[str, float](float)
    for cost in costs:
        cycles, instructions, flash = cycles + cost.cycles, instructions + cost.instructions, flash + cost.flash + CALL
        for loop, times in cost.loops.items():
            loops[loop] += times
    return Cost(cycles, instructions, flash, loops)


def variant(
    cls: type[Divided],
    symbol: str,
    signature: str,
    facts: tuple[Fact[Any], ...],
    product: Callable[[Conv2D], conv.Product],
    cost: Callable[..., Cost],
) -> Variant[Any]:
    """`facts`: of every part; `product`, `cost`: of one."""
    divides: tuple[Fact[Any], ...] = (every_tap, rows_of_phases) if cls is TransposeConv else (several_groups, conv.few_rows)

    def bind(op: Divided, context: Context) -> tuple[Call, ...]:
        calls = (conv.bind_windows(symbol, product(part.op), part.op, placed=part.placed) for part in parts_of(op))
        return tuple(call for each in calls for call in each)

    def costs(op: Divided, context: Context) -> Cost:
        return total(cost(op=part.op, placed=part.placed) for part in parts_of(op))

    return Variant(
        name=f"{symbol} in groups" if cls is Conv2D else symbol,
        op=cls,
        signatures=(signature,),
        bind=bind,
        cost=costs,
        facts=(layer.known_weights, symmetric_weights, *divides, *(in_every_part(fact) for fact in facts)),
        features=frozenset({Feature.MVE}),
    )


SUMS: tuple[Fact[Any], ...] = (layer.sums_of_32_bits, layer.any_product)
FOLDED: tuple[Fact[Any], ...] = (*SUMS, layer.full_range, layer.folds_in_pairs)
TWICE: tuple[Fact[Any], ...] = (*SUMS, layer.rounds_twice)
WIDE: tuple[Fact[Any], ...] = (layer.any_product, rounds_twice, one_multiplication)


def product16(op: Conv2D) -> conv.Product:
    return partial(conv16.described, op, conv16.rows_stream(op))


def both(cls: type[Divided]) -> tuple[Variant[Any], ...]:
    def folds(op: Conv2D) -> conv.Product:
        return partial(conv.gemm, op, True)

    def twice(op: Conv2D) -> conv.Product:
        return partial(conv.gemm, op, False)

    return (
        variant(cls, "tk_mve_conv_s8", "int8", FOLDED, folds, partial(conv.cost_windows, True)),
        variant(cls, "tk_mve_conv_signed_s8", "int8", TWICE, twice, partial(conv.cost_windows, False)),
        variant(cls, "tk_mve_conv_s16", "int16x8", WIDE, product16, conv16.cost_windows),
    )


VARIANTS: tuple[Variant[Any], ...] = (*both(Conv2D), *both(TransposeConv))

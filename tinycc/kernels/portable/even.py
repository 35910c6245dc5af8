# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products of int8 as ONNX rounds them, in plain C."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from tinycc.analysis.accumulators import accumulators
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Struct, Table, Tensor, multiplier_tables, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.folding import once, rule_of
from tinycc.kernels.portable.base import tk
from tinycc.kernels.portable.convolution import grouped, ungrouped
from tinycc.kernels.portable.dense import pixels
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.rules import Requantization
from tinycc.numerics.staircase import even_rounding, staircase
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected

Op: TypeAlias = Conv2D | DepthwiseConv2D | FullyConnected
EVEN = rate(mac=4, element=45)
EVEN_DEPTHWISE = rate(mac=11, element=60)
EXACT = 0
"""The slack of exact products."""
SLACKS = (EXACT, *range(17, 32))
"""float32 products of codes of 8 bits are off by 2**-17 at most."""


def multipliers(op: Op) -> list[Multiplier]:
    """One for each output channel."""
    entries = op.requantization
    return entries * (op.channels // len(entries))


@once
def slack(op: Op) -> int | None:
    """How near to a half products count as halves, so that the integer form has the steps of the float32 product over all
    accumulators that can occur; None where no slack does that for every channel."""
    if op.rounding is Requantization.EVEN:
        return EXACT
    reached = accumulators(op)
    if reached is None or op.rounding is not Requantization.SINGLE:
        return None
    low, high = np.resize(reached.low, op.channels), np.resize(reached.high, op.channels)
    exact = staircase(rule_of(op), low, high)
    bounds = op.y.zero_point, int(op.range.min), int(op.range.max)
    for tried in SLACKS:
        found = staircase(even_rounding(multipliers(op), *bounds, tried or None), low, high)
        if bool((found.thresholds == exact.thresholds).all() and (found.exact & exact.exact).all()):
            return int(tried)
    return None


def integer_form(op: Op, context: Context) -> str | None:
    """sums are multiplied by the scale and rounded to even: by a 31-bit multiplier, or in float32 with its steps, proved"""
    return "another arithmetic, or a channel without that form" if slack(op) is None else None


def single(op: Op, context: Context) -> str | None:
    """sums are multiplied by the scale in float32 and rounded to even"""
    return None if op.rounding is Requantization.SINGLE else f"{op.numerics}"


def shape(op: Op) -> Struct:
    if isinstance(op, FullyConnected):
        return pixels(op)
    return grouped(op) if isinstance(op, Conv2D) else ungrouped(op)


def even_args(op: Op) -> tuple[Arg, ...]:
    near = slack(op)
    assert near is not None
    params = struct(
        "tk_conv_even",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
        slack=near,
    )
    tables = multiplier_tables(multipliers(op))
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, Tensor(op.y), shape(op), params)


def real_args(op: Op) -> tuple[Arg, ...]:
    numbers = (op.x.zero_point, op.weights.zero_point, op.y.zero_point, int(op.range.min), int(op.range.max))
    scales = Table("scale", np.resize(op.real_scales, op.channels))
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), scales, Tensor(op.y), shape(op), *numbers)


REAL = rate(mac=12, element=60)

VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_conv_even_s8", Conv2D, ("int8",), even_args, facts=(integer_form,), cost=EVEN),
    tk("tk_conv_even_s8", FullyConnected, ("int8",), even_args, facts=(integer_form,), cost=EVEN),
    tk("tk_depthwise_conv_even_s8", DepthwiseConv2D, ("int8",), even_args, facts=(integer_form,), cost=EVEN_DEPTHWISE),
    tk("tk_conv_real_s8", Conv2D, ("int8",), real_args, facts=(single,), cost=REAL),
    tk("tk_conv_real_s8", FullyConnected, ("int8",), real_args, facts=(single,), cost=REAL),
    tk("tk_depthwise_conv_real_s8", DepthwiseConv2D, ("int8",), real_args, facts=(single,), cost=REAL),
)

# SPDX-License-Identifier: Apache-2.0
"""Convolutions of paired.py whose sums have both signs, so that TFLite's two roundings have no form with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Table
from tinycc.kernels.costs import cost_of
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.portable import paired
from tinycc.kernels.portable.paired import Codes, Op, bind_depthwise, words_table
from tinycc.kernels.stored.nominal import any_constants, inputs_offset
from tinycc.ops.convolution.depthwise import DepthwiseConv2D

MORE, MORE_LONG = 45, 12
"""Instructions for two outputs, beside those of codes with one rounding: where a product of 64 bits is a function,
and where it is an instruction. Counted on Cortex-M0 and M3."""
ONCE = (paired.folds, paired.folds_long)
"""The facts of codes with one rounding."""


def has_long(op: Op, context: Context) -> bool:
    """Whether the core multiplies into 64 bits."""
    return paired.long_multiplication(op, context) is None or paired.many_registers(op, context) is None


def two_roundings(op: Op, context: Context) -> str | None:
    """multiplier, shift and bias of every channel are a long multiplication and two roundings, proved, and not one"""
    if (paired.folds_long if has_long(op, context) else paired.folds)(op, context) is None:
        return "one rounding"
    return "a channel for which they are not" if any_constants(op) is None else None


@once_for_all
def table(op: Op) -> Table:
    """TK_ANY_START and what follows it in runtime/kernels/paired/tk_any.h, for each channel."""
    constants = any_constants(op)
    assert constants is not None
    start, shift = (constants.bias + inputs_offset(op)) << 8, constants.right + 7
    addend = (op.y.zero_point << shift) + (1 << (shift - 1)) + (1 << 6)
    return words_table(np.stack((start, constants.multiplier, addend, shift), 1))


Bind = Callable[[Any, Context, Codes], tuple[Call, ...]]


def _any(plain: Variant[Any], bind: Bind) -> Variant[Any]:
    """The variant beside `plain`, which has codes with one rounding."""
    name = plain.name.removesuffix("_s8") + "_any_s8"

    def bound(op: Op, context: Context) -> tuple[Call, ...]:
        (call,) = bind(op, context, (table(op), 0))
        return (replace(call, symbol=name),)

    def cost(op: Op, context: Context) -> Cost:
        found = plain.cost(op, context)
        each = (MORE_LONG if has_long(op, context) else MORE) * paired.WIDER.get(context.target.name, 1)
        added = cost_of(round(each * op.y.type.elements / 2), context.target)
        return replace(found, cycles=found.cycles + added.cycles, instructions=found.instructions + added.instructions)

    facts: tuple[Fact[Any], ...] = (*(fact for fact in plain.facts if fact not in ONCE), two_roundings)
    return replace(plain, name=name, bind=bound, cost=cost, facts=facts)


def _depthwise(op: DepthwiseConv2D, context: Context, codes: Codes) -> tuple[Call, ...]:
    return bind_depthwise(op, "tk_depthwise3_paired_s8", codes)


_PLAIN = {variant.name: variant for variant in paired.VARIANTS}
VARIANTS = (
    _any(_PLAIN["tk_conv_long_s8"], paired.bind_long),
    _any(_PLAIN["tk_depthwise3_long_s8"], _depthwise),
    _any(_PLAIN["tk_depthwise3_paired_s8"], _depthwise),
    _any(_PLAIN["tk_conv_paired_s8"], paired.bind_narrow),
    _any(_PLAIN["tk_conv_paired_wide_s8"], paired.bind_wide),
)

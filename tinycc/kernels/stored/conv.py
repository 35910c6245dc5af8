# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8, four pixels in three sums, with 8 bytes of constants for a channel in place of 12 or 20."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp import conv
from tinycc.kernels.dsp.conv import Conv, few_rows, one_channel
from tinycc.kernels.dsp.gemm import rounded_up, stream
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.dsp.windows import windows_of
from tinycc.kernels.stored.nominal import any_constants, folded_constants, inputs_offset, requant_of
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.target import Feature

UNPACKED = {"unpacked channel": Each(17, 22)}
"""Counted on a Cortex-M4."""
FOLDED = {**conv.FOLDED, **UNPACKED, "pair of a four": Each(43.6, 58.8), "pair of a two": Each(40.1, 80.7)}
ANY = {**FOLDED, "pair of a four": Each(73.4, 97.6)}
WORDS, ANY_WORDS = 2, 4
"""TK_CONV_CONSTANTS, TK_CONV_ANY_CONSTANTS."""


def plain_folds(op: Conv, context: Context) -> str | None:
    """multiplier, shift and bias of every channel give the kernel's formula, whose results are not negative, proved"""
    return "a channel without one" if folded_constants(op) is None else None


def plain_signed(op: Conv, context: Context) -> str | None:
    """multiplier, shift and bias of every channel give the kernel's formula, with sums below 2**23, proved"""
    return "a channel without one" if any_constants(op) is None else None


def bind(op: Conv, symbol: str, *, folded: bool) -> tuple[Call, ...]:
    w, constants = windows_of(op), folded_constants(op) if folded else any_constants(op)
    assert constants is not None
    starts = constants.bias + inputs_offset(op)
    groups = [slice(g, g + w.group) for g in range(0, w.y[3], w.group)]
    words = [stream(w.pairs[group], starts[group]) for group in groups]
    packed = struct(
        "tk_conv_packed",
        layer=w.layer(words, op.x.zero_point),
        requant=requant_of(constants._replace(bias=np.zeros_like(starts))),
        output_offset=op.y.zero_point,
    )
    unpacked = 4 * (WORDS if folded else ANY_WORDS) * rounded_up(w.group, 2) * w.groups
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), packed, Scratch("woven", unpacked + w.scratch))),)


def loops(op: Conv) -> Loops:
    """How often the code goes through its loops."""
    w = windows_of(op)
    return {**conv.loops(w), "unpacked channel": rounded_up(w.group, 2) * w.groups}


def variant(cls: type[Any], symbol: str, *facts: Fact[Any], folded: bool) -> Variant[Any]:
    def cost(op: Conv, context: Context) -> Cost:
        return loops_cost(loops(op), FOLDED if folded else ANY, context.target)

    return Variant(
        name=symbol,
        op=cls,
        signatures=("int8",),
        bind=lambda op, context: bind(op, symbol, folded=folded),
        cost=cost,
        facts=(*facts, constant_weights, few_rows, plain_folds if folded else plain_signed),
        features=frozenset({Feature.DSP}),
        thrifty=True,
    )


VARIANTS = tuple(
    variant(cls, symbol, *facts, folded=symbol == "tk_conv_packed_dsp_s8")
    for cls, facts in ((Conv2D, ()), (DepthwiseConv2D, (one_channel,)), (FullyConnected, ()))
    for symbol in ("tk_conv_packed_dsp_s8", "tk_conv_packed_dsp_any_s8")
)

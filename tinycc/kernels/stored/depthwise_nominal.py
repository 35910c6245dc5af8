# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8 through planes, 3x3, with 15 or 16 bytes for a channel in place of 36."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Tensor, struct
from tinycc.kernels.costs import Each, loops_cost
from tinycc.kernels.dsp.depthwise import ROUNDS_3X3, is_3x3, lines_3x3, loops_3x3, of_fours, taps_3x3
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.stored.nominal import fine_constants, requant_of
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.target import Feature

FINE = 10
"""TK_DEPTHWISE_FINE."""
ORDER = (0, 3, 1, 4, 6, 7, 2, 5, 8)
"""Of the taps in flash."""
UNPACKED = Each(257, 365)
"""Of four channels, in every strip. Counted on a Cortex-M4."""
ROUNDS = {**ROUNDS_3X3, "unpacked": UNPACKED}


def plain_folds(op: DepthwiseConv2D, context: Context) -> str | None:
    """multiplier, shift and bias of every channel give the kernel's formula, whose results are not negative, proved"""
    return "a channel without one" if fine_constants(op) is None else None


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    constants, lines = fine_constants(op), lines_3x3(op)
    assert constants is not None
    taps = of_fours(taps_3x3(op).reshape(-1, 9)[:, ORDER], op).astype(np.uint8).view("<u4")
    requant = requant_of(constants)
    fields = dict(requant.fields)
    packed = struct(
        "tk_depthwise3_nominal",
        layer=lines.layer(taps),
        codes=struct(
            "tk_depthwise3_codes",
            requant=requant,
            zero_point=op.x.zero_point,
            addend=((op.y.zero_point << FINE) + (1 << (FINE - 1))) & 0xFFFFFFFF,
        ),
        usual=int(fields["step"] == 1 and fields["low"] is not None and fields["shifts"] is None and fields["high"] is None),
    )
    return (Call("tk_depthwise3_nominal_dsp_s8", (Tensor(op.x), Tensor(op.y), packed, Scratch("planes", lines.scratch))),)


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    loops = loops_3x3(lines_3x3(op))
    return loops_cost({**loops, "unpacked": loops["four"]}, ROUNDS, context.target)


VARIANTS = (
    Variant(
        name="tk_depthwise3_nominal_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(constant_weights, is_3x3, plain_folds),
        features=frozenset({Feature.DSP}),
        thrifty=True,
    ),
)

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

UNPACKED = Each(310, 435)
"""Of four channels, in every strip. Counted on a Cortex-M4."""
ROUNDS = {**ROUNDS_3X3, "unpacked": UNPACKED}


def plain_folds(op: DepthwiseConv2D, context: Context) -> str | None:
    """multiplier, shift and bias of every channel give the kernel's formula, whose results are not negative, proved"""
    return "a channel without one" if fine_constants(op) is None else None


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    constants, lines = fine_constants(op), lines_3x3(op)
    assert constants is not None
    taps = of_fours(taps_3x3(op).reshape(-1, 9), op).astype(np.uint8).view("<u4")
    packed = struct(
        "tk_depthwise3_nominal",
        layer=lines.layer(taps),
        requant=requant_of(constants),
        output_offset=op.y.zero_point,
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

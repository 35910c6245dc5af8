# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8 through planes, 3x3, with 20 bytes for a channel in place of 36."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Tensor
from tinycc.kernels.costs import Each, loops_cost
from tinycc.kernels.dsp.depthwise import (
    ROUNDS_3X3,
    folds,
    is_3x3,
    lines_3x3,
    loops_3x3,
    of_fours,
    scaled_sums,
    taps_3x3,
)
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.target import Feature

UNPACKED = Each(320, 400)
"""Of four channels, in every strip. Counted on a Cortex-M4."""
ROUNDS = {**ROUNDS_3X3, "unpacked": UNPACKED}


def fits_words(op: DepthwiseConv2D, context: Context) -> str | None:
    """addends have 24 bits, and start values 16"""
    found = scaled_sums(op)
    if found is None:
        return "no such formula"
    formula, _ = found
    start, addend = formula.start, formula.addend
    inside = start.min(initial=0) >= 0 and start.max(initial=0) < 1 << 16 and np.abs(2 * addend + 1).max(initial=0) < 1 << 24
    return None if inside else f"addends up to {np.abs(addend).max():,}, starts up to {start.max():,}"


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    found, lines = scaled_sums(op), lines_3x3(op)
    assert found is not None
    formula, power = found
    taps = taps_3x3(op).reshape(-1, 9)
    bytes = np.ascontiguousarray(taps[:, :8].astype(np.int8)).view("<u4").astype(np.int64)
    start = formula.start | (taps[:, 8] & 0xFF) << 16
    rows = np.column_stack((formula.multiplier, formula.addend << 8 | power, start, bytes))
    layer = lines.layer(of_fours(rows, op))
    return (Call("tk_depthwise3_packed_dsp_s8", (Tensor(op.x), Tensor(op.y), layer, Scratch("planes", lines.scratch))),)


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    loops = loops_3x3(lines_3x3(op))
    return loops_cost({**loops, "unpacked": loops["four"]}, ROUNDS, context.target)


VARIANTS = (
    Variant(
        name="tk_depthwise3_packed_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(constant_weights, is_3x3, folds, fits_words),
        features=frozenset({Feature.DSP}),
        thrifty=True,
    ),
)

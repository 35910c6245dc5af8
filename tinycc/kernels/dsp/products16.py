# SPDX-License-Identifier: Apache-2.0
"""What the DSP kernels for int16 inputs and int8 weights do to a sum: one multiplication, proved; see
runtime/kernels/dsp/tk_products_s16.h."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinycc.analysis.accumulators import Weighted, accumulators
from tinycc.ir import Array
from tinycc.kernels.base import Context
from tinycc.kernels.folding import once_for_all
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.convolution.base import WeightedSum

HIGH = 32
"""The high word of a product is it, divided by 2**HIGH."""
WHOLE, NO_NEGATIVE = (-(2**15), 2**15 - 1), (0, 2**15 - 1)
"""Bounds that are saturation, and what follows a fused ReLU."""


def upper_half(multiplier: Multiplier) -> int:
    """What the reference makes of a multiplier for sums of 64 bits: 16 bits of it."""
    return min((multiplier.multiplier + (1 << 15)) >> 16, (1 << 15) - 1)


def high_multiplier(multiplier: Multiplier) -> int | None:
    """m such that (sum * m + 2**31) >> 32 is what the reference makes of sums of 64 bits, which reads the upper half of the
    multiplier alone; None where m has not 32 bits."""
    left = HIGH - (15 - multiplier.shift)
    return upper_half(multiplier) << left if 0 <= left <= 16 else None


def all_high(multipliers: Sequence[Multiplier]) -> Array | None:
    """int64[n]; None where one has none."""
    found = [high_multiplier(entry) for entry in multipliers]
    known = [m for m in found if m is not None]
    return np.asarray(known, np.int64) if len(known) == len(found) else None


@once_for_all
def high_multipliers(op: Weighted) -> Array | None:
    """int64[channels]; None where a channel has none."""
    found = all_high(op.requantization)
    return None if found is None else np.resize(found, op.channels)


def one_multiplication(op: Weighted, context: Context) -> str | None:
    """products and bias of every channel stay below 2**31, and its multiplier, rounded to 16 bits, is one for the high word"""
    reached = accumulators(op)
    if reached is None or not op.wide_accumulators or high_multipliers(op) is None:
        return "multipliers without one" if op.wide_accumulators and reached is not None else "sums that are not known"
    return None if reached.within(32) else f"{reached.largest:,} at most"


def plain_bounds(op: WeightedSum, context: Context) -> str | None:
    """results have the bounds of int16, or 0 is the lower one"""
    found = int(op.range.min), int(op.range.max)
    return None if found in (WHOLE, NO_NEGATIVE) else f"{found[0]}..{found[1]}"


def starts_of(op: Weighted) -> Array:
    """int64[channels]: the bias."""
    return np.zeros(op.channels, np.int64) if op.bias is None or op.bias.data is None else op.bias.data.astype(np.int64).ravel()


def floor_of(op: WeightedSum) -> int:
    """-1 where negative results become 0."""
    return -1 if int(op.range.min) == 0 else 0


def in_pairs(channels: int) -> Array:
    """int64[pairs, 2]: channels two by two, the last two of an odd number overlapping those before."""
    firsts: Sequence[int] = [min(first, channels - 2) for first in range(0, channels, 2)]
    return np.asarray(firsts, np.int64)[:, None] + np.arange(2)

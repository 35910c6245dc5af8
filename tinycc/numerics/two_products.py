# SPDX-License-Identifier: Apache-2.0
"""Staircases for cores that multiply 32 by 32 bits into 32: two products in place of a long one.

    u = min(max(acc - first, 0), range)
    y = ((u * high + (u * low >> split) + addend) >> 23) - 128

`first` and `range` bound what lies between the lowest and the highest step, where u * high is about 255 * 2**23 whatever the
scale. high * 2**split + low is one multiplier, and the sum what its product would be without the lowest bits, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinycc.numerics.staircase import FREE, Bools, Ints, Staircase, offsets, widest_multiplier

SHIFT = 23
SPLITS = (*range(12, 3, -1), 13, 14)
"""In the order in which they are tried: 12 suits channels with scales from about 2**-12 on."""
LIMIT = 1 << 32


@dataclass(frozen=True, eq=False)
class TwoProducts:
    """Everything per channel, int64, but for `split`. `proved[c]`: the steps of channel c are the staircase's, and nothing
    leaves 32 bits."""

    first: Ints
    range: Ints
    high: Ints
    low: Ints
    addend: Ints
    split: int
    proved: Bools

    def __call__(self, acc: Ints) -> Ints:
        """As it is computed, for int64[C, n]."""
        u = np.clip(acc - self.first[:, None], 0, self.range[:, None])
        scaled = u * self.high[:, None] + (u * self.low[:, None] >> self.split) + self.addend[:, None]
        codes: Ints = (scaled >> SHIFT) - 128
        return codes

    @property
    def columns(self) -> Ints:
        """int64[C, 5]: TK_PAIRED_FIRST and what follows it in runtime/kernels/paired/tk_paired.h."""
        return np.stack((self.first, self.range, self.high, self.low, self.addend), 1)


def fold_two(stairs: Staircase) -> TwoProducts | None:
    """Constants with one split for all channels; None where none is proved for all of them. `stairs` saturates at int8."""
    assert (stairs.min, stairs.max) == (-128, 127)
    for split in SPLITS:
        formula = fold_at(stairs, split)
        if formula.proved.all():
            return formula
    return None


def best_split(stairs: Staircase) -> int:
    """With which the most channels are proved, of these the first."""
    counts: dict[int, int] = {}
    for split in SPLITS:
        counts[split] = int(fold_at(stairs, split).proved.sum())
        if counts[split] == len(stairs.low):
            break
    return max(counts.items(), key=lambda item: item[1])[0]


def fold_at(stairs: Staircase, split: int) -> TwoProducts:
    """Constants with this split. Look at `proved`."""
    shift = SHIFT + split
    inside, live = stairs.inside, stairs.live
    at = stairs.thresholds
    first = np.where(live, np.where(inside, at, FREE).min(1) - 1, stairs.low)
    last = np.where(live, np.where(inside, at, -FREE).max(1), stairs.low)
    span = last - first
    between = replace(stairs, low=first, high=last, pivot=None)
    multiplier = np.where(live, widest_multiplier(between, shift), 0)
    (smallest, largest), _ = offsets(between, multiplier, shift)
    moved = first * multiplier + (np.int64(128) << shift)
    unit = np.int64(1) << split
    least, most = -(-(smallest + moved) // unit), (largest + moved) // unit
    middle = least + (most - least) // 2
    fixed = ((stairs(stairs.low[:, None])[:, 0] + 128) << SHIFT) + (1 << (SHIFT - 1))
    addend = np.where(live, middle, fixed)
    formula = TwoProducts(first, span, multiplier >> split, multiplier & (unit - 1), addend, split, live)
    return replace(formula, proved=proved(stairs, formula))


def proved(stairs: Staircase, formula: TwoProducts) -> Bools:
    """Both never fall, so it is enough to look at every step, the accumulator before it, and the ends."""
    low, high = stairs.low[:, None], stairs.high[:, None]
    at = np.clip(np.concatenate((stairs.thresholds, stairs.thresholds - 1, low, high), 1), low, high)
    top = formula.range * formula.high + (formula.range * formula.low >> formula.split) + formula.addend
    held = (formula.range * formula.low < LIMIT) & (formula.high < LIMIT) & (formula.addend >= 0) & (top < LIMIT)
    held &= (np.abs(stairs.low) < 1 << 29) & (np.abs(stairs.high) < 1 << 29) & (formula.range < 1 << 30)
    found: Bools = stairs.exact & held & (formula(at) == stairs(at)).all(1)
    return found

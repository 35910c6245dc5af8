# SPDX-License-Identifier: Apache-2.0
"""A requantized sum of two int8 codes as one linear form: a staircase over pairs.

ADD rescales both operands, adds them up and rescales the sum, rounding each time. All of that, zero points and clamp included,
is a map of 65,536 pairs to codes, and so is

    y = sat8((a * multiplier_a + b * multiplier_b + offset) >> shift)

For given multipliers every pair bounds the offset from both sides. Multipliers near the real ratios that leave an interval are
searched; the pairs themselves are the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinycc.numerics.staircase import Ints

_CODES = np.arange(-128, 128, dtype=np.int64)
_FAR = np.int64(1) << 62
_REACH = 6
"""Multipliers are looked for so far from the real ratio."""
LARGEST = (1 << 31) - 1


@dataclass(frozen=True)
class LinearSum:
    multiplier_a: int
    multiplier_b: int
    offset: int
    shift: int

    def __call__(self, a: Ints, b: Ints) -> Ints:
        """The form, for int64 codes."""
        codes: Ints = np.clip((a * self.multiplier_a + b * self.multiplier_b + self.offset) >> self.shift, -128, 127)
        return codes


def linear_sum(codes: Ints, ratio_a: float, ratio_b: float, shift: int) -> LinearSum | None:
    """The form with the same value for all pairs, or None if none was found; no sum leaves 32 bits.

    `codes`: int64[256, 256] in [-128, 127], by a and b from -128 on. The ratios are those of the operands' scales to the
    result's, negative for what is subtracted.
    """
    nominal_a, nominal_b = round(ratio_a * 2**shift), round(ratio_b * 2**shift)
    if 128 * (abs(nominal_a) + abs(nominal_b)) > LARGEST:
        return None
    lower = np.where(codes > -128, codes << shift, -_FAR)
    upper = np.where(codes < 127, ((codes + 1) << shift) - 1, _FAR)
    a, b = _CODES[:, None], _CODES[None, :]
    for da, db in _NEAR:
        products = a * (nominal_a + da) + b * (nominal_b + db)
        least, most = int((lower - products).max()), int((upper - products).min())
        if least <= most:
            form = LinearSum(nominal_a + da, nominal_b + db, _inside(least, most, shift), shift)
            largest = int(np.abs(products).max()) + abs(form.offset)
            return form if largest <= LARGEST and (form(a, b) == codes).all() else None
    return None


def _inside(least: int, most: int, shift: int) -> int:
    """The middle of an interval; half a code inside it where one end is free."""
    half = 1 << shift >> 1
    if least < -_FAR // 2:
        return most - half if most < _FAR // 2 else 0
    return least + half if most > _FAR // 2 else (least + most) // 2


def _near() -> list[tuple[int, int]]:
    """What is added to the multipliers, from 0 outwards."""
    steps = range(-_REACH, _REACH + 1)
    return sorted(((da, db) for da in steps for db in steps), key=lambda pair: abs(pair[0]) + abs(pair[1]))


_NEAR = _near()

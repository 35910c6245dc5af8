# SPDX-License-Identifier: Apache-2.0
"""Tables of real functions with straight lines between the entries: how TFLite computes on int16.

Each entry is moved by half of what the line to the next one misses in the middle, so that the error is spread on both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from tinycc.ir import Array

STEPS = 512
"""Lines over all of int16: 128 codes each."""


def _round(x: Array) -> Array:
    """To nearest, ties away from zero, as float32."""
    rounded: Array = np.copysign(np.floor(np.abs(x.astype(np.float64)) + 0.5), x).astype(np.float32)
    return rounded


def table16(
    function: Callable[[Array], Array],
    low: float,
    high: float,
    per_unit: float = 2**15,
    real: Any = np.float32,
) -> Array:
    """int16[513]: `function` (of float64) on [low, high], `per_unit` times, in `real` as the reference computes it.

    Source: TFLite internal/common.h `LUTPopulateInt16`.
    """
    step = real((real(high) - real(low)) / real(STEPS))
    left = real(low) + np.arange(STEPS, dtype=real) * step
    right = real(low) + np.arange(1, STEPS + 1, dtype=real) * step
    start, middle, end = (
        function(x.astype(np.float64)).astype(real) * real(per_unit) for x in (left, left + step / real(2), right)
    )
    if not all(np.isfinite(values).all() for values in (start, middle, end)):
        raise OverflowError
    missed = _round((end + _round(start)) / real(2)) - _round(middle)
    entries: Array = np.append(_round(start) - _round(missed / real(2)), _round(end[-1:]))
    return np.clip(entries, -(2**15), 2**15 - 1).astype(np.int16)


def interpolate16(table: Array, x: Array) -> Array:
    """The function of a `table16` at int16 codes x (held in int64). Source: TFLite internal/common.h `LUTLookup`."""
    index, rest = 256 + (x >> 7), x & 127
    slopes = np.diff(table).astype(np.int64)  # in 16 bits, which may wrap
    result: Array = table.astype(np.int64)[index] + ((slopes[index] * rest + 64) >> 7)
    return result.astype(np.int16).astype(np.int64)


@cache
def sigmoid_table() -> Array:
    """int16[256]: sigmoid(i / 24) - 1/2 in units of 2**-16. Source: TFLite internal/common.h `sigmoid_table_uint16`."""

    def minus_half(i: Array) -> Array:
        half: Array = 2**15 * np.tanh(i / 48)
        return half

    i = np.arange(256)
    start, middle, end = minus_half(i), minus_half(i + 0.5), minus_half(i + 1)
    entries = np.round(start + (middle - (start + end) / 2) / 2)
    entries[-1] = 2**15 - 1
    return entries.astype(np.int16)


def sigmoid_minus_half(v: Array, bits: int, limit: int) -> Array:
    """sigmoid(v / (24 * 2**bits)) - 1/2 in units of 2**-(16 + bits), for v >= 0; `limit` from the last entry on."""
    table = sigmoid_table().astype(np.int64)
    index = np.minimum(v >> bits, 254)
    line = (table[index] << bits) + (v & ((1 << bits) - 1)) * (table[index + 1] - table[index])
    return np.where(v >> bits >= 255, limit, line)

# SPDX-License-Identifier: Apache-2.0
"""Requantization constants in half the bytes: see runtime/kernels/packed/tk_requant.h."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.calls import Field, Struct, Table
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.program.types import Content

SPREAD = 3
"""Shifts beyond the least of a layer that the lowest two bits of a word tell."""
LEADING = 1 << 30
"""The bit that every multiplier has."""


def is_normal(entries: Sequence[Multiplier]) -> bool:
    """Whether every multiplier lies in [2^30, 2^31)."""
    return all(LEADING <= entry.multiplier < 2 * LEADING for entry in entries)


def words_of(entries: Sequence[Multiplier]) -> tuple[Array, Array | None, int]:
    """(words, shifts if the words do not have them, the shift to which those of the words are added)."""
    multipliers = np.asarray([entry.multiplier for entry in entries], np.uint32)
    shifts = np.asarray([entry.shift for entry in entries], np.int64)
    base = int(shifts.min())
    if int(shifts.max()) - base > SPREAD or not is_normal(entries):
        return multipliers, shifts.astype(np.int8), 0
    return (multipliers - np.uint32(LEADING)) << 2 | (shifts - base).astype(np.uint32), None, base


def halves_of(bias: Array) -> tuple[Array, Array | None] | None:
    """(the lower 16 bits with a sign, what is left of 2^16 if there is any); None for more than 24 bits."""
    low = bias.astype(np.int64).astype(np.uint16).view(np.int16)
    high = (bias.astype(np.int64) - low) >> 16
    if not high.any():
        return low, None
    return (low, high.astype(np.int8)) if np.abs(high * 2 + 1).max() < 1 << 8 else None


def requant(entries: Sequence[Multiplier], bias: Array | None) -> Struct:
    """`tk_requant`."""
    words, shifts, base = words_of(entries)
    fields: dict[str, Field] = {"words": Table("requant", words, Content.REQUANT), "shifts": _table("shift", shifts)}
    halves = None if bias is None else halves_of(bias)
    fields |= {
        "low": Table("bias", halves[0], Content.BIAS) if halves else None,
        "high": Table("bias_high", halves[1], Content.BIAS) if halves and halves[1] is not None else None,
        "bias": Table("bias", bias.astype(np.int32), Content.BIAS) if bias is not None and not halves else None,
        "shift": base,
        "step": int(len(entries) > 1),
    }
    return Struct("tk_requant", tuple(fields.items()))


def is_short(packed: Struct) -> bool:
    """Whether every channel has a word and half a word of its own, and no more: what kernels have a loop for."""
    fields = dict(packed.fields)
    return fields["step"] == 1 and fields["low"] is not None and fields["shifts"] is None and fields["high"] is None


def _table(role: str, data: Array | None) -> Table | None:
    return None if data is None else Table(role, data, Content.REQUANT)

# SPDX-License-Identifier: Apache-2.0
"""How two arrays are compared: integers exactly, floats within a tolerance."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array

FLOAT_TOLERANCE = 1e-5
"""float32: largest difference, relative to the range of the reference's values in one run. Integers: exact."""


@dataclass
class Comparison:
    """One tensor over all runs. `worst` is the largest difference: codes for integers, absolute for floats."""

    name: str
    type: str
    operator: str = ""
    values: int = 0
    different: int = 0
    outside: int = 0
    worst: float = 0.0
    first: str = ""
    crc: int = 0
    """CRC-32 (as zlib's) of what was found in all runs, one after the other."""
    compared: int = 0
    """Runs of which values were compared."""
    spread: float = 0.0
    """By how far right results lie apart (tinycc.verification.spread): up to this, no difference is wrong."""

    @property
    def passed(self) -> bool:
        return self.outside == 0 or (self.spread > 0 and self.worst <= self.spread)

    def add(self, found: Array, expected: Array, label: str, where: Array | None = None) -> None:
        """Compare one run's values, or those `where` says so. A NaN equals a NaN, complex numbers are two numbers each."""
        if found.dtype.kind == expected.dtype.kind == "c":
            found, expected = _parts(found), _parts(expected)
            where = None if where is None else np.repeat(where, 2)
        self.compared += 1
        actual, reference = found.ravel(), expected.ravel()
        if where is not None and actual.size == reference.size:
            reference = np.where(where.ravel(), reference, actual)
        self.crc = zlib.crc32(np.ascontiguousarray(found).tobytes(), self.crc)
        self.values += actual.size if where is None else int(where.sum())
        if actual.size != reference.size or found.dtype != expected.dtype:
            self.different = self.outside = max(self.values, 1)
            self.worst = math.inf
            self.first = self.first or f"{label}: {found.dtype}{list(found.shape)} for {expected.dtype}{list(expected.shape)}"
            return
        if not actual.size:
            return
        wide_actual, wide = actual.astype(np.float64), reference.astype(np.float64)
        same = (actual == reference) | (np.isnan(wide_actual) & np.isnan(wide))
        with np.errstate(invalid="ignore"):
            distance = np.where(same, 0.0, np.abs(wide_actual - wide))
        distance = np.where(np.isnan(distance), np.inf, distance)
        outside = distance > tolerance(reference)
        self.different += int((~same).sum())
        self.outside += int(outside.sum())
        self.worst = max(self.worst, float(distance.max()))
        if outside.any() and not self.first:
            index = int(outside.argmax())
            self.first = f"{label}: element {index} is {actual[index]}, expected {reference[index]}"


def _parts(array: Array) -> Array:
    """Real and imaginary parts in turn."""
    return np.ascontiguousarray(array).ravel().view(np.float32)


def tolerance(reference: Array) -> float:
    """How far a value may be from the reference's."""
    if reference.dtype.kind != "f":
        return 0.0
    finite = reference[np.isfinite(reference)].astype(np.float64)
    return FLOAT_TOLERANCE * float(max(np.ptp(finite), np.abs(finite).max())) if finite.size else 0.0

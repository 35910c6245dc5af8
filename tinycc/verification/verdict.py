# SPDX-License-Identifier: Apache-2.0
"""The result of a verification, and how two arrays are compared."""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass, field
from typing import Any

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

    @property
    def passed(self) -> bool:
        return self.outside == 0

    def add(self, found: Array, expected: Array, label: str, where: Array | None = None) -> None:
        """Compare one run's values, or those `where` says so. A NaN equals a NaN."""
        self.compared += 1
        actual, reference = found.ravel(), expected.ravel()
        if where is not None and actual.size == reference.size:
            reference = np.where(where.ravel(), reference, actual)
        self.crc = zlib.crc32(np.ascontiguousarray(found).tobytes(), self.crc)
        self.values += actual.size if where is None else int(where.sum())
        if actual.size != reference.size or found.dtype != expected.dtype:
            self.different = self.outside = self.values
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


def tolerance(reference: Array) -> float:
    """How far a value may be from the reference's."""
    if reference.dtype.kind != "f":
        return 0.0
    finite = reference[np.isfinite(reference)].astype(np.float64)
    return FLOAT_TOLERANCE * float(max(np.ptp(finite), np.abs(finite).max())) if finite.size else 0.0


@dataclass(frozen=True)
class Beside:
    """A comparison with another reference, for information."""

    oracle: str
    kernels: str
    outputs: tuple[Comparison, ...]


@dataclass(frozen=True)
class Verdict:
    """`outputs` decide, compared with the runtime `oracle`, of which `kernels` ran; `beside` are further references, for
    information; `layers` in the order of execution. `instead` says why the oracle is not the one that comes first, `unverified`
    why no runtime could say what is right. `notes` explain. `place` is the emulated board (empty: this machine), `self_test`
    what the emitted self-test said there."""

    model: str
    oracle: str
    runs: int
    outputs: tuple[Comparison, ...]
    layers: tuple[Comparison, ...] = ()
    beside: tuple[Beside, ...] = ()
    notes: tuple[str, ...] = field(default=())
    place: str = ""
    self_test: str = ""
    kernels: str = ""
    instead: str = ""
    unverified: str = ""

    @property
    def equal(self) -> bool:
        """Whether every output, and every compared layer, is within the contract."""
        return all(comparison.passed for comparison in self.outputs + self.layers)

    @property
    def passed(self) -> bool:
        """Whether the C is verified: equal to what a runtime says, and its self-test passed if it was run."""
        return not self.unverified and self.equal and self.self_test in ("", "PASS")

    @property
    def headline(self) -> str:
        """PASS, FAIL or NOT VERIFIED: what ran, against what, and why against that."""
        outcome = "NOT VERIFIED" if self.unverified and self.equal else "PASS" if self.passed else "FAIL"
        place = f" on {self.place}" if self.place else ""
        kernels = f" ({self.kernels})" if self.kernels else ""
        why = self.unverified or self.instead
        reason = f", since {why}" if why else ""
        return f"{outcome}: {self.model}{place} against {self.oracle}{kernels}, {self.runs} input sets{reason}"

    @property
    def first_difference(self) -> Comparison | None:
        """The first layer outside the contract, if layers were compared."""
        return next((layer for layer in self.layers if not layer.passed), None)

    def to_json(self) -> dict[str, Any]:
        return {"passed": self.passed, "headline": self.headline, **asdict(self)}

# SPDX-License-Identifier: Apache-2.0
"""The result of a verification."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tinycc.execution.comparison import Comparison


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

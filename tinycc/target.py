# SPDX-License-Identifier: Apache-2.0
"""What the generated code will run on. The table is the whole truth; `generic` is safe on all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Unit(Enum):
    """The vector unit that decides which of Arm's implementations, and so which scratch sizes, are in force."""

    PLAIN = "plain C"
    DSP = "DSP extension"
    MVE = "Helium (MVE)"


class Feature(Enum):
    """An extension of the instruction set that a kernel may need."""

    DSP = "the DSP extension"
    MVE = "Helium (MVE)"
    FPU = "a floating-point unit"


_FEATURES = {
    Unit.PLAIN: frozenset[Feature](),
    Unit.DSP: frozenset({Feature.DSP}),
    Unit.MVE: frozenset({Feature.DSP, Feature.MVE}),
}


@dataclass(frozen=True)
class Target:
    """A core. `units` lists every vector unit the code may meet there: one for a real core, all for `generic`."""

    name: str
    units: tuple[Unit, ...]
    description: str

    def scratch(self, *, plain: int = 0, dsp: int = 0, mve: int = 0) -> int:
        """Scratch bytes that suffice on this target, given what each of CMSIS-NN's implementations asks for."""
        need = {Unit.PLAIN: plain, Unit.DSP: dsp, Unit.MVE: mve}
        return max(need[unit] for unit in self.units)

    @property
    def features(self) -> frozenset[Feature]:
        """What every core that the code may meet has."""
        return frozenset.intersection(*(_FEATURES[unit] for unit in self.units))

    @property
    def may_use_mve(self) -> bool:
        return Unit.MVE in self.units


_ALL = (Unit.PLAIN, Unit.DSP, Unit.MVE)
TARGETS = {
    target.name: target
    for target in (
        Target("generic", _ALL, "any core; scratch sized for the most demanding implementation"),
        Target("cortex-m0", (Unit.PLAIN,), "Armv6-M"),
        Target("cortex-m0plus", (Unit.PLAIN,), "Armv6-M"),
        Target("cortex-m3", (Unit.PLAIN,), "Armv7-M"),
        Target("cortex-m4", (Unit.DSP,), "Armv7E-M"),
        Target("cortex-m7", (Unit.DSP,), "Armv7E-M"),
        Target("cortex-m33", (Unit.DSP,), "Armv8-M Mainline with DSP"),
        Target("cortex-m55", (Unit.MVE,), "Armv8.1-M with Helium"),
        Target("cortex-m85", (Unit.MVE,), "Armv8.1-M with Helium"),
        Target("rv32imc", (Unit.PLAIN,), "RISC-V, integer only"),
        Target("host", (Unit.PLAIN,), "the machine that compiles, for verification and simulation"),
    )
}
GENERIC = TARGETS["generic"]
_SHORT = {name.removeprefix("cortex-"): name for name in TARGETS}


def find_target(name: str) -> Target | None:
    """The target of that name; `m4` is accepted for `cortex-m4`."""
    return TARGETS.get(_SHORT.get(name, name))

# SPDX-License-Identifier: Apache-2.0
"""What a way to compute an operator declares.

A variant is a record: which operator and types it serves, what it needs of the instruction set, what has to be proved of the
operator (facts), which calls it makes, what they cost. A module anywhere below `tinycc/kernels` declares its own in a tuple
`VARIANTS`; the modules are found by themselves, in the order of their names. `choose` (choice.py) takes one for every operator
of a model.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from tinycc.kernels.calls import Call
from tinycc.ops.base import Operator, operators, paragraphs
from tinycc.preferences import Goal, Policy
from tinycc.provider import BUNDLED, Provider
from tinycc.target import Feature, Target, Unit

OpT = TypeVar("OpT", bound=Operator)


class Origin(Enum):
    """Whose function it is."""

    TINYCC = "tinycc"
    CMSIS_NN = "cmsis-nn"


@dataclass(frozen=True)
class Cost:
    """An estimate of one inference: `cycles` and `instructions`; `flash`: bytes of constants beyond the model's own; `loops`:
    how often each of its loops is gone through, where it was reckoned from them.

    It need be no better than what tells variants of one operator apart.
    """

    cycles: int
    instructions: int
    flash: int = 0
    loops: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Context:
    """What the choice depends on beside the operator. `pinned`: kernels that are chosen already, by step; `fixed`: the weights
    are those of the model, for good, so that how many of them are 0, say, may decide; `widen`: of how many weights a layer may
    be whose weights of less than a byte become bytes, for speed; `save`: bytes of constants and code that are wanted less than
    the goal takes, for few cycles; `thrift`: the part of the cycles that may be spent unasked to save flash: less than a
    fiftieth, as these are estimates; `spare`: the part of the least peak of memory that a balanced choice may take besides."""

    target: Target
    provider: Provider = BUNDLED
    goal: Goal = Goal.BALANCED
    policy: Policy = Policy.AUTO
    pinned: tuple[tuple[int, str], ...] = ()
    fixed: bool = True
    widen: int = 0
    save: int = 0
    thrift: float = 1 / 64
    spare: float = 1 / 8

    @cached_property
    def asked(self) -> Context:
        """What of it kernels may ask for, which is the same whatever is to be saved, and whichever are taken."""
        return replace(self, pinned=(), save=0, thrift=0.0, spare=0.0)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The vector units of those of Arm's implementations that may be linked: none if only the bundled functions are."""
        return self.provider.units(self.target)

    @property
    def may_use_mve(self) -> bool:
        """Whether Arm's functions for Helium may be linked, which want more than the others."""
        return Unit.MVE in self.units

    def scratch(self, *, plain: int = 0, dsp: int = 0, mve: int = 0) -> int:
        """Scratch bytes that suffice for what will be linked, given what each of CMSIS-NN's implementations asks for.

        The bundled functions ask for none.
        """
        need = {Unit.PLAIN: plain, Unit.DSP: dsp, Unit.MVE: mve}
        return max((need[unit] for unit in self.units), default=0)


Fact = Callable[[OpT, Context], "str | None"]
"""Something a variant relies on, proved from shapes, weights and ranges. Its docstring is the condition in words; returns None
if it holds, else what was found."""


@dataclass(frozen=True)
class Variant(Generic[OpT]):
    """A way to compute an operator.

    `name` is unique in its operator, and the C function's where there is one. `signatures` are the names of the operator's
    signatures that it serves; `features` the extensions of the instruction set without which it does not run or is not worth
    it. `in_place` names the operands whose memory the output may take over (each element is read before it is written).
    `thrifty`: it spends cycles to save flash, so that it is also looked at where that was not asked for, within limits. How a
    kernel goes through rows is said of no variant: a part of an operator is an operator (tinycc/schedule/forms.py), which it
    computes as it computes the whole.
    """

    name: str
    op: type[OpT]
    signatures: tuple[str, ...]
    bind: Callable[[OpT, Context], tuple[Call, ...]]
    cost: Callable[[OpT, Context], Cost]
    facts: tuple[Fact[OpT], ...] = ()
    features: frozenset[Feature] = frozenset()
    origin: Origin = Origin.TINYCC
    in_place: tuple[str, ...] = ()
    thrifty: bool = False

    def refusal(self, op: OpT, context: Context) -> str | None:
        """Why it cannot compute `op`; None if it can."""
        if self.thrifty and not context.fixed:
            return "needs weights that do not change"
        missing = sorted(feature.value for feature in self.features - context.target.features)
        if missing:
            return f"needs {' and '.join(missing)}"
        for fact in self.facts:
            if (found := fact(op, context)) is not None:
                return f"needs that {paragraphs(fact)[0]}: found {found}"
        if self.origin is Origin.CMSIS_NN and context.provider.older:
            lacking = next((call.symbol for call in self.bind(op, context) if context.provider.lacks(call.symbol)), None)
            return f"{context.provider.name} lacks {lacking} as it is called" if lacking else None
        return None


def variants(cls: type[Operator]) -> tuple[Variant[Any], ...]:
    """Every variant of an operator or of a class above it, in the order of declaration."""
    return _by_operator().get(cls, ())


@cache
def _by_operator() -> Mapping[type[Operator], tuple[Variant[Any], ...]]:
    package = importlib.import_module("tinycc.kernels")
    names = sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    declared = [variant for name in names for variant in getattr(importlib.import_module(name), "VARIANTS", ())]
    return {cls: tuple(variant for variant in declared if issubclass(cls, variant.op)) for cls in operators()}

# SPDX-License-Identifier: Apache-2.0
"""What a way to compute an operator declares, and the choice among them.

A variant is a record: which operator and types it serves, what it needs of the instruction set, what has to be proved of the
operator (facts), which calls it makes, what they cost. A module anywhere below `tinycc/kernels` declares its own in a tuple
`VARIANTS`; the modules are found by themselves, in the order of their names. `choose` takes one for every operator of a model:
the cheapest of those whose facts hold, the first declared among equals, and keeps why it was not another one.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Generic, TypeVar

from tinycc.errors import CompileError, Problem
from tinycc.ir import Op
from tinycc.kernels.calls import Call
from tinycc.ops.base import Operator, operators, paragraphs
from tinycc.provider import BUNDLED, MADE_FOR, Provider
from tinycc.target import Feature, Target, Unit

OpT = TypeVar("OpT", bound=Operator)


class Goal(Enum):
    """What the choice makes small first."""

    SPEED = "speed"
    SIZE = "size"
    RAM = "ram"
    BALANCED = "balanced"


class Policy(Enum):
    """Whose kernels are preferred. A variant that is not preferred is taken where there is no other."""

    AUTO = "auto"
    TINYCC = "tinycc"
    CMSIS_NN = "cmsis-nn"
    PORTABLE = "portable"


class Origin(Enum):
    """Whose function it is."""

    TINYCC = "tinycc"
    CMSIS_NN = "cmsis-nn"


@dataclass(frozen=True)
class Cost:
    """An estimate of one inference: `cycles` and `instructions`; `flash`: bytes of constants beyond the model's own.

    It need be no better than what tells variants of one operator apart.
    """

    cycles: int
    instructions: int
    flash: int = 0


@dataclass(frozen=True)
class Context:
    """What the choice depends on beside the operator."""

    target: Target
    provider: Provider = BUNDLED
    goal: Goal = Goal.SPEED
    policy: Policy = Policy.AUTO

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

    def refusal(self, op: OpT, context: Context) -> str | None:
        """Why it cannot compute `op`; None if it can."""
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


@dataclass(frozen=True)
class Choice:
    """The variant that was taken, what it costs, and by name why the others for these types were not."""

    taken: Variant[Any]
    cost: Cost
    rejected: tuple[tuple[str, str], ...] = ()


def choose(ops: Iterable[Op], context: Context) -> Mapping[Op, Choice]:
    """A variant for every op of a model, inner graphs included, but for views, which need none.

    Raises CompileError for all ops that none computes.
    """
    choices: dict[Op, Choice] = {}
    problems = []
    for op in ops:
        assert isinstance(op, Operator)
        if op.view:
            continue
        choice = _choose(op, context)
        if choice is None:
            where = f"{context.target.name} with {context.provider.name}" if context.provider.older else context.target.name
            problems.append(Problem(str(op.origin), f"no kernel for {op.y.type} on {where}", "a supported form"))
        else:
            choices[op] = choice
    if problems:
        raise CompileError(problems)
    return choices


@dataclass(frozen=True)
class Replacement:
    """What stands in for a function that an older library lacks."""

    operator: str
    function: str
    kernel: str


def replacements(ops: Iterable[Op], context: Context) -> tuple[Replacement, ...]:
    """For each op what would be taken with a library that lacks nothing, and is not."""
    if not context.provider.older:
        return ()
    listed = list(ops)
    complete = replace(context, provider=replace(context.provider, version=(MADE_FOR,)))
    wanted, taken = choose(listed, complete), choose(listed, context)
    pairs = ((op, wanted[op].taken.name, taken[op].taken.name) for op in taken)
    return tuple(Replacement(str(op.origin), function, kernel) for op, function, kernel in pairs if function != kernel)


def candidates(op: Operator) -> tuple[Variant[Any], ...]:
    """The variants that serve the types of `op`, in the order of their declaration."""
    name = next((signature.name for signature in op.signatures if signature.matches(op)), None)
    return tuple(variant for variant in variants(type(op)) if name in variant.signatures)


def _choose(op: Operator, context: Context) -> Choice | None:
    refused: dict[str, str] = {}
    able: list[tuple[Variant[Any], Cost]] = []
    for variant in candidates(op):
        reason = variant.refusal(op, context)
        if reason is None:
            able.append((variant, variant.cost(op, context)))
        else:
            refused[variant.name] = reason
    if not able:
        return None
    taken, least = min(able, key=lambda pair: (not _preferred(pair[0], context.policy), *_rank(pair[1], context.goal)))
    for variant, cost in able:
        if variant is not taken:
            refused[variant.name] = _outdone(variant, cost, taken, context.policy)
    return Choice(taken, least, tuple(refused.items()))


def _preferred(variant: Variant[Any], policy: Policy) -> bool:
    return {
        Policy.AUTO: True,
        Policy.TINYCC: variant.origin is Origin.TINYCC,
        Policy.CMSIS_NN: variant.origin is Origin.CMSIS_NN,
        Policy.PORTABLE: not variant.features,
    }[policy]


def _rank(cost: Cost, goal: Goal) -> tuple[int, int]:
    return (cost.flash, cost.cycles) if goal is Goal.SIZE else (cost.cycles, cost.flash)


def _outdone(variant: Variant[Any], cost: Cost, taken: Variant[Any], policy: Policy) -> str:
    if _preferred(taken, policy) and not _preferred(variant, policy):
        return f"not asked for by --kernels {policy.value}"
    return f"costs {cost.cycles:,} cycles, {cost.flash:,} bytes of flash"


def variants(cls: type[Operator]) -> tuple[Variant[Any], ...]:
    """Every variant of an operator or of a class above it, in the order of declaration."""
    return _by_operator().get(cls, ())


@cache
def _by_operator() -> Mapping[type[Operator], tuple[Variant[Any], ...]]:
    package = importlib.import_module("tinycc.kernels")
    names = sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    declared = [variant for name in names for variant in getattr(importlib.import_module(name), "VARIANTS", ())]
    return {cls: tuple(variant for variant in declared if issubclass(cls, variant.op)) for cls in operators()}

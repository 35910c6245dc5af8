# SPDX-License-Identifier: Apache-2.0
"""Estimates of what kernels cost, for the choice among them.

Instructions per multiply-accumulate and per element, some measured in QEMU with GCC at -O2 (benchmarks/RESULTS.md), the others
reckoned from the source: right within a factor of two, and in the order in which kernels stand to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tinycc.kernels.base import Context, Cost
from tinycc.ops.base import Operator
from tinycc.target import Feature, Target, Unit

CALL = 60
"""Instructions around the loops of a call."""
SOFT_FLOAT = 12
"""Instructions of a float operation without a floating-point unit, for one with it."""
LOADS, TAKEN_BRANCHES = 0.3, 0.1
"""Shares of them among all instructions."""

Estimate = Callable[[Operator, Context], Cost]


@dataclass(frozen=True)
class Rate:
    """Instructions for each multiply-accumulate, for each element of the largest tensor that is no constant, for each of the
    output, and around the loops of a call."""

    mac: float = 0.0
    element: float = 0.0
    output: float = 0.0
    call: int = CALL

    def instructions(self, op: Operator) -> int:
        counts = counts_of(op)
        return self.call + round(self.mac * counts["mac"] + self.element * counts["element"] + self.output * counts["output"])


def counts_of(op: Operator) -> Loops:
    """What a `Rate` multiplies."""
    elements = max(value.type.elements for value in (*op.outputs, *op.inputs) if not value.constant)
    return {"call": 1, "mac": op.macs, "element": elements, "output": sum(value.type.elements for value in op.outputs)}


def rate(mac: float = 0.0, element: float = 0.0, output: float = 0.0, *, real: bool = False, flash: int = 0) -> Estimate:
    """The cost of a kernel in plain C. `real`: it computes with floats."""

    def estimate(op: Operator, context: Context) -> Cost:
        soft = real and Feature.FPU not in context.target.features
        plain = Rate(mac, element, output).instructions(op) * (SOFT_FLOAT if soft else 1)
        return replace(cost_of(round(plain * context.target.instructions), context.target, flash), loops=counts_of(op))

    return estimate


def arm_rate(plain: Rate, dsp: Rate | None = None, mve: Rate | None = None) -> Estimate:
    """The cost of a function of CMSIS-NN: Arm's library has an implementation for each vector unit, what is bundled is plain C.

    A unit without a rate of its own has that of plain C.
    """

    def estimate(op: Operator, context: Context) -> Cost:
        rates = {Unit.PLAIN: plain, Unit.DSP: dsp or plain, Unit.MVE: mve or plain}
        units = context.units or (Unit.PLAIN,)
        counted = max(rates[unit].instructions(op) for unit in units)
        loops = {} if context.units else counts_of(op)
        return replace(cost_of(round(counted * context.target.instructions), context.target), loops=loops)

    return estimate


Loops = Mapping[str, float]
"""How often a kernel goes through each of its loops, by name."""


@dataclass(frozen=True)
class Each:
    """What a round of a loop takes, fitted to counts on a Cortex-M4: `python -m benchmarks costs`."""

    instructions: float
    cycles: float


def all_rounds(loops: Loops, rounds: Mapping[str, Each]) -> Each:
    """What so many rounds take together."""
    counted = [(rounds[name], count) for name, count in loops.items()]
    return Each(sum(each.instructions * count for each, count in counted), sum(each.cycles * count for each, count in counted))


def loops_cost(loops: Loops, rounds: Mapping[str, Each], target: Target, flash: int = 0) -> Cost:
    """The cost of so many rounds. Cycles as fitted where loads take what they do on a Cortex-M4."""
    total = all_rounds(loops, rounds)
    instructions = round(total.instructions * target.instructions)
    if target.cycles is None or not target.cycles.pair:
        return replace(cost_of(instructions, target, flash), loops=loops)
    return Cost(round(total.cycles), instructions, flash, loops)


def bundled(loops: Callable[[Any], Loops], rounds: Mapping[str, Each], arm: Estimate) -> Estimate:
    """The cost of a function of CMSIS-NN: `arm` where Arm's library may be linked, whose code is another."""

    def estimate(op: Operator, context: Context) -> Cost:
        return arm(op, context) if context.units else loops_cost(loops(op), rounds, context.target)

    return estimate


def cost_of(instructions: int, target: Target, flash: int = 0) -> Cost:
    """The cost of so many instructions of the usual mix."""
    model = target.cycles
    per_instruction = 1.0 if model is None else 1 + LOADS * (model.costs.get("load", 1) - 1) + TAKEN_BRANCHES * model.taken
    return Cost(round(instructions * per_instruction), instructions, flash)

# SPDX-License-Identifier: Apache-2.0
"""What a round of a kernel's loops takes on cores for which it was fitted to counts (fitted.json, which `python -m benchmarks
costs --on CORE --fit --write` writes): kernels of other cores keep what their variants say, which was fitted on a Cortex-M4 or,
for Helium, on a Cortex-M55."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.costs import Each, all_rounds
from tinycc.ops.base import Operator
from tinycc.target import Target

PATH = Path(__file__).with_name("fitted.json")


@cache
def fitted_rounds() -> Mapping[str, Mapping[str, Mapping[str, Each]]]:
    """By core, by kernel, by loop."""
    found: dict[str, dict[str, dict[str, list[float]]]] = json.loads(PATH.read_text(encoding="utf-8"))
    return {
        core: {kernel: {loop: Each(*each) for loop, each in rounds.items()} for kernel, rounds in kernels.items()}
        for core, kernels in found.items()
    }


ALL = "all"
"""In place of loops: all that the variant says, times so much."""


def estimate(variant: Variant[Any], op: Operator, context: Context) -> Cost:
    """What a variant costs on the context's core."""
    return fitted(variant.name, variant.cost(op, context), context.target)


def fitted(kernel: str, cost: Cost, target: Target) -> Cost:
    """The same cost, by the rounds of the kernel on that core if all of its loops that are gone through were fitted there."""
    rounds = fitted_rounds().get(target.name, {}).get(kernel)
    if rounds is None:
        return cost
    loops = {loop: times for loop, times in cost.loops.items() if times}
    if ALL in rounds:
        total = Each(cost.instructions * rounds[ALL].instructions, cost.cycles * rounds[ALL].cycles)
    elif loops and loops.keys() <= rounds.keys():
        total = all_rounds(loops, rounds)
    else:
        return cost
    return replace(cost, cycles=round(total.cycles), instructions=round(total.instructions))

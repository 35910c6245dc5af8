# SPDX-License-Identifier: Apache-2.0
"""What decoding weights costs: instructions and cycles of each round of a decoder, counted in QEMU."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.ir import Array
from tinycc.kernels.base import Cost
from tinycc.kernels.costs import Each, cost_of
from tinycc.kernels.stored.coding import Coding
from tinycc.target import Target

Rounds = Mapping[str, Mapping[str, Each]]
"""By coding, by loop."""

THUMB2: Rounds = {
    "mask": {"group": Each(30, 45), "weight": Each(0.5, 0.6), "nonzero": Each(7, 9)},
    "palette2": {"unit": Each(30, 45), "weight": Each(3.5, 5)},
    "palette4": {"unit": Each(30, 45), "weight": Each(3.5, 5)},
    "widths": {"run": Each(30, 45), "weight": Each(8, 10), "byte": Each(3, 4)},
    "huffman": {"unit": Each(30, 45), "weight": Each(9, 12), "entry": Each(4, 6), "symbol": Each(12, 18)},
}
COUNTED: Mapping[str, Rounds] = {}


def decoding_cost(coding: Coding, units: Array, more: int, target: Target) -> Cost:
    """`more`: instructions beside it."""
    rounds = COUNTED.get(target.name, THUMB2)[coding.name]
    loops = coding.loops(units)
    cycles, instructions = (
        sum(getattr(rounds[name], what) * number for name, number in loops.items()) for what in ("cycles", "instructions")
    )
    beside = cost_of(more, target)
    return Cost(round(cycles) + beside.cycles, round(instructions) + beside.instructions)

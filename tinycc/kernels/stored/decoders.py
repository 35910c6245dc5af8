# SPDX-License-Identifier: Apache-2.0
"""What decoding weights costs: rounds of a decoder, those of the loop around it included, counted in QEMU with GCC at -O2."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.ir import Array
from tinycc.kernels.base import Cost
from tinycc.kernels.costs import Each, all_rounds, loops_cost
from tinycc.kernels.stored.coding import Coding
from tinycc.target import Target

Rounds = Mapping[str, Mapping[str, Each]]
"""By coding, by loop."""

THUMB2: Rounds = {
    "mask": {"unit": Each(100, 164), "group": Each(29.1, 35.8), "nonzero": Each(5.7, 8.6)},
    "palette2": {"unit": Each(61, 106), "weight": Each(3.31, 4.54)},
    "palette4": {"unit": Each(63, 108), "weight": Each(3.56, 4.98)},
    "widths": {"unit": Each(51, 92), "run": Each(160, 197)},
    "huffman": {"unit": Each(50, 90), "entry": Each(11, 17.5), "symbol": Each(20, 25), "weight": Each(10.1, 12.6)},
}
HELIUM: Rounds = {
    "mask": {"unit": Each(102, 116), "group": Each(29.1, 31.5), "nonzero": Each(5.7, 6.7)},
    "palette2": {"unit": Each(67, 76), "weight": Each(3.25, 3.32)},
    "palette4": {"unit": Each(68, 77), "weight": Each(3.44, 3.57)},
    "widths": {"unit": Each(53, 80), "run": Each(156, 165)},
    "huffman": {"unit": Each(50, 60), "entry": Each(11, 12.8), "symbol": Each(18, 20.5), "weight": Each(10.1, 10.6)},
}
NARROW: Rounds = {
    "mask": {"unit": Each(140, 211), "group": Each(126, 190), "nonzero": Each(7.5, 11.6)},
    "palette2": {"unit": Each(88, 144), "weight": Each(5.03, 7.71)},
    "palette4": {"unit": Each(91, 147), "weight": Each(5.71, 8.77)},
    "widths": {"unit": Each(67, 107), "run": Each(311, 418)},
    "huffman": {"unit": Each(60, 100), "entry": Each(13.7, 22.3), "symbol": Each(28, 35), "weight": Each(18.6, 24.4)},
}
RISC_V: Rounds = {
    "mask": {"unit": Each(72, 111), "group": Each(217, 354), "nonzero": Each(6.1, 10.3)},
    "palette2": {"unit": Each(46, 77), "weight": Each(5.77, 8.18)},
    "palette4": {"unit": Each(48, 79), "weight": Each(6.45, 9.24)},
    "widths": {"unit": Each(59, 98), "run": Each(225, 301)},
    "huffman": {"unit": Each(45, 75), "entry": Each(18.6, 31.9), "symbol": Each(17, 22), "weight": Each(17.1, 22.1)},
}
COUNTED: Mapping[str, Rounds] = {
    **dict.fromkeys(("cortex-m0", "cortex-m0plus"), NARROW),
    **dict.fromkeys(("cortex-m55", "cortex-m85"), HELIUM),
    "rv32imc": RISC_V,
}


def decoding_cost(coding: Coding, units: Array, target: Target) -> Cost:
    loops, known = coding.loops(units), COUNTED.get(target.name)
    if known is None:
        return loops_cost(loops, THUMB2[coding.name], target)
    total = all_rounds(loops, known[coding.name])
    return Cost(round(total.cycles), round(total.instructions), loops=loops)

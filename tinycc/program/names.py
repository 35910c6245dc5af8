# SPDX-License-Identifier: Apache-2.0
"""Names that C takes."""

from __future__ import annotations

import itertools
import re


class Symbols:
    """Hands out C names, each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def claim(self, wanted: str) -> str:
        """`wanted`, or if it is taken `wanted_2`, `wanted_3`, ..."""
        numbered = (f"{wanted}_{number}" for number in itertools.count(2))
        symbol = next(name for name in itertools.chain([wanted], numbered) if name not in self._taken)
        self._taken.add(symbol)
        return symbol


def identifier(name: str) -> str:
    """A C identifier out of any text, without two underscores together: C++ keeps these to itself, registries refuse them."""
    text = re.sub(r"[\W_]+", "_", name, flags=re.ASCII).strip("_")
    return f"m_{text}".rstrip("_") if not text or text[0].isdigit() else text

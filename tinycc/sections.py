# SPDX-License-Identifier: Apache-2.0
"""Where a linker is told to put things: sections of constants, by name, and of the instance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tinycc.errors import CompileError, Problem, fail

CONSTANTS, ARENA = "weights", "arena"
"""What stands for all constants, and for the memory of an instance."""
_SECTION = re.compile(r"[A-Za-z_.$][A-Za-z0-9_.$-]{0,99}")


@dataclass(frozen=True)
class Sections:
    """`constants`: of all that no pattern names (None: the compiler's choice); `arena`: of the instance; `patterns`, in order:
    the first that matches a constant's name in the C, without the model's prefix, decides."""

    constants: str | None = None
    arena: str | None = None
    patterns: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> dict[str, str]:
        """What `parse_sections` takes to give them."""
        named = {CONSTANTS: self.constants, ARENA: self.arena}
        return {what: section for what, section in named.items() if section is not None} | dict(self.patterns)

    @property
    def of_constants(self) -> frozenset[str]:
        """All sections that constants may lie in."""
        return frozenset(section for _, section in self.patterns) | ({self.constants} if self.constants is not None else set())

    def of(self, name: str) -> str | None:
        """The section that a constant has of its own, None if it lies with the others."""
        return next((section for pattern, section in self.patterns if fnmatchcase(name, pattern)), None)

    def check(self, names: Iterable[str]) -> None:
        """Raise CompileError for patterns that match none of the constants."""
        known = list(names)
        idle = [pattern for pattern, _ in self.patterns if not any(fnmatchcase(name, pattern) for name in known)]
        shown = ", ".join(known[:6]) + (", ..." if len(known) > 6 else "")
        found = [Problem("--section", f"{pattern!r}, which names no constant", f"names such as {shown}") for pattern in idle]
        if found:
            raise CompileError(found)


NO_SECTIONS = Sections()


def parse_sections(asked: Mapping[str, str]) -> Sections:
    """What is asked for by name: weights, arena, or a pattern over names of constants, in which / may stand for the underscore
    between a layer and what the constant is to it. Raises CompileError."""
    for what, section in asked.items():
        if not what or not isinstance(section, str) or not _SECTION.fullmatch(section):
            raise fail("--section", f"{what}={section}", "WHAT=SECTION, such as weights=.ext_flash or 'conv2d_3/*=.itcm'")
    patterns = tuple((what.replace("/", "_"), section) for what, section in asked.items() if what not in (CONSTANTS, ARENA))
    return Sections(asked.get(CONSTANTS), asked.get(ARENA), patterns)

# SPDX-License-Identifier: Apache-2.0
"""How much flash the code of a runtime file takes, for the choice among kernels.

Measured with GCC at -O2 for a Cortex-M4, or the core that a kernel is for (`python -m benchmarks code` writes the file). What
was not measured yet is reckoned from the length of its text: right in the order of magnitude.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinycc.program.copied import needs_mathematics, struct_bytes
from tinycc.program.types import Decisions, Program
from tinycc.runtime import RuntimeFile, closure
from tinycc.target import Feature, Target

PATH = Path(__file__).with_name("code.json")
BYTES_PER_CHARACTER = {".c": 0.4, ".S": 4.0}
"""Of the text without comments, by the kind of source."""
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


@cache
def measured() -> Mapping[str, int]:
    """File name -> bytes of code and of constant data."""
    loaded: Mapping[str, int] = json.loads(PATH.read_text(encoding="utf-8"))
    return loaded


def reckoned(file: RuntimeFile) -> int:
    """Bytes by the length of the text."""
    text = re.sub(r"\s+", " ", _COMMENT.sub("", file.text))
    return round(BYTES_PER_CHARACTER[file.source.suffix] * len(text))


@cache
def code_of(symbols: frozenset[str]) -> Mapping[str, int]:
    """The source files that functions need, with the bytes of each."""
    known = measured()
    sources = (file for file in closure(symbols) if file.is_source)
    return {file.name: known[file.name] if file.name in known else reckoned(file) for file in sources}


PER_MODEL, PER_STEP = 100, 30
"""Bytes of the code that makes the calls."""
LIBRARY, MATHEMATICS, SOFT_FLOAT = 500, 3_700, 8_000
"""Bytes of what is linked of the C library: for integers; where kernels call <math.h>, with a unit for floats and without."""


@dataclass(frozen=True)
class CodeEstimate:
    """Bytes of code, reckoned without a compiler: of kernels, of what calls them, of the C library and parameters."""

    kernels: int
    emitted: int
    library: int

    @property
    def all(self) -> int:
        return self.kernels + self.emitted + self.library


def estimate(program: Program) -> CodeEstimate:
    """One estimate for all that tell flash without linking."""
    symbols = frozenset(program.symbols)
    return CodeEstimate(
        kernels=round(sum(code_of(symbols).values()) * program.target.code_bytes),
        emitted=PER_MODEL + PER_STEP * len(program.all_steps) + _decisions(program),
        library=struct_bytes(program) + _library(program.target, mathematics=needs_mathematics(symbols)),
    )


def _decisions(program: Program) -> int:
    """Bytes of branches that are code."""
    leaves = (leaf for call in program.calls for leaf in call.leaves)
    return round(sum(leaf.code_bytes for leaf in leaves if isinstance(leaf, Decisions)) * program.target.code_bytes)


def flash_estimate(program: Program) -> int:
    """Bytes of constants and code, without a compiler."""
    return program.flash() + estimate(program).all


def _library(target: Target, *, mathematics: bool) -> int:
    if not mathematics:
        return LIBRARY
    return MATHEMATICS if Feature.FPU in target.features or target.constants_in_ram else SOFT_FLOAT

# SPDX-License-Identifier: Apache-2.0
"""Which runtime files a program needs: found by reading the sources, so that no list can go stale.

The rule that makes it work: a public function NAME is defined in NAME.c; headers are named where they are included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tinycc.data import data_path

FOLDERS = ("cmsis_nn", "kernels")
_IDENTIFIER = re.compile(r"\b(?:arm|tk)_\w+")
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class RuntimeFile:
    """A file under `runtime/`: folder ("cmsis_nn": the bundled provider, "kernels": tinycc's own), name and text."""

    folder: str
    name: str
    text: str

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}"


@cache
def _library() -> dict[str, RuntimeFile]:
    """Every runtime file by name."""
    root = data_path("runtime")
    return {
        path.name: RuntimeFile(folder, path.name, path.read_text(encoding="utf-8"))
        for folder in FOLDERS
        for path in sorted((root / folder).glob("*.[ch]"))
    }


def has_kernel(symbol: str) -> bool:
    return f"{symbol}.c" in _library()


def header_of(symbol: str) -> str:
    """The header that declares a kernel."""
    return "arm_nnfunctions.h" if symbol.startswith("arm_") else f"{symbol}.h"


def closure(symbols: Iterable[str]) -> tuple[RuntimeFile, ...]:
    """All files that the functions `symbols` need, sorted by path."""
    library = _library()
    pending = {f"{symbol}.c" for symbol in symbols} | {header_of(symbol) for symbol in symbols}
    found: set[str] = set()
    while pending:
        name = pending.pop()
        found.add(name)
        text = library[name].text
        needed = set(_INCLUDE.findall(text))
        if name.endswith(".c"):
            needed |= {f"{symbol}.c" for symbol in _IDENTIFIER.findall(text)}
        pending |= {item for item in needed if item in library} - found
    return tuple(sorted((library[name] for name in found), key=lambda file: file.path))

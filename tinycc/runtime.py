# SPDX-License-Identifier: Apache-2.0
"""Which runtime files a program needs: found by reading the sources, so that no list can go stale.

The rule that makes it work: a public function NAME is defined in NAME.c or NAME.S, or in both, of which the preprocessor then
takes one; headers are named where they are included. No two files have one name, so that it does not matter in which
folder of `runtime/` a file lies: the folders group the files for readers, and what is emitted is flat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinycc.data import data_path

FOLDERS = ("cmsis_nn", "kernels")
"""The bundled provider, and tinycc's own kernels: folders of `runtime/`, and of what is emitted."""
SOURCES = (".c", ".S")
_IDENTIFIER = re.compile(r"\b(?:arm|tk)_\w+")
_BUNDLED = re.compile(r"\barm_\w+(?=\()")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class RuntimeFile:
    """A file below `runtime/`: its folder among FOLDERS, its name, where it lies (`source`), its text."""

    folder: str
    name: str
    source: Path
    text: str

    @property
    def path(self) -> str:
        """Where it is emitted. Assembly gets a stem of its own: its object and that of the C beside it would be one file."""
        stem, _, suffix = self.name.rpartition(".")
        return f"{self.folder}/{stem}_asm.S" if suffix == "S" else f"{self.folder}/{self.name}"

    @property
    def is_source(self) -> bool:
        """Something to compile or assemble, not a header."""
        return self.name.endswith(SOURCES)


@cache
def library() -> dict[str, RuntimeFile]:
    """Every runtime file by name."""
    root = data_path("runtime")
    files = [
        RuntimeFile(folder, path.name, path, path.read_text(encoding="utf-8"))
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in (".h", *SOURCES)
    ]
    by_name = {file.name: file for file in files}
    assert len(by_name) == len(files), "two runtime files of one name"
    return by_name


def source_folders(folders: Iterable[str] = FOLDERS) -> tuple[Path, ...]:
    """Where the files of `folders` lie: what a compiler needs to find their headers without emitting them."""
    wanted = set(folders)
    return tuple(sorted({file.source.parent for file in library().values() if file.folder in wanted}))


def has_kernel(symbol: str) -> bool:
    return bool(_sources(symbol))


def header_of(symbol: str) -> str:
    """The header that declares a kernel."""
    return "arm_nnfunctions.h" if symbol.startswith("arm_") else f"{symbol}.h"


def closure(symbols: Iterable[str]) -> tuple[RuntimeFile, ...]:
    """All files that the functions `symbols` need, sorted by path."""
    files = library()
    pending = {header_of(symbol) for symbol in symbols}.union(*map(_sources, symbols))
    found: set[str] = set()
    while pending:
        name = pending.pop()
        found.add(name)
        file = files[name]
        needed = {item for item in _INCLUDE.findall(file.text) if item in files}
        needed = needed.union(*map(_sources, _called(file)))
        pending |= needed - found
    return tuple(sorted((files[name] for name in found), key=lambda file: file.path))


def _called(file: RuntimeFile) -> set[str]:
    """The functions that a file may call: those that a source names, and bundled ones that a header of tinycc's own calls."""
    if file.is_source:
        return set(_IDENTIFIER.findall(file.text))
    return set(_BUNDLED.findall(_COMMENT.sub("", file.text))) if file.folder == "kernels" else set()


def _sources(symbol: str) -> set[str]:
    """The files that define a function."""
    return {name for name in (f"{symbol}{suffix}" for suffix in SOURCES) if name in library()}

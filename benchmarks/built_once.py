# SPDX-License-Identifier: Apache-2.0
"""C that has been compiled is not compiled again: for runs in which the same tests build the same models many times."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


class BuiltOnce:
    """In place of subprocess.run: what makes a shared library of C (as tests/support/harness.py and tinycc/execution/host.py
    do, in the folder that has the sources) is done source by source, and what was made of the same flags and the same files
    before is taken from `folder`. Everything else, and what does not compile, runs as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.run = folder, subprocess.run

    def __call__(self, command: Any, **options: Any) -> Any:
        if isinstance(command, list) and "-shared" in command and options.get("cwd") is not None:
            made = self._library([str(word) for word in command], Path(options["cwd"]))
            if made is not None:
                made.args = command
                return made
        return self.run(command, **options)

    def _library(self, command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str] | None:
        output = folder / command[command.index("-o") + 1]
        sources = [word for word in command if word.endswith(".c")]
        compiler = [word for word in command if not word.endswith((".c", ".a")) and word not in ("-o", output.name, "-lm")]
        rest = [word for word in command if word.endswith(".a") or word == "-lm"]
        objects = []
        for source in sources:
            made = self.folder / f"{_digest(compiler, _files(folder / source, folder))}.o"
            if not made.is_file() and not self._made([*compiler, "-c", source], folder, made):
                return None
            objects.append(str(made))
        linked = self.folder / f"{_digest([*compiler, *objects, *rest], [])}.so"
        if not linked.is_file() and not self._made([*compiler, *objects, *rest], folder, linked):
            return None
        shutil.copyfile(linked, output)
        return subprocess.CompletedProcess(list(command), 0, "", "")

    def _made(self, command: Sequence[str], folder: Path, made: Path) -> bool:
        """Whether the command makes the file, which is there whole or not at all."""
        unfinished = made.with_name(f"{made.name}.{id(self)}")
        done = self.run([*command, "-o", str(unfinished)], cwd=folder, capture_output=True, check=False)
        if done.returncode == 0:
            unfinished.replace(made)
        return done.returncode == 0


def _files(source: Path, folder: Path) -> Iterable[Path]:
    """What a source may include: the files beside it, and those below when it lies in the folder itself."""
    return sorted(path for path in (source.parent.rglob("*.[ch]") if source.parent == folder else source.parent.glob("*.[ch]")))


def _digest(words: Sequence[str], files: Iterable[Path]) -> str:
    told = hashlib.sha256("\0".join(words).encode())
    for path in files:
        told.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return told.hexdigest()

# SPDX-License-Identifier: Apache-2.0
"""Writing the output folder: everything or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tinycc.errors import fail


def write_files(out: Path, files: Mapping[str, str]) -> None:
    """Write `files` (relative path -> text) below `out`, which is made if need be.

    All files are written to a temporary folder on the same disk first and moved at the end; a move that fails takes the ones
    before it back. So a full disk, a missing permission or a folder in the way leaves `out` as it was. Raises CompileError.
    """
    try:
        with _folder(out), tempfile.TemporaryDirectory(prefix=".tinycc-", dir=out) as staging, ExitStack() as moves:
            new, old = Path(staging, "new"), Path(staging, "old")
            for path, text in files.items():
                (new / path).parent.mkdir(parents=True, exist_ok=True)
                (new / path).write_text(text, encoding="utf-8", newline="\n")
            _check_own(out, files)
            for path in files:
                moves.enter_context(_folder((out / path).parent))
                moves.enter_context(_moved(new / path, out / path, old / path))
    except OSError as error:
        place = f" at {error.filename}" if error.filename not in (None, str(out)) else ""
        found = f"{error.strerror or error}{place}"
        raise fail(f"output folder {out}", found, "a folder that can be written", "It is as it was before.") from error


MARK = "tinycc"
"""In the first lines of every generated file at the top of the folder."""


def _check_own(out: Path, files: Mapping[str, str]) -> None:
    """Refuse to replace a file that tinycc has not made: a firmware project's CMakeLists.txt, say."""
    for path in files:
        place = out / path
        if "/" not in path and place.is_file() and MARK in files[path][:1000]:
            with place.open("rb") as file:
                if MARK.encode() not in file.read(1000):
                    found, hint = f"a file {path} that tinycc did not make", "Give the model a folder of its own."
                    raise fail(f"output folder {out}", found, "none that would be overwritten", hint)


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """A folder and its parents, made if need be. What was made goes again if the body fails."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        if missing:
            shutil.rmtree(missing[-1], ignore_errors=True)
        raise


@contextmanager
def _moved(source: Path, target: Path, backup: Path) -> Iterator[None]:
    """`source` as `target`. What was there before is copied to `backup`, and is back if the body fails."""
    existed = target.exists()
    if existed:
        backup.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target, backup)
    os.replace(source, target)
    try:
        yield
    except BaseException:
        if existed:
            os.replace(backup, target)
        else:
            target.unlink()
        raise

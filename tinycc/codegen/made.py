# SPDX-License-Identifier: Apache-2.0
"""What tinycc has put into an output folder: a list in the folder itself, by which the next compile knows what is its own.

A folder holds the C of one model. That of another is refused; what an earlier compile of the same model made and this one does
not, goes, unless somebody has changed it since.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinycc.errors import fail

LIST = ".tinycc.json"
_HEADING = re.compile(r"^# (\w+): compiled by tinycc ", re.MULTILINE)
"""In a CMakeLists.txt, where a tinycc wrote it that kept no list."""


@dataclass(frozen=True)
class Made:
    """Whose files these are: the model's prefix of all C names, and which part of its folder (a kind of package, or "")."""

    model: str
    part: str = ""


def owner(out: Path) -> str:
    """The model whose C lies in `out`; "" where there is none."""
    found = _read(out).get("model", "")
    if isinstance(found, str) and found:
        return found
    try:
        heading = _HEADING.search((out / "CMakeLists.txt").read_text(encoding="utf-8", errors="replace")[:1000])
    except OSError:
        return ""
    return heading[1] if heading else ""


def check_owner(out: Path, made: Made) -> None:
    """Raise CompileError if the C of another model lies in `out`."""
    there = owner(out)
    if there and there != made.model:
        hint = f"Give {made.model} a folder of its own, or let it take the place of {there} with --replace."
        raise fail(f"output folder {out}", f"the C of another model, {there}", f"none, or that of {made.model}", hint)


def stale(out: Path, files: Mapping[str, str], made: Made, *, replace: bool) -> tuple[str, ...]:
    """Files that an earlier compile put into `out` and this one does not, as they were then; with `replace` those of all."""
    found = []
    for part, listed in _parts(out).items():
        if replace or part == made.part:
            found += [path for path, digest in listed.items() if path not in files and _digest(out / path) == digest]
    kept = {path for part, listed in _parts(out).items() if not replace and part != made.part for path in listed}
    return tuple(sorted(set(found) - kept - {LIST}))


def listing(out: Path, files: Mapping[str, str], made: Made) -> str:
    """The list as it is to be when `files` are there."""
    parts = dict(_parts(out)) if owner(out) == made.model else {}
    parts[made.part] = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in sorted(files.items())}
    return json.dumps({"model": made.model, "parts": dict(sorted(parts.items()))}, indent=1) + "\n"


def _parts(out: Path) -> dict[str, dict[str, str]]:
    """Part -> path -> SHA-256. Paths lead nowhere but into the folder."""
    parts = _read(out).get("parts")
    if not isinstance(parts, dict):
        return {}
    return {
        str(part): {str(path): str(digest) for path, digest in listed.items() if _inside(str(path))}
        for part, listed in parts.items()
        if isinstance(listed, dict)
    }


def _inside(path: str) -> bool:
    return not Path(path).is_absolute() and ".." not in Path(path).parts


def _read(out: Path) -> dict[str, object]:
    try:
        content = json.loads((out / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _digest(path: Path) -> str:
    """Of a file; "" where there is none."""
    try:
        return "" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""

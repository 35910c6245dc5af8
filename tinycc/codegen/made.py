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
from dataclasses import dataclass, field
from pathlib import Path

from tinycc.errors import fail

LIST = ".tinycc.json"
_HEADING = re.compile(r"^# (\w+): compiled by tinycc ", re.MULTILINE)
"""In a CMakeLists.txt, where a tinycc wrote it that kept no list."""


@dataclass(frozen=True)
class Made:
    """Whose files these are: the model's prefix of all C names, which part of its folder (a kind of package, or ""), and what
    they were made of, as JSON (see `tinycc.provenance.folder`)."""

    model: str
    part: str = ""
    origin: Mapping[str, object] = field(default_factory=dict)


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


def stale(out: Path, files: Mapping[str, str | bytes], made: Made, *, replace: bool) -> tuple[str, ...]:
    """Files that an earlier compile put into `out` and this one does not, as they were then; with `replace` those of all."""
    found = []
    for part, listed in parts(out).items():
        if replace or part == made.part:
            found += [path for path, digest in listed.items() if path not in files and file_digest(out / path) == digest]
    kept = {path for part, listed in parts(out).items() if not replace and part != made.part for path in listed}
    return tuple(sorted(set(found) - kept - {LIST}))


def listing(out: Path, files: Mapping[str, str | bytes], made: Made) -> str:
    """The list as it is to be when `files` are there."""
    same = owner(out) == made.model
    made_of = {**(origins(out) if same else {}), made.part: made.origin}
    listed = {**(parts(out) if same else {}), made.part: {path: digest(text) for path, text in sorted(files.items())}}
    content = {"model": made.model, "made": dict(sorted(made_of.items())), "parts": dict(sorted(listed.items()))}
    return json.dumps(content, indent=1) + "\n"


def digest(content: str | bytes) -> str:
    """SHA-256 of a file with this content."""
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()


def origins(out: Path) -> dict[str, object]:
    """Part -> what it was made of, as it was said."""
    found = _read(out).get("made")
    return {str(part): origin for part, origin in found.items()} if isinstance(found, dict) else {}


def parts(out: Path) -> dict[str, dict[str, str]]:
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


def file_digest(path: Path) -> str:
    """Of a file; "" where there is none."""
    try:
        return "" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""

# SPDX-License-Identifier: Apache-2.0
"""New weights for code that is in the field: compiled as that was, and a fit only if the same C comes of it.

So whatever the code relies on holds for the new weights as well: shapes, the layout in memory, numbers that are in code, what
kernels need to be true of weights (sums that fit, shifts that lie close together), channels that were left out as constant.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from tinycc import __version__
from tinycc.codegen.block import statements, strip_comments
from tinycc.codegen.manifest import Manifest, read_manifest
from tinycc.compiler import Compilation, ModelLike
from tinycc.compiler import compile as compile_model
from tinycc.errors import CompileError, Problem, fail

MOST = 8
"""Differences that are told."""
_PORT = re.compile(r"_(IN|OUT)PUT_")
_STEP = re.compile(r"/\* (Step \d+, .*?)(?:;|: | \*/|$)")


@dataclass(frozen=True)
class Update:
    """A block of weights that fits code which was compiled before. `firmware`: the prefix of that code."""

    compilation: Compilation
    firmware: str
    weights: bytes

    @property
    def layout(self) -> bytes:
        return self.compilation.emission.layout


def update(model: ModelLike, out: str | os.PathLike[str], name: str | None = None) -> Update:
    """The weights of `model` as a block for the C in the folder `out`, which was compiled with external weights; `name` is the
    prefix of that C, where there are several. Raises CompileError, with all reasons why the C does not fit."""
    known = read_manifest(Path(out), name)
    made = compile_model(model, options=known.options)
    same_ports = not any(_PORT.search(item.found) for item in _macros_differ(made, known, ".h"))
    if not _fits(made, known) and same_ports:
        made = _with_its_kernels(model, known)
    if not _fits(made, known):
        raise CompileError(list(_differences(made, known)), made.model.name)
    assert made.emission.weights is not None
    return Update(made, known.name, made.emission.weights)


HINT = "The firmware has to be updated as well, or the model trained so that this is the same."


def _fits(made: Compilation, known: Manifest) -> bool:
    return made.emission.layout.hex() == known.layout


def _with_its_kernels(model: ModelLike, known: Manifest) -> Compilation:
    """Other kernels may be better for the weights; those that are in the firmware may do. Raises CompileError."""
    try:
        return compile_model(model, options=known.options.updated(pinned=known.kernels))
    except CompileError as error:
        problems = [Problem(item.where, item.found, item.expected, item.hint or HINT) for item in error.problems]
        raise CompileError(problems, error.source) from error


def _differences(made: Compilation, known: Manifest) -> Iterator[Problem]:
    """Why other C comes of it, as far as the C in the folder tells."""
    found = [*_macros_differ(made, known, ".h"), *_macros_differ(made, known, "_weights.h"), *_steps(made, known)]
    yield from found[:MOST]
    if len(found) > MOST:
        yield Problem("code", f"{len(found) - MOST} more differences", "the code of the firmware", HINT)
    if not found and known.tinycc != __version__:
        again = f"Use tinycc {known.tinycc} to make weights for this firmware."
        yield fail("kernels", f"those of tinycc {__version__}", f"those of tinycc {known.tinycc}", again).problems[0]
    elif not found:
        again = "Is the folder as it was when the firmware was built?"
        expected = f"layout {known.layout}"
        yield Problem("code", f"layout {made.emission.layout.hex()}, in a kernel or in the placing of weights", expected, again)


def _text(known: Manifest, file: str) -> str:
    """A file of the firmware's, "" if it is not there."""
    for place in (known.folder / file, known.folder / "src" / file):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    return ""


def _macros_differ(made: Compilation, known: Manifest, end: str) -> list[Problem]:
    """What a header says otherwise: of ports the public one, of where weights lie the private one."""
    file = f"{known.name}{end}"
    old, new = _macros(_text(known, file)), _macros(made.files[file])
    names = dict.fromkeys([*old, *new]) if old else ()
    changed = [name for name in names if old.get(name) != new.get(name)]
    return [Problem(file, f"{name} {new.get(name, 'gone')}", old.get(name, "none of that name"), HINT) for name in changed]


def _macros(text: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"^#define (\w+) (.+)$", strip_comments(text), re.MULTILINE)}


def _steps(made: Compilation, known: Manifest) -> Iterator[Problem]:
    """The lines of the model's code that differ, each with the step that it belongs to."""
    old, new = (list(_lines(text)) for text in (_text(known, f"{known.name}.c"), made.files[f"{known.name}.c"]))
    if not old:
        return
    matcher = SequenceMatcher(None, [text for _, text in old], [text for _, text in new], autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            was, now = (" ".join(text for _, text in part) for part in (old[first:last], new[begin:end]))
            if not _is_layout(was):
                place = (old[first:last] or new[begin:end])[0][0]
                yield Problem(place, _short(now) or "nothing", _short(was) or "nothing", HINT)


def _is_layout(text: str) -> bool:
    """Lines that hold the hash of the layout, which differs if anything does."""
    return bool(re.match(r"#define (READY|SEAL) |static const uint8_t layout\[", text))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(step, line) of code, without comments and empty lines."""
    place = "code"
    inside = False
    for line in text.split("\n"):
        if step := _STEP.search(line):
            place = step[1]
        bare = line if not inside else "/*" + line
        inside = ("/*" in bare) and "*/" not in bare.rpartition("/*")[2]
        code = statements(bare + ("*/" if inside else ""))
        if code:
            yield place, code


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}..."

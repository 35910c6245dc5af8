# SPDX-License-Identifier: Apache-2.0
"""What is kept beside a block of weights, so that others can be made which fit the same code: how the model was compiled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tinycc import __version__
from tinycc.errors import CompileError, fail
from tinycc.options import Options
from tinycc.program.types import Program

FOLDER = "weights"
"""Of an output folder, in which blocks lie and what is kept of them."""


@dataclass(frozen=True)
class Manifest:
    """`name`: the prefix of the model's C. `options` are those that it was compiled with, `kernels` its kernels by step,
    `layout` which code it is, `tinycc` the version that made it, `folder` where it was found."""

    name: str
    tinycc: str
    layout: str
    options: Options
    kernels: tuple[tuple[int, str], ...]
    folder: Path = Path()


def write_manifest(name: str, options: Options, program: Program, layout: bytes) -> str:
    content = {
        "model": name,
        "tinycc": __version__,
        "layout": layout.hex(),
        "options": replace(options, name=name).recorded(),
        "kernels": {str(step.number): step.kernel for step in program.all_steps},
    }
    return json.dumps(content, indent=1) + "\n"


def read_manifest(out: Path, name: str | None) -> Manifest:
    """That of the model `name` in the output folder `out`; of the only one if no name is given. Raises CompileError."""
    found = {path.stem: path for path in sorted((out / FOLDER).glob("*.json"))}
    if not found:
        hint = "Compile the model of the firmware with --external-weights, and keep its output folder."
        raise fail(
            f"--for {out}", f"no file {FOLDER}/NAME.json", "the output folder of a compile with --external-weights", hint
        )
    if name is None and len(found) > 1:
        raise fail(f"--for {out}", f"{len(found)} models: {', '.join(found)}", "which one it is", "Give --name.")
    path = found.get(name or next(iter(found)))
    if path is None:
        raise fail("--name", repr(name), f"one of {', '.join(found)}")
    try:
        return _parsed(json.loads(path.read_text(encoding="utf-8")), out)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, CompileError) as error:
        raise fail(str(path), f"not what tinycc wrote ({error})", "the file as --external-weights makes it") from error


def _parsed(content: Mapping[str, Any], folder: Path) -> Manifest:
    options = Options().updated(**content["options"])
    kernels = tuple((int(step), str(kernel)) for step, kernel in content["kernels"].items())
    return Manifest(str(content["model"]), str(content["tinycc"]), str(content["layout"]), options, kernels, folder)

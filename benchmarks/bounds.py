# SPDX-License-Identifier: Apache-2.0
"""The lowest versions that pyproject.toml allows, installed together: they give the C that the installed ones give."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
_REQUIREMENT = re.compile(r'^\s+"([A-Za-z0-9_.-]+)>=([0-9.]+)",$', re.MULTILINE)
_HASHES = """
import hashlib, json, sys
from tinycc.compiler import compile
from tinycc.errors import CompileError
found = {}
for path in sys.argv[1:]:
    try:
        files = compile(path).files
        found[path] = hashlib.sha256(json.dumps(dict(files), sort_keys=True).encode()).hexdigest()
    except CompileError as error:
        found[path] = f"refused: {error.problems[0]}"
    except Exception as error:
        found[path] = repr(error)
print(json.dumps(found))
"""


def lowest() -> list[str]:
    """The dependencies, each at its lowest version."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("\ndependencies = [")[2].partition("]")[0]
    return [f"{name}=={version}" for name, version in _REQUIREMENT.findall(listed)]


def compare_bounds(models: Sequence[Path], pythons: Sequence[str] = ()) -> int:
    """Compile the models with the lowest versions and with what is installed here; instead of the lowest versions, with other
    `pythons`. Print what differs; the number of those."""
    here = _hashes(sys.executable, models)
    differing = 0
    for interpreter in pythons or (sys.executable,):
        wanted = [name.partition("==")[0] for name in lowest()] if pythons else lowest()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([interpreter, "-m", "venv", folder], check=True)
            python = str(Path(folder, "bin", "python"))
            click.echo("installing " + " ".join(wanted))
            subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True)
            there = _hashes(python, models)
        wrong = [path for path in here if there[path] != here[path]]
        for path in wrong:
            click.echo(f"{path}: {there[path]}, here {here[path]}")
        refused = sum(text.startswith("refused") for text in here.values())
        what = interpreter if pythons else "the lowest versions"
        click.echo(f"{len(here)} models, {refused} of them refused, {len(wrong)} otherwise with {what}")
        differing += len(wrong)
    return differing


def _hashes(python: str, models: Sequence[Path]) -> dict[str, str]:
    """Model -> what came of it."""
    command = [python, "-c", _HASHES, *map(str, models)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found

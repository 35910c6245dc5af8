# SPDX-License-Identifier: Apache-2.0
"""The memory of every network of the corpus, which a test holds."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.corpus import read_manifest
from tinycc.compiler import compile
from tinycc.errors import CompileError

PATH = Path(__file__).resolve().parent / "arenas.json"
"""Network -> bytes of its arena for any core; those that are refused are not in it."""


def write_arenas(corpus: Path) -> None:
    """Compile every network that has answers to compare with; write their arenas."""
    found = {}
    for entry in read_manifest(corpus):
        if entry.tier == "model" and entry.golden:
            try:
                found[entry.name] = compile(entry.path, name="model", match=entry.match).report.arena_bytes
            except CompileError as error:
                print(f"{entry.name}: {error.problems[0].found}")
    PATH.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")

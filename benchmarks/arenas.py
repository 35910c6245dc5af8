# SPDX-License-Identifier: Apache-2.0
"""The memory of every network of the corpus on three cores, which a test holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.corpus import Entry, read_manifest
from tinycc.compiler import Compilation, compile, kernel_context
from tinycc.errors import CompileError
from tinycc.lowering.lower import lower
from tinycc.plan.layout import lay_out
from tinycc.target import TARGETS

PATH = Path(__file__).resolve().parent / "arenas.json"
"""Network -> target -> bytes of its arena. Those that are refused are not in it."""
CORES = ("generic", "cortex-m4", "cortex-m55")

Arenas = Mapping[str, Mapping[str, int]]


def read_arenas() -> Arenas:
    found: Arenas = json.loads(PATH.read_text(encoding="utf-8"))
    return found


def arenas_of(compilation: Compilation) -> dict[str, int]:
    """The arena on each core, after one run of the passes."""
    options = compilation.options
    contexts = {core: kernel_context(replace(options, target=TARGETS[core]), compilation.graph) for core in CORES}
    return {core: lay_out(lower(compilation.graph, context)).bytes for core, context in contexts.items()}


def _measured(entry: Entry) -> dict[str, int] | None:
    try:
        return arenas_of(compile(entry.path, name="model", match=entry.match))
    except CompileError as error:
        print(f"{entry.name}: {error.problems[0].found}", flush=True)
        return None


def write_arenas(corpus: Path, *, check: bool) -> int:
    """Compile every network, and write their arenas, or only tell what is not as it was written; how many that are."""
    entries = [entry for entry in read_manifest(corpus) if entry.tier == "model"]
    found = {entry.name: arenas for entry in entries if (arenas := _measured(entry)) is not None}
    if not check:
        lines = (f" {json.dumps(name)}: {json.dumps(arenas)}" for name, arenas in sorted(found.items()))
        PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        return 0
    known = read_arenas()
    different = [name for name in sorted({*known, *found}) if known.get(name) != found.get(name)]
    for name in different:
        print(f"{name}: {known.get(name)} became {found.get(name)}")
    return len(different)

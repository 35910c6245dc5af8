# SPDX-License-Identifier: Apache-2.0
"""Runs a model the three ways that must agree: numpy semantics, the C on this machine, TensorFlow Lite Micro."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from conftest import ROOT

from tinycc.codegen.runtime import FOLDERS
from tinycc.compiler import Compilation, Model, compile, load
from tinycc.interpret import Interpreter
from tinycc.verification import STEPS
from tinycc.verification.gaps import Gaps
from tinycc.verification.host import HostModel, find_compiler
from tinycc.verification.inputs import InputSet, edge_inputs, random_inputs, sequences
from tinycc.verification.oracle import Oracle, OracleUnavailable
from tinycc.verification.verdict import Comparison

STRICT = "-pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wstrict-prototypes -Werror".split()


def build_archive(folder: Path, more: Sequence[str] = ()) -> Path:
    """The whole runtime as one archive, so that a test compiles its model alone. `more`: flags of the C compiler."""
    folders = [ROOT / "runtime" / name for name in FOLDERS]
    sources = sorted(source for path in folders for source in path.glob("*.c"))
    includes = [f"-I{path}" for path in folders]
    flags = ["-std=c99", "-O2", "-fPIC", "-ffp-contract=off", *more]
    subprocess.run([find_compiler(), *flags, *includes, "-c", *map(str, sources)], cwd=folder, check=True)
    archive = folder / "libruntime.a"
    subprocess.run(["ar", "rcs", archive.name, *(path.name for path in sorted(folder.glob("*.o")))], cwd=folder, check=True)
    return archive


def input_sets(model: Model, runs: int = 3) -> list[InputSet]:
    values = model.graph.inputs
    sets = edge_inputs(values) + [random_inputs(values, seed) for seed in range(runs)]
    return sequences(sets, values, STEPS) if model.graph.states else sets


def agree(data: bytes, oracle: Oracle, archive: Path, *, match: str = "tflm", runs: int = 3) -> Compilation:
    """Assert that numpy (before and after the passes), C and the oracle give the same outputs; the compilation."""
    model = load(data, match=match)
    compilation = compile(model, name="model")
    ways = ("numpy", "numpy after the passes", "C")
    rows = {way: [Comparison(value.name, str(value.type)) for value in model.graph.outputs] for way in ways}
    before, after, gaps = Interpreter(model.graph), Interpreter(compilation.graph), Gaps(model.graph)
    compared = 0
    with HostModel(compilation, archive=archive, flags=STRICT) as host:
        for item in input_sets(model, runs):
            if item.fresh and model.graph.states:
                for stateful in (oracle, before, after, host, gaps):
                    stateful.reset()
            found = before.run(item.arrays), after.run(item.arrays), host.run(item.arrays).outputs
            written = gaps.find(item.arrays, found[0])
            try:
                expected = oracle.run(item.arrays)
            except OracleUnavailable:  # It refuses some inputs.
                continue
            compared += 1
            for way, arrays in zip(ways, found, strict=True):
                for row, array, reference, value in zip(rows[way], arrays, expected, model.graph.outputs, strict=True):
                    row.add(array, reference, item.label, written.get(value))
    assert compared, f"{oracle.name} refuses all inputs"
    wrong = [f"{way}: {row.name} {row.type}: {row.first}" for way in ways for row in rows[way] if not row.passed]
    assert not wrong, "\n".join(wrong)
    return compilation

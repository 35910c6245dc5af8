# SPDX-License-Identifier: Apache-2.0
"""Runs a model the three ways that must agree: numpy semantics, the C on this machine, TensorFlow Lite Micro."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tinycc.compiler import Compilation, Model, compile, load
from tinycc.data import data_path
from tinycc.execution.comparison import Comparison
from tinycc.execution.host import HostModel, adapter, find_compiler
from tinycc.execution.inputs import InputSet, edge_inputs, random_inputs, sequences
from tinycc.frontends.tflite.oracle import FileOracle
from tinycc.interpret import Interpreter
from tinycc.ir import Array
from tinycc.oracles import OracleUnavailable
from tinycc.runtime import library, source_folders
from tinycc.verification import STEPS
from tinycc.verification.gaps import Gaps

STRICT = "-pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wstrict-prototypes -Werror".split()


def build_archive(folder: Path, more: Sequence[str] = ()) -> Path:
    """The whole runtime as one archive, so that a test compiles its model alone. `more`: flags of the C compiler."""
    sources = sorted(str(file.source) for file in library().values() if file.name.endswith(".c"))
    includes = [f"-I{path}" for path in source_folders()]
    flags = ["-std=c99", "-O2", "-fPIC", "-ffp-contract=off", *more]
    subprocess.run([*find_compiler(), *flags, *includes, "-c", *sources], cwd=folder, check=True)
    archive = folder / "libruntime.a"
    subprocess.run(["ar", "rcs", archive.name, *(path.name for path in sorted(folder.glob("*.o")))], cwd=folder, check=True)
    return archive


def input_sets(model: Model, runs: int = 3) -> list[InputSet]:
    values = model.graph.inputs
    sets = edge_inputs(values) + [random_inputs(values, seed) for seed in range(runs)]
    return sequences(sets, values, STEPS) if model.graph.states else sets


def prefix_of(compilation: Compilation) -> str:
    """What the adapter's functions begin with in a library of many models."""
    return f"{compilation.name}_host"


def build_many(compilations: Sequence[Compilation], folder: Path, archive: Path, flags: Sequence[str] = ()) -> Path:
    """One shared library of many models, each with the adapter's functions under its own name."""
    includes = [f"-I{path}" for path in (*source_folders(), data_path("runtime") / "board")]
    sources = []
    for compilation in compilations:
        place = folder / compilation.name
        compilation.write(place)
        text = adapter(compilation, watched=False, prefix=prefix_of(compilation))["tinycc_adapter.c"]
        model = "".join(f'#include "{path}"\n' for path in compilation.sources if "/" not in path)
        (place / "all.c").write_text(model + text, encoding="utf-8")
        sources.append(f"{compilation.name}/all.c")
    library = folder / "libmodels.so"
    options = ["-std=c99", "-O0", "-pipe", "-fPIC", "-shared", "-ffp-contract=off", *STRICT, *flags]
    command = [*find_compiler(), *options, *includes, *sources, str(archive), "-o", library.name, "-lm"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise AssertionError("the C does not compile:\n" + "\n".join(result.stderr.splitlines()[:12]))
    return library


class Runtime(Protocol):
    """What a model is compared with."""

    name: str

    def run(self, inputs: Sequence[Array]) -> list[Array]: ...
    def reset(self) -> None: ...


@dataclass(frozen=True)
class Subject:
    """A model that numpy (before and after the passes), C and a reference runtime must agree on."""

    label: str
    model: Model
    compilation: Compilation
    oracle: Callable[[], Runtime]
    """Starts the runtime, which may take a process of its own."""


def subject(
    data: bytes,
    oracle: Callable[[], FileOracle],
    match: str,
    *,
    name: str = "model",
    label: str = "",
    target: str = "generic",
) -> Subject:
    model = load(data, match=match)
    return Subject(label, model, compile(model, name=name, target=target), oracle)


def agree(data: bytes, oracle: FileOracle, archive: Path, *, match: str = "tflm", runs: int = 3) -> Compilation:
    """Assert that all agree on one model; the compilation."""
    item = subject(data, lambda: oracle, match)
    with HostModel(item.compilation, archive=archive, flags=STRICT) as host:
        wrong = differences(item, host, runs)
    assert not wrong, "\n".join(wrong)
    return item.compilation


def agree_on_all(subjects: Sequence[Subject], archive: Path, runs: int = 3) -> None:
    """Assert it of many models, whose C names must differ: they are built into one library."""
    wrong = []
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        library = build_many([item.compilation for item in subjects], Path(folder), archive)
        for item in subjects:
            with HostModel(item.compilation, library=library, prefix=prefix_of(item.compilation)) as host:
                wrong += [f"{item.label}: {line}" for line in differences(item, host, runs)]
    assert not wrong, "\n".join(wrong)


def differences(item: Subject, host: HostModel, runs: int) -> list[str]:
    """A line for every way and output that is not what the runtime says."""
    graph = item.model.graph
    try:
        oracle = item.oracle()
    except OracleUnavailable as error:
        return [f"no answer to compare with: {error}"]
    ways = ("numpy", "numpy after the passes", "C")
    rows = {way: [Comparison(value.name, str(value.type)) for value in graph.outputs] for way in ways}
    before, after, gaps = Interpreter(graph), Interpreter(item.compilation.graph), Gaps(graph)
    compared = 0
    for inputs in input_sets(item.model, runs):
        if inputs.fresh and graph.states:
            for stateful in (oracle, before, after, host, gaps):
                stateful.reset()
        found = before.run(inputs.arrays), after.run(inputs.arrays), host.run(inputs.arrays).outputs
        written = gaps.find(inputs.arrays, found[0])
        try:
            expected = oracle.run(inputs.arrays)
        except OracleUnavailable:  # It refuses some inputs.
            continue
        compared += 1
        for way, arrays in zip(ways, found, strict=True):
            for row, array, reference, value in zip(rows[way], arrays, expected, graph.outputs, strict=True):
                row.add(array, reference, inputs.label, written.get(value))
    if not compared:
        return [f"{oracle.name} refuses all inputs"]
    return [f"{way}: {row.name} {row.type}: {row.first}" for way in ways for row in rows[way] if not row.passed]

# SPDX-License-Identifier: Apache-2.0
"""The library's front door: `load`, `compile`. (`verify` is in `tinycc.verification`.)"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tinycc.codegen.emit import Emission, emit
from tinycc.codegen.files import write_files
from tinycc.codegen.lower import Program, lower
from tinycc.codegen.names import model_name
from tinycc.codegen.selftest import self_test as make_self_test
from tinycc.errors import CompileError, fail
from tinycc.frontends.tflite.file import MAX_BYTES
from tinycc.frontends.tflite.load import load_tflite
from tinycc.ir import Graph, check
from tinycc.passes import run_passes
from tinycc.report.summary import Report, summarize
from tinycc.target import TARGETS, Target, find_target

Shapes = Mapping[str, tuple[int, ...]]
MATCHES = ("tflm", "litert")


@dataclass(frozen=True)
class Model:
    """A loaded model: its graph as the file says it (checked, not yet optimised), and where it came from."""

    graph: Graph
    data: bytes
    source: str
    match: str


@dataclass(frozen=True)
class Compilation:
    """What a compile made: the optimised graph, the program, and the generated files as text."""

    model: Model
    name: str
    graph: Graph
    program: Program
    emission: Emission

    @property
    def files(self) -> Mapping[str, str]:
        """path relative to the output folder -> text."""
        return self.emission.files

    @property
    def symbols(self) -> set[str]:
        """The kernels that the model calls."""
        return self.program.symbols

    @property
    def has_self_test(self) -> bool:
        return f"{self.name}_selftest.c" in self.files

    @property
    def sources(self) -> list[str]:
        """The C files that make up the model with its runtime, sorted."""
        return sorted(path for path in self.files if path.endswith((".c", ".S")) and path != "example_main.c")

    @cached_property
    def report(self) -> Report:
        return summarize(self.program, self.name, self.emission.constant_bytes)

    def write(self, out: str | os.PathLike[str]) -> None:
        """Put the files into the folder `out`: all of them or, on failure, none."""
        if not os.fspath(out):
            raise fail("output folder", "an empty name", "a folder", "Is a variable in your script not set?")
        write_files(Path(out), self.files)


def printable(path: str | os.PathLike[str]) -> str:
    """A path as text for messages and comments: what is not UTF-8, or no letter of any script, shows as a replacement."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def read_model(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a model file, or a CompileError that says why not."""
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise fail("file", error.strerror or str(error), "a readable model file", "Check the path.") from error


def load(model: str | os.PathLike[str] | bytes, *, shapes: Shapes | None = None, match: str = "tflm") -> Model:
    """Read a .tflite model from a path or from bytes.

    `shapes` gives the shapes of inputs with dynamic dimensions (1 otherwise); `match` is the runtime whose arithmetic the C
    shall have, "tflm" or "litert". Raises CompileError with all problems of the model.
    """
    if match not in MATCHES:
        raise fail("--match", repr(match), " or ".join(MATCHES))
    source = "model" if isinstance(model, bytes) else printable(model)
    try:
        data = model if isinstance(model, bytes) else read_model(model)
        if source.lower().endswith(".onnx"):
            raise fail("file", "an ONNX model", "a TFLite model", "ONNX is not supported yet: convert it to TFLite.")
        graph = check(load_tflite(data, name=Path(source).name, shapes=shapes, match=match))
    except CompileError as error:
        raise CompileError(error.problems, source) from error
    return Model(graph, data, source, match)


def compile(
    model: str | os.PathLike[str] | bytes | Model,
    out: str | os.PathLike[str] | None = None,
    *,
    name: str | None = None,
    target: str = "generic",
    shapes: Shapes | None = None,
    match: str = "tflm",
    self_test: bool = False,
    watched: bool = False,
) -> Compilation:
    """Compile a model to C, and write the files into `out` if it is given.

    `name` is the prefix of all C names (default: from the file name). `self_test` emits a test for the user's own board
    beside the model; `watched` the same without cases, for verification. Raises CompileError.
    """
    loaded = model if isinstance(model, Model) else load(model, shapes=shapes, match=match)
    core = _target(target)
    prefix = model_name(name, loaded.source)
    try:
        graph = run_passes(loaded.graph)
        program = lower(graph, core)
    except CompileError as error:
        raise CompileError(error.problems, loaded.source) from error
    options = f"target={core.name} match={loaded.match}" + (" self-test" if self_test else "")
    test = make_self_test(program, golden=self_test) if self_test or watched else None
    emission = emit(program, prefix, loaded.data, options=options, test=test)
    compilation = Compilation(loaded, prefix, graph, program, emission)
    if out is not None:
        compilation.write(out)
    return compilation


def stages(model: Model) -> Iterator[tuple[str, Graph]]:
    """The graph after loading and after each pass, by name."""
    from tinycc.passes import PIPELINE, apply

    graph = model.graph
    yield "load", graph
    for step in PIPELINE:
        graph = apply(step, graph)
        yield step.__name__, graph


def _target(name: str) -> Target:
    target = find_target(name)
    if target is None:
        raise fail("--target", repr(name), "one of " + ", ".join(TARGETS))
    return target

# SPDX-License-Identifier: Apache-2.0
"""The C that is analysed: a call with all that it may read unknown and all that it writes not there yet; the whole model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tinycc.codegen.ctext import standard_headers
from tinycc.codegen.emit import c_constants, render, tensor_names
from tinycc.codegen.writer import Writer, size
from tinycc.compiler import Compilation
from tinycc.ir import DType
from tinycc.program.types import Buffer, Ref, Role, Span, Step
from tinycc.runtime import closure, header_of

WHOLE_MACS = 3_000_000
"""Multiply-accumulates up to which the whole model is analysed in minutes."""


@dataclass(frozen=True)
class Driver:
    """One analysis. `name` for people and as a file name; `text` defines main; `sources` are the other files, by path in the
    folder of the model; `asserts` are the names of the assertions that have to come out valid."""

    name: str
    about: str
    text: str
    sources: tuple[str, ...]
    asserts: tuple[str, ...]
    macs: int = 0
    options: tuple[str, ...] = ()
    """Frama-C's, besides those of every analysis."""

    @property
    def file(self) -> str:
        return f"prove_{self.name}.c"


@dataclass(frozen=True)
class _Memory:
    """A buffer as an array of its own. `known`: what the step finds in it: any bytes, any truth values, or nothing yet."""

    name: str
    bytes: int
    known: str
    written: tuple[Span, ...]


def step_drivers(compilation: Compilation) -> Iterator[Driver]:
    """One for each step with calls, inside of branches and loops, too."""
    program = compilation.program
    names = tensor_names(program)
    for step in program.all_steps:
        if step.calls:
            yield _step_driver(compilation, step, names)


def whole_driver(compilation: Compilation) -> Driver:
    """`init` and two inferences, so that states are covered; inputs are any bytes."""
    text = render(
        "proof/whole.c.j2",
        name=compilation.name,
        NAME=compilation.name.upper(),
        inputs=[(number, port.type.dtype is DType.BOOL) for number, port in enumerate(compilation.program.inputs)],
    )
    sources = tuple(path for path in compilation.sources if path.endswith(".c"))
    about = f"{compilation.name}_init, then {compilation.name}_invoke twice"
    init = f"{compilation.name}_init"  # an instance that is not ready is kept apart from one that is
    options = ("-eva-split-return-function", f"{init}:0:4", "-eva-slevel-function", f"{init}:8,main:8")
    return Driver("whole", about, text, sources, ("success",), compilation.program.macs, options)


def _step_driver(compilation: Compilation, step: Step, names: dict[str, str]) -> Driver:
    program = compilation.program
    alone = replace(program, body=(step,))
    pointers = {constant: made.pointer for constant, made in c_constants(program, compilation.name, names).items()}
    writer = Writer(alone, compilation.name, pointers, names, watched=False, address=_array)
    lines = writer.body()
    memories = list(_memories(step))
    symbols = {call.symbol for call in step.calls}
    text = render(
        "proof/step.c.j2",
        name=compilation.name,
        constants=bool(program.constants),
        headers=sorted({header_of(symbol) for symbol in symbols}),
        standard=sorted({*standard_headers([*writer.structs, *lines]), "stddef.h"}),
        structs=writer.structs,
        lines=lines,
        memories=memories,
        sizes=[(size(buffer), buffer.bytes) for buffer in step.scratches],
        asserts=_asserts(memories),
    )
    sources = tuple(file.path for file in closure(symbols) if file.path.endswith(".c"))
    weights = (f"{compilation.name}_weights.c",) if program.constants else ()
    asserts = ("success", *(name for name, _, _, _ in _asserts(memories)))
    return Driver(f"step_{step.number}", f"{step.origin}: {step.kernel}", text, (*weights, *sources), asserts, step.macs)


def _array(buffer: Buffer) -> str:
    """In a driver, a buffer's memory is an array of its own."""
    return f"in_{buffer.name}"


def _memories(step: Step) -> Iterator[_Memory]:
    reads = {span.buffer for call in step.calls for span in call.reads}
    made: set[Buffer] = set()
    fresh: set[Buffer] = set()
    for call in step.calls:  # what a call of the same step wrote before is no input of it
        fresh |= {span.buffer for span in call.reads} - made
        made |= {span.buffer for span in call.writes}
    truths = {leaf.buffer for call in step.calls for leaf in call.leaves if isinstance(leaf, Ref) and leaf.dtype is DType.BOOL}
    buffers = dict.fromkeys(leaf.buffer for call in step.calls for leaf in call.leaves if isinstance(leaf, Ref))
    last = {span.buffer: span for call in step.calls for span in call.writes if span.buffer.role is not Role.SCRATCH}
    for buffer in dict.fromkeys([*buffers, *sorted(reads, key=lambda buffer: buffer.name)]):
        known = "" if buffer not in fresh else "truths" if buffer in truths else "bytes"
        spans = tuple(
            dict.fromkeys(span for call in step.calls for span in call.writes if span.buffer is buffer and buffer in last)
        )
        yield _Memory(_array(buffer), max(buffer.bytes, 1), known, spans)


def _asserts(memories: list[_Memory]) -> list[tuple[str, str, int, int]]:
    """(name, array, first byte, last byte) of what a step has to have written."""
    spans = ((memory.name, span) for memory in memories for span in memory.written if span.bytes)
    ranges = dict.fromkeys((name, span.offset, span.offset + span.bytes - 1) for name, span in spans)
    return [(f"written_{number}", *found) for number, found in enumerate(ranges)]

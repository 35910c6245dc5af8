# SPDX-License-Identifier: Apache-2.0
"""The C that is analysed: a call with all that it may read unknown and all that it writes not there yet; the whole model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tinycc.codegen.constants import c_constants, tensor_names
from tinycc.codegen.ctext import standard_headers
from tinycc.codegen.templates import render
from tinycc.codegen.writer import Writer, size
from tinycc.compiler import Compilation
from tinycc.ir import DType
from tinycc.program.types import Buffer, Call, Ref, Role, Span, Step, Stream, regions
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

    @property
    def log(self) -> str:
        """The file of what the analysis said."""
        return f"prove_{self.name}.log"


@dataclass(frozen=True)
class _Memory:
    """A buffer as an array of its own. `known`: what the step finds in it: any bytes, any truth values, or nothing yet."""

    name: str
    bytes: int
    known: str
    written: tuple[Span, ...]


def step_drivers(compilation: Compilation) -> Iterator[Driver]:
    """One for each step with calls, inside of branches and loops, too; steps that run row by row have one together."""
    program = compilation.program
    names = tensor_names(program)
    for region in regions(program.body):
        if isinstance(region, Stream):
            steps = [stage.step for stage in region.stages]
            about = f"steps {steps[0].number} to {steps[-1].number}, row by row"
            memories = _memories([call for step in steps for call in step.calls], region.enters, region.leaves)
            yield _driver(compilation, names, region, steps, memories, f"steps_{steps[0].number}", about)
        elif isinstance(region, Step) and region.calls and not any(region in _inside(stream) for stream in program.streams):
            memories = _memories(region.calls)
            about = f"{region.origin}: {region.kernel}"
            yield _driver(compilation, names, region, [region], memories, f"step_{region.number}", about)


def _inside(stream: Stream) -> tuple[Step, ...]:
    return tuple(stage.step for stage in stream.stages)


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


def _driver(
    compilation: Compilation,
    names: dict[str, str],
    region: Step | Stream,
    steps: list[Step],
    memories: list[_Memory],
    name: str,
    about: str,
) -> Driver:
    program = compilation.program
    pointers = {constant: made.pointer for constant, made in c_constants(program, compilation.name, names).items()}
    alone = replace(program, body=(region,))
    writer = Writer(alone, compilation.name, pointers, names, watched=False, address=_array)
    lines = writer.body()
    symbols = set().union(*(call.symbols for step in steps for call in step.calls))
    asserts = _asserts(memories)
    code = [*writer.structs, *lines, *(line for stream in writer.streams for line in stream)]
    text = render(
        "proof/step.c.j2",
        name=compilation.name,
        constants=bool(program.constants),
        headers=sorted({header_of(symbol) for symbol in symbols}),
        standard=sorted({*standard_headers(code), "stddef.h", "stdint.h"}),
        structs=writer.structs,
        streams=writer.streams,
        lines=lines,
        memories=memories,
        sizes=[(size(buffer), buffer.bytes) for buffer in dict.fromkeys(b for step in steps for b in step.scratches)],
        asserts=asserts,
    )
    sources = tuple(file.path for file in closure(symbols) if file.path.endswith(".c"))
    weights = (f"{compilation.name}_weights.c",) if program.constants else ()
    shown = ("success", *(label for label, _, _, _ in asserts))
    return Driver(name, about, text, (*weights, *sources), shown, sum(step.macs for step in steps))


def _array(buffer: Buffer) -> str:
    """In a driver, a buffer's memory is an array of its own."""
    return f"in_{buffer.name}"


def _memories(
    calls: Sequence[Call], enters: Sequence[Span] | None = None, leaves: Sequence[Span] | None = None
) -> list[_Memory]:
    """The buffers of calls. `enters`: what is there before them (None: what one reads that none before it wrote); `leaves`:
    what is there after them (None: all that they write, but for scratch)."""
    made: set[Buffer] = set()
    fresh = {span.buffer for span in enters or ()}
    for call in calls if enters is None else ():
        fresh |= {span.buffer for span in call.reads} - made
        made |= {span.buffer for span in call.writes}
    written = leaves if leaves is not None else [span for call in calls for span in call.writes]
    refs = [leaf for call in calls for leaf in call.leaves if isinstance(leaf, Ref)]
    truths = {ref.buffer for ref in refs if ref.dtype is DType.BOOL}
    spans = (span for call in calls for span in (*call.reads, *call.writes))
    buffers = dict.fromkeys([*(ref.buffer for ref in refs), *(span.buffer for span in spans), *fresh])
    return [
        _Memory(
            _array(buffer),
            max(buffer.bytes, 1),
            "" if buffer not in fresh else "truths" if buffer in truths else "bytes",
            tuple(dict.fromkeys(span for span in written if span.buffer is buffer and buffer.role is not Role.SCRATCH)),
        )
        for buffer in buffers
    ]


def _asserts(memories: list[_Memory]) -> list[tuple[str, str, int, int]]:
    """(name, array, first byte, last byte) of what a step has to have written."""
    spans = ((memory.name, span) for memory in memories for span in memory.written if span.bytes)
    ranges = dict.fromkeys((name, span.offset, span.offset + span.bytes - 1) for name, span in spans)
    return [(f"written_{number}", *found) for number, found in enumerate(ranges)]

# SPDX-License-Identifier: Apache-2.0
"""Every rule of a program that needs no addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tinycc.program.replay import ProgramError, replay
from tinycc.program.types import (
    STILL,
    Alias,
    Branch,
    Buffer,
    Constant,
    Loop,
    Program,
    Ref,
    Region,
    Span,
    Step,
    Stream,
    regions,
)


def check(program: Program) -> Program:
    """`program` if it keeps all rules: names are unique; what is referred to is listed, and what is listed is referred to;
    references and spans lie inside their buffers, aligned; steps are numbered upwards; scratch belongs to one step; and in
    memory where no two buffers meet, every read finds what it wants. Raises ProgramError if not."""
    _check_names(program)
    _check_references(program)
    _check_stages(program)
    numbers = [region.number for region in regions(program.body) if isinstance(region, Step)]
    if numbers != sorted(set(numbers)):
        raise ProgramError(f"steps are numbered {numbers}")
    users = Counter(buffer for step in program.all_steps for buffer in step.scratches)
    if shared := [buffer.name for buffer, count in users.items() if count > 1]:
        raise ProgramError(f"scratch of several steps: {', '.join(shared)}")
    replay(program, lambda buffer: (buffer.name, 0))
    return program


def _check_names(program: Program) -> None:
    for kind, names in (
        ("buffers", [buffer.name for buffer in program.buffers]),
        ("constants", [constant.name for constant in program.constants]),
    ):
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise ProgramError(f"{kind} of one name: {', '.join(twice)}")
    for buffer in program.buffers:
        if buffer.bytes < 0 or buffer.align < 1 or buffer.align & (buffer.align - 1):
            raise ProgramError(f"{buffer}: expected bytes >= 0 and a power of two for align")


def _check_references(program: Program) -> None:
    buffers, constants = set(program.buffers), set(program.constants)
    found: set[Buffer] = set()
    for ref in _refs(program):
        size = 1 if ref.dtype is None else ref.dtype.bytes
        if ref.buffer not in buffers or (ref.pace == STILL and not 0 <= ref.offset <= ref.buffer.bytes):
            raise ProgramError(f"{ref} does not point into a buffer of the program")
        if ref.offset % size or ref.pace.bytes % size or ref.buffer.align % size:
            raise ProgramError(f"{ref} is not aligned to its elements")
        found.add(ref.buffer)
    for span in (*_spans(program), *_turned(program)):
        inside = span.pace != STILL or 0 <= span.offset <= span.buffer.bytes - span.bytes
        if span.buffer not in buffers or not inside:
            raise ProgramError(f"{span} does not lie in a buffer of the program")
        found.add(span.buffer)
    strays = {buffer.name for buffer in buffers ^ found} | {item.name for item in constants ^ set(_constants(program))}
    if strays:
        raise ProgramError(f"listed or used, and not both: {', '.join(sorted(strays))}")


def _turned(program: Program) -> Iterator[Span]:
    """Where the calls of a stage read and write, and where their pointers point, in every turn."""
    for stage in (stage for stream in program.streams for stage in stream.stages):
        for case in stage.cases:
            refs = [leaf for call in case.body for leaf in call.leaves if isinstance(leaf, Ref)]
            spans = [Span(ref.buffer, ref.offset, 0, ref.name, None, ref.pace) for ref in refs]
            spans += (span for call in case.body for span in (*call.reads, *call.writes))
            yield from (span.at(turn) for span in dict.fromkeys(spans) for turn in range(case.first, case.last + 1))


def _check_stages(program: Program) -> None:
    """Every turn is in one case of a stage, and every tensor that enters or leaves a stream is one of rows."""
    for stream in program.streams:
        for stage in stream.stages:
            turns = [turn for case in stage.cases for turn in range(case.first, case.last + 1)]
            if turns != list(range(stage.count)) or stage.period < 1 or stage.delay < 0:
                raise ProgramError(f"step {stage.step.number}: turns {turns} of {stage.count}")
        if any(span.rows is None for span in stream.enters):
            raise ProgramError("a tensor that enters a stream as a whole")


def _refs(program: Program) -> Iterator[Ref]:
    for call in program.calls:
        yield from (leaf for leaf in call.leaves if isinstance(leaf, Ref))
    for region in regions(program.body):
        if isinstance(region, Step):
            yield from (result.ref for result in region.results)
        elif isinstance(region, Branch | Loop):
            yield region.condition
    yield from (port.ref for port in (*program.inputs, *program.outputs))


def _spans(program: Program) -> Iterator[Span]:
    for call in program.calls:
        yield from (*call.reads, *call.writes)
    yield from _region_spans(regions(program.body))
    yield from (port.span for port in (*program.inputs, *program.outputs))
    yield from (span for state in program.states for span in (state.before, state.after))


def _region_spans(found: Iterable[Region]) -> Iterator[Span]:
    for region in found:
        if isinstance(region, Alias):
            yield region.span
        elif isinstance(region, Branch | Loop):
            yield region.reads
        elif isinstance(region, Stream):
            yield from (*region.enters, *region.leaves)


def _constants(program: Program) -> Iterator[Constant]:
    yield from (constant for step in program.all_steps for constant in step.constants)
    yield from (state.initial for state in program.states if isinstance(state.initial, Constant))

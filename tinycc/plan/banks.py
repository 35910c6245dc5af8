# SPDX-License-Identifier: Apache-2.0
"""Several memories: what is touched most often for its size goes into the nearest one that has room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from tinycc.errors import fail
from tinycc.plan.layout import Layout, alone, lay_out
from tinycc.program.types import ARENA, BANK, Buffer, Constant, Program, Role, Stage, regions
from tinycc.target import Target

T = TypeVar("T")
QUICK = 20_000
"""How far a plan is searched for that shows whether a buffer has room in a memory."""


def touched(program: Program) -> Mapping[Buffer, int]:
    """Bytes that an inference reads and writes of each buffer, about: each as often as the step has multiply-accumulates for a
    byte."""
    found: Counter[Buffer] = Counter()
    turns = {
        stage.step: stage
        for region in regions(program.body)
        for stage in getattr(region, "stages", ())
        if isinstance(stage, Stage)
    }
    for step in program.all_steps:
        spans = [span for call in step.calls for span in (*call.reads, *call.writes)]
        sizes = {span.buffer: span.bytes for span in spans} | {buffer: buffer.bytes for buffer in step.scratches}
        count = turns[step].count if step in turns else 1
        total = sum(sizes.values()) * count
        again = 1 + step.macs // max(total, 1)
        for buffer, size in sizes.items():
            found[buffer] += size * count * again
    return found


def spread(layout: Layout, memories: Sequence[tuple[str, int]]) -> Layout:
    """The layout with its buffers in several memories: the nearest first, the last one the instance's own, where states are,
    and rows that the caller brings or takes.

    Raises CompileError if they do not fit.
    """
    often = touched(layout.program)
    by_rows = {port.span.buffer for port in (*layout.program.inputs, *layout.program.outputs) if port.by_rows}
    movable = [
        buffer
        for buffer in layout.program.buffers
        if buffer.memory == ARENA and buffer.role is not Role.STATE and buffer.bytes and buffer not in by_rows
    ]
    waiting = sorted(movable, key=lambda buffer: (-often[buffer] / buffer.bytes, buffer.name))
    placed: dict[Buffer, str] = {}
    arena = alone(layout.program)
    for name, room in memories[:-1]:
        inside: list[Buffer] = []
        for buffer in waiting:
            tried = tuple(item for item in layout.program.buffers if item in inside or item is buffer)
            if arena(tried, QUICK).plan.size <= room:
                inside.append(buffer)
        placed |= dict.fromkeys(inside, BANK + name)
        waiting = [buffer for buffer in waiting if buffer not in placed]
    made = lay_out(_moved(layout.program, placed))
    own, room = memories[-1]
    taken = made.arenas[ARENA].plan.size if ARENA in made.arenas else 0
    if taken > room:
        nearer = ", ".join(
            f"{name} {made.arenas[BANK + name].plan.size:,}" for name, _ in memories[:-1] if BANK + name in made.arenas
        )
        found = f"{taken:,} bytes that are left for {own}" + (f" (of {nearer} is taken)" if nearer else "")
        raise fail(
            "--memory", found, f"at most {room:,}", "Give a memory more room: layers run row by row already, where they can."
        )
    return made


def _moved(program: Program, placed: Mapping[Buffer, str]) -> Program:
    """The program with buffers in other memories."""
    new = {buffer: replace(buffer, memory=memory) for buffer, memory in placed.items()}
    known: dict[int, tuple[Any, Any]] = {}

    def made(item: T) -> T:
        if isinstance(item, Buffer):
            return new.get(item, item)  # type: ignore[return-value]
        if isinstance(item, Constant | Target):
            return item
        if isinstance(item, tuple):
            return tuple(map(made, item))  # type: ignore[return-value]
        if not is_dataclass(item):
            return item
        if id(item) not in known:  # steps and stages stay the same ones wherever they are
            parts = {field.name: getattr(item, field.name) for field in fields(item)}
            changed = {name: part for name, old in parts.items() if (part := made(old)) is not old}
            known[id(item)] = item, replace(item, **changed) if changed else item  # type: ignore[type-var]
        result: T = known[id(item)][1]
        return result

    return made(program)

# SPDX-License-Identifier: Apache-2.0
"""What a compile cost: RAM with its lower bound and what is alive at the peak, flash, work per layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tinycc.ir import Origin
from tinycc.passes.steps import Stepwise
from tinycc.plan.banks import touched
from tinycc.plan.layout import Layout
from tinycc.program.pushes import Pushes, pushes
from tinycc.program.types import ARENA, BANK, Content, Step, Turns


@dataclass(frozen=True)
class Rejected:
    """A kernel that was not taken."""

    kernel: str
    reason: str


@dataclass(frozen=True)
class Layer:
    """One op: the kernel it calls, its multiply-accumulates, the bytes of its outputs, constants and scratch.

    `cycles` is an estimate; `reason`: why this kernel, in a line; `rejected`: the others for these types, each with the reason;
    `in_float`: why it computes in float32 though the model is quantized, empty where it does not; `by_rows`: whether it makes
    its result row by row.

    The ops of a graph that another one runs follow it; what they take is theirs, not its.
    """

    index: int
    subgraph: int
    operator: str
    name: str
    kernel: str
    output: str
    macs: int
    output_bytes: int
    constant_bytes: int
    scratch_bytes: int
    cycles: int = 0
    reason: str = ""
    rejected: tuple[Rejected, ...] = ()
    in_float: str = ""
    by_rows: bool = False


@dataclass(frozen=True)
class RowCall:
    """A call of a model whose input or output goes row by row: `push`, `pull`, or `invoke`, which begins, and the number of the
    row, from 0 on. Multiply-accumulates, and cycles by estimate, until it returns; `beside`: those of them that no kernel
    takes, but turns and rows that move up."""

    call: str
    row: int
    macs: int
    cycles: int
    beside: int


WORD = 4
"""Bytes that a load or a store moves at a time."""


@dataclass(frozen=True)
class MemoryUse:
    """One of several memories: bytes that are taken, of so many that there are; what part of all that an inference reads and
    writes goes there, in hundredths, and `wait_cycles`, which that takes at most for each wait state of the memory, in words of
    four bytes."""

    name: str
    bytes: int
    room: int
    touched: int
    wait_cycles: int


@dataclass(frozen=True)
class LiveBuffer:
    """A buffer that is alive where the arena is fullest."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Report:
    """Sizes in bytes. `constant_bytes` counts what lies in flash without duplicates; `flash` has it by what it is. `notes`:
    what a user should know of how the model was read, and of the runtime's defects that the C has in common with it. `calls`:
    of a model whose input or output goes row by row, what each row brings about; `stream`: of one of steps, what these are."""

    model: str
    name: str
    target: str
    arena_bytes: int
    lower_bound_bytes: int
    constant_bytes: int
    flash: dict[str, int]
    macs: int
    peak: tuple[LiveBuffer, ...]
    layers: tuple[Layer, ...]
    notes: tuple[str, ...] = ()
    calls: tuple[RowCall, ...] = ()
    stream: Stepwise | None = None
    memories: tuple[MemoryUse, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def summarize(
    layout: Layout,
    name: str,
    notes: tuple[str, ...] = (),
    floats: Mapping[Origin, str] | None = None,
    stream: Stepwise | None = None,
    rooms: tuple[tuple[str, int], ...] = (),
) -> Report:
    """The report of a program and its layout. `floats`: of operators that compute in float32 in a quantized model, why."""
    program = layout.program
    alive = sorted(layout.peak, key=lambda buffer: -buffer.bytes)
    return Report(
        model=program.name,
        name=name,
        target=program.target.name,
        arena_bytes=layout.bytes,
        lower_bound_bytes=layout.lower_bound,
        constant_bytes=program.flash(),
        flash={content.value: size for content in Content if (size := program.flash(content))},
        macs=program.macs,
        peak=tuple(LiveBuffer(buffer.tensor, buffer.bytes) for buffer in alive),
        layers=tuple(_layer(step, (floats or {}).get(step.origin, "")) for step in program.all_steps),
        notes=notes,
        calls=tuple(row_calls(pushes(program))),
        stream=stream,
        memories=tuple(_memories(layout, rooms)),
    )


def _memories(layout: Layout, rooms: tuple[tuple[str, int], ...]) -> Iterator[MemoryUse]:
    often = touched(layout.program)
    every = max(sum(often.values()), 1)
    for index, (name, room) in enumerate(rooms):
        memory = ARENA if index == len(rooms) - 1 else BANK + name
        bytes = layout.arenas[memory].plan.size if memory in layout.arenas else 0
        part = sum(count for buffer, count in often.items() if buffer.memory == memory)
        yield MemoryUse(name, bytes, room, part * 100 // every, part // WORD)


def row_calls(work: Pushes | None) -> Iterator[RowCall]:
    """First those that bring rows, then those that take them."""
    if work is not None:
        ways = (("invoke" if work.begins else "push", work.pushed), ("pull", work.pulled))
        for call, found in ways:
            yield from (RowCall(call, row, item.macs, item.cycles, item.beside) for row, item in enumerate(found))


def _layer(step: Step, in_float: str) -> Layer:
    first = step.results[0].type
    return Layer(
        index=step.origin.index,
        subgraph=step.origin.subgraph,
        operator=step.origin.kind,
        name=step.origin.name,
        kernel=step.kernel,
        output=f"{first.dtype.value}[{','.join(map(str, first.shape))}]",
        macs=0 if step.is_control else step.macs,
        output_bytes=sum(result.type.bytes for result in step.results),
        constant_bytes=sum(constant.bytes for constant in step.constants),
        scratch_bytes=step.scratch_bytes,
        cycles=step.cycles,
        reason=step.reason,
        rejected=tuple(Rejected(kernel, why) for kernel, why in step.rejected),
        in_float=in_float,
        by_rows=any(isinstance(region, Turns) for region in step.body),
    )

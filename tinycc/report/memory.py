# SPDX-License-Identifier: Apache-2.0
"""What lies where in memory, and when: the plan as data for pictures and programs."""

from __future__ import annotations

from dataclasses import dataclass

from tinycc.plan.bound import peak
from tinycc.plan.layout import Arena, Layout
from tinycc.plan.picture import picture


@dataclass(frozen=True)
class Block:
    """Bytes that hold one tensor in the steps `first` to `last`, both inclusive; step 0 is before the first layer.

    `name` is the tensor's in the model, `role` the buffer's (input, output, state, temp, scratch, ...), `offset` in bytes from
    the start of the memory.
    """

    name: str
    role: str
    offset: int
    bytes: int
    first: int
    last: int


@dataclass(frozen=True)
class Memory:
    """One memory of a model, in bytes: `bytes` as planned, the least that any plan takes, the step that sets it, its blocks."""

    name: str
    bytes: int
    lower_bound: int
    peak_step: int
    blocks: tuple[Block, ...]


def memories(layout: Layout) -> tuple[Memory, ...]:
    """Every memory of a laid out program."""
    return tuple(_memory(name, arena) for name, arena in layout.arenas.items())


def _memory(name: str, arena: Arena) -> Memory:
    trace, plan = arena.trace, arena.plan
    blocks = tuple(
        Block(
            name=buffer.tensor or buffer.name,
            role=buffer.role.value,
            offset=offset + use.bottom,
            bytes=use.top - use.bottom,
            first=min(trace.step(use.first), trace.step(use.last)),  # what runs row by row goes back to earlier steps
            last=max(trace.step(use.first), trace.step(use.last)),
        )
        for buffer, tenant, offset in zip(arena.buffers, trace.tenants, plan.offsets, strict=True)
        for use in tenant.uses
        if use.top > use.bottom
    )
    return Memory(name, plan.size, plan.lower_bound, trace.step(peak(trace)[0]) if blocks else 0, blocks)


def memory_text(layout: Layout, columns: int) -> str:
    """Pictures of all memories for a terminal of so many columns."""
    width = max(24, columns - 30)
    return "\n".join(
        f"{name}: {picture(arena.trace, arena.plan, width, [buffer.tensor or buffer.name for buffer in arena.buffers])}"
        for name, arena in layout.arenas.items()
    )

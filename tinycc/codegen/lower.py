# SPDX-License-Identifier: Apache-2.0
"""Graph -> Program: a kernel for every op, and an address for every byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tinycc.codegen.order import Order
from tinycc.codegen.storage import ALIGN, Storage, assign_storage
from tinycc.errors import fail
from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Choice, Context, choose
from tinycc.kernels.calls import Step
from tinycc.plan import Buffer, Plan, check, peak, plan_arena
from tinycc.provider import BUNDLED, Provider
from tinycc.target import Target

MAX_ARENA_BYTES = 2**31 - 1
"""C holds offsets in int."""


@dataclass(frozen=True)
class Program:
    """What will run: the kernel calls in order, and where in the arena each value and scratch lies."""

    graph: Graph
    order: Order
    target: Target
    steps: tuple[Step, ...]
    storages: tuple[Storage, ...]
    buffers: tuple[Buffer, ...]
    plan: Plan
    scratch_keys: tuple[tuple[Op, str], ...]

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps and those inside them."""
        return tuple(inner for step in self.steps for inner in step.all_steps)

    @property
    def symbols(self) -> set[str]:
        """The functions that are called."""
        return {call.symbol for step in self.all_steps for call in step.calls}

    @cached_property
    def _value_offsets(self) -> dict[Value, int]:
        return {
            value: offset for storage, offset in zip(self.storages, self.plan.offsets, strict=False) for value in storage.values
        }

    @cached_property
    def _scratch_offsets(self) -> dict[tuple[Op, str], int]:
        return dict(zip(self.scratch_keys, self.plan.offsets[len(self.storages) :], strict=True))

    def offset(self, value: Value) -> int:
        """Byte offset of a run-time value in the arena."""
        return self._value_offsets[value]

    def scratch_offset(self, op: Op, role: str) -> int:
        """Byte offset of an op's scratch in the arena."""
        return self._scratch_offsets[op, role]


def lower(graph: Graph, target: Target, provider: Provider = BUNDLED) -> Program:
    """Choose kernels, share memory, plan the arena. Raises CompileError if no kernel takes an op."""
    order = Order(graph)
    context = Context(target, provider)
    choices = choose(order.steps, context)
    steps = _steps(graph, choices, context)
    storages = assign_storage(order, choices)
    scratches = {
        (step.op, role): Buffer(f"{step.op.y.name} {role}", size, order.steps[step.op], order.steps[step.op], ALIGN)
        for outer in steps
        for step in outer.all_steps
        for call in step.calls
        for role, size in call.scratches.items()
    }
    buffers = (*(storage.buffer for storage in storages), *scratches.values())
    plan = plan_arena(buffers)
    check(buffers, plan)
    if plan.size > MAX_ARENA_BYTES:
        largest = sorted((buffers[index] for index in peak(buffers)[1]), key=lambda buffer: -buffer.size)
        alive = " + ".join(f"{buffer.name} {buffer.size:,}" for buffer in largest[:4])
        raise fail("arena", f"{plan.size:,} bytes (at the peak {alive})", f"at most {MAX_ARENA_BYTES:,}")
    return Program(graph, order, target, steps, storages, buffers, plan, tuple(scratches))


def _steps(graph: Graph, choices: Mapping[Op, Choice], context: Context) -> tuple[Step, ...]:
    return tuple(
        Step(
            op,
            choices[op].taken.name,
            choices[op].taken.bind(op, context),
            tuple(_steps(inner, choices, context) for inner in op.graphs.values()),
        )
        for op in graph.ops
        if op in choices
    )

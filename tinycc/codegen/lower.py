# SPDX-License-Identifier: Apache-2.0
"""Graph -> Program: a kernel for every op, and an address for every byte."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tinycc.codegen.storage import ALIGN, Storage, assign_storage
from tinycc.errors import CompileError, Problem, fail
from tinycc.ir import Graph, Op, Value
from tinycc.ops.base import Kernel, Operator, select
from tinycc.plan import Buffer, Plan, check, peak, plan_arena
from tinycc.program import Step
from tinycc.target import Target

MAX_ARENA_BYTES = 2**31 - 1
"""C holds offsets in int."""


@dataclass(frozen=True)
class Program:
    """What will run: the kernel calls in order, and where in the arena each value and scratch lies."""

    graph: Graph
    target: Target
    steps: tuple[Step, ...]
    storages: tuple[Storage, ...]
    buffers: tuple[Buffer, ...]
    plan: Plan
    scratch_keys: tuple[tuple[Op, str], ...]

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


def lower(graph: Graph, target: Target) -> Program:
    """Choose kernels, share memory, plan the arena. Raises CompileError if no kernel takes an op."""
    kernels = _select_kernels(graph, target)
    steps = tuple(
        Step(op, kernel.symbol, kernel.lower(op, target))
        for op, kernel in zip(graph.ops, kernels, strict=True)
        if kernel is not None
    )
    storages = assign_storage(graph, kernels)
    position = {op: index for index, op in enumerate(graph.ops, 1)}
    scratches = {
        (step.op, role): Buffer(f"{step.op.y.name} {role}", size, position[step.op], position[step.op], ALIGN)
        for step in steps
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
    return Program(graph, target, steps, storages, buffers, plan, tuple(scratches))


def _select_kernels(graph: Graph, target: Target) -> list[Kernel | None]:
    kernels: list[Kernel | None] = []
    problems = []
    for op in graph.ops:
        assert isinstance(op, Operator)
        kernel = None if op.view else select(op, target)
        if kernel is None and not op.view:
            problems.append(Problem(str(op.origin), f"no kernel for {op.y.type} on {target.name}", "a supported form"))
        kernels.append(kernel)
    if problems:
        raise CompileError(problems)
    return kernels

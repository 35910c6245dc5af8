# SPDX-License-Identifier: Apache-2.0
"""Which values share memory, and when each piece of memory is alive: what the planner plans.

Views (reshapes) lie on their operand; an element-wise result takes over an operand that dies there; what a state becomes lies
where the state lies (`passes.write_back` has seen to it that this is right). Everything else gets a storage of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinycc.ir import Graph, Value
from tinycc.ops.base import Kernel
from tinycc.plan import Buffer

ALIGN = 4
"""Bytes; what every kernel may rely on. Tensors of wider elements are aligned to these."""


@dataclass(frozen=True)
class Storage:
    """Memory that its values share, alive from step `first` to step `last`. Step 0 is before the first op, whose step is 1."""

    values: tuple[Value, ...]
    first: int
    last: int

    @property
    def buffer(self) -> Buffer:
        size = max(value.type.bytes for value in self.values)
        align = max(ALIGN, *(value.dtype.bytes for value in self.values))
        return Buffer(self.values[0].name, size, self.first, self.last, align)


def assign_storage(graph: Graph, kernels: Sequence[Kernel | None]) -> tuple[Storage, ...]:
    """Group the graph's run-time values into storages. `kernels[i]` is what computes `graph.ops[i]` (None for a view)."""
    root: dict[Value, Value] = {}
    last = _last_uses(graph)
    kept = {state.after for state in graph.states}

    def find(value: Value) -> Value:
        return root.get(value, value)

    def join(value: Value, operand: Value) -> None:
        root[value] = find(operand)
        last[find(operand)] = max(last[find(operand)], last[value])

    for position, (op, kernel) in enumerate(zip(graph.ops, kernels, strict=True), 1):
        if kernel is None:
            join(op.y, op.inputs[0])
            continue
        operands = dict(op.operands)
        for name, output in op.updates:
            join(op.outputs[output], operands[name])
        for name, operand in op.operands:
            same_size = operand.type.bytes == op.y.type.bytes and operand.dtype.bytes == op.y.dtype.bytes
            dies = not operand.constant and last[find(operand)] == position
            if name in kernel.in_place and same_size and dies and op.y not in kept:
                join(op.y, operand)
                break
    for state in graph.states:
        views = [value for value in last if find(value) is find(state.after)]
        root.update(dict.fromkeys(views, state.before))
    return _collect(graph, root, last)


def _last_uses(graph: Graph) -> dict[Value, int]:
    """The step of each value's last reader; after the end for outputs; its own step if nobody reads it."""
    last = dict.fromkeys(graph.sources, 0)
    for position, op in enumerate(graph.ops, 1):
        last.update(dict.fromkeys((value for value in op.inputs if not value.constant), position))
        last.update(dict.fromkeys(op.outputs, position))
    end = len(graph.ops) + 1
    last.update({value: end for value in graph.results if not value.constant})
    last.update({state.before: end for state in graph.states})
    return last


def _collect(graph: Graph, root: dict[Value, Value], last: dict[Value, int]) -> tuple[Storage, ...]:
    first = dict.fromkeys(graph.sources, 0)
    for position, op in enumerate(graph.ops, 1):
        first.update(dict.fromkeys(op.outputs, position))
    groups: dict[Value, list[Value]] = {}
    for value in first:
        groups.setdefault(root.get(value, value), []).append(value)
    return tuple(Storage(tuple(values), first[leader], last[leader]) for leader, values in groups.items())

# SPDX-License-Identifier: Apache-2.0
"""Which values share memory, and when each piece of memory is alive: what the planner plans.

Views (reshapes) lie on their operand; an element-wise result takes over an operand that dies there; what a state becomes lies
where the state lies (`passes.write_back` has seen to it that this is right). Everything else gets a storage of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinycc.codegen.order import Order
from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Choice
from tinycc.ops.control import Control, While
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


def assign_storage(order: Order, choices: Mapping[Op, Choice]) -> tuple[Storage, ...]:
    """Group the run-time values of `order.graph`, inner graphs included, into storages. `choices` is what computes each op
    but for views."""
    graph = order.graph
    groups = _Groups(_last_uses(order))
    kept = {state.after for state in graph.states}
    for call, inner, _ in order.calls:
        _join_call(groups, call, inner)
        kept.update(inner.owner(value) for value in inner.outputs)
    for op, position in order.steps.items():
        if op not in choices:
            groups.join(op.y, op.inputs[0])
            continue
        for operand, output in op.updated:
            groups.join(output, operand)
        for name, operand in op.operands:
            same_size = operand.type.bytes == op.y.type.bytes and operand.dtype.bytes == op.y.dtype.bytes
            dies = not operand.constant and groups.last_use(operand) == position
            if name in choices[op].taken.in_place and same_size and dies and op.y not in kept:
                groups.join(op.y, operand)
                break
    for state in graph.states:
        groups.join(state.after, state.before)
    return _collect(order, groups)


class _Groups:
    """Values that share memory. Each group has a leader, its earliest value, and the step of its last use."""

    def __init__(self, last: dict[Value, int]) -> None:
        self._leaders: dict[Value, Value] = {}
        self._last = last

    def leader(self, value: Value) -> Value:
        while value in self._leaders:
            value = self._leaders[value]
        return value

    def last_use(self, value: Value) -> int:
        return self._last[self.leader(value)]

    def join(self, value: Value, operand: Value) -> None:
        """Put `value` and all that shares its memory into the memory of `operand`."""
        leader, other = self.leader(operand), self.leader(value)
        if leader is not other:
            self._leaders[other] = leader
            self._last[leader] = max(self._last[leader], self._last[other])


def _join_call(groups: _Groups, op: Control, inner: Graph) -> None:
    """An inner graph works on the memory of the op that runs it (`passes.settle_control` has seen to it that this is right)."""
    for value, argument in zip(inner.inputs, op.args, strict=True):
        groups.join(value, argument)
    for operand, output in op.updated:
        groups.join(output, operand)
    if op.gives(inner):
        for value, output in zip(inner.outputs, op.outputs, strict=True):
            groups.join(value, output)


def _last_uses(order: Order) -> dict[Value, int]:
    """The step of each value's last reader; after the end for outputs; its own step if nobody reads it. What an inner graph
    gives lasts until its end, what goes from iteration to iteration as long as the loop."""
    graph = order.graph
    last = dict.fromkeys(graph.sources, 0)
    for op, position in order.steps.items():
        last.update(dict.fromkeys((value for value in op.inputs if not value.constant), position))
        last.update(dict.fromkeys(op.outputs, order.done(op)))
        last.update({value: position for inner in op.graphs.values() for value in inner.inputs})
    for op, inner, end in order.calls:
        last.update({value: max(end, last[value]) for value in inner.outputs})
        if isinstance(op, While):
            last.update(dict.fromkeys(inner.inputs, order.done(op)))
    end = order.last + 1
    last.update({value: end for value in graph.results if not value.constant})
    last.update({state.before: end for state in graph.states})
    return last


def _collect(order: Order, groups: _Groups) -> tuple[Storage, ...]:
    first = dict.fromkeys(order.graph.sources, 0)
    for op, position in order.steps.items():
        first.update({value: position for inner in op.graphs.values() for value in inner.inputs})
        first.update(dict.fromkeys(op.outputs, order.done(op)))
    members: dict[Value, list[Value]] = {}
    for value in first:
        members.setdefault(groups.leader(value), []).append(value)
    return tuple(
        Storage(tuple(values), min(first[value] for value in values), groups.last_use(leader))
        for leader, values in members.items()
    )

# SPDX-License-Identifier: Apache-2.0
"""Which values are one buffer because of what the graph means: a view and its operand, what a state becomes and the state, what
goes into and out of a graph that an op runs (`passes.write_back` and `passes.settle_control` have seen to it that this is
right). Everything else is a buffer of its own; where those lie, the planner decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tinycc.apart import TOGETHER, Apart
from tinycc.ir import Graph, Value
from tinycc.lowering.naming import Names
from tinycc.lowering.order import Order
from tinycc.ops.control import Control
from tinycc.program.names import identifier
from tinycc.program.types import ARENA, STATES, Buffer, Role
from tinycc.schedule.rows import row_bytes
from tinycc.schedule.runs import Run

ALIGN = 4
"""Bytes; what every kernel may rely on. Tensors of wider elements are aligned to these."""


def assign_buffers(order: Order, names: Names, apart: Apart = TOGETHER) -> Mapping[Value, Buffer]:
    """The buffer of every run-time value of `order.graph`, inner graphs included. What is `apart` has a memory of its own (see
    `lowering.ports`: with `io`, no port shares its buffer with another one or with a state)."""
    buffers: dict[Value, Buffer] = {}
    roles = _roles(order.graph)
    for values in groups(order):
        buffer = _buffer(values, roles, names)
        buffer = replace(buffer, memory=_memory(buffer.role, values, order.graph, apart))
        buffers.update(dict.fromkeys(values, buffer))
    return buffers


def groups(order: Order) -> list[list[Value]]:
    """The run-time values that share a buffer, the earliest first."""
    groups = _Groups(order)
    for op in order.steps:
        if op.view:
            groups.join(op.y, op.inputs[0])
        for operand, output in op.updated:
            groups.join(output, operand)
    for call, inner, _ in order.calls:
        _join_call(groups, call, inner)
    for state in order.graph.states:
        groups.join(state.after, state.before)
    return groups.members()


def _memory(role: Role, values: list[Value], graph: Graph, apart: Apart) -> str:
    if role is Role.STATE and apart.arena is not None:
        return STATES
    ports = {Role.INPUT: graph.inputs, Role.OUTPUT: graph.outputs}.get(role, ())
    index = next((index for index, value in enumerate(ports) if value in values), None)
    return f"{role.value}_{index}" if apart.io and index is not None else ARENA


def line_buffers(runs: tuple[Run, ...], names: Names) -> Mapping[Value, Buffer]:
    """The buffers of what is made and read inside of runs: rows, and sums of rows."""
    found = {}
    for run in runs:
        for value, lines in run.clock.lines.items():
            found[value] = _lines(value, names.pointers[value], lines.rows * row_bytes(value))
        for form in run.clock.forms:
            if form.sums is not None:
                value = form.sums.value
                found[value] = _lines(value, names.pointers[value], value.type.bytes)
        ends = [run.clock.forms[0].y] if run.arrives else []
        ends += [run.clock.forms[-1].readings[0].value] if run.departs else []
        for value in ends:
            known = (value, *(view for view, other in run.views.items() if other is value))
            found[value] = replace(found[value], shown=tuple(names.pointers[view] for view in known))
        found |= {view: found[value] for view, value in run.views.items() if value in found}
    return found


def _lines(value: Value, name: str, bytes: int) -> Buffer:
    return Buffer(name, bytes, max(ALIGN, value.dtype.bytes), Role.LINES, (name,), value.name)


def scratch(step: int, tensor: str, role: str, bytes: int, align: int) -> Buffer:
    """Working memory of a step."""
    return Buffer(scratch_name(step, role), bytes, align, Role.SCRATCH, (), f"{tensor} {role}")


def scratch_name(step: int, role: str) -> str:
    return f"y{step}_{identifier(role)}"


class _Groups:
    """Values that share a buffer. The leader of a group is its earliest value."""

    def __init__(self, order: Order) -> None:
        values = [*order.graph.sources]
        for op in order.steps:
            values += [value for inner in op.graphs.values() for value in inner.inputs]
            values += op.outputs
        self._position = {value: index for index, value in enumerate(dict.fromkeys(values))}
        self._leaders: dict[Value, Value] = {}

    def leader(self, value: Value) -> Value:
        while value in self._leaders:
            value = self._leaders[value]
        return value

    def join(self, value: Value, other: Value) -> None:
        one, two = sorted((self.leader(value), self.leader(other)), key=self._position.__getitem__)
        if one is not two:
            self._leaders[two] = one

    def members(self) -> list[list[Value]]:
        found: dict[Value, list[Value]] = {}
        for value in self._position:
            found.setdefault(self.leader(value), []).append(value)
        return list(found.values())


def _join_call(groups: _Groups, op: Control, inner: Graph) -> None:
    """An inner graph works on the memory of the op that runs it."""
    for value, argument in zip(inner.inputs, op.args, strict=True):
        groups.join(value, argument)
    if op.gives(inner):
        for value, output in zip(inner.outputs, op.outputs, strict=True):
            groups.join(value, output)


def _buffer(values: list[Value], roles: Mapping[Value, Role], names: Names) -> Buffer:
    return Buffer(
        name=names.pointers[values[0]],
        bytes=max(value.type.bytes for value in values),
        align=max(ALIGN, *(value.dtype.bytes for value in values)),
        role=min((roles[value] for value in values if value in roles), key=_RANK.index, default=Role.TEMP),
        shown=tuple(dict.fromkeys(names.pointers[value] for value in values)),
        tensor=values[0].name,
    )


_RANK = (Role.STATE, Role.INPUT, Role.OUTPUT)
"""What a buffer is that has several roles."""


def _roles(graph: Graph) -> Mapping[Value, Role]:
    roles = dict.fromkeys(graph.outputs, Role.OUTPUT)
    return roles | dict.fromkeys(graph.inputs, Role.INPUT) | {state.before: Role.STATE for state in graph.states}

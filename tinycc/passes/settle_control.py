# SPDX-License-Identifier: Apache-2.0
"""Settle control flow and states: everything that goes into or out of an inner graph, or is replaced in place, gets memory
that it can have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Graph, Op, Origin, State, Value
from tinycc.ops.control import Control, If, While
from tinycc.ops.movement.copy import Copy
from tinycc.passes.base import Pass
from tinycc.passes.rewrite import fresh
from tinycc.passes.write_back import WriteBack, last_reader, replacing


@dataclass(frozen=True)
class SettleControl(Pass):
    """`%y = While(%x)` and %x is read later -> `%c = Copy(%x); %y = While(%c)`: a loop's values lie where its operands lie.

    So do the states that other ops replace in place: those of a subgraph that is called twice are made and read in between. In
    a body, what replaces an input ends in the input's memory, as a state's does (see write_back). What a branch gives is made
    there and once: `return %input, %z, %z` -> `%a = Copy(%input); %b = Copy(%z); return %a, %z, %b`.
    """

    whole: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        return _settled(graph, frozenset(graph.inputs))


def _settled(graph: Graph, free: Set[Value]) -> Graph:
    """`free` are inputs whose memory may be used up."""
    if not any(op.graphs or op.updates for op in graph.ops):
        return graph
    names = graph.names
    own = _own(graph)
    ops: list[Op] = []
    for position, op in enumerate(graph.ops):
        copies = _copied(graph, position, op, _Memory(free, own), names)
        ops += copies.values()
        if isinstance(op, If | While):
            op = replace(op, args=tuple(copies[at].y if at in copies else value for at, value in enumerate(op.args)))
        elif copies:
            changes: dict[str, Any] = {str(name): copy.y for name, copy in copies.items()}
            op = replace(op, **changes)
        if isinstance(op, If):
            op = replace(op, then=_inner(op.then, op.replaced), otherwise=_inner(op.otherwise, op.replaced))
        elif isinstance(op, While):
            pairs = tuple((position, position) for position in range(len(op.args)))
            op = replace(op, condition=_settled(op.condition, frozenset()), body=_inner(op.body, pairs))
        ops.append(op)
    return replace(graph, ops=tuple(ops))


class _Memory(NamedTuple):
    """What may be written to: the inputs that are `free`, and a state for what it becomes, as (before, value)."""

    free: Set[Value]
    own: Set[tuple[Value, Value]]


def _copied(graph: Graph, position: int, op: Op, memory: _Memory, names: set[str]) -> dict[int | str, Copy]:
    """Copies of the operands, by their position in `op.args` or their name, that need one: those whose memory the op must not
    write to, and constants that it hands over."""
    operands: dict[int | str, Value] = dict(enumerate(op.args)) if isinstance(op, Control) else dict(op.operands)
    written: Mapping[int | str, int] = _written(op)
    copies: dict[int | str, Copy] = {}
    for at, value in operands.items():
        root = graph.owner(value)
        if at in written:
            kept = root in graph.sources and root not in memory.free and (value, op.outputs[written[at]]) not in memory.own
            if not kept and not root.constant and _last_use(graph, position, op, root):
                continue
        elif not (value.constant and isinstance(op, Control)):
            continue
        made = replace(value, name=fresh(f"{value.name}_copy", names), data=None, index=None)
        copies[at] = Copy(x=value, outputs=(made,), origin=Origin(-1, "COPY", made.name))
    return copies


def _own(graph: Graph) -> set[tuple[Value, Value]]:
    """(state, what it is on its way to what it becomes), if all of that can be in its memory."""
    own: set[tuple[Value, Value]] = set()
    makers = {value: (position, op) for position, op in enumerate(graph.ops) for value in op.outputs}
    for state in graph.states:
        steps = list(pairwise(replacing(graph, state.after)))
        if all(_last_use(graph, *makers[value], graph.owner(replaced)) for value, replaced in steps):
            own.update((state.before, value) for value, _ in steps)
    return own


def _last_use(graph: Graph, position: int, op: Op, root: Value) -> bool:
    """Whether nobody needs `root` after `op`, which reads it once."""
    return Counter(map(graph.owner, op.inputs))[root] == 1 and last_reader(graph, root) <= position


def _written(op: Op) -> dict[int | str, int]:
    """The operands in whose memory an output is made, and the number of that."""
    if isinstance(op, If):
        return dict(op.replaced)
    if isinstance(op, While):
        return {at: at for at, value in enumerate(op.body.outputs) if value is not op.body.inputs[at]}
    return dict(op.updates)


def _inner(graph: Graph, pairs: tuple[tuple[int, int], ...]) -> Graph:
    """A graph that an op runs. `pairs`: positions of an input and of the output that is to replace it in its memory."""
    moving = [(graph.inputs[i], graph.outputs[o]) for i, o in pairs if graph.inputs[i] is not graph.outputs[o]]
    paired = {output for _, output in pairs}
    others = tuple(value for at, value in enumerate(graph.outputs) if at not in paired)
    states = tuple(State(before, after, np.zeros(0)) for before, after in moving)
    befores = {before for before, _ in moving}
    inputs = tuple(value for value in graph.inputs if value not in befores)
    settled = _settled(replace(graph, inputs=inputs, outputs=others, states=states), frozenset())
    settled = WriteBack().rewrite(_apart(settled))
    after = {state.before: state.after for state in settled.states}
    rest = iter(settled.outputs)
    replaced = {o: after.get(graph.inputs[i], graph.inputs[i]) for i, o in pairs}
    outputs = tuple(replaced[at] if at in paired else next(rest) for at in range(len(graph.outputs)))
    return replace(graph, ops=settled.ops, outputs=outputs)


def _apart(graph: Graph) -> Graph:
    """`graph` with outputs that are made in it, each in memory of its own."""
    names = graph.names
    made = set(graph.producers)
    taken = {graph.owner(state.after) for state in graph.states}
    ops: list[Op] = list(graph.ops)
    outputs = []
    for value in graph.outputs:
        root = graph.owner(value)
        if root not in made or root in taken:
            copy = replace(value, name=fresh(f"{value.name}_result", names), data=None, index=None)
            ops.append(Copy(x=value, outputs=(copy,), origin=Origin(-1, "COPY", copy.name)))
            value = root = copy
        taken.add(root)
        outputs.append(value)
    return replace(graph, ops=tuple(ops), outputs=tuple(outputs))

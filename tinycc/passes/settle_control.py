# SPDX-License-Identifier: Apache-2.0
"""Settle control flow: everything that goes into or out of an inner graph gets memory that it can have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import replace

import numpy as np

from tinycc.ir import Graph, Op, Origin, State, Value
from tinycc.ops.control import If, While
from tinycc.ops.copy import Copy
from tinycc.passes.rewrite import fresh
from tinycc.passes.write_back import last_reader, write_back


def settle_control(graph: Graph) -> Graph:
    """`%y = While(%x)` and %x is read later -> `%c = Copy(%x); %y = While(%c)`: a loop's values lie where its operands lie.

    In a body, what replaces an input ends in the input's memory, as a state's does (see write_back). What a branch gives is
    made there and once: `return %input, %z, %z` -> `%a = Copy(%input); %b = Copy(%z); return %a, %z, %b`.
    """
    return _settled(graph, frozenset(graph.inputs))


def _settled(graph: Graph, free: Set[Value]) -> Graph:
    """`free` are inputs whose memory may be used up."""
    if not any(op.graphs for op in graph.ops):
        return graph
    names = graph.names
    ops: list[Op] = []
    for position, op in enumerate(graph.ops):
        if isinstance(op, If | While):
            copies = _copied(graph, position, op, free, names)
            ops += copies.values()
            op = replace(op, args=tuple(copies[at].y if at in copies else value for at, value in enumerate(op.args)))
        if isinstance(op, If):
            op = replace(op, then=_inner(op.then, op.replaced), otherwise=_inner(op.otherwise, op.replaced))
        elif isinstance(op, While):
            pairs = tuple((position, position) for position in range(len(op.args)))
            op = replace(op, condition=_settled(op.condition, frozenset()), body=_inner(op.body, pairs))
        ops.append(op)
    return replace(graph, ops=tuple(ops))


def _copied(graph: Graph, position: int, op: If | While, free: Set[Value], names: set[str]) -> dict[int, Copy]:
    """Copies of the operands, by their position in `op.args`, that need one: constants, and those whose memory the op must not
    write to."""
    roots = [graph.owner(value) for value in op.args]
    if isinstance(op, If):
        roots.append(graph.owner(op.condition))
        written = dict(op.replaced)
    else:
        written = {at: at for at, value in enumerate(op.body.outputs) if value is not op.body.inputs[at]}
    uses = Counter(roots)
    copies = {}
    for at, value in enumerate(op.args):
        if at in written:
            own = any(state.before is value and state.after is op.outputs[written[at]] for state in graph.states)
            kept = roots[at] in graph.sources and roots[at] not in free and not own
            if not (kept or uses[roots[at]] > 1 or last_reader(graph, roots[at]) > position or roots[at].constant):
                continue
        elif not value.constant:
            continue
        made = replace(value, name=fresh(f"{value.name}_copy", names), data=None, index=None)
        copies[at] = Copy(x=value, outputs=(made,), origin=Origin(-1, "COPY", made.name))
    return copies


def _inner(graph: Graph, pairs: tuple[tuple[int, int], ...]) -> Graph:
    """A graph that an op runs. `pairs`: positions of an input and of the output that is to replace it in its memory."""
    moving = [(graph.inputs[i], graph.outputs[o]) for i, o in pairs if graph.inputs[i] is not graph.outputs[o]]
    paired = {output for _, output in pairs}
    others = tuple(value for at, value in enumerate(graph.outputs) if at not in paired)
    states = tuple(State(before, after, np.zeros(0)) for before, after in moving)
    befores = {before for before, _ in moving}
    inputs = tuple(value for value in graph.inputs if value not in befores)
    settled = _settled(replace(graph, inputs=inputs, outputs=others, states=states), frozenset())
    settled = write_back(_apart(settled))
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

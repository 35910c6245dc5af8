# SPDX-License-Identifier: Apache-2.0
"""Write back: every state ends in memory that can be the state's own."""

from __future__ import annotations

from dataclasses import replace

from tinycc.ir import Graph, Op, Origin, State, Value
from tinycc.ops.copy import Copy


def write_back(graph: Graph) -> Graph:
    """`state %s <- %new` -> `%stored = Copy(%new); state %s <- %stored`.

    No copy where the op that makes %new updates %s in place, or makes %new after the last reader of %s (it can then write to
    the state's memory at once). States that take over each other's content go through a copy of their own.
    """
    done: set[Value] = set()
    temporaries: list[Op] = []
    copies: list[Op] = []
    states: list[State] = []
    for state in graph.states:
        after = state.after
        if after in done or not _is_written_directly(graph, state):
            if after in graph.sources:
                temporaries.append(_copy(after, "kept"))
                after = temporaries[-1].y
            copies.append(_copy(after, "stored", state.before))
            after = copies[-1].y
        done.add(after)
        states.append(replace(state, after=after))
    return replace(graph, ops=(*graph.ops, *temporaries, *copies), states=tuple(states))


def _copy(value: Value, suffix: str, state: Value | None = None) -> Op:
    owner = state or value
    made = replace(value, name=f"{owner.name}_{suffix}", data=None, index=None)
    return Copy(x=value, outputs=(made,), origin=Origin(-1, "COPY", made.name))


def _is_written_directly(graph: Graph, state: State) -> bool:
    position = {value: index for index, op in enumerate(graph.ops) for value in op.outputs}
    if state.after not in position:
        return False
    maker = graph.ops[position[state.after]]
    operands = dict(maker.operands)
    if any(operands[name] is state.before and maker.outputs[output] is state.after for name, output in maker.updates):
        return True
    return not maker.view and _last_reader(graph, state.before) < position[state.after]


def _last_reader(graph: Graph, value: Value) -> int:
    """The position of the last op that reads `value` or a view of it; the end if it leaves the graph."""
    aliases = {value}
    last = -1
    for position, op in enumerate(graph.ops):
        if aliases.intersection(op.inputs):
            last = position
            if op.view:
                aliases.update(op.outputs)
    return len(graph.ops) if aliases.intersection(graph.results) else last

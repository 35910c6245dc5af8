# SPDX-License-Identifier: Apache-2.0
"""Write back: every state ends in memory that can be the state's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tinycc.errors import fail
from tinycc.ir import Graph, Op, Origin, State, Value
from tinycc.ops.movement.copy import Copy
from tinycc.passes.base import Pass
from tinycc.passes.rewrite import fresh


@dataclass(frozen=True)
class WriteBack(Pass):
    """`state %s <- %new` -> `%stored = Copy(%new); state %s <- %stored`.

    No copy where the op that makes %new updates %s in place, or makes %new after the last reader of %s (it can then write to
    the state's memory at once). States that take over each other's content go through a copy of their own. Where inferences may
    end early an output that is a state is the copy, which stays.
    """

    def rewrite(self, graph: Graph) -> Graph:
        if not graph.states:
            return graph
        done: set[Value] = set()
        names = graph.names
        temporaries: dict[Value, Copy] = {}
        copies: list[Op] = []
        states: list[State] = []
        for state in graph.states:
            after = state.after
            if after in done or not _is_written_directly(graph, state):
                if graph.owner(after) in graph.sources:
                    if after not in temporaries:
                        temporaries[after] = _copy(after, f"{after.name}_kept", names)
                    after = temporaries[after].y
                copies.append(_copy(after, f"{state.before.name}_stored", names))
                after = copies[-1].y
            done.add(after)
            states.append(replace(state, after=after))
        outputs = graph.outputs
        if graph.period > 1:
            _check_stops(graph, [copy.inputs[0] for copy in copies])
            stored = {state.after: new.after for state, new in zip(graph.states, states, strict=True)}
            outputs = tuple(stored.get(value, value) for value in outputs)
        return replace(graph, ops=(*graph.ops, *temporaries.values(), *copies), states=tuple(states), outputs=outputs)


def _check_stops(graph: Graph, copied: Sequence[Value]) -> None:
    """An inference that ends early does not come to the copies: what they copy must not be there before."""
    last = max(position for position, op in enumerate(graph.ops) if op.period > 1)
    late = {value for op in graph.ops[last + 1 :] for value in op.outputs}
    for value in copied:
        if value not in late:
            stop, expected = graph.ops[last].origin, "it behind all operators that end inferences"
            raise fail(str(stop), f"state %{value.name} made in front, which needs a copy", expected, "", stop.kind)


def _copy(value: Value, name: str, names: set[str]) -> Copy:
    made = replace(value, name=fresh(name, names), data=None, index=None)
    return Copy(x=value, outputs=(made,), origin=Origin(-1, "COPY", made.name))


def _is_written_directly(graph: Graph, state: State) -> bool:
    position = {value: index for index, op in enumerate(graph.ops) for value in op.outputs}
    if state.after not in position:
        return False
    maker = graph.ops[position[state.after]]
    *_, first = replacing(graph, state.after)
    if first is not state.after:
        return first is state.before
    return not maker.view and last_reader(graph, state.before) < position[state.after]


def replacing(graph: Graph, value: Value) -> Iterator[Value]:
    """`value`, what it replaces in the same memory, what that replaces, and so on (`settle_control` has seen to it that this is
    right)."""
    replaced = {output: operand for op in graph.ops for operand, output in op.updated}
    yield value
    while value in replaced:
        value = replaced[value]
        yield value


def last_reader(graph: Graph, value: Value) -> int:
    """The position of the last op that reads `value` or a view of it; the end if it leaves the graph."""
    aliases = {value}
    last = -1
    for position, op in enumerate(graph.ops):
        if aliases.intersection(op.inputs):
            last = position
            if op.view:
                aliases.update(op.outputs)
    return len(graph.ops) if aliases.intersection(graph.results) else last

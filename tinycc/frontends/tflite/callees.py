# SPDX-License-Identifier: Apache-2.0
"""Operators that call subgraphs: what they hand over, and how a loaded subgraph becomes part of its caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tinycc.ir import Graph, Op, Origin, State, Value
from tinycc.ops.movement.reshape import Reshape

MAX_DEPTH = 16
"""Subgraphs that may call each other: blocks in blocks, in C."""


class Called(NamedTuple):
    """A subgraph that an operator calls: the option that has its number, how many of the operator's operands it does not get,
    and whether its outputs are the operator's."""

    option: str
    skipped: int
    gives: bool


CALLS: Mapping[str, tuple[Called, ...]] = {
    "IF": (Called("then_subgraph_index", 1, True), Called("else_subgraph_index", 1, True)),
    "WHILE": (Called("cond_subgraph_index", 0, False), Called("body_subgraph_index", 0, True)),
    "STABLEHLO_COMPOSITE": (Called("decomposition_subgraph_index", 0, True),),
    "CALL_ONCE": (Called("init_subgraph_index", 0, False),),
}


@dataclass(frozen=True)
class Argument:
    """What a subgraph gets for an input: a value, or the handle of the variable `handle`. A constant that is `fixed` is one
    inside the subgraph, too. `unsigned`, `open`: as the loader knows tensors."""

    value: Value | None
    handle: str | None = None
    unsigned: bool = False
    open: bool = False
    fixed: bool = True


@dataclass(frozen=True)
class Callee:
    """A loaded subgraph. `graph` has the arguments that are not fixed as inputs; `results` are its outputs, the keys of
    variables in place of their handles, and which are `unsigned`; `states` are those that it reads or writes, by key."""

    number: int
    graph: Graph
    results: tuple[Value | str, ...]
    unsigned: tuple[bool, ...]
    states: Mapping[str, State]

    @property
    def written(self) -> tuple[str, ...]:
        """The keys of the states that it changes."""
        return tuple(key for key, state in self.states.items() if state.after is not state.before)

    def closed(self, current: Mapping[str, Value], written: Sequence[str], positions: Sequence[int] | None = None) -> Graph:
        """The graph without states: `current` are further inputs, `written` further outputs. `positions` are the results that
        are outputs, without them all that are values."""
        inputs = list(self.graph.inputs)
        wanted = range(len(self.results)) if positions is None else positions
        outputs = [result for position in wanted if isinstance(result := self.results[position], Value)]
        after: dict[str, Value] = {}
        for key, value in current.items():
            state = self.states.get(key)
            inputs.append(state.before if state else replace(value, name=f"{value.name}_here", index=None))
            after[key] = state.after if state else inputs[-1]
        outputs += [after[key] for key in written]
        return replace(self.graph, inputs=tuple(inputs), outputs=tuple(outputs), states=())


def shaped(graph: Graph, shapes: Sequence[tuple[int, ...]], origin: Origin) -> Graph:
    """`graph` with outputs of the given shapes, as many as there are; they have the right number of elements."""
    ops: list[Op] = list(graph.ops)
    outputs = list(graph.outputs)
    for position, (value, shape) in enumerate(zip(graph.outputs, shapes, strict=False)):
        if value.shape != shape:
            made = replace(value, name=f"{value.name}_result_{position}", type=replace(value.type, shape=shape), index=None)
            if value.data is not None:
                made = replace(made, data=value.data.reshape(shape))
            else:
                ops.append(Reshape(x=value, shape=shape, outputs=(made,), origin=origin))
            outputs[position] = made
    return replace(graph, ops=tuple(ops), outputs=tuple(outputs))


def at_run_time(arguments: Sequence[Argument]) -> list[Value]:
    """The arguments that a subgraph gets as inputs."""
    values = [(argument.value, argument.fixed) for argument in arguments]
    return [value for value, fixed in values if value is not None and not (fixed and value.data is not None)]

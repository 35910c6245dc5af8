# SPDX-License-Identifier: Apache-2.0
"""What passes share: putting new ops into a graph and redirecting the readers of replaced values, putting a graph in the place
of a call, running a pass on the graphs that ops run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tinycc.ir import Graph, Op, Origin, Value
from tinycc.ops.movement.reshape import Reshape


def resolve(new: Mapping[Value, Value]) -> dict[Value, Value]:
    """Follow chains: {a: b, b: c} -> {a: c, b: c}."""

    def end(value: Value) -> Value:
        while value in new:
            value = new[value]
        return value

    return {value: end(value) for value in new}


def substitute(graph: Graph, ops: tuple[Op, ...], new: Mapping[Value, Value]) -> Graph:
    """`graph` with `ops` as its ops and every read of a key of `new` (by an op or as a result) turned into its value."""
    table = resolve(new)
    return replace(
        graph,
        ops=tuple(op.with_operands(table) for op in ops),
        outputs=tuple(table.get(value, value) for value in graph.outputs),
        states=tuple(replace(state, after=table.get(state.after, state.after)) for state in graph.states),
    )


UNDERSCORES = 8


def fresh(name: str, names: set[str]) -> str:
    """`name`, or one like it, that is not among `names`, to which it is added: underscores behind it, then a number."""
    found, number = name, len(names)
    while found in names:
        if len(found) < len(name) + UNDERSCORES:
            found += "_"
        else:
            found, number = f"{name}_{number}", number + 1
    names.add(found)
    return found


def renamed(value: Value, names: set[str]) -> Value:
    """The same tensor as a value of another graph, which has `names`."""
    return replace(value, name=fresh(value.name, names), index=None)


def inline(
    graph: Graph, arguments: Sequence[Value], results: Sequence[Value], names: set[str], origin: Origin
) -> tuple[list[Op], dict[Value, Value]]:
    """The ops of `graph` with `arguments` for its inputs, which make `results`; and those of `results` that are constants.

    Names are made different from `names`, to which they are added. What the graph is called with may be quantized and shaped
    otherwise than its inputs and outputs: only the elements go over.
    """
    new: dict[Value, Value] = {}
    ops: list[Op] = []

    def view(value: Value, like: Value) -> Value:
        """`value` under the name and type of `like`."""
        if value.data is not None:
            return replace(like, data=value.data.reshape(like.shape))
        ops.append(Reshape(x=value, shape=like.shape, outputs=(like,), origin=origin))
        return like

    for value, argument in zip(graph.inputs, arguments, strict=True):
        new[value] = argument if argument.type == value.type else view(argument, renamed(value, names))
    made = {value for op in graph.ops for value in op.outputs}
    for value, result in zip(graph.outputs, results, strict=True):
        if value in made and value not in new and value.type == result.type:
            new[value] = result
    for op in graph.ops:
        new.update({value: renamed(value, names) for value in op.outputs if value not in new})
        ops.append(replace(op.with_operands(new), outputs=tuple(new[value] for value in op.outputs)))
    constants: dict[Value, Value] = {}
    for value, result in zip(graph.outputs, results, strict=True):
        source = new.get(value, value)
        if source is not result and (found := view(source, result)).data is not None:
            constants[result] = found
    return ops, constants


def inside(transform: Callable[[Graph], Graph], graph: Graph) -> Graph:
    """`graph` with `transform` applied to the graphs that its ops run, the innermost first."""
    if not any(op.graphs for op in graph.ops):
        return graph
    ops = []
    for op in graph.ops:
        changed: dict[str, Any] = {name: transform(inside(transform, inner)) for name, inner in op.graphs.items()}
        ops.append(replace(op, **changed))
    return replace(graph, ops=tuple(ops))

# SPDX-License-Identifier: Apache-2.0
"""Who makes what is read: every name once, before it is read, and functions that do not multiply without end. All that is wrong
is told together, with the nodes' places, which onnx's own checker does not do."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Set
from typing import Any

from tinycc.errors import CompileError, Problem, fail

MAX_NODES = 2**16
"""Of a model whose functions are in the places where they are called."""


def check_names(graph: Any, outside: Set[str] = frozenset(), place: str = "") -> None:
    """Raise CompileError with all names of a graph, and of those inside it, that are made twice, never, or of themselves."""
    if problems := list(_problems(graph, outside, place)) or list(_circle(graph)):
        raise CompileError(problems)


def _problems(graph: Any, outside: Set[str], place: str) -> Iterator[Problem]:
    held = (*(item.name for item in graph.initializer), *(item.values.name for item in graph.sparse_initializer))
    makers: dict[str, str] = dict.fromkeys(held, "the model holds")
    given: dict[str, None] = {}
    for item in graph.input:
        if item.name in given:
            yield Problem(f"{place}input {item.name}", "two inputs of one name", "a name of its own")
        given[item.name] = None
    makers |= dict.fromkeys(given, "comes in")
    places = [_place(place, position, node) for position, node in enumerate(graph.node)]
    for where, node in zip(places, graph.node, strict=True):
        for name in filter(None, node.output):
            if name in makers:
                yield Problem(where, f"result {name}, which {makers[name]}", "a name of its own", "", node.op_type)
            makers[name] = f"{where} makes"
    known = makers.keys() | outside
    for where, node in zip(places, graph.node, strict=True):
        for name in dict.fromkeys(filter(None, node.input)):
            if name not in known:
                yield Problem(
                    where, f"operand {name}, which nothing makes", "a result, an input or a constant", "", node.op_type
                )
        for body in _bodies(node):
            yield from _problems(body, known, f"{where}, ")


def _place(place: str, position: int, node: Any) -> str:
    return f'{place}op {position} {node.op_type} "{node.name or next(filter(None, node.output), "")}"'


def _bodies(node: Any) -> Iterator[Any]:
    for attribute in node.attribute:
        yield from (*((attribute.g,) if attribute.HasField("g") else ()), *attribute.graphs)


def _circle(graph: Any) -> Iterator[Problem]:
    makers = {name: position for position, node in enumerate(graph.node) for name in node.output if name}
    needs = {at: {makers[name] for name in node.input if name in makers} for at, node in enumerate(graph.node)}
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        circle = [_place("", position, graph.node[position]) for position in error.args[1][:-1]]
        yield Problem(circle[0], f"a circle: it reads what is made of its result, by {', '.join(circle)}", "an order")


def check_functions(model: Any) -> None:
    """Raise CompileError if the model, functions inlined, has more nodes than one has. Functions do not call themselves."""
    functions = {(item.domain, item.name): item for item in model.functions}
    calls = {
        key: {(node.domain, node.op_type) for node in _every(item.node)} & functions.keys() for key, item in functions.items()
    }
    try:
        order = tuple(graphlib.TopologicalSorter(calls).static_order())
    except graphlib.CycleError as error:
        raise fail("functions", f"{error.args[1][0][1]}, which calls itself", "functions that end") from error
    sizes: dict[tuple[str, str], int] = {}

    def total(nodes: Any) -> int:
        return min(sum(sizes.get((node.domain, node.op_type), 1) for node in _every(nodes)), MAX_NODES + 1)

    for key in order:
        sizes[key] = total(functions[key].node)
    if (count := total(model.graph.node)) > MAX_NODES:
        raise fail("functions", f"{count:,} nodes or more, where all are called", f"at most {MAX_NODES:,}")


def _every(nodes: Any) -> Iterator[Any]:
    """Nodes, and those of the graphs inside them."""
    for node in nodes:
        yield node
        for body in _bodies(node):
            yield from _every(body.node)

# SPDX-License-Identifier: Apache-2.0
"""The one helper that passes share: put new ops into a graph and redirect the readers of replaced values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tinycc.ir import Graph, Op, Value


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

# SPDX-License-Identifier: Apache-2.0
"""Remove dead code: an op goes when nothing reads any of its results."""

from __future__ import annotations

from dataclasses import replace

from tinycc.ir import Graph, Op, Value


def remove_dead(graph: Graph) -> Graph:
    """`%unread = Op(...)` -> nothing."""
    needed: set[Value] = set(graph.results)
    kept: list[Op] = []
    for op in reversed(graph.ops):
        if needed.intersection(op.outputs):
            needed.update(op.inputs)
            kept.append(op)
    return replace(graph, ops=tuple(reversed(kept)))

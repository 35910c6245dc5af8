# SPDX-License-Identifier: Apache-2.0
"""Remove dead code: an op goes when nothing reads any of its results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from tinycc.ir import Graph, Op, Value
from tinycc.passes.base import Pass


@dataclass(frozen=True)
class RemoveDead(Pass):
    """`%unread = Op(...)` -> nothing."""

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        needed: set[Value] = set(graph.results)
        kept: list[Op] = []
        for op in reversed(graph.ops):
            if needed.intersection(op.outputs):
                needed.update(op.inputs)
                kept.append(op)
        return replace(graph, ops=tuple(reversed(kept)))

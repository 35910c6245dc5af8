# SPDX-License-Identifier: Apache-2.0
"""Copy constant outputs: a model output that folding made constant is put into the arena, where callers look for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinycc.ir import Graph, Op, Origin, Value
from tinycc.ops.movement.copy import Copy
from tinycc.passes.base import Pass


@dataclass(frozen=True)
class CopyConstantOutputs(Pass):
    """`return const %c` -> `%out = Copy(const %c); return %out`. In front where inferences may end early."""

    def rewrite(self, graph: Graph) -> Graph:
        copies: list[Op] = []
        outputs: list[Value] = []
        for number, value in enumerate(graph.outputs):
            if value.constant:
                copy = replace(value, name=f"{value.name}_output_{number}", data=None)
                copies.append(Copy(x=value, outputs=(copy,), origin=Origin(-1, "COPY", value.name)))
                outputs.append(copy)
            else:
                outputs.append(value)
        ops = (*copies, *graph.ops) if graph.period > 1 else (*graph.ops, *copies)
        return replace(graph, ops=ops, outputs=tuple(outputs))

# SPDX-License-Identifier: Apache-2.0
"""Fuse activations: a stand-alone RELU narrows the clamp of the op before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from tinycc.ir import Graph, Op, Value
from tinycc.ops.base import Clamped
from tinycc.ops.elementwise.activations import Relu
from tinycc.passes.base import Pass


@dataclass(frozen=True)
class FuseActivation(Pass):
    """`%a = Conv2D(%x) range=[-128,127]; %y = Relu(%a) range=[3,127]` -> `%y = Conv2D(%x) range=[3,127]`.

    Exact only where RELU does not rescale: %a and %y have the same type, quantization included. Where inferences may end early,
    what they leave behind stays in its place.
    """

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        users = graph.users
        staying = set(graph.results) if graph.period > 1 else set()
        producers: dict[Value, Op] = {}
        ops: list[Op] = []
        for op in graph.ops:
            before = producers.get(op.x) if isinstance(op, Relu) else None
            if (
                isinstance(op, Relu)
                and isinstance(before, Clamped)
                and users[op.x] == [op]
                and op.x not in graph.results
                and op.y not in staying
                and op.x.type == op.y.type
            ):
                fused = replace(before, range=before.range.intersect(op.range), outputs=op.outputs)
                ops[ops.index(before)] = fused
                op = fused
            else:
                ops.append(op)
            producers.update(dict.fromkeys(op.outputs, op))
        return replace(graph, ops=tuple(ops))

# SPDX-License-Identifier: Apache-2.0
"""Simplify: what moves no byte becomes a view, and a view that changes nothing disappears."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from tinycc.ir import Graph, Op, Value
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.movement.base import Movement
from tinycc.ops.movement.reshape import Reshape
from tinycc.passes.base import Pass
from tinycc.passes.rewrite import substitute


@dataclass(frozen=True)
class Simplify(Pass):
    """`Lookup(%x)` with table[i] = i, `Transpose(%x)` that moves nothing -> `Reshape(%x)`; `Reshape(Reshape(%x))` ->
    `Reshape(%x)`; a Reshape to the same type -> its operand."""

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        new: dict[Value, Value] = {}
        producers: dict[Value, Op] = {}
        ops: list[Op] = []
        for original in graph.ops:
            op = original.with_operands(new)
            if (isinstance(op, Lookup) and op.changes_nothing) or (isinstance(op, Movement) and op.identity):
                op = Reshape(x=op.inputs[0], shape=op.y.shape, outputs=op.outputs, origin=op.origin)
            if isinstance(op, Reshape) and isinstance(before := producers.get(op.x), Reshape):
                op = replace(op, x=before.x)
            if isinstance(op, Reshape) and op.x.type == op.y.type and op.y not in graph.results:
                new[op.y] = op.x
                continue
            producers.update(dict.fromkeys(op.outputs, op))
            ops.append(op)
        return substitute(graph, tuple(ops), new)

# SPDX-License-Identifier: Apache-2.0
"""Inputs and outputs that can be buffers of the caller's: an input that is read alone, an output that is nothing else."""

from __future__ import annotations

from dataclasses import replace

from tinycc.errors import fail
from tinycc.ir import Graph, Op, Origin, Value
from tinycc.lowering.order import Order
from tinycc.lowering.storage import groups
from tinycc.ops.movement.copy import Copy
from tinycc.passes.rewrite import fresh, substitute


def own_ports(graph: Graph) -> Graph:
    """`return %input` -> `%out = Copy(%input); return %out`; and in front, `%in = Copy(%input)`, for an input in whose memory
    something else is made, as a loop's values are. In all other models nothing is copied.

    Raises CompileError where most inferences end early: their outputs are those of an earlier one, which the instance keeps.
    """
    if graph.period > 1:
        found = f"a model that runs to its end once in {graph.period} calls"
        raise fail(
            "--external-io", found, "outputs that every call makes", "Leave it out: the instance keeps the last outputs."
        )
    names = graph.names
    together = {value: group for group in groups(Order(graph)) for value in group}
    new: dict[Value, Value] = {}
    before: list[Op] = []
    views = {op.y for op in graph.ops if op.view}
    for value in graph.inputs:
        if set(together[value]) - {value, *views}:
            before.append(_copy(value, f"{value.name}_taken", names))
            new[value] = before[-1].outputs[0]
    outputs: list[Value] = []
    behind: list[Op] = []
    taken = {*graph.inputs, *(state.before for state in graph.states)}
    for value in graph.outputs:
        group = together[value]
        if taken & set(group):
            behind.append(_copy(value, f"{value.name}_given", names))
            outputs.append(behind[-1].outputs[0])
        else:
            outputs.append(value)
        taken.update(group)
    if not before and not behind:
        return graph
    made = substitute(replace(graph, outputs=tuple(outputs)), (*graph.ops, *behind), new)
    return replace(made, ops=(*before, *made.ops))


def _copy(value: Value, name: str, names: set[str]) -> Copy:
    made = replace(value, name=fresh(name, names), data=None, index=None)
    return Copy(x=value, outputs=(made,), origin=Origin(-1, "COPY", made.name))

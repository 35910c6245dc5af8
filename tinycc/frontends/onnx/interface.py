# SPDX-License-Identifier: Apache-2.0
"""Inputs and outputs with channels last, of a model that has them behind the batch: --io-layout nhwc."""

from __future__ import annotations

from dataclasses import replace

from tinycc.ir import Graph, Op, Origin, TensorType, Value
from tinycc.ops.movement.transpose import Transpose
from tinycc.passes.rewrite import fresh

RANKS = (4, 5)
"""Dimensions of images and volumes; what has fewer may be anything."""


def channels_last_outside(graph: Graph) -> Graph:
    """`%x: [N,C,H,W]` as an input -> `%x: [N,H,W,C]`, `%x_ = Transpose(%x)`; outputs likewise."""
    names, new = set(graph.names), dict[Value, Value]()
    before, after = list[Op](), list[Op]()
    for value in dict.fromkeys((*graph.inputs, *graph.outputs)):
        if len(value.shape) not in RANKS or value.constant:
            continue
        order = (0, *range(2, len(value.shape)), 1)
        new[value] = value
        if value in graph.inputs:
            new[value] = replace(value, name=fresh(f"{value.name}_", names))
            back = (0, len(order) - 1, *range(1, len(order) - 1))
            before.append(Transpose(x=_outside(value, order), permutation=back, outputs=(new[value],), origin=_origin(value)))
    given = {op.outputs[0]: op.inputs[0] for op in before}
    inputs = tuple(given[new[value]] if value in new else value for value in graph.inputs)
    outputs = []
    for value in graph.outputs:
        if value not in new:
            outputs.append(value)
            continue
        order = (0, *range(2, len(value.shape)), 1)
        outputs.append(replace(_outside(value, order), name=fresh(f"{value.name}_", names)))
        after.append(Transpose(x=new[value], permutation=order, outputs=(outputs[-1],), origin=_origin(value)))
    ops = [replace(op.with_operands(new), outputs=tuple(new.get(v, v) for v in op.outputs)) for op in graph.ops]
    return replace(graph, inputs=inputs, outputs=tuple(outputs), ops=(*before, *ops, *after))


def _outside(value: Value, order: tuple[int, ...]) -> Value:
    type = TensorType(tuple(value.shape[axis] for axis in order), value.dtype, value.type.quantization)
    return replace(value, type=type, order=order, index=None)


def _origin(value: Value) -> Origin:
    return Origin(0, "--io-layout", value.name)

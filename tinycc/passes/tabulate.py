# SPDX-License-Identifier: Apache-2.0
"""Tabulate: an int8 function of one element becomes a table of its 256 results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array, DType, Graph, Op, Value
from tinycc.ops.conversion.quantize import Dequantize, Quantize
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Lookup, Pointwise
from tinycc.passes.base import Pass

CODES = np.arange(256, dtype=np.uint8).view(np.int8)
"""Every int8 value, in the order of a Lookup's table."""


def _variable(op: Op) -> Value | None:
    """The one operand whose element alone decides an element of the result; all others are constants of one element."""
    variables = {value for value in op.inputs if not value.constant}
    single = all(value.type.elements == 1 for value in op.inputs if value.constant)
    if not isinstance(op, (Pointwise, Broadcast, Quantize, Dequantize)) or len(variables) != 1 or not single:
        return None
    (x,) = variables
    return x if x.shape == op.y.shape else None


def _chain(op: Op, producers: Mapping[Value, Op]) -> Sequence[Op]:
    """The ops from int8 to int8 that end in `op`: one, or a DEQUANTIZE and a QUANTIZE; nothing if there are none."""
    x = _variable(op)
    if x is None or op.y.dtype is not DType.INT8:
        return ()
    if x.dtype is DType.INT8:
        return (op,)
    before = producers.get(x)
    if isinstance(op, Quantize) and isinstance(before, Dequantize) and before.x.dtype is DType.INT8:
        return (before, op)
    return ()


def _table(chain: Sequence[Op]) -> Array:
    """The last op's results when the chain's operand takes each code in turn."""
    start = _variable(chain[0])
    assert start is not None
    known: dict[Value, Array] = {start: CODES}

    def read(value: Value) -> Array:
        return known[value] if value.data is None else value.data

    for op in chain:
        known[op.y] = op.eval(read)[0].reshape(CODES.shape)
    return known[chain[-1].y]


@dataclass(frozen=True)
class Tabulate(Pass):
    """`%y = Logistic(%x: int8)`, `%y = Add(%x, const)`, `%y = Quantize(Dequantize(%x))`, two Lookups in a row -> one Lookup."""

    def rewrite(self, graph: Graph) -> Graph:
        producers: dict[Value, Op] = {}
        ops: list[Op] = []
        for op in graph.ops:
            chain = () if isinstance(op, Lookup) else _chain(op, producers)
            if chain:
                x = _variable(chain[0])
                assert x is not None
                op = Lookup(x=x, table=_table(chain), outputs=op.outputs, origin=op.origin)
            if isinstance(op, Lookup) and isinstance(before := producers.get(op.x), Lookup):
                op = replace(op, x=before.x, table=op.table[before.table.view(np.uint8)])
            producers.update(dict.fromkeys(op.outputs, op))
            ops.append(op)
        return replace(graph, ops=tuple(ops))

# SPDX-License-Identifier: Apache-2.0
"""Fold constants: `%y = Op(const)` becomes `const %y`; so does `%y = Shape(%x)`, whose result is known anyway."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array, Graph, Op, Value
from tinycc.passes.base import Pass
from tinycc.passes.rewrite import substitute


def _data(value: Value) -> Array:
    assert value.data is not None
    return value.data


def evaluate(op: Op) -> tuple[Value, ...]:
    """The outputs of an op whose result is known, as constants."""
    if not any(value.type.elements for value in op.outputs):
        return tuple(replace(value, data=np.empty(value.shape, value.dtype.numpy)) for value in op.outputs)
    with np.errstate(all="ignore"):  # Infinities and NaNs are results, too.
        results = op.eval(_data)
    return tuple(replace(value, data=np.asarray(result, order="C")) for value, result in zip(op.outputs, results, strict=True))


@dataclass(frozen=True)
class FoldConstants(Pass):
    """`%y = Op(const...)`, `%y = Shape(%x)` -> `const %y`."""

    def rewrite(self, graph: Graph) -> Graph:
        new: dict[Value, Value] = {}
        ops = []
        for original in graph.ops:
            op = original.with_operands(new)
            if op.known:
                new.update(zip(op.outputs, evaluate(op), strict=True))
            else:
                ops.append(op)
        return substitute(graph, tuple(ops), new)

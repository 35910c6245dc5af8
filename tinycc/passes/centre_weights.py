# SPDX-License-Identifier: Apache-2.0
"""Centre weights: the zero point of weights is taken out of them where what is left still fits into their type.

int4 and int2 become int8 where it does not: no kernel knows them with a zero point, which no converter writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

import numpy as np

from tinycc.ir import Array, DType, Graph, Op, Quantization, TensorType, Value
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.passes.base import Pass

_WIDER = {dtype: (dtype, DType.INT8) for dtype in (DType.INT2, DType.INT4)} | {DType.INT8: (DType.INT8,)}
"""The types that centred weights of a type may have."""
Weighted: TypeAlias = Conv2D | DepthwiseConv2D | FullyConnected


@dataclass(frozen=True)
class CentreWeights(Pass):
    """`Conv2D(weights=const %w zero_point=5)` -> `Conv2D(weights=const %w - 5)`: CMSIS-NN takes only the latter."""

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        new: dict[Value, Value] = {}
        ops: list[Op] = []
        for op in graph.ops:
            if isinstance(op, Weighted) and op.weights not in new:
                new[op.weights] = _centred(op.weights)
            ops.append(replace(op, weights=new[op.weights]) if isinstance(op, Weighted) else op)
        return replace(graph, ops=tuple(ops))


def _centred(weights: Value) -> Value:
    q = weights.type.quantization
    if weights.data is None or q is None or q.per_channel or not any(q.zero_points):
        return weights
    codes: Array = weights.data.astype(np.int64) - q.zero_point
    for dtype in _WIDER.get(weights.dtype, ()):
        low, high = dtype.limits
        if low <= codes.min(initial=0) and codes.max(initial=0) <= high:
            type = TensorType(weights.shape, dtype, Quantization(q.scales, (0,), q.axis))
            return replace(weights, type=type, data=codes.astype(dtype.numpy))
    return weights

# SPDX-License-Identifier: Apache-2.0
"""What the weights of a compiled model are like, and what its C would take if more of them were zero, or alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tinycc.compiler import Compilation, layout_of
from tinycc.footprint import estimated
from tinycc.ir import Array, DType, Graph, Op, Value
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.shrink.arrays import clustered, pruned

SHARES = (0.5, 0.7, 0.8, 0.9)
CLUSTERS = 16
SMALLEST = 256
KNOWN = (DType.INT8, DType.FLOAT32)


@dataclass(frozen=True)
class Forecast:
    """With so many of the weights zero, or so many different values in an array (0: as they are): bytes of flash, with an
    estimate of the code, and cycles by estimate. Whether the model is still good then, training tells."""

    zeros: float
    values: int
    flash: int
    cycles: int


@dataclass(frozen=True)
class WeightsLike:
    """Of a layer's weights: how many there are, the share that is zero, how many different values they have; and the share of
    the file's output channels that is left."""

    weights: int
    zeros: float
    values: int
    live: float


def weights_like(compilation: Compilation) -> dict[tuple[str, str], WeightsLike]:
    """By kind and name of the operator of the file; those without constant weights are left out."""
    before = {(op.origin.kind, op.origin.name): op for op in compilation.model.graph.all_ops}
    found = {}
    for op in compilation.graph.all_ops:
        if isinstance(op, WeightedSum) and (weights := op.weights.data) is not None and weights.size:
            key = op.origin.kind, op.origin.name
            zero = _zero(op.weights)
            share = 1 - np.count_nonzero(weights != zero) / weights.size
            found[key] = WeightsLike(weights.size, float(share), len(np.unique(weights)), _live(before.get(key), op))
    return found


def _live(before: Op | None, after: Op) -> float:
    same = before is not None and before.y.shape and after.y.shape and before.y.type.elements
    return min(after.y.type.elements / before.y.type.elements, 1.0) if same and before is not None else 1.0


def _zero(value: Value) -> int:
    quantization = value.type.quantization
    return 0 if quantization is None else quantization.zero_point


def forecasts(compilation: Compilation) -> tuple[Forecast, ...]:
    """For every share of SHARES, and for CLUSTERS values; none if there are no weights to shrink."""
    ops = [op for op in compilation.graph.ops if _shrinks(op)]
    if not ops:
        return ()
    asked = [(share, 0) for share in SHARES] + [(0.0, CLUSTERS)]
    return tuple(_forecast(compilation, share, values) for share, values in asked)


def _shrinks(op: Op) -> bool:
    if not isinstance(op, WeightedSum) or isinstance(op, DepthwiseConv2D) or op.weights.data is None:
        return False
    return op.weights.dtype in KNOWN and op.weights.data.size >= SMALLEST


def _forecast(compilation: Compilation, share: float, values: int) -> Forecast:
    graph = compilation.graph
    shrunk = replace(graph, ops=tuple(_shrunk(graph, share, values)))
    layout = layout_of(shrunk, compilation.options)
    there = replace(compilation, graph=shrunk, layout=layout)
    return Forecast(share, values, estimated(there).flash, sum(step.cycles for step in layout.program.all_steps))


def _shrunk(graph: Graph, share: float, values: int) -> Iterator[Op]:
    for op in graph.ops:
        if not _shrinks(op):
            yield op
            continue
        assert isinstance(op, WeightedSum)
        data, zero = op.weights.data, _zero(op.weights)
        assert data is not None
        made = pruned(data, share, zero, _scales(op)) if share else data
        made = clustered(made, values, zero) if values else made
        yield op.with_operands({op.weights: replace(op.weights, data=made)})


def _scales(op: WeightedSum) -> Array | None:
    """Of the codes of each output."""
    quantization = op.weights.type.quantization
    if quantization is None or len(quantization.scales) < 2 or op.weights.data is None:
        return None
    along = [1] * op.weights.data.ndim
    along[op.channel_axis] = len(quantization.scales)
    scales = np.asarray(quantization.scales, np.float64)
    return scales.reshape(along) if op.weights.data.shape[op.channel_axis] == len(scales) else None

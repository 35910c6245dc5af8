# SPDX-License-Identifier: Apache-2.0
"""Weights that are codes stay codes where inputs are floats: `FullyConnected(%x, Dequantize(codes))` -> `BlockwiseDense`.
Those with a scale for each block of a row do so where inputs are codes, too: `BlockwiseCodes`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinycc.frontends.onnx.builder import Blocks, Codes
from tinycc.ir import Array, DType, Graph, Op, Quantization, TensorType, Value
from tinycc.numerics.fixedpoint import aligned
from tinycc.ops.base import problems
from tinycc.ops.convolution.blockwise import BlockwiseCodes, BlockwiseDense
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.passes.rewrite import fresh

LARGEST_RATIO = 2.0**14
"""Of x_scale * scale / y_scale."""
TYPES = {8: DType.INT8, 4: DType.INT4, 2: DType.INT2}


def with_codes(graph: Graph, codes: Codes) -> Graph:
    """The graph whose matrix products read codes and scales where they read constants that were made of these."""
    names = set(graph.names)
    return replace(graph, ops=tuple(_coded(op, codes, names) or op for op in graph.ops))


def _coded(op: Op, codes: Codes, names: set[str]) -> Op | None:
    """The product with codes for weights; None if it has none, or would be no smaller by them."""
    if not isinstance(op, FullyConnected) or op.x.dtype is not DType.FLOAT32 or not op.keep_dims:
        return None
    blocks = codes.blocks(op.weights) or _one_block(codes.get(op.weights))
    if blocks is None or blocks.axis != 1 or blocks.codes.shape != op.weights.shape or blocks.bits not in TYPES:
        return None

    def constant(role: str, data: Array, dtype: DType) -> Value:
        array = np.ascontiguousarray(data, dtype.numpy)
        return Value(fresh(f"{op.weights.name}_{role}", names), TensorType(array.shape, dtype), array)

    made = BlockwiseDense(
        x=op.x,
        weights=constant("codes", blocks.codes, TYPES[blocks.bits]),
        scales=constant("scales", blocks.scales, DType.FLOAT32),
        zeros=constant("zeros", blocks.zeros, DType.INT8) if blocks.zeros.any() else None,
        bias=op.bias,
        block=blocks.size,
        range=op.range,
        outputs=op.outputs,
        origin=op.origin,
    )
    return None if problems(made) else made


def in_blocks(op: FullyConnected, x: Value, blocks: Blocks, y: Quantization, names: set[str]) -> BlockwiseCodes | None:
    """The product of codes, whose sums over a block are multiplied by integers; None for a bias that is no constant of such a
    size."""
    if blocks.axis != 1 or blocks.codes.shape != op.weights.shape or blocks.bits not in TYPES:
        return None
    ratios = x.scale * blocks.scales.astype(np.float64) / y.scale
    bias = None if op.bias is None else op.bias.data
    if (op.bias is not None and bias is None) or not (0 < ratios.max(initial=0) < LARGEST_RATIO) or ratios.min() < 0:
        return None
    factors = aligned(*ratios.ravel())
    start = None if bias is None else np.ldexp(bias.astype(np.float64) / y.scale, factors.right)
    if start is not None and not np.abs(start).max(initial=0) < 2.0**60:
        return None

    def constant(role: str, data: Array, dtype: DType) -> Value:
        array = np.ascontiguousarray(data, dtype.numpy)
        return Value(fresh(f"{op.weights.name}_{role}", names), TensorType(array.shape, dtype), array)

    return BlockwiseCodes(
        x=x,
        weights=constant("codes", blocks.codes, TYPES[blocks.bits]),
        multipliers=constant("multipliers", np.asarray(factors.multipliers).reshape(ratios.shape), DType.INT32),
        start=None if start is None else constant("start", np.rint(start), DType.INT64),
        zeros=constant("zeros", blocks.zeros, DType.INT8) if blocks.zeros.any() else None,
        block=blocks.size,
        right=factors.right,
        range=op.range,
        outputs=op.outputs,
        origin=op.origin,
    )


def _one_block(codes: Value | None) -> Blocks | None:
    """Codes with a scale for each output, or one for all."""
    if codes is None or codes.data is None or codes.dtype not in (DType.INT8, DType.INT4) or len(codes.shape) != 2:
        return None
    q, rows = codes.quantization, codes.shape[0]
    if q.per_channel and q.axis != 0:
        return None
    scales, zeros = (np.broadcast_to(np.asarray(part), (rows,)).reshape(rows, 1) for part in (q.scales, q.zero_points))
    fits = codes.data.min(initial=0) >= -8 and codes.data.max(initial=0) <= 7
    return Blocks(codes.data, scales.astype(np.float32), zeros, 1, max(codes.shape[1], 1), 4 if fits else 8)

# SPDX-License-Identifier: Apache-2.0
"""MatMulNBits of com.microsoft: floats times weights of 2, 4 or 8 bits, packed into bytes, with a scale for each block."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.onnx.builder import Blocks, Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.matrices import dense
from tinycc.ir import Array, DType, Value
from tinycc.ops.strides import Shape

WIDTHS = (2, 4, 8)


@row("MatMulNBits", domain="com.microsoft")
def matmul_nbits(node: Node, build: Builder) -> Value:
    """A, B [N, blocks, bytes], scales, zero points, g_idx, bias; the accuracy_level only says what may be less exact."""
    x, bits, size = node.typed(node.x, DType.FLOAT32), node.attr_int("bits", 4), node.attr_int("block_size", 0)
    depth, rows = node.attr_int("K", 0), node.attr_int("N", 0)
    node.read.update(("accuracy_level", "weight_prepacked"))
    if node.attr_int("weight_prepacked", 0):
        raise node.error("weights in the order of a GPU", "weights as they are")
    build.afford(rows, depth)
    if bits not in WIDTHS or min(size, depth, rows) < 1 or size * bits % 8 or x.shape[-1:] != (depth,):
        raise node.error(f"{x.type} times {depth} by {rows} weights of {bits} bits in blocks of {size}", "sizes that fit")
    if node.optional(4) is not None and not np.array_equal(node.constant(4), np.arange(depth) // size):
        raise node.error("columns in another order (g_idx)", "blocks of neighbours")
    blocks = -(-depth // size)
    half = 1 << (bits - 1)
    codes = _codes(node, 1, bits, (rows, blocks * size))[:, :depth].astype(np.int64)
    scales = _sized(node, 2, rows * blocks).reshape(rows, blocks).astype(np.float32)
    zeros: Array = np.full((rows, blocks), half, np.float32)
    if node.optional(3) is not None:
        packed = node.constant(3).dtype == np.uint8
        per_row = -(-blocks * bits // 8) * 8 // bits
        zeros = _codes(node, 3, bits, (rows, per_row))[:, :blocks] if packed else _sized(node, 3, rows * blocks)
        zeros = zeros.reshape(rows, blocks).astype(np.float32)
    bias = node.optional(5)
    if bias is not None and bias.shape != (rows,):
        raise node.error(f"bias {bias.type}", f"{rows} numbers")
    each_zero, each_scale = (np.repeat(part, size, axis=1)[:, :depth] for part in (zeros, scales))
    with np.errstate(all="ignore"):  # Operators refuse what is not finite among weights.
        weights = build.constant(((codes - each_zero) * each_scale).astype(np.float32))
        points = (zeros - half).astype(np.int8)
    if np.array_equal(points, zeros - half):
        build.ledger.codes.note_blocks(weights, Blocks((codes - half).astype(np.int8), scales, points, 1, size, bits))
    return dense(build, x, weights, bias)


def _sized(node: Node, position: int, count: int) -> Array:
    data = node.constant(position)
    if data.size != count:
        raise node.error(f"operand {position} of {data.size} elements", f"{count}")
    return data.reshape(-1)


def _codes(node: Node, position: int, bits: int, shape: Shape) -> Array:
    """Codes without sign, the first in the lowest bits of a byte."""
    data = node.constant(position)
    if data.dtype != np.uint8 or data.size * 8 != shape[0] * shape[1] * bits:
        raise node.error(f"operand {position} of {data.size} bytes", f"{shape[0] * shape[1] * bits // 8}, for {list(shape)}")
    parts = [data.reshape(-1) >> np.uint8(bits * i) & np.uint8((1 << bits) - 1) for i in range(8 // bits)]
    return np.stack(parts, axis=-1).reshape(shape)

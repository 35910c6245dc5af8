# SPDX-License-Identifier: Apache-2.0
"""Sums of products of 8-bit numbers have 32 bits in all runtimes: those that cannot be sure to fit are refused."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array, DType
from tinycc.ops.convolution.base import WeightedSum

LEAST, MOST = DType.INT32.limits
LARGEST_PRODUCT = 255 * 255
"""Of an input and a weight, either without its zero point."""


def bounded_products(op: WeightedSum) -> str | None:
    """the products that make an output cannot leave 32 bits together, for any input of 8 bits

    The runtimes leave undefined what comes then: split the layer, or make it narrower.
    """
    if not op.weights.dtype.is_integer or not (op.hybrid or op.x.dtype is DType.INT8):
        return None
    if op.weights.data is None or op.channel_axis < 0:
        most = op.macs // max(op.y.type.elements, 1) * LARGEST_PRODUCT
        least = -most
    else:
        least, most = _products(op, op.weights.data)
    return f"{least:,} to {most:,}" if least < LEAST or most > MOST else None


def _products(op: WeightedSum, weights: Array) -> tuple[int, int]:
    """Exact bounds of all sums of some of the products: kernels differ in their order, and in when the zero point goes."""
    low, high = DType.INT8.limits
    input_zero = op.x.quantization.zero_points[0] if op.x.type.quantization is not None else 0
    zero_points = (low, high) if op.hybrid else (0, input_zero)
    zero_point = op.weights.quantization.zero_points[0] if op.weights.type.quantization is not None else 0
    codes = np.moveaxis(weights, op.channel_axis, 0).reshape(weights.shape[op.channel_axis], -1).astype(np.int64) - zero_point
    above, below = np.maximum(codes, 0).sum(1), np.minimum(codes, 0).sum(1)
    ends = [(low - zero, high - zero) for zero in zero_points]
    least = min(int((above * first + below * last).min(initial=0)) for first, last in ends)
    return least, max(int((above * last + below * first).max(initial=0)) for first, last in ends)

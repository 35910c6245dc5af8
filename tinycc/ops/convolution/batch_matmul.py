# SPDX-License-Identifier: Apache-2.0
"""BATCH_MATMUL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, TensorType
from tinycc.numerics.rules import Requantization
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import activations_quantized, not_empty
from tinycc.ops.convolution.base import WeightedSum, bounded_scales, centred_sums, exact_sums
from tinycc.ops.convolution.bounds import bounded_products
from tinycc.ops.strides import MAX_LOOPS, Loop, Shape, broadcast, common_shape, merge, row_major


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchMatMul(WeightedSum):
    """y[b,i,j] = clamp(requantize(sum_k (x[b,i,k] - x_zero_point) * (weights[b,k,j] - weights_zero_point))).

    x: [...,M,K], or [...,K,M] with `adj_x`; weights: [...,K,N], or [...,N,K] with `adj_y`; y: [...,M,N]. The dimensions in
    front are stretched to each other: sizes of 1 are repeated, missing ones stand in front.
    int8: double rounding; int16: 64-bit accumulators rounded once, by a 15-bit multiplier. Source: TFLM batch_matmul.cc,
    reference/batch_matmul.h.
    Constant weights that are the same for all x are those of a FULLY_CONNECTED, and become one. int16 with int8 weights only
    so: TFLM refuses it, and LiteRT makes zeros of weights with several scales, as `--match litert` then does.
    """

    adj_x: bool
    adj_y: bool

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8),
        signature("int16", DType.INT16, x=DType.INT16, weights=DType.INT16),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32),
    )

    channel_axis: ClassVar[int] = -1

    @property
    def rounding(self) -> Requantization:
        """That of a convolution: LiteRT, too, has fixed point here."""
        return self.numerics.arithmetic

    @property
    def x_matrix(self) -> Shape:
        """(M, K)."""
        *_, m, k = self.x.shape
        return (k, m) if self.adj_x else (m, k)

    @property
    def weights_matrix(self) -> Shape:
        """(K, N)."""
        *_, k, n = self.weights.shape
        return (n, k) if self.adj_y else (k, n)

    @property
    def macs(self) -> int:
        return self.y.type.elements * self.x_matrix[1]

    def infer(self) -> tuple[TensorType, ...]:
        batches = common_shape(self.x.shape[:-2], self.weights.shape[:-2])
        return (TensorType((*batches, self.x_matrix[0], self.weights_matrix[1]), self.x.dtype),)

    @property
    def batches(self) -> tuple[Loop, ...]:
        """The walk over the matrices of y; elements that a step moves in x and in weights."""
        shape = self.infer()[0].shape[:-2]
        return merge(shape, _batch_strides(self.x.shape, shape), _batch_strides(self.weights.shape, shape))

    @property
    def channels(self) -> int:
        """Columns of y (N)."""
        return self.weights_matrix[1]

    def sums(self, x: Array, weights: Array) -> Array:
        rows = np.swapaxes(x, -1, -2) if self.adj_x else x
        columns = np.swapaxes(weights, -1, -2) if self.adj_y else weights
        total: Array = rows @ columns
        return total


def _batch_strides(shape: Shape, batches: Shape) -> list[int]:
    """Strides that walk the matrices of a tensor over `batches`: 0 where they are repeated."""
    padded = (1,) * (len(batches) + 2 - len(shape)) + shape
    return [0 if size == 1 else stride for size, stride in zip(padded[:-2], row_major(padded)[:-2], strict=True)]


def fitting_matrices(op: BatchMatMul) -> str | None:
    """x has as many columns as the weights have rows, and the dimensions before those are equal or stretch to each other

    Is a transpose or a reshape missing before it?
    """
    if op.x_matrix[1] != op.weights_matrix[0] or broadcast(op.x.shape[:-2], op.weights.shape[:-2]) is None:
        return f"shapes {list(op.x.shape)} and {list(op.weights.shape)}"
    return None


def few_batches(op: BatchMatMul) -> str | None:
    """the operands are stretched along at most six separate runs of dimensions"""
    if fitting_matrices(op) is None and len(op.batches) > MAX_LOOPS:
        return f"shapes {list(op.x.shape)} and {list(op.weights.shape)}"
    return None


def one_scale(op: BatchMatMul) -> str | None:
    """weights that are not constant, or not the same for all x, have a single scale and zero point

    Convert with per-tensor quantization.
    """
    q = op.weights.type.quantization
    return f"{len(q.scales)} weight scales" if q is not None and q.per_channel else None


BatchMatMul.conditions = (
    fitting_matrices,
    few_batches,
    not_empty,
    one_scale,
    activations_quantized,
    centred_sums,
    exact_sums,
    bounded_scales,
    bounded_products,
)

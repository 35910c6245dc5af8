# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, TensorType
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import activations_quantized, is_float, is_int8, not_empty
from tinycc.ops.convolution.base import (
    HybridScheme,
    WeightedSum,
    bounded_scales,
    centred_sums,
    exact_sums,
    matching_bias,
    packed_int16,
)
from tinycc.ops.convolution.bounds import bounded_products
from tinycc.ops.hybrid import HYBRID, HYBRID_INT2, HYBRID_INT4, quantize_asymmetric


@dataclass(frozen=True, eq=False, kw_only=True)
class FullyConnected(WeightedSum):
    """y[b,o] = clamp(requantize(bias[o] + sum_i (x[b,i] - x_zero_point) * (weights[o,i] - weights_zero_point))).

    x: any shape, read as [B,I] in row-major order; weights: [O,I], constant or computed; bias: [O] or absent; y: [B,O], or
    with `keep_dims` x's shape with O in place of I.
    int8: `numerics.dense` FIXED: double rounding by x_scale * weights_scale / y_scale, one multiplier for the tensor or, if the
    weights are quantized per channel, one per output. Source: TFLM fully_connected_common.cc `CalculateOpDataFullyConnected`,
    reference/integer_ops/fully_connected.h. REAL: round(acc * (x_scale * weights_scale / y_scale)) in double, ties away from
    zero. Source: LiteRT fully_connected.cc `EvalQuantized`, the same header.
    hybrid: see tinycc.ops.hybrid; how rows are quantized is an option of the file, asymmetrically with weights in blocks.
    int8x4: as int8; per channel, which TFLM lacks, as REAL. int8x2, int16x4, int16x2: as REAL, too.
    int16x8: int16 activations. FIXED: with an int32 bias as int8, else 64-bit accumulators rounded once, by a 15-bit
    multiplier; REAL: as int8.
    """

    keep_dims: bool
    asymmetric_inputs: bool

    litert_rule: ClassVar[str] = "int8, int16: the accumulator times the real scale, in double, rounded once"
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
        HYBRID_INT4,
        *packed_int16(DType.INT4),
        *packed_int16(DType.INT2),
        signature("int8x2", DType.INT8, x=DType.INT8, weights=DType.INT2, bias=DType.INT32),
        HYBRID_INT2,
    )
    blockwise: ClassVar[tuple[str, ...]] = ("weights",)

    @property
    def channels(self) -> int:
        """Outputs per row (O)."""
        return self.weights.shape[0]

    @property
    def depth(self) -> int:
        """Inputs per row (I)."""
        return self.weights.shape[1]

    @property
    def batch(self) -> int:
        """Rows (B)."""
        return self.x.type.elements // self.depth

    @property
    def macs(self) -> int:
        return self.batch * self.channels * self.depth

    def infer(self) -> tuple[TensorType, ...]:
        rows = self.x.shape[:-1] if self.keep_dims else (self.batch,)
        return (TensorType((*rows, self.channels), self.x.dtype),)

    @property
    def hybrid_scheme(self) -> HybridScheme:
        return HybridScheme(asymmetric=self.asymmetric_inputs, weights_first=False)

    @property
    def blockwise_weights(self) -> bool:
        """Whether the weights have a scale for each block of a row."""
        return self.weights.type.quantization is not None and self.weights.quantization.block is not None

    def sums(self, x: Array, weights: Array) -> Array:
        rows: Array = x.reshape(self.batch, self.depth) @ weights.T
        return rows

    def hybrid_sums(self, x: Array, weights: Array) -> Array:
        """Each row is quantized by its own range. With weights in blocks, the sum over each block has a scale.

        Source: LiteRT `EvalBlockwise4Bit`.
        """
        x, block = x.reshape(self.batch, self.depth), self.weights.quantization.block
        if block is None:
            return super().hybrid_sums(x, weights)
        q = quantize_asymmetric(x)
        rows = (q.codes - q.zero_point[:, None]).reshape(len(x), -1, block)
        blocks = weights.astype(np.int64).reshape(self.channels, -1, block)
        scales = np.asarray(self.weights.quantization.scales, np.float32).reshape(self.channels, -1)
        total = np.einsum("bki,oki->bok", rows, blocks).astype(np.float32) * scales
        real: Array = total.sum(-1) * q.scale[:, None]
        return real


def matching_depth(op: FullyConnected) -> str | None:
    """the input is a whole number of rows as long as the weights' depth

    Is a flatten missing before it?
    """
    if op.depth == 0 or op.x.type.elements % op.depth:
        return f"input {list(op.x.shape)}, weights depth {op.depth}"
    return None


def kept_depth(op: FullyConnected) -> str | None:
    """with keep_num_dims, the input's last dimension is the weights' depth"""
    if op.keep_dims and op.x.shape[-1:] != (op.depth,):
        return f"input {list(op.x.shape)}, weights depth {op.depth}"
    return None


def quantized_weights(op: FullyConnected) -> str | None:
    """integer weights have one scale and one zero point, or one scale per output and are symmetric (zero point 0)"""
    q = op.weights.type.quantization
    if q is None or not q.per_channel or op.blockwise_weights:
        return None
    if any(q.zero_points):
        return f"per-channel weights with zero points {sorted(set(q.zero_points))[:4]}"
    if len(q.scales) != op.channels or q.axis != 0:
        return f"{len(q.scales)} weight scales along axis {q.axis} for {op.channels} outputs"
    return None


def blocks_of_floats(op: FullyConnected) -> str | None:
    """weights with a scale for each block belong to float32 inputs"""
    return f"input {op.x.type}" if op.blockwise_weights and not is_float(op) else None


def centred_weights(op: FullyConnected) -> str | None:
    """the weights of int16 and float inputs have zero point 0, but for ONNX's"""
    q = op.weights.type.quantization
    if is_int8(op) or op.rounds_long or q is None or not any(q.zero_points):
        return None
    return f"weights with zero point {q.zero_points[0]}"


FullyConnected.conditions = (
    matching_depth,
    kept_depth,
    not_empty,
    matching_bias,
    quantized_weights,
    blocks_of_floats,
    centred_weights,
    activations_quantized,
    centred_sums,
    exact_sums,
    bounded_scales,
    bounded_products,
)

# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers
from tinycc.numerics.rules import round_half_away
from tinycc.ops.base import Clamped, Operator, Signature, signature
from tinycc.ops.conditions import activations_quantized, centred_int16, is_float, is_int8, not_empty
from tinycc.ops.convolution.base import bounded_scales, centred, matching_bias, rescaled
from tinycc.ops.hybrid import HYBRID, HYBRID_INT4, evaluate, evaluate_blocks, is_hybrid


@dataclass(frozen=True, eq=False, kw_only=True)
class FullyConnected(Clamped, Operator):
    """y[b,o] = clamp(requantize(bias[o] + sum_i (x[b,i] - x_zero_point) * (weights[o,i] - weights_zero_point))).

    x: any shape, read as [B,I] in row-major order; weights: [O,I], constant or computed; bias: [O] or absent; y: [B,O], or
    with `keep_dims` x's shape with O in place of I.
    int8, `match` "tflm": double rounding by x_scale * weights_scale / y_scale, one multiplier for the tensor or, if the weights
    are quantized per channel, one per output. Source: TFLM fully_connected_common.cc `CalculateOpDataFullyConnected`,
    reference/integer_ops/fully_connected.h. `match` "litert": round(acc * (x_scale * weights_scale / y_scale)) in double, ties
    away from zero. Source: LiteRT fully_connected.cc `EvalQuantized`, the same header.
    hybrid: see tinycc.ops.hybrid; how rows are quantized is an option of the file, asymmetrically with weights in blocks.
    int8x4: as int8; per channel, which TFLM lacks, as "litert".
    int16x8: int16 activations. "tflm": with an int32 bias as int8, else 64-bit accumulators rounded once, by a 15-bit
    multiplier; "litert": as int8.
    """

    x: Value
    weights: Value
    bias: Value | None
    keep_dims: bool
    asymmetric_inputs: bool
    match: str

    litert_rule: ClassVar[str] = "int8, int16: the accumulator times the real scale, in double, rounded once"
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
        HYBRID_INT4,
    )
    weights_first: ClassVar[bool] = False
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
    def requantization(self) -> list[Multiplier]:
        """One multiplier for the tensor, or one per output if the weights are quantized so (int8, match "tflm")."""
        return product_multipliers(self.x.scale, self.weights.quantization.scales, self.y.scale)

    @property
    def real_scales(self) -> Array:
        """x_scale * weights_scale / y_scale in double: float64[1] or [O] (int8, match "litert")."""
        return self.x.scale * np.asarray(self.weights.quantization.scales, np.float64) / self.y.scale

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x).reshape(self.batch, self.depth)
        if is_blockwise(self):
            total = evaluate_blocks(self, read, x)
        elif is_hybrid(self):
            total = evaluate(self, read, x, lambda rows, weights: rows @ weights.T)
        else:
            total = centred(self.x, x) @ centred(self.weights, read(self.weights)).T
            total = total if self.bias is None else total + read(self.bias).ravel()
        if self.x.dtype.is_integer:
            total = self.codes(total)
        result: Array = np.clip(total, self.range.min, self.range.max).astype(self.y.dtype.numpy)
        return (result.reshape(self.infer()[0].shape),)

    def codes(self, total: Array) -> Array:
        """Accumulators [B,O] as codes of y, before the clamp."""
        if self.match == "litert":
            return round_half_away(total * self.real_scales) + self.y.zero_point
        return rescaled(self, total)


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
    if q is None or not q.per_channel or is_blockwise(op):
        return None
    if any(q.zero_points):
        return f"per-channel weights with zero points {sorted(set(q.zero_points))[:4]}"
    if len(q.scales) != op.channels or q.axis != 0:
        return f"{len(q.scales)} weight scales along axis {q.axis} for {op.channels} outputs"
    return None


def blocks_of_floats(op: FullyConnected) -> str | None:
    """weights with a scale for each block belong to float32 inputs"""
    return f"input {op.x.type}" if is_blockwise(op) and not is_float(op) else None


def is_blockwise(op: FullyConnected) -> bool:
    """Whether the weights have a scale for each block of a row."""
    return op.weights.type.quantization is not None and op.weights.quantization.block is not None


def centred_weights(op: FullyConnected) -> str | None:
    """the weights of int16 and float inputs have zero point 0"""
    q = op.weights.type.quantization
    return f"weights with zero point {q.zero_points[0]}" if not is_int8(op) and q is not None and any(q.zero_points) else None


FullyConnected.conditions = (
    matching_depth,
    kept_depth,
    not_empty,
    matching_bias,
    quantized_weights,
    blocks_of_floats,
    centred_weights,
    activations_quantized,
    centred_int16,
    bounded_scales,
)

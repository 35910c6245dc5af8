# SPDX-License-Identifier: Apache-2.0
"""What convolutions, FULLY_CONNECTED and BATCH_MATMUL share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.ir import Array, DType, Value
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers, quantize_multiplier, requantize, requantize64
from tinycc.ops.base import Condition, is_quantized
from tinycc.ops.conditions import activations_quantized, centred_int16


def channel_multipliers(op: Any) -> list[Multiplier]:
    """One multiplier per output channel of a convolution: x_scale * weights_scale / y_scale, in double.

    For uint8 (`unsigned`) the product is in float32. Source: TFLite kernel_util.cc `PopulateConvolutionQuantizationParams`,
    `GetQuantizedConvolutionMultipler`.
    """
    scales = per_channel(op.weights.quantization.scales, op.channels)
    if not op.unsigned:
        return product_multipliers(op.x.scale, scales, op.y.scale)
    products = (float(np.float32(op.x.scale) * np.float32(scale)) for scale in scales)
    return [quantize_multiplier(product / op.y.scale) for product in products]


def centred(value: Value, codes: Array) -> Array:
    """Codes without the value's zero point (the same for all channels), as int64; floats as they are."""
    return codes.astype(np.int64) - value.quantization.zero_point if value.dtype.is_integer else codes


def matching_bias(op: Any) -> str | None:
    """the bias has one entry per output channel"""
    if op.bias is not None and op.bias.type.elements != op.channels:
        return f"bias {op.bias.type} for {op.channels} output channels"
    return None


def symmetric_weights(op: Any) -> str | None:
    """int8 and int4 weights have one scale or one per output channel, and zero point 0 but for a single one of uint8"""
    if not op.weights.dtype.is_integer or op.weights.type.quantization is None:
        return None
    q = op.weights.quantization
    if any(q.zero_points) and (op.x.dtype is not DType.INT8 or q.per_channel):
        return f"weights with zero points {sorted(set(q.zero_points))[:4]}"
    if len(q.scales) not in (1, op.channels):
        return f"{len(q.scales)} weight scales for {op.channels} output channels"
    return None


def bounded_scales(op: Any) -> str | None:
    """the input scale times a weight scale is less than 2**30 (int16: 2**7) times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not is_quantized(op.x) or not is_quantized(op.weights) or activations_quantized(op):
        return None
    x, w, y = op.x.scale, max(op.weights.quantization.scales), op.y.scale
    limit = 2**7 if wide_accumulators(op) else 2**30
    if x * w < limit * y and x * w <= np.finfo(np.float32).max:
        return None
    return f"scales {x:g} and {w:g} -> {y:g}"


def multipliers(entries: list[Multiplier]) -> tuple[np.ndarray, np.ndarray]:
    """(multiplier, shift) arrays, int64, for `fixedpoint.requantize`."""
    return np.asarray([m.multiplier for m in entries]), np.asarray([m.shift for m in entries])


def wide_accumulators(op: Any) -> bool:
    """Whether an operator sums in 64 bits: int16 inputs without an int32 bias."""
    bias: Value | None = getattr(op, "bias", None)
    return op.x.dtype is DType.INT16 and (bias is None or bias.dtype is not DType.INT32)


def rescaled(op: Any, total: Array) -> Array:
    """Accumulators [..., channel] of a convolution-like operator as codes of y, before the clamp."""
    rescale = requantize64 if wide_accumulators(op) else requantize
    codes: Array = rescale(total, *multipliers(op.requantization)) + op.y.zero_point
    return codes


def per_channel(scales: tuple[float, ...], channels: int) -> tuple[float, ...]:
    """One scale per channel, where the file may hold a single one for all."""
    return scales if len(scales) > 1 else scales * channels


WEIGHT_CONDITIONS: tuple[Condition, ...] = (
    *(matching_bias, symmetric_weights, activations_quantized),
    *(centred_int16, bounded_scales),
)
"""Conditions that every convolution-like operator shares."""

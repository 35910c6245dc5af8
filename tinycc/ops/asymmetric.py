# SPDX-License-Identifier: Apache-2.0
"""Weights with a zero point, as models have them that were quantized to uint8: which operators take them, and their kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Value
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers, quantize_multiplier
from tinycc.ops.base import Kernel
from tinycc.ops.quantized import per_channel


def read_weights(node: Node) -> Value:
    """Operand 1. In int8 a convolution's weights must be symmetric: the reference runtimes do not look at their zero points."""
    weights = signed_weights(node)
    q = weights.type.quantization
    if not node.unsigned and q is not None and any(q.zero_points):
        expected = f"{weights.dtype.value} weights that are symmetric (zero point 0)"
        raise node.error(f"weights with zero points {sorted(set(q.zero_points))[:4]}", expected)
    return weights


def signed_weights(node: Node) -> Value:
    """Operand 1. No runtime has kernels for int4 weights and uint8 activations."""
    weights = node.input(1)
    if node.unsigned and weights.dtype is DType.INT4:
        raise node.error("int4 weights with uint8 activations", "int8 activations", "Convert with int8 inputs and outputs.")
    return weights


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


def is_asymmetric(op: Any) -> bool:
    """Whether this is an int8 operator whose weights have a zero point."""
    return op.x.dtype is DType.INT8 and bool(any(op.weights.quantization.zero_points))


def asymmetric_s8(symbol: str, shape: Callable[[Any], Struct]) -> Kernel:
    """The kernel symbol(x, weights, bias, y, shape, params)."""

    def lower(op: Any, target: object) -> tuple[Call, ...]:
        entry = op.requantization[0]
        params = struct(
            "tk_asymmetric_s8",
            input_offset=-op.x.zero_point,
            weights_offset=-op.weights.zero_point,
            multiplier=entry.multiplier,
            shift=entry.shift,
            output_offset=op.y.zero_point,
            min=int(op.range.min),
            max=int(op.range.max),
        )
        bias = None if op.bias is None else Tensor(op.bias)
        return (Call(symbol, (Tensor(op.x), Tensor(op.weights), bias, Tensor(op.y), shape(op), params)),)

    return Kernel(symbol, lower, lambda op, target: is_asymmetric(op))

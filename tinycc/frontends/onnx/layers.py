# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products between DequantizeLinear and QuantizeLinear as those of integers: weights and biases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tinycc.analysis.rounding import exact_forms
from tinycc.frontends.onnx.builder import Codes
from tinycc.ir import Array, DType, Quantization, TensorType, Value
from tinycc.ops.base import Range
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.elementwise.arithmetic import Add
from tinycc.passes.rewrite import fresh

PACKABLE = (Conv2D, DepthwiseConv2D, FullyConnected)
"""Layers that have kernels for weights of four bits, with inputs of eight."""
UNBOUNDED = Range(-np.inf, np.inf)
LARGEST_BIAS = {DType.INT32: 2**30, DType.INT64: 2**37}
"""Of weights that are not known."""
SAME_UNIT = 1e-6
"""How far the scale of a bias may lie from the product of the scales of input and weights, which are float32."""
NO_REST = 2.0**-20
"""Of a unit: a bias that is so near to a whole number is one."""


def integer_layer(
    op: WeightedSum, x: Value, weights: Value, bias: Value | None, y: Quantization, names: set[str]
) -> dict[str, Any] | None:
    """What changes of `op` when x and weights are codes; None where it cannot be. `bias`: codes or numbers."""
    wide = x.dtype is DType.INT16
    if weights.dtype not in ((DType.INT16,) if wide and isinstance(op, BatchMatMul) else (DType.INT8, DType.INT4)):
        return None
    axis = 3 if isinstance(op, DepthwiseConv2D) else 0
    if weights.quantization.per_channel and (weights.quantization.axis != axis or isinstance(op, BatchMatMul)):
        return None
    changes: dict[str, Any] = {"x": x, "weights": centred(weights, names)}
    units = x.scale * np.asarray(weights.quantization.scales, np.float64)
    if bias is None:
        return changes | (_exactly(op, np.zeros(op.channels), units / y.scale) if wide else {})
    if bias.data is None:
        return None
    if not units.all() or not np.isfinite(bias.data).all():
        return None
    whole, rest = in_units(bias, bias.data, np.broadcast_to(units, bias.shape))
    long = (np.abs(whole) > _largest_bias(weights, axis)).any() or (wide and isinstance(op, DepthwiseConv2D))
    if long and (not wide or np.abs(whole).max(initial=0) > LARGEST_BIAS[DType.INT64]):
        return None
    dtype = DType.INT64 if long else DType.INT32
    made = Value(fresh(f"{bias.name}_units", names), TensorType(bias.shape, dtype), whole.astype(dtype.numpy))
    if rest is not None or wide:
        changes |= _exactly(op, np.zeros(op.channels) if rest is None else rest.ravel(), units / y.scale)
    return changes | {"bias": made}


def _largest_bias(weights: Value, axis: int) -> Array | int:
    """With which no sum of a channel, of codes of 8 bits, leaves 32. Of a channel whose weights are all zero that is what a
    converter clips to, about 2**30."""
    if weights.data is None:
        return LARGEST_BIAS[DType.INT32]
    codes = np.abs(weights.data.astype(np.int64) - _along(weights, weights.quantization.zero_points))
    most: Array = 2**31 - 1 - 256 * codes.sum(tuple(other for other in range(codes.ndim) if other != axis))
    return most


def _exactly(op: Any, rest: Array, scales: Array) -> dict[str, Any]:
    """Sums, and what is left of a bias, times the real scales."""
    forms = exact_forms(np.broadcast_to(scales, (op.channels,)), rest)
    return {"forms": forms, "exact": np.ones(op.channels, np.bool_)}


def with_bias(layer: FullyConnected, bias: Value, sum: Add, codes: Codes) -> FullyConnected | None:
    """A product without a bias, and the constant that is added to each of its rows: one layer."""
    rows = bias.shape[-1:] == (layer.channels,) and bias.type.elements == layer.channels
    if layer.bias is not None or bias.data is None or not rows or layer.range != UNBOUNDED:
        return None
    if len(bias.shape) > 1:
        known, bias = codes.get(bias), _row(bias)
        if known is not None:
            codes.note(bias, _row(known))
    return replace(layer, bias=bias, range=sum.range, outputs=sum.outputs)


def _row(bias: Value) -> Value:
    """With one dimension."""
    assert bias.data is not None
    q = bias.type.quantization
    if q is not None and q.per_channel:
        q = replace(q, axis=0)
    return replace(bias, type=TensorType(bias.shape[-1:], bias.dtype, q), data=bias.data.reshape(-1))


def in_units(bias: Value, data: Array, units: Array) -> tuple[Array, Array | None]:
    """A bias in units of x_scale * weights_scale: whole ones, and what is left of it, between -1/2 and 1/2."""
    if bias.dtype.is_integer:
        scales = np.broadcast_to(np.asarray(bias.quantization.scales, np.float64), bias.shape)
        codes = data.astype(np.int64) - bias.quantization.zero_point
        if (np.abs(scales - units) <= SAME_UNIT * units).all():
            return codes, None
        real = codes * scales
    else:
        real = data.astype(np.float64)
    counted = np.clip(real / units, -(2.0**62), 2.0**62)  # far beyond any bias that there is
    whole = np.rint(counted)
    rest: Array = counted - whole
    return whole.astype(np.int64), rest if (np.abs(rest) > NO_REST).any() else None


def as_bytes(codes: Value) -> Value:
    """Codes of four bits as such of eight."""
    return replace(codes, type=replace(codes.type, dtype=DType.INT8)) if codes.dtype is DType.INT4 else codes


def in_four_bits(weights: Value, names: set[str]) -> Value:
    """Weights of four bits without their zero points, two to a byte; as bytes where they have no room so."""
    if weights.data is None or weights.dtype is not DType.INT4:
        return weights
    q = weights.quantization
    codes = weights.data.astype(np.int64) - _along(weights, q.zero_points)
    if codes.min(initial=0) < DType.INT4.limits[0] or codes.max(initial=0) > DType.INT4.limits[1]:
        return as_bytes(weights)
    type = TensorType(weights.shape, DType.INT4, Quantization(q.scales, (0,) * len(q.scales), q.axis))
    return Value(fresh(f"{weights.name}_packed", names), type, codes.astype(np.int8))


def _along(weights: Value, numbers: tuple[int, ...]) -> Array:
    """One number for all weights, or one for each channel, in a shape that stretches to them."""
    if len(numbers) == 1:
        return np.asarray(numbers[0])
    return np.asarray(numbers).reshape([-1 if axis == weights.quantization.axis else 1 for axis in range(len(weights.shape))])


def centred(weights: Value, names: set[str]) -> Value:
    """Weights whose channels have different zero points, without these where the codes still fit."""
    q = weights.quantization
    if weights.data is None or not q.per_channel or len(set(q.zero_points)) == 1:
        return weights
    codes = weights.data.astype(np.int64) - _along(weights, q.zero_points)
    low, high = weights.dtype.limits
    if codes.min(initial=0) < low or codes.max(initial=0) > high:
        return weights
    type = TensorType(weights.shape, weights.dtype, Quantization(q.scales, (0,) * len(q.scales), q.axis))
    return Value(fresh(f"{weights.name}_centred", names), type, codes.astype(weights.dtype.numpy))

# SPDX-License-Identifier: Apache-2.0
"""Conditions and C structs that several quantized operators share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Op, TensorType, Value
from tinycc.kernels.calls import Ints, Struct, Table, int32_table, struct
from tinycc.numerics.fixedpoint import Multiplier, requantize, requantize64
from tinycc.ops.base import Clamped, Range, is_quantized
from tinycc.ops.window import Window


def activations_quantized(op: Op) -> str | None:
    """every integer tensor has a scale and a zero point

    Convert with a representative dataset so that the converter calibrates all tensors.
    """
    for name, value in (*op.operands, *((f"output {i}", v) for i, v in enumerate(op.outputs))):
        if name == "bias" or value.dtype not in (DType.INT8, DType.UINT8, DType.INT16, DType.INT4):
            continue
        q = value.type.quantization
        if q is None:
            return f"{name} %{value.name} without quantization"
        if name != "weights" and q.per_channel:
            return f"{name} %{value.name} quantized per channel"
        if name != "weights" and not value.dtype.limits[0] <= q.zero_point <= value.dtype.limits[1]:
            return f"{name} %{value.name} with zero point {q.zero_point}"
    return None


def centred_int16(op: Op) -> str | None:
    """int16 tensors have zero point 0

    Convert with the option for 16x8 quantization, which writes them so.
    """
    for value in (*op.inputs, *op.outputs):
        if value.dtype is DType.INT16 and value.type.quantization is not None and any(value.quantization.zero_points):
            return f"%{value.name} with zero point {value.quantization.zero_points[0]}"
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


def read_bias(node: Node, channels: int) -> Value | None:
    """Operand 2. A 16x8 operator that has none may ask for 32-bit accumulators all the same: it gets a bias of zeros."""
    bias, x = node.optional(2), node.input(0)
    if bias is None and x.dtype is DType.INT16 and node.options.get("quantized_bias_type") == "INT32":
        zeros = np.zeros(channels, np.int32)
        return Value(f"{node.outputs[0].name}_bias", TensorType(zeros.shape, DType.INT32), zeros)
    return bias


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


def channel_quantization(entries: list[Multiplier]) -> Struct:
    """CMSIS-NN's `cmsis_nn_per_channel_quant_params`."""
    multiplier, shift = int32_tables(entries)
    return struct("cmsis_nn_per_channel_quant_params", multiplier=multiplier, shift=shift)


def int32_tables(entries: list[Multiplier]) -> tuple[Table, Table]:
    """Multipliers and shifts as two arrays."""
    multipliers, shifts = [m.multiplier for m in entries], [m.shift for m in entries]
    return int32_table("multiplier", multipliers), int32_table("shift", shifts)


def activation(op: Clamped) -> Struct:
    return struct("cmsis_nn_activation", min=int(op.range.min), max=int(op.range.max))


def range_f32(bounds: Range) -> Struct:
    return struct("tk_range_f32", by_value=True, min=float(bounds.min), max=float(bounds.max))


def dims(n: int, h: int, w: int, c: int) -> Struct:
    """CMSIS-NN's `cmsis_nn_dims`."""
    return struct("cmsis_nn_dims", n=n, h=h, w=w, c=c)


def nhwc(value: Value) -> Struct:
    """The `cmsis_nn_dims` of a rank-4 tensor."""
    n, h, w, c = value.shape
    return dims(n, h, w, c)


def window_shape(x: Value, y: Value, window: Window, groups: int = 1) -> Struct:
    """The `tk_conv_shape` of a window that slides over x [N,H,W,C] and makes y."""
    return conv_shape(x.shape, y.shape, window, groups)


def conv_shape(x: tuple[int, ...], y: tuple[int, ...], window: Window, groups: int) -> Struct:
    """The same from shapes."""
    n, in_h, in_w, in_c = x
    _, out_h, out_w, out_c = y
    return struct(
        "tk_conv_shape",
        batch=n,
        in_h=in_h,
        in_w=in_w,
        in_c=in_c,
        out_h=out_h,
        out_w=out_w,
        out_c=out_c,
        k_h=window.size.h,
        k_w=window.size.w,
        stride_h=window.stride.h,
        stride_w=window.stride.w,
        pad_h=window.padding.top,
        pad_w=window.padding.left,
        dilation_h=window.dilation.h,
        dilation_w=window.dilation.w,
        groups=groups,
    )


def tile(w: int, h: int) -> Struct:
    """CMSIS-NN's `cmsis_nn_tile` (width first)."""
    return struct("cmsis_nn_tile", w=w, h=h)


def int_list(items: tuple[int, ...]) -> Ints:
    return Ints(tuple(int(item) for item in items))


def round_half_away(x: Array) -> Array:
    """std::round of float32 or float64 elements, as int64: to nearest, ties away from zero; saturated far outside int32."""
    wide = x.astype(np.float64)
    rounded = np.copysign(np.floor(np.abs(wide) + 0.5), wide)
    return np.clip(rounded, -(2.0**40), 2.0**40).astype(np.int64)


def scale_ratio(match: str, *factors: float, over: float) -> float:
    """The product of `factors` divided by `over`: in double for "tflm", in float32, from left to right, for "litert".

    ADD, SUB and QUANTIZE are in double in both runtimes. (TFLM's sources before October 2026 have float32 in some operators.)
    """
    real = np.float32 if match == "litert" else np.float64
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        product = real(factors[0])
        for factor in factors[1:]:
            product = product * real(factor)
        return float(product / real(over))

# SPDX-License-Identifier: Apache-2.0
"""QONNX, as Brevitas exports it: numbers of any width, quantized and dequantized in one operator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.quantized import OFFSET, note
from tinycc.ir import Array, DType, Quantization, TensorType, Value
from tinycc.ops.base import Range
from tinycc.ops.conversion.quantize import Dequantize, QuantizeToEven
from tinycc.ops.elementwise.activations import Relu

DOMAINS = ("qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general")
WIDEST = 8
"""Bits of codes that are kept as such."""


def _half_up(x: Array) -> Array:
    raised: Array = np.copysign(np.floor(np.abs(x) + 0.5), x)
    return raised


ROUNDINGS: dict[str, Callable[[Array], Array]] = {
    "ROUND": np.rint,
    "HALF_EVEN": np.rint,
    "CEIL": np.ceil,
    "FLOOR": np.floor,
    "DOWN": np.trunc,
    "ROUND_TO_ZERO": np.trunc,
    "HALF_UP": _half_up,
}


def quant(node: Node, build: Builder) -> Value:
    bits = node.scalar(3, 8.0)
    if not 1 <= bits <= 32 or bits != int(bits):
        raise node.error(f"{bits:g} bits", "1 to 32, a whole number")
    signed, narrow = node.attr_int("signed", 1), node.attr_int("narrow", 0)
    mode = node.attr_text("rounding_mode", "ROUND").upper()
    if mode not in ROUNDINGS:
        raise node.error(f"rounding_mode {mode}", " or ".join(ROUNDINGS))
    span = 2 ** int(bits)
    low, high = (-span // 2 + narrow, span // 2 - 1) if signed else (0, span - 1 - narrow)
    scales, zeros = node.constant(1).astype(np.float32), node.constant(2).astype(np.float32)
    if not ((scales > 0) & np.isfinite(scales)).all() or not (zeros == np.rint(zeros)).all():
        raise node.error("such scales or zero points", "positive scales, whole zero points")
    if node.x.data is not None:
        with np.errstate(over="ignore", invalid="ignore"):  # Beyond all codes is clipped; operators refuse NaN among weights.
            codes = np.clip(ROUNDINGS[mode](node.x.data.astype(np.float32) / scales + zeros), low, high)
        return _constant(build, codes, scales, zeros, signed=bool(signed), kept=bits <= WIDEST)
    if scales.size != 1 or zeros.size != 1 or bits > WIDEST or ROUNDINGS[mode] is not np.rint:
        raise node.error("such a quantization of what is computed", f"one scale, at most {WIDEST} bits, rounded to even")
    scale, zero = float(scales.item()), int(zeros.item())
    start = 0 if signed else OFFSET
    quantization = Quantization((scale,), (zero - start,))
    x = node.x
    if (low - start, high - start) != DType.INT8.limits:
        x = build.op(Relu, x=x, range=Range(scale * (low - zero), scale * (high - zero)), rescaled=True)
    codes_of_x = build.op(QuantizeToEven, x=x, types=(TensorType(x.shape, DType.INT8, quantization),))
    return build.op(Dequantize, x=codes_of_x)


def bipolar(node: Node, build: Builder) -> Value:
    """The sign of a constant, 1 for 0, times the scale."""
    scales = node.constant(1).astype(np.float32)
    codes = np.where(node.constant(0) >= 0, np.float32(1), np.float32(-1))
    return _constant(build, codes, scales, np.zeros_like(scales), signed=True, kept=True)


def _constant(build: Builder, codes: Array, scales: Array, zeros: Array, *, signed: bool, kept: bool) -> Value:
    value = build.constant(((codes - zeros) * scales).astype(np.float32))
    shape = (1,) * (codes.ndim - scales.ndim) + scales.shape
    axes = [axis for axis, size in enumerate(shape) if size > 1]
    if kept and len(axes) < 2 and np.isfinite(codes).all():
        whole = codes.astype(np.int8 if signed else np.uint8)
        zero_points = np.broadcast_to(zeros, scales.shape).ravel().astype(np.int64)
        low, high = DType.INT4.limits
        fits = signed and low <= whole.min(initial=0) and whole.max(initial=0) <= high
        note(build, value, DType.INT4 if fits else None, whole, zero_points, scales.ravel(), axes[0] if axes else None)
    return value


for domain in DOMAINS:
    row("Quant", "IntQuant", domain=domain)(quant)
    row("BipolarQuant", domain=domain)(bipolar)

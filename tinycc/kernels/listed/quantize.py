# SPDX-License-Identifier: Apache-2.0
"""Kernels of quantize."""

from __future__ import annotations

from tinycc.ir import DType, Value
from tinycc.kernels.calls import Arg, Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.base import Operator, Range
from tinycc.ops.conversion.cast import TYPE_NUMBERS
from tinycc.ops.conversion.quantize import Dequantize, Quantize, Requantize
from tinycc.target import Target


def _quantizing(symbol: str, dtype: DType) -> Kernel:
    def lower(op: Quantize, target: Target) -> tuple[Call, ...]:
        args = (Tensor(op.x), Tensor(op.y), op.y.type.elements, op.y.scale, op.y.zero_point)
        return (Call(symbol, args),)

    return Kernel(symbol, lower, lambda op, target: op.y.dtype is dtype)


def _dequantizing(symbol: str, dtype: DType) -> Kernel:
    def lower(op: Dequantize, target: Target) -> tuple[Call, ...]:
        args = (Tensor(op.x), Tensor(op.y), op.y.type.elements, op.x.scale, op.x.zero_point)
        return (Call(symbol, args),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype)


def requantize_args(
    x: Value, y: Value, m: Multiplier, bounds: Range, zero_points: tuple[int, int] | None = None
) -> tuple[Arg, ...]:
    """The arguments of `tk_requantize_integers`; `zero_points` where they are not those of x and y."""
    x_zero, y_zero = zero_points or (x.zero_point, y.zero_point)
    params = struct(
        "tk_requantize_params",
        input_offset=-x_zero,
        multiplier=m.multiplier,
        shift=m.shift,
        output_offset=y_zero,
        min=int(bounds.min),
        max=int(bounds.max),
    )
    return (Tensor(x), TYPE_NUMBERS[x.dtype], Tensor(y), TYPE_NUMBERS[y.dtype], y.type.elements, params)


def lower_requantize(op: Requantize, target: Target) -> tuple[Call, ...]:
    return (Call("tk_requantize_integers", requantize_args(op.x, op.y, op.multiplier, Range(*op.y.dtype.limits))),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Quantize] = (
    _quantizing("tk_quantize_f32_s8", DType.INT8),
    _quantizing("tk_quantize_f32_s16", DType.INT16),
)

KERNELS[Requantize] = (
    Kernel("tk_requantize_integers", lower_requantize, lambda op, target: max(op.x.dtype.bytes, op.y.dtype.bytes) > 1),
)

KERNELS[Dequantize] = (
    _dequantizing("tk_dequantize_s8_f32", DType.INT8),
    _dequantizing("tk_dequantize_s16_f32", DType.INT16),
)

# SPDX-License-Identifier: Apache-2.0
"""CAST and requantizations in plain C."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tinycc.ir import DType, Value
from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Table, Tensor, struct
from tinycc.kernels.portable.base import all_types, tk
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.base import Range
from tinycc.ops.conversion.cast import Cast
from tinycc.ops.conversion.quantize import Dequantize, Quantize, QuantizeToEven, Requantize, RequantizeToEven
from tinycc.ops.signal.complex import ComplexAbs, ImaginaryPart, OfComplex, RealPart, ToComplex
from tinycc.program.types import Content

TYPE_NUMBERS = {
    DType.BOOL: 0,
    DType.INT8: 1,
    DType.UINT8: 2,
    DType.INT16: 3,
    DType.INT32: 4,
    DType.INT64: 5,
    DType.FLOAT32: 6,
    DType.UINT32: 7,
    DType.UINT16: 8,
}
"""`tk_type` of tk_type.h."""


def cast_args(x: Arg, y: Arg, count: int, x_type: DType, y_type: DType) -> tuple[Arg, ...]:
    return (x, y, count, TYPE_NUMBERS[x_type], TYPE_NUMBERS[y_type])


def cast(op: Cast) -> tuple[Arg, ...]:
    return cast_args(Tensor(op.x), Tensor(op.y), op.x.type.elements, op.x.dtype, op.y.dtype)


def as_int32(value: Value) -> tuple[tuple[Call, ...], Arg]:
    """An index operand as the int32 array that kernels take, and the calls that make it one."""
    if value.data is not None:
        return (), Table(value.name, np.clip(value.data, -(2**31), 2**31 - 1).astype(np.int32), Content.TABLE)
    if value.dtype is DType.INT32:
        return (), Tensor(value)
    scratch, count = Scratch("indices", 4 * value.type.elements), value.type.elements
    return (Call("tk_cast", cast_args(Tensor(value), scratch, count, value.dtype, DType.INT32)),), scratch


def from_int32(y: Value) -> tuple[Arg, tuple[Call, ...]]:
    """Where kernels put the int32 results that become `y`, and the calls that follow."""
    if y.dtype is DType.INT32:
        return Tensor(y), ()
    scratch = Scratch("indices", 4 * y.type.elements)
    return scratch, (Call("tk_cast", cast_args(scratch, Tensor(y), y.type.elements, DType.INT32, y.dtype)),)


def cast_f32(op: Cast) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.x.type.elements, TYPE_NUMBERS[op.y.dtype], int(op.largest_nan))


def complex_part(part: int, op: OfComplex) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.x.type.elements, part)


def by_element(op: OfComplex | ToComplex) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.x.type.elements)


def quantize(op: Quantize) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.y.type.elements, op.y.scale, op.y.zero_point)


def dequantize(op: Dequantize) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.y.type.elements, op.x.scale, op.x.zero_point)


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


def requantize(op: Requantize) -> tuple[Arg, ...]:
    return requantize_args(op.x, op.y, op.multiplier, Range(*op.y.dtype.limits))


def requantize_even(op: RequantizeToEven) -> tuple[Arg, ...]:
    return requantize_args(op.x, op.y, op.multiplier, op.range)


WIDER_THAN_BYTES = tuple(
    signature.name
    for signature in Requantize.signatures
    if max(dtype.bytes for dtype in (*signature.operands.values(), *signature.outputs)) > 1
)
"""What becomes no table of 256 results."""

FROM_FLOAT = tuple(name for name in all_types(Cast) if name.startswith("float32 to"))

VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_cast", Cast, tuple(name for name in all_types(Cast) if name not in FROM_FLOAT), cast),
    tk("tk_cast_f32", Cast, FROM_FLOAT, cast_f32),
    tk("tk_complex_part_f32", RealPart, ("complex64",), partial(complex_part, 0)),
    tk("tk_complex_part_f32", ImaginaryPart, ("complex64",), partial(complex_part, 1)),
    tk("tk_complex_abs_f32", ComplexAbs, ("complex64",), by_element),
    tk("tk_to_complex_f32", ToComplex, ("float32 to complex64",), by_element),
    tk("tk_quantize_f32_s8", Quantize, ("float32 to int8",), quantize),
    tk("tk_quantize_f32_s16", Quantize, ("float32 to int16",), quantize),
    tk("tk_quantize_even_f32_s8", QuantizeToEven, ("float32 to int8",), quantize),
    tk("tk_quantize_even_f32_s16", QuantizeToEven, ("float32 to int16",), quantize),
    tk("tk_requantize_integers", Requantize, WIDER_THAN_BYTES, requantize),
    tk("tk_requantize_even", RequantizeToEven, all_types(RequantizeToEven), requantize_even),
    tk("tk_dequantize_s8_f32", Dequantize, ("int8 to float32",), dequantize),
    tk("tk_dequantize_s16_f32", Dequantize, ("int16 to float32",), dequantize),
)

# SPDX-License-Identifier: Apache-2.0
"""Reductions, CUMSUM, ARG_MAX, ARG_MIN and TOPK_V2 in plain C.

One kernel serves maximum and minimum, int8, uint8 and bool: it looks at `x ^ flip`, in which the order is that of int8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Tensor, struct
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.base import SUFFIXES, ints, tk, usual
from tinycc.kernels.portable.conversion import TYPE_NUMBERS, from_int32
from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.ops.reduction.base import Reduction
from tinycc.ops.reduction.extremes import ArgExtreme, Extreme, ReduceAll, ReduceAny, ReduceMax, ReduceMin, TopK
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import CumSum, ReduceProd, ReduceSum
from tinycc.ops.reduction.window import ReduceWindow

REDUCTIONS = {"sum": 0, "prod": 1, "max": 2, "min": 3}
"""`tk_reduction` of tk_reduce_s32.h."""
WINDOWED = {"ADD": 0, "MUL": 1, "MAXIMUM": 2, "MINIMUM": 3, "ALL": 4, "ANY": 5}
"""The same for the functions of a window."""


def reduce_shape(op: Reduction) -> Struct:
    """The `tk_reduce` of an operator."""
    loops = op.loops
    return struct(
        "tk_reduce",
        rank=len(loops),
        dims=ints(loop.size for loop in loops),
        stride=ints(loop.strides[0] for loop in loops),
    )


def reduce(*rest: int | float) -> Callable[[Reduction], tuple[Arg, ...]]:
    """The arguments x, y, shape and what else the kernel wants."""
    return lambda op: (Tensor(op.x), Tensor(op.y), reduce_shape(op), *rest)


def integers(cls: type[Reduction], reduction: str, *types: str) -> Iterator[Variant[Any]]:
    """The kernels of a reduction for integers."""
    for type in types:
        yield tk(f"tk_reduce_{SUFFIXES[type]}", cls, (type,), reduce(REDUCTIONS[reduction]))


def mean_params(op: Mean | ReduceSum) -> Struct:
    sum_offset, multiplier, shift = op.scaling
    return struct(
        "tk_mean_s8_params",
        sum_offset=sum_offset,
        multiplier=multiplier,
        shift=shift,
        output_offset=op.y.zero_point,
    )


def mean_of_codes(op: Mean | ReduceSum) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), Scratch("sums", 4 * op.y.type.elements), reduce_shape(op), mean_params(op))


def prod_of_codes(op: ReduceProd) -> tuple[Arg, ...]:
    m = quantize_multiplier(op.ratio)
    params = struct(
        "tk_prod_params",
        input_offset=-op.x.zero_point,
        multiplier=m.multiplier,
        shift=m.shift,
        output_offset=op.y.zero_point,
    )
    return (Tensor(op.x), Tensor(op.y), Scratch("products", 4 * op.y.type.elements), reduce_shape(op), params)


def reduce_window(op: ReduceWindow) -> tuple[Arg, ...]:
    shape = struct(
        "tk_windows",
        rank=len(op.window),
        dims=ints(op.y.shape),
        step=ints(op.steps),
        window=ints(op.window),
        stride=ints(op.tap_strides),
    )
    numbered = () if op.x.dtype is DType.FLOAT32 else (TYPE_NUMBERS[op.x.dtype],)
    return (Tensor(op.x), Tensor(op.initial), Tensor(op.y), shape, WINDOWED[op.function], *numbered)


def around(shape: tuple[int, ...], axis: int) -> tuple[int, int, int]:
    """A tensor as [outer, n, inner] around the axis."""
    return math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])


def cumsum(op: CumSum) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), *around(op.x.shape, op.axis), int(op.exclusive), int(op.reverse))


def cumsum_s8(op: CumSum) -> tuple[Arg, ...]:
    ratio = quantize_multiplier(op.ratio)
    params = struct(
        "tk_cumsum_s8_params",
        input_offset=-op.x.zero_point,
        output_multiplier=ratio.multiplier,
        output_shift=ratio.shift,
        output_offset=op.y.zero_point,
        exclusive=int(op.exclusive),
        reverse=int(op.reverse),
    )
    return (Tensor(op.x), Tensor(op.y), *around(op.x.shape, op.axis), params)


def flip(dtype: DType, sign: int) -> int:
    """What the integer kernels combine elements with by exclusive or: largest first (sign 1), or smallest (-1)."""
    return (-128 if dtype is DType.UINT8 else 0) ^ (0 if sign > 0 else -1)


def extreme_bytes(op: Extreme) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), reduce_shape(op), flip(op.x.dtype, op.sign))


def extreme_f32(op: Extreme) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), reduce_shape(op), float(op.sign), float(op.limit))


def extremes(cls: type[Extreme], name: str) -> Iterator[Variant[Any]]:
    yield tk("tk_reduce_max_s8", cls, ("int8", "uint8", "bool"), extreme_bytes)
    yield tk("tk_reduce_max_f32", cls, ("float32",), extreme_f32)
    yield from integers(cls, name, "int16", "int32", "int64")


def bind_arg(symbol: str, op: ArgExtreme, context: Context) -> tuple[Call, ...]:
    order = float(op.sign) if op.x.dtype is DType.FLOAT32 else flip(op.x.dtype, op.sign)
    y, calls = from_int32(op.y)
    return (Call(symbol, (Tensor(op.x), y, *around(op.x.shape, op.axis), order)), *calls)


def args_of(suffix: str, *types: str) -> Variant[Any]:
    symbol = f"tk_arg_max_{suffix}"
    signatures = tuple(f"{x} to {y}" for x in types for y in ("int32", "int64"))
    return Variant(symbol, ArgExtreme, signatures, partial(bind_arg, symbol), usual(types))


def top_k(op: TopK) -> tuple[Arg, ...]:
    rows, columns = math.prod(op.x.shape[:-1]), op.x.shape[-1]
    return (Tensor(op.x), *map(Tensor, op.outputs), rows, columns, op.k)


def top_k_bytes(op: TopK) -> tuple[Arg, ...]:
    return (*top_k(op), flip(op.x.dtype, 1))


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_mean_s8", Mean, ("int8",), mean_of_codes, facts=(rounds_twice,)),
    tk("tk_mean_s16", Mean, ("int16",), mean_of_codes, facts=(rounds_twice,)),
    tk("tk_mean_s8", ReduceSum, ("int8",), mean_of_codes),
    tk("tk_mean_s16", ReduceSum, ("int16",), mean_of_codes),
    tk("tk_mean_f32", Mean, ("float32",), reduce()),
    tk("tk_sum_f32", ReduceSum, ("float32",), reduce()),
    *integers(ReduceSum, "sum", "int32", "int64"),
    tk("tk_prod_f32", ReduceProd, ("float32",), reduce()),
    *integers(ReduceProd, "prod", "int32", "int64"),
    tk("tk_prod_s8", ReduceProd, ("int8",), prod_of_codes),
    tk("tk_prod_s16", ReduceProd, ("int16",), prod_of_codes),
    tk("tk_reduce_window", ReduceWindow, ("int8", "uint8", "int16", "int32", "int64", "bool"), reduce_window),
    tk("tk_reduce_window_f32", ReduceWindow, ("float32",), reduce_window),
    tk("tk_cumsum_s8", CumSum, ("int8",), cumsum_s8, in_place=("x",)),
    *(tk(f"tk_cumsum_{SUFFIXES[type]}", CumSum, (type,), cumsum, in_place=("x",)) for type in ("float32", "int32", "int64")),
    *extremes(ReduceMax, "max"),
    *extremes(ReduceMin, "min"),
    tk("tk_reduce_max_s8", ReduceAny, ("bool",), extreme_bytes),
    tk("tk_reduce_max_s8", ReduceAll, ("bool",), extreme_bytes),
    args_of("s8", "int8", "uint8", "bool"),
    args_of("s32", "int32"),
    args_of("f32", "float32"),
    tk("tk_top_k_s8", TopK, ("int8", "uint8"), top_k_bytes),
    *(tk(f"tk_top_k_{SUFFIXES[type]}", TopK, (type,), top_k) for type in ("int16", "int32", "int64", "float32")),
)

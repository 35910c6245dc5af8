# SPDX-License-Identifier: Apache-2.0
"""Kernels of sums."""

from __future__ import annotations

import math
from collections.abc import Callable

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES
from tinycc.kernels.listed.mean import mean_kernel
from tinycc.kernels.listed.reduction import reduce_shape
from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.ops.base import Operator
from tinycc.ops.reduction.base import Reduction
from tinycc.ops.reduction.sums import CumSum, ReduceProd, ReduceSum
from tinycc.target import Target

REDUCTIONS = {"sum": 0, "prod": 1, "max": 2, "min": 3}
"""`tk_reduction` of tk_reduce_s32.h."""


def reduce_kernel(symbol: str, dtype: DType, *extra: int | float) -> Kernel:
    """A kernel for `dtype` that takes x, y, the shape and what else it wants."""

    def lower(op: Reduction, target: Target) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), reduce_shape(op), *extra)),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype)


def whole_kernels(reduction: str, *dtypes: DType) -> tuple[Kernel, ...]:
    """The kernels of a reduction for integers."""
    return tuple(reduce_kernel(f"tk_reduce_{SUFFIXES[dtype]}", dtype, REDUCTIONS[reduction]) for dtype in dtypes)


def around(op: CumSum) -> tuple[int, int, int]:
    """x as [outer, n, inner] around the axis."""
    shape = op.x.shape
    return math.prod(shape[: op.axis]), shape[op.axis], math.prod(shape[op.axis + 1 :])


def lower_cumsum_s8(op: CumSum, target: Target) -> tuple[Call, ...]:
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
    return (Call("tk_cumsum_s8", (Tensor(op.x), Tensor(op.y), *around(op), params)),)


def _lower_cumsum(symbol: str) -> Callable[[CumSum, Target], tuple[Call, ...]]:
    def lower(op: CumSum, target: Target) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), *around(op), int(op.exclusive), int(op.reverse))),)

    return lower


def _cumsum(symbol: str, lower: Callable[[CumSum, Target], tuple[Call, ...]], dtype: DType) -> Kernel:
    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype, in_place=("x",))


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[ReduceSum] = (
    mean_kernel(DType.INT8),
    mean_kernel(DType.INT16),
    reduce_kernel("tk_sum_f32", DType.FLOAT32),
    *whole_kernels("sum", DType.INT32, DType.INT64),
)

KERNELS[ReduceProd] = (
    reduce_kernel("tk_prod_f32", DType.FLOAT32),
    *whole_kernels("prod", DType.INT32, DType.INT64),
)

KERNELS[CumSum] = (
    _cumsum("tk_cumsum_s8", lower_cumsum_s8, DType.INT8),
    _cumsum("tk_cumsum_f32", _lower_cumsum("tk_cumsum_f32"), DType.FLOAT32),
    _cumsum("tk_cumsum_s32", _lower_cumsum("tk_cumsum_s32"), DType.INT32),
    _cumsum("tk_cumsum_s64", _lower_cumsum("tk_cumsum_s64"), DType.INT64),
)

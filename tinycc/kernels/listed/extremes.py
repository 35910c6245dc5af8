# SPDX-License-Identifier: Apache-2.0
"""Kernels of extremes."""

from __future__ import annotations

import math

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.cast import from_int32
from tinycc.kernels.listed.sums import reduce_kernel, whole_kernels
from tinycc.ops.base import Operator
from tinycc.ops.reduction.extremes import ArgExtreme, ReduceAll, ReduceAny, ReduceMax, ReduceMin, TopK
from tinycc.target import Target


def flip(dtype: DType, sign: int) -> int:
    """What the integer kernels combine elements with by exclusive or: largest first (sign 1), or smallest (-1)."""
    return (-128 if dtype is DType.UINT8 else 0) ^ (0 if sign > 0 else -1)


def _bytes(dtype: DType, sign: int) -> Kernel:
    return reduce_kernel("tk_reduce_max_s8", dtype, flip(dtype, sign))


def _extreme_kernels(sign: int) -> tuple[Kernel, ...]:
    return (
        _bytes(DType.INT8, sign),
        _bytes(DType.UINT8, sign),
        reduce_kernel("tk_reduce_max_f32", DType.FLOAT32, float(sign)),
        _bytes(DType.BOOL, sign),
        *whole_kernels("max" if sign > 0 else "min", DType.INT16, DType.INT32, DType.INT64),
    )


SUFFIXES = {
    DType.INT8: "s8",
    DType.UINT8: "s8",
    DType.BOOL: "s8",
    DType.INT16: "s16",
    DType.INT32: "s32",
    DType.INT64: "s64",
    DType.FLOAT32: "f32",
}
"""The kernels by element type."""


def lower_arg(op: ArgExtreme, target: Target) -> tuple[Call, ...]:
    shape = op.x.shape
    sizes = (math.prod(shape[: op.axis]), shape[op.axis], math.prod(shape[op.axis + 1 :]))
    order = float(op.sign) if op.x.dtype is DType.FLOAT32 else flip(op.x.dtype, op.sign)
    y, calls = from_int32(op.y)
    return (Call(f"tk_arg_max_{SUFFIXES[op.x.dtype]}", (Tensor(op.x), y, *sizes, order)), *calls)


def _arg_kernels() -> tuple[Kernel, ...]:
    def kernel(suffix: str) -> Kernel:
        return Kernel(f"tk_arg_max_{suffix}", lower_arg, lambda op, target: SUFFIXES.get(op.x.dtype) == suffix)

    return tuple(map(kernel, ("s8", "s32", "f32")))


def lower_top_k(op: TopK, target: Target) -> tuple[Call, ...]:
    values, indices = op.outputs
    rows, columns = math.prod(op.x.shape[:-1]), op.x.shape[-1]
    suffix = SUFFIXES[op.x.dtype]
    order = (flip(op.x.dtype, 1),) if suffix == "s8" else ()
    return (Call(f"tk_top_k_{suffix}", (Tensor(op.x), Tensor(values), Tensor(indices), rows, columns, op.k, *order)),)


def _top_k_kernel(suffix: str) -> Kernel:
    return Kernel(f"tk_top_k_{suffix}", lower_top_k, lambda op, target: SUFFIXES[op.x.dtype] == suffix)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[ReduceMax] = _extreme_kernels(1)
KERNELS[ReduceMin] = _extreme_kernels(-1)
KERNELS[ReduceAny] = (_bytes(DType.BOOL, 1),)
KERNELS[ReduceAll] = (_bytes(DType.BOOL, -1),)
KERNELS[ArgExtreme] = _arg_kernels()
KERNELS[TopK] = tuple(map(_top_k_kernel, ("s8", "s16", "s32", "s64", "f32")))

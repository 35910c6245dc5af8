# SPDX-License-Identifier: Apache-2.0
"""Kernels of mean."""

from __future__ import annotations

from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Scratch, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES
from tinycc.kernels.listed.reduction import reduce_shape
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float
from tinycc.ops.reduction.mean import Mean
from tinycc.target import Target


def mean_kernel(dtype: DType) -> Kernel:
    """The kernel for int8 or int16, of MEAN and of SUM."""
    symbol = f"tk_mean_{SUFFIXES[dtype]}"

    def lower(op: Any, target: Target) -> tuple[Call, ...]:
        sum_offset, multiplier, shift = op.scaling
        params = struct(
            "tk_mean_s8_params",
            sum_offset=sum_offset,
            multiplier=multiplier,
            shift=shift,
            output_offset=op.y.zero_point,
        )
        sums = Scratch("sums", 4 * op.y.type.elements)
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), sums, reduce_shape(op), params)),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype)


def lower_f32(op: Mean, target: Target) -> tuple[Call, ...]:
    return (Call("tk_mean_f32", (Tensor(op.x), Tensor(op.y), reduce_shape(op))),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Mean] = (
    mean_kernel(DType.INT8),
    mean_kernel(DType.INT16),
    Kernel("tk_mean_f32", lower_f32, lambda op, target: is_float(op)),
)

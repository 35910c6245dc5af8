# SPDX-License-Identifier: Apache-2.0
"""Kernels of comparison."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES, walk
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.comparison import NUMBERS, RELATIONS, Comparison, Equality, Order
from tinycc.target import Target


def _calls(symbol: str, op: Comparison, *rest: Arg) -> tuple[Call, ...]:
    return (Call(symbol, (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), *rest)),)


def lower_scaled(op: Comparison, target: Target) -> tuple[Call, ...]:
    m1, m2 = op.scaling
    params = struct(
        "tk_compare_s8_params",
        input1_offset=-op.x1.zero_point,
        input1_multiplier=m1.multiplier,
        input1_shift=m1.shift,
        input2_offset=-op.x2.zero_point,
        input2_multiplier=m2.multiplier,
        input2_shift=m2.shift,
    )
    symbol = "tk_compare_s8" if op.x1.dtype is DType.INT8 else "tk_compare_scaled_s16"
    return _calls(symbol, op, RELATIONS[op.relation].cases, params)


def lower_bool(op: Comparison, target: Target) -> tuple[Call, ...]:
    return _calls("tk_logical", op, RELATIONS[op.relation].truth)


def _kernel(dtype: DType) -> Kernel:
    symbol = f"tk_compare_{SUFFIXES[dtype]}"

    def lower(op: Comparison, target: Target) -> tuple[Call, ...]:
        return _calls(symbol, op, RELATIONS[op.relation].cases)

    return Kernel(symbol, lower, lambda op, target: op.x1.dtype is dtype)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Order] = (
    Kernel("tk_compare_s8", lower_scaled, lambda op, target: op.x1.dtype is DType.INT8, in_place=("x1", "x2")),
    *map(_kernel, NUMBERS),
)

KERNELS[Equality] = (
    Kernel("tk_compare_scaled_s16", lower_scaled, lambda op, target: op.x1.dtype is DType.INT16 and op.scaled_int16),
    *KERNELS[Order],
    Kernel("tk_logical", lower_bool, lambda op, target: op.x1.dtype is DType.BOOL, in_place=("x1", "x2")),
)

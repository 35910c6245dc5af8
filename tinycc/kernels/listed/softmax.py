# SPDX-License-Identifier: Apache-2.0
"""Kernels of softmax."""

from __future__ import annotations

from collections.abc import Callable

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Table, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float
from tinycc.ops.normalization.softmax import Softmax, exp_table, reciprocal_table
from tinycc.target import Target

ARM_COLUMNS = 511
"""Columns up to which Arm's int8 function is defined: from a sum of 512 on it shifts by 32 bits."""


def _from_s8(symbol: str) -> Callable[[Softmax, Target], tuple[Call, ...]]:
    def lower(op: Softmax, target: Target) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x), op.rows, op.columns, *op.scaling, Tensor(op.y))),)

    return lower


def lower_long_s8(op: Softmax, target: Target) -> tuple[Call, ...]:
    return (Call("tk_softmax_s8", (Tensor(op.x), Tensor(op.y), op.rows, op.columns, *op.scaling)),)


def lower_s16(op: Softmax, target: Target) -> tuple[Call, ...]:
    m = op.scaling16
    tables = Table("exp", exp_table()), Table("reciprocal", reciprocal_table())
    args = (Tensor(op.x), Tensor(op.y), op.rows, op.columns, m.multiplier, m.shift, *tables)
    return (Call("tk_softmax_s16", args),)


def lower_f32(op: Softmax, target: Target) -> tuple[Call, ...]:
    return (Call("tk_softmax_f32", (Tensor(op.x), Tensor(op.y), op.rows, op.columns, op.beta)),)


def converts(x: DType, y: DType) -> Callable[[Softmax, Target], bool]:
    return lambda op, target: (op.x.dtype, op.y.dtype) == (x, y)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Softmax] = (
    Kernel(
        "arm_softmax_s8",
        _from_s8("arm_softmax_s8"),
        lambda op, target: converts(DType.INT8, DType.INT8)(op, target) and op.columns <= ARM_COLUMNS,
        in_place=("x",),
    ),
    Kernel("tk_softmax_s8", lower_long_s8, converts(DType.INT8, DType.INT8), in_place=("x",)),
    Kernel("arm_softmax_s8_s16", _from_s8("arm_softmax_s8_s16"), converts(DType.INT8, DType.INT16)),
    # arm_softmax_s16 narrows a probability of 1 to int16, which makes it -1, and the sum's reciprocal likewise.
    Kernel("tk_softmax_s16", lower_s16, converts(DType.INT16, DType.INT16), in_place=("x",)),
    Kernel("tk_softmax_f32", lower_f32, lambda op, target: is_float(op), in_place=("x",)),
)

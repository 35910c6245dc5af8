# SPDX-License-Identifier: Apache-2.0
"""Kernels of l2_normalization."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.normalization.l2_normalization import L2Normalization
from tinycc.target import Target


def lower_s8(op: L2Normalization, target: Target) -> tuple[Call, ...]:
    return (Call("tk_l2_normalization_s8", (Tensor(op.x), Tensor(op.y), op.rows, op.columns, op.x.zero_point, op.early)),)


def lower_f32(op: L2Normalization, target: Target) -> tuple[Call, ...]:
    return (Call("tk_l2_normalization_f32", (Tensor(op.x), Tensor(op.y), op.rows, op.columns)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[L2Normalization] = (
    Kernel("tk_l2_normalization_s8", lower_s8, lambda op, target: op.x.dtype is DType.INT8, in_place=("x",)),
    Kernel("tk_l2_normalization_f32", lower_f32, lambda op, target: op.x.dtype is DType.FLOAT32, in_place=("x",)),
)

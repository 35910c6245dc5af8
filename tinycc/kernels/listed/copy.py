# SPDX-License-Identifier: Apache-2.0
"""Kernels of copy."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.movement.copy import Copy
from tinycc.target import Target


def lower(op: Copy, target: Target) -> tuple[Call, ...]:
    size = op.x.type.bytes
    return (Call("tk_copy_rows", (Tensor(op.x), Tensor(op.y), 1, size, size, size)),) if size else ()


def lower_s8(op: Copy, target: Target) -> tuple[Call, ...]:
    size = op.x.type.bytes
    return (Call("arm_reshape_s8", (Tensor(op.x), Tensor(op.y), size)),) if size else ()


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Copy] = (
    Kernel("arm_reshape_s8", lower_s8, lambda op, target: op.x.dtype is DType.INT8),
    Kernel("tk_copy_rows", lower),
)

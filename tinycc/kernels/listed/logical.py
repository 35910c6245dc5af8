# SPDX-License-Identifier: Apache-2.0
"""Kernels of logical."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import kernel, walk
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.logical import Logical, LogicalAnd, LogicalNot, LogicalOr
from tinycc.target import Target


def lower(op: Logical, target: Target) -> tuple[Call, ...]:
    return (Call("tk_logical", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), op.truth)),)


def lower_not(op: LogicalNot, target: Target) -> tuple[Call, ...]:
    return (Call("tk_logical_not", (Tensor(op.x), Tensor(op.y), op.y.type.elements)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[LogicalAnd] = KERNELS[LogicalOr] = (kernel("tk_logical", lower, DType.BOOL),)
KERNELS[LogicalNot] = (Kernel("tk_logical_not", lower_not, in_place=("x",)),)

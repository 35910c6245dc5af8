# SPDX-License-Identifier: Apache-2.0
"""Kernels of lookup."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Table, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.target import Target


def lower(op: Lookup, target: Target) -> tuple[Call, ...]:
    return (Call("tk_lut", (Tensor(op.x), Table("table", op.table), Tensor(op.y), op.y.type.elements)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Lookup] = (Kernel("tk_lut", lower, in_place=("x",)),)

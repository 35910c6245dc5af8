# SPDX-License-Identifier: Apache-2.0
"""Kernels of select."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantized import int_list
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.select import Select
from tinycc.target import Target


def lower(op: Select, target: Target) -> tuple[Call, ...]:
    strides = list(zip(*(loop.strides for loop in op.loops), strict=True))
    shape = struct(
        "tk_select_shape",
        rank=len(op.loops),
        dims=int_list(tuple(loop.size for loop in op.loops)),
        condition_stride=int_list(strides[0]),
        stride1=int_list(strides[1]),
        stride2=int_list(strides[2]),
    )
    values = (Tensor(op.condition), Tensor(op.x1), Tensor(op.x2), Tensor(op.y))
    return (Call("tk_select", (*values, shape, op.y.dtype.bytes)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Select] = (Kernel("tk_select", lower, in_place=("x1", "x2")),)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of broadcast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantized import int_list
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.target import Target

SUFFIXES = {DType.INT8: "s8", DType.INT16: "s16", DType.INT32: "s32", DType.INT64: "s64", DType.FLOAT32: "f32"}
"""What kernels of an element type are called by."""


def walk(op: Broadcast) -> Struct:
    """The `tk_broadcast` of an operator."""
    loops = op.loops
    return struct(
        "tk_broadcast",
        rank=len(loops),
        dims=int_list(tuple(loop.size for loop in loops)),
        stride1=int_list(tuple(loop.strides[0] for loop in loops)),
        stride2=int_list(tuple(loop.strides[1] for loop in loops)),
    )


def kernel(symbol: str, lower: Callable[[Any, Target], tuple[Call, ...]], *dtypes: DType) -> Kernel:
    """A kernel for operands of these types, whose result may take over either of them."""
    return Kernel(symbol, lower, lambda op, target: op.x1.dtype in dtypes, in_place=("x1", "x2"))


def plain_kernels(stem: str, *dtypes: DType) -> tuple[Kernel, ...]:
    """Kernels of the form tk_STEM_TYPE(x1, x2, y, shape)."""

    def make(symbol: str, dtype: DType) -> Kernel:
        def lower(op: Broadcast, target: Target) -> tuple[Call, ...]:
            return (Call(symbol, (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op))),)

        return kernel(symbol, lower, dtype)

    return tuple(make(f"tk_{stem}_{SUFFIXES[dtype]}", dtype) for dtype in dtypes)

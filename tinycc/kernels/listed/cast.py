# SPDX-License-Identifier: Apache-2.0
"""Kernels of cast."""

from __future__ import annotations

import numpy as np

from tinycc.ir import DType, Value
from tinycc.kernels.calls import Arg, Call, Scratch, Table, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.conversion.cast import TYPE_NUMBERS, Cast, SameBits
from tinycc.target import Target


def cast_call(x: Arg, y: Arg, count: int, x_type: DType, y_type: DType) -> Call:
    return Call("tk_cast", (x, y, count, TYPE_NUMBERS[x_type], TYPE_NUMBERS[y_type]))


def lower(op: Cast, target: Target) -> tuple[Call, ...]:
    return (cast_call(Tensor(op.x), Tensor(op.y), op.x.type.elements, op.x.dtype, op.y.dtype),)


def as_int32(value: Value) -> tuple[tuple[Call, ...], Arg]:
    """An index operand as the int32 array that kernels take, and the calls that make it one."""
    if value.data is not None:
        return (), Table(value.name, np.clip(value.data, -(2**31), 2**31 - 1).astype(np.int32))
    if value.dtype is DType.INT32:
        return (), Tensor(value)
    scratch = Scratch("indices", 4 * value.type.elements)
    return (cast_call(Tensor(value), scratch, value.type.elements, value.dtype, DType.INT32),), scratch


def from_int32(y: Value) -> tuple[Arg, tuple[Call, ...]]:
    """Where kernels put the int32 results that become `y`, and the calls that follow."""
    if y.dtype is DType.INT32:
        return Tensor(y), ()
    scratch = Scratch("indices", 4 * y.type.elements)
    return scratch, (cast_call(scratch, Tensor(y), y.type.elements, DType.INT32, y.dtype),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Cast] = (Kernel("tk_cast", lower),)
KERNELS[SameBits] = ()

# SPDX-License-Identifier: Apache-2.0
"""Kernels of binary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES, kernel, walk
from tinycc.kernels.listed.quantized import range_f32
from tinycc.ops.base import Operator, Range
from tinycc.ops.conditions import centred_int16
from tinycc.ops.elementwise.arithmetic import Add, Binary, Mul, Sub, Sum, SumScaling
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.target import Target


def lower_add(op: Add, target: Target) -> tuple[Call, ...]:
    s = op.scaling
    args = (
        *(Tensor(op.x1), Tensor(op.x2)),
        *(-op.x1.zero_point, s.x1.multiplier, s.x1.shift),
        *(-op.x2.zero_point, s.x2.multiplier, s.x2.shift),
        *(op.left_shift, Tensor(op.y)),
        *(op.y.zero_point, s.y.multiplier, s.y.shift),
        *(int(op.range.min), int(op.range.max), op.y.type.elements),
    )
    return (Call(f"arm_elementwise_add_{SUFFIXES[op.x1.dtype]}", args, checked=True),)


def lower_mul(op: Mul, target: Target) -> tuple[Call, ...]:
    args = (
        *(Tensor(op.x1), Tensor(op.x2), -op.x1.zero_point, -op.x2.zero_point),
        *(Tensor(op.y), op.y.zero_point, op.scaling.multiplier, op.scaling.shift),
        *(int(op.range.min), int(op.range.max), op.y.type.elements),
    )
    return (Call(f"arm_elementwise_mul_{SUFFIXES[op.x1.dtype]}", args, checked=True),)


def elementwise(stem: str, lower: Callable[[Any, Target], tuple[Call, ...]]) -> tuple[Kernel, ...]:
    """CMSIS-NN's functions, for operands that are not stretched. Those for int16 take no zero points."""

    def make(dtype: DType) -> Kernel:
        symbol = f"arm_elementwise_{stem}_{SUFFIXES[dtype]}"
        return Kernel(
            symbol,
            lower,
            lambda op, _: op.x1.dtype is dtype and op.elementwise and not (dtype is DType.INT16 and centred_int16(op)),
            in_place=("x1", "x2"),
        )

    return make(DType.INT8), make(DType.INT16)


def sum_params(ctype: str, op: Broadcast, s: SumScaling, bounds: Range) -> Struct:
    """The `tk_add_s8_params` or `tk_add_s16_params` of an operator."""
    return struct(
        ctype,
        input1_offset=-op.x1.zero_point,
        input1_multiplier=s.x1.multiplier,
        input1_shift=s.x1.shift,
        input2_offset=-op.x2.zero_point,
        input2_multiplier=s.x2.multiplier,
        input2_shift=s.x2.shift,
        output_offset=op.y.zero_point,
        output_multiplier=s.y.multiplier,
        output_shift=s.y.shift,
        min=int(bounds.min),
        max=int(bounds.max),
    )


def sum_kernel(stem: str, dtype: DType) -> Kernel:
    """The kernel of ADD or SUB for codes."""
    suffix = SUFFIXES[dtype]

    def lower(op: Sum, target: Target) -> tuple[Call, ...]:
        params = sum_params(f"tk_add_{suffix}_params", op, op.scaling, op.range)
        return (Call(f"tk_{stem}_{suffix}", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), params)),)

    return kernel(f"tk_{stem}_{suffix}", lower, dtype)


def lower_broadcast_mul_s16(op: Mul, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_mul_s16_params",
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_mul_s16", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), params)),)


def lower_broadcast_mul_s8(op: Mul, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_mul_s8_params",
        input1_offset=-op.x1.zero_point,
        input2_offset=-op.x2.zero_point,
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_mul_s8", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), params)),)


def clamped_f32(symbol: str) -> Kernel:
    """A kernel of the form symbol(x1, x2, y, shape, range)."""

    def lower(op: Binary, target: Target) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), range_f32(op.range))),)

    return kernel(symbol, lower, DType.FLOAT32)


def clamped_whole(stem: str, *dtypes: DType) -> tuple[Kernel, ...]:
    """Kernels of the form tk_STEM_TYPE(x1, x2, y, shape), followed by tk_clamp_TYPE where there is an activation."""

    def make(suffix: str, dtype: DType) -> Kernel:
        def lower(op: Binary, target: Target) -> tuple[Call, ...]:
            x1, x2, y = Tensor(op.x1), Tensor(op.x2), Tensor(op.y)
            bounds = int(op.range.min), int(op.range.max)
            clamp = Call(f"tk_clamp_{suffix}", (y, y, op.y.type.elements, *bounds))
            return (Call(f"tk_{stem}_{suffix}", (x1, x2, y, walk(op))), *((clamp,) if bounds != dtype.limits else ()))

        return kernel(f"tk_{stem}_{suffix}", lower, dtype)

    return tuple(make(SUFFIXES[dtype], dtype) for dtype in dtypes)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Add] = (
    *elementwise("add", lower_add),
    sum_kernel("add", DType.INT8),
    sum_kernel("add", DType.INT16),
    clamped_f32("tk_add_f32"),
    *clamped_whole("add", DType.INT32, DType.INT64),
)

KERNELS[Sub] = (
    sum_kernel("sub", DType.INT8),
    sum_kernel("sub", DType.INT16),
    clamped_f32("tk_sub_f32"),
    *clamped_whole("sub", DType.INT32, DType.INT64),
)

KERNELS[Mul] = (
    *elementwise("mul", lower_mul),
    kernel("tk_mul_s8", lower_broadcast_mul_s8, DType.INT8),
    kernel("tk_mul_s16", lower_broadcast_mul_s16, DType.INT16),
    clamped_f32("tk_mul_f32"),
    *clamped_whole("mul", DType.INT32, DType.INT64),
)

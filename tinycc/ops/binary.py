# SPDX-License-Identifier: Apache-2.0
"""ADD, SUB, MUL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np
from typing_extensions import Self

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize
from tinycc.ops.base import Clamped, Kernel, Range, Signature, clamp_range
from tinycc.ops.broadcast import SHAPE_CONDITIONS, SUFFIXES, Broadcast, kernel, same_types, walk
from tinycc.ops.quantized import activations_quantized, centred_int16, range_f32, scale_ratio
from tinycc.target import Target

LEFT_SHIFTS = {DType.INT8: 20, DType.INT16: 15}
"""Bits by which ADD and SUB raise operands before they rescale them."""

SIGNATURES = same_types(DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Binary(Clamped, Broadcast):
    """y = clamp(f(x1, x2)), with broadcasting."""

    def bounded(self, result: Array) -> Array:
        return np.clip(result, self.range.min, self.range.max)


class SumScaling(NamedTuple):
    """The three requantizations of a sum, or of a squared difference."""

    x1: Multiplier
    x2: Multiplier
    y: Multiplier


@dataclass(frozen=True, eq=False, kw_only=True)
class Sum(Binary):
    """y = clamp(x1 +- x2). int8: both operands are brought to half of the larger input scale times 2**-20, and the result to
    y's:

        a = requantize((x1 - zero_point) * 2**20, x1_scale / (2 * max_scale)), b likewise from x2
        y = clamp(requantize(a +- b, 2 * max_scale / (2**20 * y_scale)) + y_zero_point)

    int16: the same with 2**15.
    Source: TFLM add_common.cc `CalculateOpDataAdd`, reference/integer_ops/add.h `AddFunc`, reference/sub.h `SubElementwise`.
    """

    sign: ClassVar[int]

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        return cls(
            x1=node.input(0),
            x2=node.input(1),
            range=clamp_range(node.activation, node.outputs[0].type),
            outputs=node.outputs,
            origin=node.origin,
        )

    @property
    def left_shift(self) -> int:
        return LEFT_SHIFTS[self.x1.dtype]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """The real multipliers of x1, x2 and y."""
        top = 2 * max(self.x1.scale, self.x2.scale)
        return self.x1.scale / top, self.x2.scale / top, top / (2**self.left_shift * self.y.scale)

    @property
    def scaling(self) -> SumScaling:
        return SumScaling(*map(quantize_multiplier, self.ratios))

    def real(self, a: Array, b: Array) -> Array:
        return a + b if self.sign > 0 else a - b

    def integer(self, a: Array, b: Array) -> Array:
        s = self.scaling
        a = requantize(a << self.left_shift, s.x1.multiplier, s.x1.shift)
        b = requantize(b << self.left_shift, s.x2.multiplier, s.x2.shift)
        return requantize(a + self.sign * b, s.y.multiplier, s.y.shift)


@dataclass(frozen=True, eq=False, kw_only=True)
class Add(Sum):
    """y = clamp(x1 + x2), with broadcasting. int8: see Sum. int32 wraps around, and TFLM does not clamp it."""

    tflite: ClassVar[tuple[str, ...]] = ("ADD",)
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES
    sign: ClassVar[int] = 1

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        op = super().from_tflite(node)
        clamped = op.y.dtype is not DType.INT32 or node.match == "litert"
        return op if clamped else replace(op, range=Range(*DType.INT32.limits))


@dataclass(frozen=True, eq=False, kw_only=True)
class Sub(Sum):
    """y = clamp(x1 - x2), with broadcasting. int8: see Sum. int32 and int64 wrap around."""

    tflite: ClassVar[tuple[str, ...]] = ("SUB",)
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES
    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class Mul(Binary):
    """y = clamp(x1 * x2), with broadcasting. int32 and int64 wrap around.

    int8: y = clamp(requantize((x1 - x1_zero_point) * (x2 - x2_zero_point), x1_scale * x2_scale / y_scale) + y_zero_point).
    Source: TFLM mul_common.cc `CalculateOpDataMul`, reference/integer_ops/mul.h `MulElementwise`.
    """

    match: str

    tflite: ClassVar[tuple[str, ...]] = ("MUL",)
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @classmethod
    def from_tflite(cls, node: Node) -> Mul:
        return cls(
            x1=node.input(0),
            x2=node.input(1),
            range=clamp_range(node.activation, node.outputs[0].type),
            match=node.match,
            outputs=node.outputs,
            origin=node.origin,
        )

    @property
    def ratio(self) -> float:
        return scale_ratio(self.match, self.x1.scale, self.x2.scale, over=self.y.scale)

    @property
    def scaling(self) -> Multiplier:
        return quantize_multiplier(self.ratio)

    def real(self, a: Array, b: Array) -> Array:
        return a * b

    def integer(self, a: Array, b: Array) -> Array:
        return requantize(a * b, self.scaling.multiplier, self.scaling.shift)


def summable_scales(op: Sum) -> str | None:
    """the output scale is more than 2**-19 (int16: 2**-14) of the larger input scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not op.quantized or activations_quantized(op):
        return None
    if all(0 <= ratio < 1 for ratio in op.ratios) and all(multiplier.shift <= 0 for multiplier in op.scaling):
        return None
    return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"


def multipliable_scales(op: Mul) -> str | None:
    """the product of the input scales is less than 2**30 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if op.quantized and not activations_quantized(op) and not op.ratio < 2**30 - 1:
        return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"
    return None


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


Add.conditions = (*SHAPE_CONDITIONS, activations_quantized, summable_scales)
Add.kernels = (
    *elementwise("add", lower_add),
    sum_kernel("add", DType.INT8),
    sum_kernel("add", DType.INT16),
    clamped_f32("tk_add_f32"),
    *clamped_whole("add", DType.INT32, DType.INT64),
)
Sub.conditions = Add.conditions
Sub.kernels = (
    sum_kernel("sub", DType.INT8),
    sum_kernel("sub", DType.INT16),
    clamped_f32("tk_sub_f32"),
    *clamped_whole("sub", DType.INT32, DType.INT64),
)
Mul.conditions = (*SHAPE_CONDITIONS, activations_quantized, centred_int16, multipliable_scales)
Mul.kernels = (
    *elementwise("mul", lower_mul),
    kernel("tk_mul_s8", lower_broadcast_mul_s8, DType.INT8),
    kernel("tk_mul_s16", lower_broadcast_mul_s16, DType.INT16),
    clamped_f32("tk_mul_f32"),
    *clamped_whole("mul", DType.INT32, DType.INT64),
)

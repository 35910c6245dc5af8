# SPDX-License-Identifier: Apache-2.0
"""REDUCE_MAX, REDUCE_MIN, REDUCE_ANY, REDUCE_ALL, ARG_MAX, ARG_MIN, TOPK_V2: the largest element, or where it is.

One kernel serves maximum and minimum, int8, uint8 and bool: it looks at `x ^ flip`, in which the order is that of int8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import Self

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Tensor
from tinycc.ops.base import FLOAT_RANGE, Kernel, Operator, Signature, is_quantized
from tinycc.ops.cast import from_int32
from tinycc.ops.reduction import Reduction, few_loops
from tinycc.ops.shapes import Shape, dimension, integer
from tinycc.ops.sums import number_types, reduce_kernel, whole_kernels
from tinycc.target import Target

COMPARABLE = (DType.INT8, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32)
INDEX_TYPES = (DType.INT32, DType.INT64)


def flip(dtype: DType, sign: int) -> int:
    """What the integer kernels combine elements with by exclusive or: largest first (sign 1), or smallest (-1)."""
    return (-128 if dtype is DType.UINT8 else 0) ^ (0 if sign > 0 else -1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Extreme(Reduction):
    """y = the largest (sign 1) or smallest (-1) element of x along `axes`; NaN is passed over."""

    sign: ClassVar[int]

    def reduced(self, x: Array) -> Array:
        better = np.fmax if self.sign > 0 else np.fmin
        least, most = (FLOAT_RANGE.min, FLOAT_RANGE.max) if x.dtype.kind == "f" else self.x.dtype.limits
        return np.asarray(better.reduce(x, self.axes, initial=least if self.sign > 0 else most))


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceMax(Extreme):
    """y = max(x) along `axes`. Source: TFLM reduce_common.cc `EvalMinMaxHelper`."""

    tflite: ClassVar[tuple[str, ...]] = ("REDUCE_MAX",)
    signatures: ClassVar[tuple[Signature, ...]] = number_types(*COMPARABLE, DType.INT16, DType.BOOL)
    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceMin(Extreme):
    """y = min(x) along `axes`. Source: TFLM reduce_common.cc `EvalMinMaxHelper`."""

    tflite: ClassVar[tuple[str, ...]] = ("REDUCE_MIN",)
    signatures: ClassVar[tuple[Signature, ...]] = number_types(*COMPARABLE, DType.INT16, DType.BOOL)
    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceAny(Extreme):
    """y = whether any element of x along `axes` is true. Source: LiteRT reduce.cc."""

    tflite: ClassVar[tuple[str, ...]] = ("REDUCE_ANY",)
    signatures: ClassVar[tuple[Signature, ...]] = number_types(DType.BOOL)
    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceAll(Extreme):
    """y = whether all elements of x along `axes` are true. Source: TFLM reduce_common.cc `EvalAllHelper`."""

    tflite: ClassVar[tuple[str, ...]] = ("REDUCE_ALL",)
    signatures: ClassVar[tuple[Signature, ...]] = number_types(DType.BOOL)
    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class ArgExtreme(Operator):
    """y = the first index of the largest (sign 1) or smallest (-1) element of x along `axis`, which is taken away.

    A NaN is never better than another element, nor another better than a NaN in first place.
    Source: TFLM arg_min_max.cc, reference/arg_min_max.h.
    """

    x: Value
    axis: int

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{x.value} to {y.value}", {"x": x}, (y,)) for y in INDEX_TYPES for x in (*COMPARABLE, DType.BOOL)
    )
    sign: ClassVar[int]

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        x = node.input(0)
        axis = dimension(node, integer(node, 1), len(x.shape))
        return cls(x=x, axis=axis, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.x.shape[: self.axis], *self.x.shape[self.axis + 1 :]), self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = np.moveaxis(read(self.x), self.axis, 0)
        if x.dtype.kind == "f":
            ordered = np.where(np.isnan(x), -np.inf, self.sign * x)
            index = np.where(np.isnan(x[0]), 0, ordered.argmax(0))
        else:
            index = x.argmax(0) if self.sign > 0 else x.argmin(0)
        return (np.asarray(index, self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ArgMax(ArgExtreme):
    """y = the first index of the largest element of x along `axis`. See ArgExtreme."""

    tflite: ClassVar[tuple[str, ...]] = ("ARG_MAX",)
    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ArgMin(ArgExtreme):
    """y = the first index of the smallest element of x along `axis`. See ArgExtreme."""

    tflite: ClassVar[tuple[str, ...]] = ("ARG_MIN",)
    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class TopK(Operator):
    """The k largest elements of each row (the last dimension) of x, largest first, and their indices; of equal ones the first
    comes first. Source: LiteRT topk_v2.cc.
    """

    x: Value
    k: int

    tflite: ClassVar[tuple[str, ...]] = ("TOPK_V2",)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(x.value, {"x": x}, (x, DType.INT32)) for x in (*COMPARABLE, DType.INT16)
    )

    @classmethod
    def from_tflite(cls, node: Node) -> TopK:
        x, k = node.input(0), integer(node, 1)
        if not x.shape or not 0 < k <= x.shape[-1]:
            raise node.error(f"the largest {k} of {list(x.shape)}", "1 to the last dimension")
        return cls(x=x, k=k, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        shape: Shape = (*self.x.shape[:-1], self.k)
        return TensorType(shape, self.x.dtype), TensorType(shape, DType.INT32)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        falling = -x if x.dtype.kind == "f" else ~x.astype(np.int64)  # NaN is sorted last
        indices = np.argsort(falling, axis=-1, kind="stable")[..., : self.k]
        return np.take_along_axis(x, indices, -1), indices.astype(np.int32)


def same_quantization(op: Reduction) -> str | None:
    """input and output have the same scale and zero point"""
    if is_quantized(op.x) and op.x.dtype is not DType.INT32 and op.x.type.quantization != op.y.type.quantization:
        return f"{op.x.type.quantization} -> {op.y.type.quantization}"
    return None


def candidates(op: ArgExtreme) -> str | None:
    """there is an element to choose for each result"""
    return f"axis {op.axis} of {list(op.x.shape)}" if not op.x.shape[op.axis] and op.y.type.elements else None


def constant_int64_operand(op: ArgExtreme) -> str | None:
    """an int64 operand is a constant, as no runtime takes another"""
    return f"%{op.x.name} computed at run time" if op.x.dtype is DType.INT64 and not op.known else None


def _bytes(dtype: DType, sign: int) -> Kernel:
    return reduce_kernel("tk_reduce_max_s8", dtype, flip(dtype, sign))


def _extreme_kernels(sign: int) -> tuple[Kernel, ...]:
    return (
        _bytes(DType.INT8, sign),
        _bytes(DType.UINT8, sign),
        reduce_kernel("tk_reduce_max_f32", DType.FLOAT32, float(sign)),
        _bytes(DType.BOOL, sign),
        *whole_kernels("max" if sign > 0 else "min", DType.INT16, DType.INT32, DType.INT64),
    )


SUFFIXES = {
    DType.INT8: "s8",
    DType.UINT8: "s8",
    DType.BOOL: "s8",
    DType.INT16: "s16",
    DType.INT32: "s32",
    DType.INT64: "s64",
    DType.FLOAT32: "f32",
}
"""The kernels by element type."""


def lower_arg(op: ArgExtreme, target: Target) -> tuple[Call, ...]:
    shape = op.x.shape
    sizes = (math.prod(shape[: op.axis]), shape[op.axis], math.prod(shape[op.axis + 1 :]))
    order = float(op.sign) if op.x.dtype is DType.FLOAT32 else flip(op.x.dtype, op.sign)
    y, calls = from_int32(op.y)
    return (Call(f"tk_arg_max_{SUFFIXES[op.x.dtype]}", (Tensor(op.x), y, *sizes, order)), *calls)


def _arg_kernels() -> tuple[Kernel, ...]:
    def kernel(suffix: str) -> Kernel:
        return Kernel(f"tk_arg_max_{suffix}", lower_arg, lambda op, target: SUFFIXES.get(op.x.dtype) == suffix)

    return tuple(map(kernel, ("s8", "s32", "f32")))


def lower_top_k(op: TopK, target: Target) -> tuple[Call, ...]:
    values, indices = op.outputs
    rows, columns = math.prod(op.x.shape[:-1]), op.x.shape[-1]
    suffix = SUFFIXES[op.x.dtype]
    order = (flip(op.x.dtype, 1),) if suffix == "s8" else ()
    return (Call(f"tk_top_k_{suffix}", (Tensor(op.x), Tensor(values), Tensor(indices), rows, columns, op.k, *order)),)


def _top_k_kernel(suffix: str) -> Kernel:
    return Kernel(f"tk_top_k_{suffix}", lower_top_k, lambda op, target: SUFFIXES[op.x.dtype] == suffix)


Extreme.conditions = (few_loops, same_quantization)
ReduceMax.kernels = _extreme_kernels(1)
ReduceMin.kernels = _extreme_kernels(-1)
ReduceAny.kernels = (_bytes(DType.BOOL, 1),)
ReduceAll.kernels = (_bytes(DType.BOOL, -1),)
ArgExtreme.conditions = (candidates, constant_int64_operand)
ArgExtreme.kernels = _arg_kernels()
TopK.kernels = tuple(map(_top_k_kernel, ("s8", "s16", "s32", "s64", "f32")))

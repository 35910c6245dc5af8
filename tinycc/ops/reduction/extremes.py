# SPDX-License-Identifier: Apache-2.0
"""REDUCE_MAX, REDUCE_MIN, REDUCE_ANY, REDUCE_ALL, ARG_MAX, ARG_MIN, TOPK_V2: the largest element, or where it is.

One kernel serves maximum and minimum, int8, uint8 and bool: it looks at `x ^ flip`, in which the order is that of int8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import FLOAT_RANGE, Operator, Signature, is_quantized
from tinycc.ops.reduction.base import Reduction, few_loops
from tinycc.ops.reduction.sums import number_types
from tinycc.ops.strides import Shape

COMPARABLE = (DType.INT8, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32)
INDEX_TYPES = (DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Extreme(Reduction):
    """y = the largest (sign 1) or smallest (-1) element of x along `axes`; NaN is passed over.

    float32 lies between `limit` and -limit: the largest number, or infinity as in ONNX.
    """

    sign: ClassVar[int]
    limit: float = FLOAT_RANGE.max

    @property
    def attributes(self) -> Iterator[tuple[str, Any]]:
        yield from (item for item in super().attributes if item != ("limit", FLOAT_RANGE.max))

    def reduced(self, x: Array) -> Array:
        better = np.fmax if self.sign > 0 else np.fmin
        least, most = (-self.limit, self.limit) if x.dtype.kind == "f" else self.x.dtype.limits
        return np.asarray(better.reduce(x, self.axes, initial=least if self.sign > 0 else most))


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceMax(Extreme):
    """y = max(x) along `axes`. Source: TFLM reduce_common.cc `EvalMinMaxHelper`."""

    signatures: ClassVar[tuple[Signature, ...]] = number_types(*COMPARABLE, DType.INT16, DType.BOOL)
    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceMin(Extreme):
    """y = min(x) along `axes`. Source: TFLM reduce_common.cc `EvalMinMaxHelper`."""

    signatures: ClassVar[tuple[Signature, ...]] = number_types(*COMPARABLE, DType.INT16, DType.BOOL)
    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceAny(Extreme):
    """y = whether any element of x along `axes` is true. Source: LiteRT reduce.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = number_types(DType.BOOL)
    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceAll(Extreme):
    """y = whether all elements of x along `axes` are true. Source: TFLM reduce_common.cc `EvalAllHelper`."""

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

    sign: ClassVar[int] = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ArgMin(ArgExtreme):
    """y = the first index of the smallest element of x along `axis`. See ArgExtreme."""

    sign: ClassVar[int] = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class TopK(Operator):
    """The k largest elements of each row (the last dimension) of x, largest first, and their indices; of equal ones the first
    comes first. Source: LiteRT topk_v2.cc.
    """

    x: Value
    k: int

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(x.value, {"x": x}, (x, DType.INT32)) for x in (*COMPARABLE, DType.INT16)
    )

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


Extreme.conditions = (few_loops, same_quantization)
ArgExtreme.conditions = (candidates, constant_int64_operand)

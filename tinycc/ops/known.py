# SPDX-License-Identifier: Apache-2.0
"""SHAPE, RANK, ZEROS_LIKE, RANGE, BROADCAST_ARGS, WHERE: results that are known when the model is compiled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Operator, Signature, signature
from tinycc.ops.strides import Shape

SHAPE_TYPES = (DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class ShapeOf(Operator):
    """y = x's shape. Source: TFLM shape.cc."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"{x.value} to {y.value}", y, x=x) for x in DType for y in SHAPE_TYPES
    )

    @property
    def known(self) -> bool:
        return True

    @property
    def work(self) -> int:
        return len(self.x.shape)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((len(self.x.shape),), self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(self.x.shape, self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Rank(Operator):
    """y = how many dimensions x has. Source: LiteRT rank.cc."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(signature(f"{x.value} to int32", DType.INT32, x=x) for x in DType)

    @property
    def known(self) -> bool:
        return True

    @property
    def work(self) -> int:
        return 1

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((), DType.INT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(len(self.x.shape), np.int32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ZerosLike(Operator):
    """y = 0 in x's shape; the code 0, whatever the zero point. Source: TFLM zeros_like.cc."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @property
    def known(self) -> bool:
        return True

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.zeros(self.x.shape, self.x.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Range(Operator):
    """y = start, start + delta, ... before `limit`; floats are added up one after the other. Source: LiteRT range.cc."""

    start: float | int
    limit: float | int
    delta: float | int

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(dtype.value, dtype) for dtype in (*SHAPE_TYPES, DType.FLOAT32)
    )

    def infer(self) -> tuple[TensorType, ...]:
        if self.y.dtype.is_integer:
            count = -(-(int(self.limit) - int(self.start)) // int(self.delta))
        else:
            count = math.ceil(abs((self.limit - self.start) / self.delta))
        return (TensorType((count,), self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        dtype = self.y.dtype.numpy
        if self.y.dtype.is_integer:
            return (np.arange(int(self.start), int(self.limit), int(self.delta)).astype(dtype),)
        steps = np.full(self.infer()[0].shape, self.delta, dtype)
        steps[:1] = self.start
        return (np.add.accumulate(steps),)


@dataclass(frozen=True, eq=False, kw_only=True)
class BroadcastArgs(Operator):
    """y = the shape that the shapes x1 and x2 stretch to. Source: TFLM reference/broadcast_args.h."""

    x1: Value
    x2: Value
    shape: Shape

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(dtype.value, dtype, x1=dtype, x2=dtype) for dtype in SHAPE_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((len(self.shape),), self.x1.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(self.shape, self.x1.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Where(Operator):
    """y: the indices of x's elements that are not zero, one row each. Source: LiteRT where.cc.

    Of a constant x: otherwise the number of rows would depend on the data.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(dtype.value, DType.INT64, x=dtype) for dtype in DType if dtype is not DType.FLOAT16
    )

    def infer(self) -> tuple[TensorType, ...]:
        (rows,) = self.eval(lambda value: np.asarray(value.data))
        return (TensorType(rows.shape, DType.INT64),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.argwhere(read(self.x)).astype(np.int64),)

# SPDX-License-Identifier: Apache-2.0
"""MAXIMUM, MINIMUM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.kernels.calls import Call, Tensor, context
from tinycc.ops.base import Kernel, Signature
from tinycc.ops.broadcast import SHAPE_CONDITIONS, Broadcast, plain_kernels, same_types
from tinycc.ops.quantized import dims
from tinycc.target import Target

TYPES = (DType.INT8, DType.INT16, DType.FLOAT32, DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice(Broadcast):
    """One of x1 and x2. int8, int16: codes are compared and passed on as they are, whatever their scales say."""

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (self.real(read(self.x1), read(self.x2)),)

    @property
    def one_scalar(self) -> bool:
        """Whether one operand is a single element and the other has all of y's."""
        return len(self.loops) == 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Maximum(Choice):
    """y = x1 if x1 > x2 else x2, with broadcasting. Source: TFLM maximum_minimum.h."""

    tflite: ClassVar[tuple[str, ...]] = ("MAXIMUM",)
    signatures: ClassVar[tuple[Signature, ...]] = same_types(*TYPES)

    def real(self, a: Array, b: Array) -> Array:
        return np.where(a > b, a, b)


@dataclass(frozen=True, eq=False, kw_only=True)
class Minimum(Choice):
    """y = x1 if x1 < x2 else x2, with broadcasting. Source: TFLM maximum_minimum.h."""

    tflite: ClassVar[tuple[str, ...]] = ("MINIMUM",)
    signatures: ClassVar[tuple[Signature, ...]] = same_types(*TYPES)

    def real(self, a: Array, b: Array) -> Array:
        return np.where(a < b, a, b)


def _arm(symbol: str) -> Kernel:
    """Arm's function, for two equal shapes or a single element (its other broadcasts assume more than they check)."""

    def lower(op: Choice, target: Target) -> tuple[Call, ...]:
        x1, x2, y = (dims(1, 1, 1, value.type.elements) for value in (op.x1, op.x2, op.y))
        args = (context("scratch", 0), Tensor(op.x1), x1, Tensor(op.x2), x2, Tensor(op.y), y)
        return (Call(symbol, args, checked=True),)

    return Kernel(symbol, lower, lambda op, _: op.x1.dtype is DType.INT8 and op.one_scalar, in_place=("x1", "x2"))


Maximum.conditions = SHAPE_CONDITIONS
Maximum.kernels = (_arm("arm_maximum_s8"), *plain_kernels("maximum", *TYPES))
Minimum.conditions = SHAPE_CONDITIONS
Minimum.kernels = (_arm("arm_minimum_s8"), *plain_kernels("minimum", *TYPES))

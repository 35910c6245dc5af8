# SPDX-License-Identifier: Apache-2.0
"""MAXIMUM, MINIMUM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.ops.base import Signature
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

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

    signatures: ClassVar[tuple[Signature, ...]] = same_types(*TYPES)

    def real(self, a: Array, b: Array) -> Array:
        return np.where(a > b, a, b)


@dataclass(frozen=True, eq=False, kw_only=True)
class Minimum(Choice):
    """y = x1 if x1 < x2 else x2, with broadcasting. Source: TFLM maximum_minimum.h."""

    signatures: ClassVar[tuple[Signature, ...]] = same_types(*TYPES)

    def real(self, a: Array, b: Array) -> Array:
        return np.where(a < b, a, b)


Maximum.conditions = SHAPE_CONDITIONS
Minimum.conditions = SHAPE_CONDITIONS

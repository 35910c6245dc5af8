# SPDX-License-Identifier: Apache-2.0
"""LOGICAL_AND, LOGICAL_OR, LOGICAL_NOT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.ops.base import Signature, signature
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types
from tinycc.ops.elementwise.pointwise import Pointwise


@dataclass(frozen=True, eq=False, kw_only=True)
class Logical(Broadcast):
    """y = f(x1, x2) of booleans, with broadcasting. Bit x1 + 2 * x2 of `truth` is the result."""

    truth: ClassVar[int]

    def eval(self, read: Reader) -> tuple[Array, ...]:
        case = read(self.x1) + np.int64(2) * read(self.x2)
        return (np.asarray(self.truth >> case & 1, np.bool_),)


@dataclass(frozen=True, eq=False, kw_only=True)
class LogicalAnd(Logical):
    """y = x1 and x2, with broadcasting. Source: TFLM logical_common.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.BOOL)
    truth: ClassVar[int] = 0b1000


@dataclass(frozen=True, eq=False, kw_only=True)
class LogicalOr(Logical):
    """y = x1 or x2, with broadcasting. Source: TFLM logical_common.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.BOOL)
    truth: ClassVar[int] = 0b1110


@dataclass(frozen=True, eq=False, kw_only=True)
class LogicalNot(Pointwise):
    """y = not x. Source: TFLM elementwise.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = (signature("bool", DType.BOOL, x=DType.BOOL),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(np.logical_not(read(self.x))),)


LogicalAnd.conditions = LogicalOr.conditions = SHAPE_CONDITIONS

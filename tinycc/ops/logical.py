# SPDX-License-Identifier: Apache-2.0
"""LOGICAL_AND, LOGICAL_OR, LOGICAL_NOT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import Self

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader
from tinycc.kernels.calls import Call, Tensor
from tinycc.ops.base import Kernel, Signature, signature
from tinycc.ops.broadcast import SHAPE_CONDITIONS, Broadcast, kernel, same_types, walk
from tinycc.ops.lookup import Pointwise
from tinycc.target import Target


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

    tflite: ClassVar[tuple[str, ...]] = ("LOGICAL_AND",)
    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.BOOL)
    truth: ClassVar[int] = 0b1000


@dataclass(frozen=True, eq=False, kw_only=True)
class LogicalOr(Logical):
    """y = x1 or x2, with broadcasting. Source: TFLM logical_common.cc."""

    tflite: ClassVar[tuple[str, ...]] = ("LOGICAL_OR",)
    signatures: ClassVar[tuple[Signature, ...]] = same_types(DType.BOOL)
    truth: ClassVar[int] = 0b1110


@dataclass(frozen=True, eq=False, kw_only=True)
class LogicalNot(Pointwise):
    """y = not x. Source: TFLM elementwise.cc."""

    tflite: ClassVar[tuple[str, ...]] = ("LOGICAL_NOT",)
    signatures: ClassVar[tuple[Signature, ...]] = (signature("bool", DType.BOOL, x=DType.BOOL),)

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        return cls(x=node.input(0), outputs=node.outputs, origin=node.origin)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(np.logical_not(read(self.x))),)


def lower(op: Logical, target: Target) -> tuple[Call, ...]:
    return (Call("tk_logical", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), op.truth)),)


def lower_not(op: LogicalNot, target: Target) -> tuple[Call, ...]:
    return (Call("tk_logical_not", (Tensor(op.x), Tensor(op.y), op.y.type.elements)),)


LogicalAnd.conditions = LogicalOr.conditions = SHAPE_CONDITIONS
LogicalAnd.kernels = LogicalOr.kernels = (kernel("tk_logical", lower, DType.BOOL),)
LogicalNot.kernels = (Kernel("tk_logical_not", lower_not, in_place=("x",)),)

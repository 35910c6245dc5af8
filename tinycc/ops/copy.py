# SPDX-License-Identifier: Apache-2.0
"""Copy: a tensor into memory of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Tensor
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.shapes import EVERY_TYPE
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class Copy(Operator):
    """y = x, in other memory. Made by tinycc (a constant that is a model output), never read from a file."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x),)


def lower(op: Copy, target: Target) -> tuple[Call, ...]:
    size = op.x.type.bytes
    return (Call("tk_copy_rows", (Tensor(op.x), Tensor(op.y), 1, size, size, size)),) if size else ()


def lower_s8(op: Copy, target: Target) -> tuple[Call, ...]:
    size = op.x.type.bytes
    return (Call("arm_reshape_s8", (Tensor(op.x), Tensor(op.y), size)),) if size else ()


Copy.kernels = (
    Kernel("arm_reshape_s8", lower_s8, lambda op, target: op.x.dtype is DType.INT8),
    Kernel("tk_copy_rows", lower),
)

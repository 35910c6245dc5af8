# SPDX-License-Identifier: Apache-2.0
"""Copy: a tensor into memory of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Operator, Signature


@dataclass(frozen=True, eq=False, kw_only=True)
class Copy(Operator):
    """y = x, in other memory. Made by tinycc (a constant that is a model output), never read from a file."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x),)

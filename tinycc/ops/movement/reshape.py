# SPDX-License-Identifier: Apache-2.0
"""RESHAPE, SQUEEZE, EXPAND_DIMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Operator, Signature
from tinycc.ops.strides import Shape


@dataclass(frozen=True, eq=False, kw_only=True)
class Reshape(Operator):
    """y = x, read with another shape: element i in row-major order stays element i.

    No code: y lies where x lies.
    """

    x: Value
    shape: Shape

    view = True
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x).reshape(self.shape),)

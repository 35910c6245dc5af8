# SPDX-License-Identifier: Apache-2.0
"""BITCAST."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conversion.cast import CAST_TYPES


@dataclass(frozen=True, eq=False, kw_only=True)
class BitCast(Operator):
    """y = the bits of x read as another element type of the same size. No code: y lies where x lies.

    Source: LiteRT bitcast.cc.
    """

    x: Value

    view = True
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"{x.value} to {y.value}", y, x=x)
        for x in CAST_TYPES
        for y in CAST_TYPES
        if x.bytes == y.bytes and y is not DType.BOOL
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x).view(self.y.dtype.numpy),)

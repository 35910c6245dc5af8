# SPDX-License-Identifier: Apache-2.0
"""Functions of one element, and the table that any of them becomes on elements of one byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature


@dataclass(frozen=True, eq=False, kw_only=True)
class Pointwise(Operator):
    """y[i] = f(x[i]), x and y of the same shape and element type.

    On int8 `eval` over all 256 codes is the whole operator: a pass turns it into a Lookup, so it needs no int8 kernel.
    """

    x: Value

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Lookup(Pointwise):
    """y[i] = table[uint8(x[i])]: for int8 x the results for codes 0..127 come first, then those for -128..-1.

    table: int8[256] or uint8[256]. Made by tinycc, never read from a file.
    """

    table: Array

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("uint8 to int8", DType.INT8, x=DType.UINT8),
        signature("int8 to uint8", DType.UINT8, x=DType.INT8),
        signature("uint8", DType.UINT8, x=DType.UINT8),
    )

    @property
    def changes_nothing(self) -> bool:
        return self.x.dtype is self.y.dtype and np.array_equal(self.table.view(np.uint8), np.arange(256))

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType(self.table.dtype.name)),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (self.table[read(self.x).view(np.uint8)],)

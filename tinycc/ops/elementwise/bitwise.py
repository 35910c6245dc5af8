# SPDX-License-Identifier: Apache-2.0
"""BITWISE_XOR, RIGHT_SHIFT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.ops.base import Signature
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

BIT_TYPES = (DType.INT8, DType.UINT8, DType.INT16, DType.UINT16, DType.INT32, DType.UINT32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Bitwise(Broadcast):
    """y = f(x1, x2) of the bits of integers, with broadcasting: codes as they are, whatever their quantization."""

    signatures: ClassVar[tuple[Signature, ...]] = same_types(*BIT_TYPES)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(self.real(read(self.x1), read(self.x2)), self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class BitwiseXor(Bitwise):
    """y = x1 xor x2, bit by bit, with broadcasting. Source: LiteRT bitwise_xor.cc."""

    def real(self, a: Array, b: Array) -> Array:
        return a ^ b


@dataclass(frozen=True, eq=False, kw_only=True)
class RightShift(Bitwise):
    """y = x1 shifted to the right by x2 bits, which copies the sign of signed types; with broadcasting.

    x2 below 0 counts as 0, x2 beyond the bits of the type as all but one. Source: LiteRT right_shift.cc.
    """

    def real(self, a: Array, b: Array) -> Array:
        moved: Array = a >> np.clip(b, 0, 8 * self.y.dtype.bytes - 1).astype(b.dtype)
        return moved


BitwiseXor.conditions = RightShift.conditions = SHAPE_CONDITIONS

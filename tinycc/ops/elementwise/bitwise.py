# SPDX-License-Identifier: Apache-2.0
"""BITWISE_XOR, RIGHT_SHIFT, and their like of ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.ops.base import Signature
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types

WIDE = (DType.INT64, DType.UINT64)
BIT_TYPES = (DType.INT8, DType.UINT8, DType.INT16, DType.UINT16, DType.INT32, DType.UINT32, *WIDE)


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


@dataclass(frozen=True, eq=False, kw_only=True)
class BitwiseAnd(Bitwise):
    """y = x1 and x2, bit by bit, with broadcasting. Source: onnx.reference op_bitwise_and.py."""

    def real(self, a: Array, b: Array) -> Array:
        return a & b


@dataclass(frozen=True, eq=False, kw_only=True)
class BitwiseOr(Bitwise):
    """y = x1 or x2, bit by bit, with broadcasting. Source: onnx.reference op_bitwise_or.py."""

    def real(self, a: Array, b: Array) -> Array:
        return a | b


@dataclass(frozen=True, eq=False, kw_only=True)
class LeftShift(Bitwise):
    """y = x1 shifted to the left by x2 bits, with broadcasting; bits beyond the highest are lost.

    By x2 below 0, or beyond the bits of the type, all of them are. Source: onnx.reference op_bitshift.py.
    """

    def real(self, a: Array, b: Array) -> Array:
        inside = (b >= 0) & (b < 8 * self.y.dtype.bytes)
        return np.where(inside, a << np.where(inside, b, 0).astype(b.dtype), 0)


BitwiseXor.conditions = RightShift.conditions = SHAPE_CONDITIONS
BitwiseAnd.conditions = BitwiseOr.conditions = LeftShift.conditions = SHAPE_CONDITIONS

# SPDX-License-Identifier: Apache-2.0
"""EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast

LEFT_SHIFT = 8
"""Bits by which int8 operands are raised before they are rescaled."""
LIMITS = {DType.INT8: 2**14 - 1, DType.INT16: 1}
"""Of the scales: what is rescaled fits into 32 bits; of int16 the reference shifts to the right only."""
LESS, EQUAL, GREATER, UNORDERED = 1, 2, 4, 8
"""What two numbers can be to each other, as bits: the TK_LESS ... of tk_compare.h."""


class Relation(NamedTuple):
    """`holds` for two arrays; `cases`: the bits of those outcomes for which it does; `truth`: bit x1 + 2 * x2, for booleans."""

    holds: Callable[[Array, Array], Array]
    cases: int
    truth: int


RELATIONS = {
    "EQUAL": Relation(np.equal, EQUAL, 0b1001),
    "NOT_EQUAL": Relation(np.not_equal, LESS | GREATER | UNORDERED, 0b0110),
    "GREATER": Relation(np.greater, GREATER, 0b0010),
    "GREATER_EQUAL": Relation(np.greater_equal, GREATER | EQUAL, 0b1011),
    "LESS": Relation(np.less, LESS, 0b0100),
    "LESS_EQUAL": Relation(np.less_equal, LESS | EQUAL, 0b1101),
}

NUMBERS = (DType.FLOAT32, DType.INT16, DType.INT32, DType.INT64)


def comparable(*dtypes: DType) -> tuple[Signature, ...]:
    return tuple(signature(dtype.value, DType.BOOL, x1=dtype, x2=dtype) for dtype in dtypes)


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Broadcast):
    """y = whether x1 and x2 stand in `relation`, with broadcasting.

    int8 is rescaled to common units first: requantize((x - zero_point) * 2**8, scale), which may make equal what is not quite.
    Scales of 1 and more go the same way, though TFLM shifts by a negative number there, with no result that C++ defines.
    int16 is compared as it is, whatever the scales say; only EQUAL and NOT_EQUAL rescale it like int8 if it has scales.
    Source: TFLM comparisons.cc, reference/comparisons.h; int16 as in LiteRT, since TFLM's GREATER, which alone takes it, uses
    parameters that it never sets.
    """

    relation: str

    @property
    def scaled_int16(self) -> bool:
        """Whether int16 is rescaled."""
        return False

    def infer(self) -> tuple[TensorType, ...]:
        (inferred,) = super().infer()
        return (TensorType(inferred.shape, DType.BOOL),)

    @property
    def quantized(self) -> bool:
        return self.x1.dtype is DType.INT8 or (self.x1.dtype is DType.INT16 and self.scaled_int16)

    @property
    def scaling(self) -> tuple[Multiplier, Multiplier]:
        return quantize_multiplier(self.x1.scale), quantize_multiplier(self.x2.scale)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        a, b = read(self.x1), read(self.x2)
        if self.quantized:
            m1, m2 = self.scaling
            a = requantize(a.astype(np.int64) - self.x1.zero_point << LEFT_SHIFT, m1.multiplier, m1.shift)
            b = requantize(b.astype(np.int64) - self.x2.zero_point << LEFT_SHIFT, m2.multiplier, m2.shift)
        return (np.asarray(RELATIONS[self.relation].holds(a, b), np.bool_),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Equality(Comparison):
    """y = whether x1 and x2 are equal, or not equal, with broadcasting. int8, int16: see Comparison."""

    @property
    def scaled_int16(self) -> bool:
        return self.x1.type.quantization is not None

    signatures: ClassVar[tuple[Signature, ...]] = comparable(DType.INT8, *NUMBERS, DType.BOOL)


@dataclass(frozen=True, eq=False, kw_only=True)
class Order(Comparison):
    """y = whether x1 is greater or less than x2, or equal to it, with broadcasting. int8: see Comparison.

    `scaled`: int16 is rescaled, too.
    """

    scaled: bool = False

    @property
    def scaled_int16(self) -> bool:
        return self.scaled

    signatures: ClassVar[tuple[Signature, ...]] = comparable(DType.INT8, *NUMBERS)


def quantized_codes(op: Comparison) -> str | None:
    """int8 operands have a scale and a zero point, int16 operands of EQUAL and NOT_EQUAL both or neither has"""
    return activations_quantized(op) if op.quantized else None


def comparable_scales(op: Comparison) -> str | None:
    """the scales of int8 operands, and of int16 ones that are rescaled, are less than 2**14 (int16: 1)"""
    if op.quantized and not quantized_codes(op) and not max(op.x1.scale, op.x2.scale) < LIMITS[op.x1.dtype]:
        return f"scales {op.x1.scale:g} and {op.x2.scale:g}"
    return None


Equality.conditions = Order.conditions = (*SHAPE_CONDITIONS, quantized_codes, comparable_scales)

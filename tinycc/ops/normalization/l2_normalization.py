# SPDX-License-Identifier: Apache-2.0
"""L2_NORMALIZATION."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics import gemmlowp
from tinycc.numerics.fixedpoint import requantize
from tinycc.numerics.rules import Numerics
from tinycc.ops.base import Operator, Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized

EPSILON = np.float32(1e-6)
OUTPUT_BITS = 7
"""Fractional bits of an int8 result."""
MAX_COLUMNS = 2**15
"""So many squares of int8 fit into a sum of 32 bits."""


@dataclass(frozen=True, eq=False, kw_only=True)
class L2Normalization(Operator):
    """y[r,c] = x[r,c] / max(sqrt(sum_c x[r,c]**2), 1e-6), over the last dimension.

    int8: the inverse root in fixed point (`gemmlowp.inverse_sqrt`), y in units of 1/128 around 0; the input scale has no part.
    Of uint8, x is raised by those 7 bits before it is multiplied, not after.
    Source: TFLM l2norm.cc, reference/l2normalization.h, reference/integer_ops/l2normalization.h.
    """

    x: Value
    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32),
    )

    @property
    def columns(self) -> int:
        return self.x.shape[-1]

    @property
    def rows(self) -> int:
        return self.x.type.elements // max(self.columns, 1)

    @property
    def early(self) -> int:
        """Bits by which x is raised before it is multiplied."""
        return OUTPUT_BITS if self.numerics.unsigned else 0

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.x.dtype.is_integer:
            return (self.integer(x.astype(np.int64) - self.x.zero_point),)
        with np.errstate(all="ignore"):
            norm = np.sqrt(np.square(x).sum(-1, keepdims=True, dtype=np.float32))
            return (x / np.maximum(norm, EPSILON),)

    def integer(self, codes: Array) -> Array:
        """y for codes without their zero point."""
        multiplier, shift = gemmlowp.inverse_sqrt(np.square(codes).sum(-1, keepdims=True))
        result: Array = np.clip(
            requantize(codes << self.early, multiplier, shift + OUTPUT_BITS - self.early), -128, 127
        ).astype(np.int8)
        return result


def unit_output(op: L2Normalization) -> str | None:
    """an int8 output has scale 1/128 and zero point 0

    This is what the converter writes for numbers between -1 and 1.
    """
    if not is_quantized(op.y) or activations_quantized(op) or (op.y.scale, op.y.zero_point) == (1 / 128, 0):
        return None
    return f"output {op.y.type.quantization}"


def short_rows(op: L2Normalization) -> str | None:
    """the last dimension has at most 32,768 elements for int8"""
    too_long = op.x.dtype is DType.INT8 and op.columns > MAX_COLUMNS
    return f"input {list(op.x.shape)}" if too_long else None


L2Normalization.conditions = (activations_quantized, unit_output, short_rows)

# SPDX-License-Identifier: Apache-2.0
"""PRELU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize
from tinycc.numerics.rules import Numerics
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.elementwise.broadcast import SHAPE_CONDITIONS, Broadcast, same_types


@dataclass(frozen=True, eq=False, kw_only=True)
class Prelu(Broadcast):
    """y = x1 if x1 >= 0 else x1 * x2, with broadcasting; x2 holds the slopes.

    int8, a and b the codes without their zero points: y = clamp(r + y_zero_point), r = requantize(a, x1_scale / y_scale) or,
    where a < 0, requantize(a * b, x1_scale * x2_scale / y_scale). int16 likewise, with slopes of int8.
    Source: TFLM prelu_common.cc, reference/prelu.h.
    """

    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = (
        *same_types(DType.INT8, DType.FLOAT32),
        signature("int16 by int8", DType.INT16, x1=DType.INT16, x2=DType.INT8),
    )

    @property
    def ratios(self) -> tuple[float, float]:
        """The real multipliers of the positive and of the negative side."""
        x1, x2, y = self.x1.scale, self.x2.scale, self.y.scale
        return self.numerics.ratios.ratio(x1, over=y), self.numerics.ratios.ratio(x1, x2, over=y)

    @property
    def scaling(self) -> tuple[Multiplier, Multiplier]:
        above, below = map(quantize_multiplier, self.ratios)
        return above, below

    def real(self, a: Array, b: Array) -> Array:
        return np.where(a >= 0, a, a * b)

    def integer(self, a: Array, b: Array) -> Array:
        above, below = self.scaling
        negative = requantize(a * b, below.multiplier, below.shift)
        return np.where(a >= 0, requantize(a, above.multiplier, above.shift), negative)

    def bounded(self, result: Array) -> Array:
        return super().bounded(result.astype(np.int32) if self.quantized else result)  # The zero point may wrap around.


def rescalable(op: Prelu) -> str | None:
    """the input scale, times the scale of the slopes or not, is less than 2**30 times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if op.quantized and not activations_quantized(op) and not max(op.ratios) < 2**30 - 1:
        return f"scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"
    return None


Prelu.conditions = (*SHAPE_CONDITIONS, activations_quantized, rescalable)

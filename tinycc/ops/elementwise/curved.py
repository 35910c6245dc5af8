# SPDX-License-Identifier: Apache-2.0
"""Any function of one element of 16 bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType
from tinycc.numerics.curve import Curve
from tinycc.ops.base import Signature, signature
from tinycc.ops.elementwise.pointwise import Pointwise


@dataclass(frozen=True, eq=False, kw_only=True)
class Curved(Pointwise):
    """y[i] = curve(x[i]): exactly a function of float32 between codes, by a quadratic in integers for each piece of what x can
    be (`tinycc.numerics.curve`).

    Made by tinycc, never read from a file.
    """

    curve: Curve

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int16", DType.INT16, x=DType.INT16),
        signature("int16 to int8", DType.INT8, x=DType.INT16),
        signature("int8 to int16", DType.INT16, x=DType.INT8),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (self.outputs[0].type,) if self.outputs else (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        codes = read(self.x).astype(np.int64) - self.x.dtype.limits[0]
        return (self.curve(codes).astype(self.y.dtype.numpy),)

# SPDX-License-Identifier: Apache-2.0
"""Determinants of square matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import not_empty


@dataclass(frozen=True, eq=False, kw_only=True)
class Determinant(Operator):
    """y[...] = the determinant of x[...,:,:], by elimination with the largest pivot of each column.

    Source: onnx.reference op_det.py.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32", DType.FLOAT32, x=DType.FLOAT32),)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape[:-2], DType.FLOAT32),)

    @property
    def work(self) -> int:
        return self.x.type.elements * self.x.shape[-1]

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.asarray(np.linalg.det(read(self.x)), np.float32),)


def square(op: Determinant) -> str | None:
    """the last two dimensions are equal"""
    shape = op.x.shape
    return None if len(shape) > 1 and shape[-1] == shape[-2] else f"{op.x.type}"


Determinant.conditions = (square, not_empty)

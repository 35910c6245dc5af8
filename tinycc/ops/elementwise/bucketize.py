# SPDX-License-Identifier: Apache-2.0
"""BUCKETIZE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature


@dataclass(frozen=True, eq=False, kw_only=True)
class Bucketize(Operator):
    """y = how many of `boundaries`, which rise, are at most x: the number of the interval that x lies in; of NaN, the last one.

    Whole numbers are compared as float32. Source: LiteRT bucketize.cc.
    """

    x: Value
    boundaries: tuple[float, ...]

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"{dtype.value} to int32", DType.INT32, x=dtype) for dtype in (DType.FLOAT32, DType.INT32, DType.INT64)
    )

    @property
    def work(self) -> int:
        return self.x.type.elements * max(len(self.boundaries).bit_length(), 1)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.INT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x).astype(np.float32)
        return (np.searchsorted(np.asarray(self.boundaries, np.float32), x, side="right").astype(np.int32),)

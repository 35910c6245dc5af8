# SPDX-License-Identifier: Apache-2.0
"""LOCAL_RESPONSE_NORMALIZATION."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature


@dataclass(frozen=True, eq=False, kw_only=True)
class LocalResponse(Operator):
    """y[..., c] = x[..., c] * (bias + alpha * sum of x[..., k]**2 over c - radius <= k < c + radius) ** -beta.

    The channel c + radius has no part in it in LiteRT's reference kernel; in the optimised one it has.
    Source: LiteRT reference_ops.h `LocalResponseNormalization`.
    """

    x: Value
    radius: int
    bias: float
    alpha: float
    beta: float

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32", DType.FLOAT32, x=DType.FLOAT32),)

    @property
    def channels(self) -> int:
        return self.x.shape[-1]

    @property
    def work(self) -> int:
        return self.x.type.elements * min(2 * self.radius, self.channels)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        with np.errstate(all="ignore"):
            y = np.empty_like(x)
            for c in range(self.channels):
                near = x[..., max(0, c - self.radius) : c + self.radius]
                total = np.square(near).sum(-1, dtype=np.float32)
                base = np.float32(self.bias) + np.float32(self.alpha) * total
                y[..., c] = x[..., c] * np.power(base, np.float32(-self.beta))
            return (y,)

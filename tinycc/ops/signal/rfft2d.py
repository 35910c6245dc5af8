# SPDX-License-Identifier: Apache-2.0
"""RFFT2D: the Fourier transform of real images, and of real frames as images of one row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fft import stages
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.signal.fourier import MAX_LENGTH
from tinycc.ops.window import Pair


@dataclass(frozen=True, eq=False, kw_only=True)
class Rfft2D(Operator):
    """y[u,v] = sum over i below length.h, j below length.w of x[i,j] * exp(-2 pi i (u i / length.h + v j / length.w)).

    x: [...,H,W], cut off or followed by zeros to length.h x length.w; y: [...,length.h,length.w / 2 + 1], v from 0 to
    length.w / 2. In double, rounded once. Source: LiteRT rfft2d.cc.
    """

    x: Value
    length: Pair

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32", DType.COMPLEX64, x=DType.FLOAT32),)

    @property
    def images(self) -> int:
        return math.prod(self.x.shape[:-2])

    @property
    def rows(self) -> int:
        """Rows of x that are not cut off."""
        return min(self.x.shape[-2], self.length.h)

    @property
    def columns(self) -> int:
        return min(self.x.shape[-1], self.length.w)

    @property
    def macs(self) -> int:
        h, w = self.length
        points = sum(w // 2 // stage.radix * (stage.radix - 1) for stage in stages(w // 2)) + w // 2
        return self.images * (4 * h * points + 2 * (w // 2 + 1) * h * (h.bit_length() - 1))

    def infer(self) -> tuple[TensorType, ...]:
        h, w = self.length
        return (TensorType((*self.x.shape[:-2], h, w // 2 + 1), DType.COMPLEX64),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        with np.errstate(all="ignore"):
            return (np.fft.rfft2(read(self.x).astype(np.float64), self.length).astype(np.complex64),)


def powers_of_two(op: Rfft2D) -> str | None:
    """both lengths are powers of two, the second at least 2, at most 65,536

    LiteRT has no other transforms; frames of another length can be padded to the next power of two.
    """
    h, w = op.length
    return f"lengths {op.length}" if h & (h - 1) or w & (w - 1) or w < 2 or max(h, w) > MAX_LENGTH else None


Rfft2D.conditions = (not_empty, powers_of_two)

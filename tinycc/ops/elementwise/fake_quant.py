# SPDX-License-Identifier: Apache-2.0
"""FAKE_QUANT."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType, Reader
from tinycc.ops.base import Signature, signature
from tinycc.ops.elementwise.pointwise import Pointwise


class Nudged(NamedTuple):
    """A range whose 0 is a code, in float32: its ends, and the step from code to code."""

    min: float
    max: float
    scale: float


@dataclass(frozen=True, eq=False, kw_only=True)
class FakeQuant(Pointwise):
    """y = round((clamp(x, min, max) - min) / scale) * scale + min, in float32, ties away from zero; NaN becomes min.

    scale = (high - low) / (2**bits - 1), z = round(-low / scale), min = -z * scale, max = (2**bits - 1 - z) * scale.
    Source: LiteRT reference/fake_quant.h, quantization_util.cc `NudgeQuantizationRange`, `FakeQuantizeArray`.
    """

    low: float
    high: float
    bits: int
    narrow: bool = False

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32", DType.FLOAT32, x=DType.FLOAT32),)

    @property
    def nudged(self) -> Nudged:
        low, codes = np.float32(self.low), np.float32(2**self.bits - 1)
        scale = (np.float32(self.high) - low) / codes
        zero = np.float32(math.floor(np.clip(-low / scale, np.float32(0), codes) + 0.5))
        return Nudged(float(-zero * scale), float((codes - zero) * scale), float(scale))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        low, high, scale = (np.float32(item) for item in self.nudged)
        clamped = np.minimum(np.fmax(read(self.x), low), high)
        codes = np.floor(((clamped - low) * (np.float32(1) / scale)).astype(np.float64) + 0.5).astype(np.float32)
        return (codes * scale + low,)


def proper_range(op: FakeQuant) -> str | None:
    """the range is finite, holds 0 and more, and there are 2 to 16 bits for it

    Train again with observers that have seen data.
    """
    fits = -math.inf < op.low <= 0 <= op.high < math.inf and op.low < op.high and 2 <= op.bits <= 16
    return None if fits and op.nudged.scale >= 2.0**-126 else f"{op.bits} bits for {op.low:g} to {op.high:g}"


def wide(op: FakeQuant) -> str | None:
    """the range is not narrow, which is for weights and which no runtime takes"""
    return "a narrow range" if op.narrow else None


FakeQuant.conditions = (proper_range, wide)

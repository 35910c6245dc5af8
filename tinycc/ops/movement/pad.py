# SPDX-License-Identifier: Apache-2.0
"""PAD, PADV2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.strides import MAX_LOOPS, Shape


class Frame(NamedTuple):
    """One dimension of a padding: elements before, of the input, and after."""

    before: int
    size: int
    after: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Pad(Operator):
    """y = x, framed by before[d] and after[d] elements of `value` along each dimension d.

    PAD fills with zero, which on a quantized tensor is y's zero point (but code 0 on int16 in TFLM); PADV2 brings its own
    value, a code of y's quantization. Source: TFLM pad_common.cc.
    """

    x: Value
    before: Shape
    after: Shape
    value: float | int
    fill: Value | None = None
    """One element in place of `value`, where it is computed at run time."""

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(tuple(map(sum, zip(self.before, self.x.shape, self.after, strict=True))), self.x.dtype),)

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The dimensions, outermost first, each merged with those that follow it and are not padded."""
        merged: list[Frame] = []
        for frame in map(Frame, self.before, self.x.shape, self.after):
            if merged and not frame.before and not frame.after:
                merged[-1] = Frame(*(count * frame.size for count in merged[-1]))
            else:
                merged.append(frame)
        return tuple(merged)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        widths = tuple(zip(self.before, self.after, strict=True))
        return (np.pad(read(self.x), widths, constant_values=self.value if self.fill is None else read(self.fill).item()),)


def few_padded_dimensions(op: Pad) -> str | None:
    """at most six separate runs of dimensions are padded"""
    return f"paddings {op.before} before, {op.after} after" if len(op.frames) > MAX_LOOPS else None


Pad.conditions = (not_empty, few_padded_dimensions)

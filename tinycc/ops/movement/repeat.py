# SPDX-License-Identifier: Apache-2.0
"""TILE, BROADCAST_TO, FILL, MIRROR_PAD: elements appear more than once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Signature
from tinycc.ops.movement.base import Arrays, Move, Movement, Rearrangement
from tinycc.ops.strides import Shape


@dataclass(frozen=True, eq=False, kw_only=True)
class BroadcastTo(Rearrangement):
    """y = x, stretched to `shape` by numpy's rule. FILL does so with a single element.

    Source: TFLM broadcast_to.cc, fill.cc.
    """

    shape: Shape

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.x.dtype),)

    def seen(self, x: Array) -> Array:
        return np.broadcast_to(x, self.shape)


@dataclass(frozen=True, eq=False, kw_only=True)
class Tile(Rearrangement):
    """y = multiples[d] copies of x after each other along each dimension d. Source: LiteRT tile.cc."""

    multiples: Shape

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(tuple(map(math.prod, zip(self.multiples, self.x.shape, strict=True))), self.x.dtype),)

    def seen(self, x: Array) -> Array:
        pairs = zip(self.multiples, x.shape, strict=True)
        return np.broadcast_to(x[(None, slice(None)) * x.ndim], [size for pair in pairs for size in pair])


@dataclass(frozen=True, eq=False, kw_only=True)
class MirrorPad(Movement):
    """y = x, framed by its mirror image: before[d] and after[d] elements along each dimension d.

    `edge`: how many of the outermost elements are left out of the image. Dimensions are framed
    one after the other, each with what is there so far. Source: TFLM mirror_pad.cc.
    """

    x: Value
    before: Shape
    after: Shape
    edge: int

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(tuple(map(sum, zip(self.before, self.x.shape, self.after, strict=True))), self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        y = array(self.y)
        inside = [slice(before, before + size) for before, size in zip(self.before, self.x.shape, strict=True)]
        yield Move(self.x, array(self.x), self.y, y[tuple(inside)])
        for axis, (first, size, after) in enumerate(zip(self.before, self.x.shape, self.after, strict=True)):
            part = np.moveaxis(y[(*[slice(None)] * (axis + 1), *inside[axis + 1 :])], axis, 0)
            end = first + size
            yield Move(self.y, part[first + self.edge :][:first], self.y, part[:first][::-1])
            yield Move(self.y, part[: end - self.edge][::-1][:after], self.y, part[end:])

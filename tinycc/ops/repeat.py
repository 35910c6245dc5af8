# SPDX-License-Identifier: Apache-2.0
"""TILE, BROADCAST_TO, FILL, MIRROR_PAD: elements appear more than once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, TensorType, Value
from tinycc.ops.base import Signature
from tinycc.ops.moves import Arrays, Move, Movement, Rearrangement
from tinycc.ops.shapes import EVERY_TYPE, Shape, broadcast, integers


@dataclass(frozen=True, eq=False, kw_only=True)
class BroadcastTo(Rearrangement):
    """y = x, stretched to `shape` by numpy's rule. FILL does so with a single element.

    Source: TFLM broadcast_to.cc, fill.cc.
    """

    shape: Shape

    tflite: ClassVar[tuple[str, ...]] = ("BROADCAST_TO", "FILL")
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> BroadcastTo:
        fill = node.origin.kind == "FILL"
        x, shape = node.input(1 if fill else 0), integers(node, 0 if fill else 1)
        if min(shape, default=0) < 0 or (fill and x.type.elements != 1) or broadcast(x.shape, shape) != shape:
            raise node.error(
                f"{list(x.shape)} to be stretched to {list(shape)}", "one element" if fill else "a shape that fits"
            )
        return cls(x=x, shape=shape, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.x.dtype),)

    def seen(self, x: Array) -> Array:
        return np.broadcast_to(x, self.shape)


@dataclass(frozen=True, eq=False, kw_only=True)
class Tile(Rearrangement):
    """y = multiples[d] copies of x after each other along each dimension d. Source: LiteRT tile.cc."""

    multiples: Shape

    tflite: ClassVar[tuple[str, ...]] = ("TILE",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Tile:
        x, multiples = node.input(0), integers(node, 1)
        if len(multiples) != len(x.shape) or min(multiples, default=0) < 0:
            raise node.error(f"multiples {list(multiples)} of {list(x.shape)}", "one of at least 0 for each dimension")
        return cls(x=x, multiples=multiples, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(tuple(map(math.prod, zip(self.multiples, self.x.shape, strict=True))), self.x.dtype),)

    def seen(self, x: Array) -> Array:
        pairs = zip(self.multiples, x.shape, strict=True)
        return np.broadcast_to(x[(None, slice(None)) * x.ndim], [size for pair in pairs for size in pair])


EDGES = {"REFLECT": 1, "SYMMETRIC": 0}
"""How many of the outermost elements each mode leaves out of the mirror image."""


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

    tflite: ClassVar[tuple[str, ...]] = ("MIRROR_PAD",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> MirrorPad:
        x, table = node.input(0), integers(node, 1)
        mode = str(node.option("mode"))
        if mode not in EDGES:
            raise node.error(f"mode {mode}", " or ".join(EDGES))
        edge = EDGES[mode]
        before, after = table[::2], table[1::2]
        if len(table) != 2 * len(x.shape) or any(
            not 0 <= width <= max(size - edge, 0) for side in (before, after) for width, size in zip(side, x.shape, strict=True)
        ):
            raise node.error(f"paddings {list(table)} for {x.type}", "two for each dimension, not wider than its mirror image")
        return cls(x=x, before=before, after=after, edge=edge, outputs=node.outputs, origin=node.origin)

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

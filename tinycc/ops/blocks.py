# SPDX-License-Identifier: Apache-2.0
"""SPACE_TO_DEPTH, DEPTH_TO_SPACE, SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND: blocks of an image become channels or batches."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, TensorType, Value
from tinycc.kernels.calls import Table
from tinycc.ops.base import Signature
from tinycc.ops.moves import Arrays, Move, Movement, Rearrangement
from tinycc.ops.shapes import EVERY_TYPE, Shape, integers

MAX_POSITIONS = 4096
"""Elements of a block: each is a copy of its own."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SpaceToDepth(Rearrangement):
    """y[n, h, w, (i, j, c)] = x[n, h * block + i, w * block + j, c]. Source: TFLM reference/space_to_depth.h."""

    block: int

    tflite: ClassVar[tuple[str, ...]] = ("SPACE_TO_DEPTH",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> SpaceToDepth:
        x, block = node.input(0), int(node.option("block_size"))
        if len(x.shape) != 4 or block < 1 or x.shape[1] % block or x.shape[2] % block:
            raise node.error(
                f"blocks of {block} in {list(x.shape)}", "four dimensions, height and width multiples of the block"
            )
        return cls(x=x, block=block, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, c = self.x.shape
        return (TensorType((n, h // self.block, w // self.block, c * self.block**2), self.x.dtype),)

    def seen(self, x: Array) -> Array:
        n, h, w, c = x.shape
        return x.reshape(n, h // self.block, self.block, w // self.block, self.block, c).transpose(0, 1, 3, 2, 4, 5)


@dataclass(frozen=True, eq=False, kw_only=True)
class DepthToSpace(Rearrangement):
    """y[n, h * block + i, w * block + j, c] = x[n, h, w, (i, j, c)]. Source: TFLM reference/depth_to_space.h."""

    block: int

    tflite: ClassVar[tuple[str, ...]] = ("DEPTH_TO_SPACE",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> DepthToSpace:
        x, block = node.input(0), int(node.option("block_size"))
        if len(x.shape) != 4 or block < 1 or x.shape[3] % block**2:
            raise node.error(
                f"blocks of {block} in {list(x.shape)}", "four dimensions, channels a multiple of the squared block"
            )
        return cls(x=x, block=block, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, c = self.x.shape
        return (TensorType((n, h * self.block, w * self.block, c // self.block**2), self.x.dtype),)

    def seen(self, x: Array) -> Array:
        n, h, w, c = x.shape
        return x.reshape(n, h, w, self.block, self.block, c // self.block**2).transpose(0, 1, 3, 2, 4, 5)


@dataclass(frozen=True, eq=False, kw_only=True)
class Batches(Movement):
    """An image whose spatial dimensions 1, 2, ... are cut into `blocks`, once `before` and `after` elements frame them: each
    position in a block is a batch of its own."""

    x: Value
    blocks: Shape
    before: Shape
    after: Shape

    @property
    def margins(self) -> Shape:
        """Elements of the frame, before and after, of each spatial dimension."""
        return tuple(map(sum, zip(self.before, self.after, strict=True)))

    @property
    def spatial(self) -> Shape:
        """The spatial sizes of x."""
        return self.x.shape[1 : 1 + len(self.blocks)]

    def tiles(self, image: Array, batches: Array) -> Iterator[tuple[Array, Array]]:
        """(the image's elements at one position of all blocks, their batches), as far as they lie inside the image."""
        cells = batches.reshape(*self.blocks, batches.shape[0] // math.prod(self.blocks), *batches.shape[1:])
        sizes = batches.shape[1 : 1 + len(self.blocks)]
        for position in itertools.product(*map(range, self.blocks)):
            inside: list[slice] = []
            cell: list[slice] = []
            for i, block, before, size, count in zip(position, self.blocks, self.before, image.shape[1:], sizes, strict=False):
                first = max(-(-(before - i) // block), 0)
                end = max(min(-(-(before + size - i) // block), count), first)
                start = first * block + i - before
                inside.append(slice(start, start + (end - first) * block, block) if end > first else slice(0, 0))
                cell.append(slice(first, end))
            index: tuple[int | slice, ...] = (*position, slice(None), *cell)
            yield image[(slice(None), *inside)], cells[index]


@dataclass(frozen=True, eq=False, kw_only=True)
class SpaceToBatch(Batches):
    """y[((i, j), n), h, w] = x[n, h * block_h + i - before_h, w * block_w + j - before_w], or `zero` where that is outside x.

    TFLM never sets its padding value, so that it is code 0 whatever the zero point. Source: TFLM space_to_batch_nd.cc,
    reference/space_to_batch_nd.h.
    """

    zero: int

    litert_rule: ClassVar[str] = "pads with the zero point instead of code 0"
    tflite: ClassVar[tuple[str, ...]] = ("SPACE_TO_BATCH_ND",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> SpaceToBatch:
        x, blocks, before, after = _cut(node)
        padded = [sum(sizes) for sizes in zip(before, x.shape[1:], after, strict=False)]
        if any(size % block for size, block in zip(padded, blocks, strict=True)):
            raise node.error(f"padded sizes {padded} in blocks {list(blocks)}", "whole blocks")
        quantization = node.outputs[0].type.quantization
        zero = quantization.zero_points[0] if quantization is not None and node.match == "litert" else 0
        return cls(x=x, blocks=blocks, before=before, after=after, zero=zero, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        sizes = zip(self.spatial, self.margins, self.blocks, strict=True)
        cut = [(size + margin) // block for size, margin, block in sizes]
        shape = (self.x.shape[0] * math.prod(self.blocks), *cut, *self.x.shape[1 + len(cut) :])
        return (TensorType(shape, self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        y = array(self.y)
        if any(self.margins):
            fill = Table("zero", np.asarray([self.zero], self.x.dtype.numpy))
            yield Move(fill, np.broadcast_to(fill.data, y.shape), self.y, y)
        for inside, cell in self.tiles(array(self.x), y):
            yield Move(self.x, inside, self.y, cell)


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchToSpace(Batches):
    """y[n, h * block_h + i - before_h, w * block_w + j - before_w] = x[((i, j), n), h, w], what is outside y left out.

    Source: TFLM reference/batch_to_space_nd.h.
    """

    tflite: ClassVar[tuple[str, ...]] = ("BATCH_TO_SPACE_ND",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> BatchToSpace:
        x, blocks, before, after = _cut(node)
        sizes = zip(x.shape[1:], blocks, before, after, strict=False)
        if x.shape[0] % math.prod(blocks) or any(size * block < first + last for size, block, first, last in sizes):
            raise node.error(f"blocks {list(blocks)}, crops {before}, {after} of {list(x.shape)}", "a batch for each position")
        return cls(x=x, blocks=blocks, before=before, after=after, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        sizes = zip(self.spatial, self.margins, self.blocks, strict=True)
        whole = [size * block - margin for size, margin, block in sizes]
        shape = (self.x.shape[0] // math.prod(self.blocks), *whole, *self.x.shape[1 + len(whole) :])
        return (TensorType(shape, self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        for inside, cell in self.tiles(array(self.y), array(self.x)):
            yield Move(self.x, cell, self.y, inside)


def _cut(node: Node) -> tuple[Value, Shape, Shape, Shape]:
    """(operand, blocks, margins before, margins after)."""
    x, blocks, table = node.input(0), integers(node, 1), integers(node, 2)
    fits = len(table) == 2 * len(blocks) and len(x.shape) > len(blocks)
    if not fits or min(blocks, default=0) < 1 or min(table, default=0) < 0:
        raise node.error(
            f"blocks {list(blocks)}, margins {list(table)} of {list(x.shape)}", "positive blocks, two margins each"
        )
    if math.prod(blocks) > MAX_POSITIONS:
        raise node.error(f"blocks {list(blocks)}", f"at most {MAX_POSITIONS} elements")
    return x, blocks, table[::2], table[1::2]

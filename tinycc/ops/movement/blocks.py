# SPDX-License-Identifier: Apache-2.0
"""SPACE_TO_DEPTH, DEPTH_TO_SPACE, SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND: blocks of an image become channels or batches."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Signature
from tinycc.ops.movement.base import Arrays, Fill, Move, Movement, Rearrangement
from tinycc.ops.strides import Shape


@dataclass(frozen=True, eq=False, kw_only=True)
class SpaceToDepth(Rearrangement):
    """y[n, h, w, (i, j, c)] = x[n, h * block + i, w * block + j, c]. Source: TFLM reference/space_to_depth.h."""

    block: int

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

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

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

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
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        sizes = zip(self.spatial, self.margins, self.blocks, strict=True)
        cut = [(size + margin) // block for size, margin, block in sizes]
        shape = (self.x.shape[0] * math.prod(self.blocks), *cut, *self.x.shape[1 + len(cut) :])
        return (TensorType(shape, self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        y = array(self.y)
        if any(self.margins):
            fill = Fill("zero", np.asarray([self.zero], self.x.dtype.numpy))
            yield Move(fill, np.broadcast_to(fill.data, y.shape), self.y, y)
        for inside, cell in self.tiles(array(self.x), y):
            yield Move(self.x, inside, self.y, cell)


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchToSpace(Batches):
    """y[n, h * block_h + i - before_h, w * block_w + j - before_w] = x[((i, j), n), h, w], what is outside y left out.

    Source: TFLM reference/batch_to_space_nd.h.
    """

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        sizes = zip(self.spatial, self.margins, self.blocks, strict=True)
        whole = [size * block - margin for size, margin, block in sizes]
        shape = (self.x.shape[0] // math.prod(self.blocks), *whole, *self.x.shape[1 + len(whole) :])
        return (TensorType(shape, self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        for inside, cell in self.tiles(array(self.y), array(self.x)):
            yield Move(self.x, cell, self.y, inside)

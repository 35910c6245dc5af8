# SPDX-License-Identifier: Apache-2.0
"""SLICE, STRIDED_SLICE, REVERSE_V2, SPLIT, SPLIT_V, UNPACK, PACK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.errors import fail
from tinycc.ir import Array, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Signature, every_type
from tinycc.ops.movement.base import Arrays, Move, Movement, Rearrangement, blank
from tinycc.ops.strides import Shape

Index = tuple["slice | int | None", ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Slice(Rearrangement):
    """y = x[index], numpy's notation: a range of each dimension, with a step that may be negative; a number takes a dimension
    away, None adds one. Source: TFLM reference/slice.h, reference/strided_slice.h, strided_slice_logic.h.
    """

    index: Index

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.seen(blank(self.x.shape)).shape, self.x.dtype),)

    def seen(self, x: Array) -> Array:
        seen: Array = x[(*self.index, ...)]
        return seen


@dataclass(frozen=True, eq=False, kw_only=True)
class Split(Movement):
    """Output i is x's part along `axis` that holds the next sizes[i] of its elements. Source: TFLM split.cc, split_v.cc."""

    x: Value
    axis: int
    sizes: Shape

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.x.shape
        if sum(self.sizes) != shape[self.axis]:
            raise fail("parts", f"sizes {list(self.sizes)}", f"{shape[self.axis]} in all")
        return tuple(TensorType((*shape[: self.axis], n, *shape[self.axis + 1 :]), self.x.dtype) for n in self.sizes)

    def moves(self, array: Arrays) -> Iterator[Move]:
        start = 0
        for y, size in zip(self.outputs, self.sizes, strict=True):
            part = array(self.x)[(*[slice(None)] * self.axis, slice(start, start + size))]
            yield Move(self.x, part, y, array(y))
            start += size


@dataclass(frozen=True, eq=False, kw_only=True)
class Unpack(Movement):
    """Output i is x[i] along `axis`, which is taken away. Source: TFLM unpack.cc."""

    x: Value
    axis: int

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.x.shape
        return (TensorType((*shape[: self.axis], *shape[self.axis + 1 :]), self.x.dtype),) * shape[self.axis]

    def moves(self, array: Arrays) -> Iterator[Move]:
        for i, y in enumerate(self.outputs):
            yield Move(self.x, np.moveaxis(array(self.x), self.axis, 0)[i, ...], y, array(y))


@dataclass(frozen=True, eq=False, kw_only=True)
class Pack(Movement):
    """y[i] along the new dimension `axis` is operand i; all have one shape. Source: TFLM pack.cc."""

    xs: tuple[Value, ...]
    axis: int

    signatures: ClassVar[tuple[Signature, ...]] = every_type("xs")

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.xs[0].shape
        return (TensorType((*shape[: self.axis], len(self.xs), *shape[self.axis :]), self.xs[0].dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        for i, x in enumerate(self.xs):
            yield Move(x, array(x), self.y, np.moveaxis(array(self.y), self.axis, 0)[i, ...])

# SPDX-License-Identifier: Apache-2.0
"""SLICE, STRIDED_SLICE, REVERSE_V2, SPLIT, SPLIT_V, UNPACK, PACK."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, TensorType, Value
from tinycc.ops.base import Signature
from tinycc.ops.moves import Arrays, Move, Movement, Rearrangement, blank
from tinycc.ops.shapes import EVERY_TYPE, Shape, dimension, every_type, integer, integers

Index = tuple["slice | int | None", ...]

MASKS = ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
MAX_ENTRIES = 16
"""Ranges of a STRIDED_SLICE, new axes among them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Slice(Rearrangement):
    """y = x[index], numpy's notation: a range of each dimension, with a step that may be negative; a number takes a dimension
    away, None adds one. Source: TFLM reference/slice.h, reference/strided_slice.h, strided_slice_logic.h.
    """

    index: Index

    tflite: ClassVar[tuple[str, ...]] = ("SLICE", "STRIDED_SLICE", "REVERSE_V2")
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Slice:
        index = {"SLICE": _sliced, "STRIDED_SLICE": _strided, "REVERSE_V2": _reversed}[node.origin.kind](node)
        return cls(x=node.input(0), index=index, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.seen(blank(self.x.shape)).shape, self.x.dtype),)

    def seen(self, x: Array) -> Array:
        seen: Array = x[(*self.index, ...)]
        return seen


def _sliced(node: Node) -> Index:
    shape = node.input(0).shape
    begins, sizes = integers(node, 1), integers(node, 2)
    if not len(begins) == len(sizes) == len(shape):
        raise node.error(f"begin {list(begins)}, size {list(sizes)} of {list(shape)}", "one number for each dimension")
    ends = [total if size == -1 else begin + size for begin, size, total in zip(begins, sizes, shape, strict=True)]
    if not all(0 <= begin <= end <= total for begin, end, total in zip(begins, ends, shape, strict=True)):
        raise node.error(f"begin {list(begins)}, size {list(sizes)} of {list(shape)}", "a part of the operand")
    return tuple(map(slice, begins, ends))


def _reversed(node: Node) -> Index:
    rank = len(node.input(0).shape)
    axes = {dimension(node, axis, rank) for axis in integers(node, 1)}
    return tuple(slice(None, None, -1 if axis in axes else None) for axis in range(rank))


def _strided(node: Node) -> Index:
    begins, ends, strides = (integers(node, position) for position in (1, 2, 3))
    if not len(begins) == len(ends) == len(strides) <= MAX_ENTRIES or 0 in strides:
        found = f"{len(begins)} begins, {len(ends)} ends, strides {list(strides)[:MAX_ENTRIES]}"
        raise node.error(found, f"as many of each, at most {MAX_ENTRIES}, and strides other than 0")
    masks = {name: int(node.options.get(f"{name}_mask", 0)) for name in MASKS}
    bits = [{name for name, mask in masks.items() if mask >> i & 1} for i in range(len(begins))]
    sizes = iter(node.input(0).shape)
    unnamed = len(node.input(0).shape) - sum(not here & {"ellipsis", "new_axis"} for here in bits)
    if unnamed < 0 or sum("ellipsis" in here for here in bits) > 1:
        raise node.error(f"{len(begins)} ranges of {node.input(0).type}", "one ellipsis and one range a dimension at most")
    offset = bool(node.options.get("offset", False))
    index: list[slice | int | None] = []
    for here, begin, end, stride in zip(bits, begins, ends, strides, strict=True):
        if "ellipsis" in here:
            index += [slice(None) for _ in itertools.islice(sizes, unnamed)]
        elif "new_axis" in here:
            index.append(None)
        else:
            index.append(_range(node, next(sizes), begin, end, stride, here, offset))
    return tuple(index)


def _range(node: Node, size: int, begin: int, end: int, stride: int, bits: set[str], offset: bool) -> slice | int:
    """One dimension's part. Positions before the first element or behind the last are moved to the ends."""
    low, high = (0, size) if stride > 0 else (-1, size - 1)

    def position(index: int) -> int:
        return min(max(index + size if index < 0 else index, low), high)

    first = (low if stride > 0 else high) if "begin" in bits else position(begin)
    if "shrink_axis" in bits:
        if not 0 <= first < size:
            raise node.error(f"index {begin} of a dimension of {size}", f"{-size} to {size - 1}")
        return first
    last = (high if stride > 0 else low) if "end" in bits else position(end + first if offset else end)
    return slice(first, None if last < 0 else last, stride) if first >= 0 else slice(0, 0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Split(Movement):
    """Output i is x's part along `axis` that holds the next sizes[i] of its elements. Source: TFLM split.cc, split_v.cc."""

    x: Value
    axis: int
    sizes: Shape

    tflite: ClassVar[tuple[str, ...]] = ("SPLIT", "SPLIT_V")
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Split:
        even = node.origin.kind == "SPLIT"
        x = node.input(1 if even else 0)
        axis = dimension(node, integer(node, 0 if even else 2), len(x.shape))
        total, count = x.shape[axis], len(node.outputs)
        sizes = (total // count,) * count if even else integers(node, 1)
        known = sum(size for size in sizes if size != -1)
        if sizes.count(-1) == 1:
            sizes = tuple(total - known if size == -1 else size for size in sizes)
        if sum(sizes) != total or min(sizes) < 0 or len(sizes) != count:
            raise node.error(f"{list(sizes)} of {total} for {count} outputs", "sizes of all outputs that add up")
        node.check_repeated("num_splits", count)
        return cls(x=x, axis=axis, sizes=sizes, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.x.shape
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

    tflite: ClassVar[tuple[str, ...]] = ("UNPACK",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Unpack:
        x = node.input(0)
        axis = dimension(node, int(node.option("axis")), len(x.shape))
        if x.shape[axis] != len(node.outputs):
            raise node.error(f"{len(node.outputs)} outputs for axis {axis} of {list(x.shape)}", f"{x.shape[axis]}")
        node.check_repeated("num", len(node.outputs))
        return cls(x=x, axis=axis, outputs=node.outputs, origin=node.origin)

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

    tflite: ClassVar[tuple[str, ...]] = ("PACK",)
    signatures: ClassVar[tuple[Signature, ...]] = every_type("xs")

    @classmethod
    def from_tflite(cls, node: Node) -> Pack:
        xs = tuple(node.input(position) for position in range(max(len(node.inputs), 1)))
        shapes = {part.shape for part in xs}
        if len(shapes) > 1:
            raise node.error(f"operands of shapes {', '.join(str(list(shape)) for shape in sorted(shapes))}", "equal shapes")
        axis = dimension(node, int(node.option("axis")), len(xs[0].shape) + 1)
        node.check_repeated("values_count", len(xs))
        return cls(xs=xs, axis=axis, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.xs[0].shape
        return (TensorType((*shape[: self.axis], len(self.xs), *shape[self.axis :]), self.xs[0].dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        for i, x in enumerate(self.xs):
            yield Move(x, array(x), self.y, np.moveaxis(array(self.y), self.axis, 0)[i, ...])

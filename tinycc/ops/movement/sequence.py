# SPDX-License-Identifier: Apache-2.0
"""DYNAMIC_UPDATE_SLICE, slices, REVERSE_SEQUENCE: blocks whose place or length may come at run time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import RUN_TIME_TYPES, Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.movement.gather import INDEX_TYPES
from tinycc.ops.strides import MAX_LOOPS, Shape
from tinycc.ops.undefined import undefined


@dataclass(frozen=True)
class Corner:
    """Where a block begins: along dimension d at element picks[d] of the operand `start`, or at fixed[d] where picks[d] is -1.

    `from_end`: a negative start counts from the end.
    """

    picks: Shape
    fixed: Shape
    from_end: bool = False

    @classmethod
    def given(cls, rank: int) -> Corner:
        """An element of `start` for each dimension."""
        return cls(tuple(range(rank)), (0,) * rank)

    def block(self, start: Array, dims: Shape, sizes: Shape, *, strict: bool = True) -> tuple[slice, ...]:
        """The block of `sizes`; one that would reach beyond `dims` is moved inside. `strict`: that is undefined elsewhere."""
        flat = start.ravel().astype(np.int64)
        found = []
        for pick, fixed, dim, size in zip(self.picks, self.fixed, dims, sizes, strict=True):
            first = fixed if pick < 0 else int(flat[pick])
            first = first + dim if self.from_end and -dim <= first < 0 else first
            if strict and not 0 <= first <= dim - size:
                undefined(f"{size} elements from {first} on of {dim}")
            first = min(max(first, 0), dim - size)
            found.append(slice(first, first + size))
        return tuple(found)

    def __str__(self) -> str:
        places = (f"start[{pick}]" if pick >= 0 else str(fixed) for pick, fixed in zip(self.picks, self.fixed, strict=True))
        return "[" + ",".join(places) + ("]" if not self.from_end else "] from either end")


def placed(*operands: str) -> tuple[Signature, ...]:
    """The signatures of operators that move the elements of `operands` as integers say."""
    return tuple(
        Signature(f"{dtype.value} at {index.value}", {**dict.fromkeys(operands, dtype), "start": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in RUN_TIME_TYPES
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class DynamicUpdateSlice(Operator):
    """y = x with the block at `corner` replaced by `block`; a block that would reach beyond x is moved inside.

    It is also what a write into a list of tensors becomes: CONCATENATION of x[:i], the block, x[i + n:].
    Source: TFLM dynamic_update_slice.cc.
    """

    x: Value
    block: Value
    start: Value
    corner: Corner

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("x", 0),)
    signatures: ClassVar[tuple[Signature, ...]] = placed("x", "block")

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        y = read(self.x).copy()
        strict = self.origin.kind == "CONCATENATION"
        y[self.corner.block(read(self.start), self.x.shape, self.block.shape, strict=strict)] = read(self.block)
        return (y,)


@dataclass(frozen=True, eq=False, kw_only=True)
class DynamicSlice(Operator):
    """y = the block of x at `corner`, of `sizes`, as a tensor of `shape`; a block that would reach beyond x is moved inside.

    SLICE and STRIDED_SLICE whose place is known at run time alone. Source: LiteRT slice.cc, strided_slice.cc, which refuse such
    a place or give fewer elements.
    """

    x: Value
    start: Value
    corner: Corner
    sizes: Shape
    shape: Shape

    signatures: ClassVar[tuple[Signature, ...]] = placed("x")

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x)[self.corner.block(read(self.start), self.x.shape, self.sizes)].reshape(self.shape),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ReverseSequence(Operator):
    """y = x with the first lengths[b] elements along `axis` in reverse order, for each b along `batch`.

    Source: LiteRT reference_ops.h `ReverseSequence`.
    """

    x: Value
    lengths: Value
    axis: int
    batch: int

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{dtype.value} by {index.value}", {"x": dtype, "lengths": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in RUN_TIME_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        y = read(self.x).copy()
        rows = np.moveaxis(y, (self.batch, self.axis), (0, 1))
        for row, length in zip(rows, np.clip(read(self.lengths), 0, self.x.shape[self.axis]).tolist(), strict=True):
            row[:length] = row[:length][::-1].copy()
        return (y,)


def few_dimensions(op: DynamicUpdateSlice | DynamicSlice) -> str | None:
    """the operand has one to six dimensions"""
    return None if 0 < len(op.x.shape) <= MAX_LOOPS else f"shape {list(op.x.shape)}"


DynamicUpdateSlice.conditions = DynamicSlice.conditions = (not_empty, few_dimensions)
ReverseSequence.conditions = (not_empty,)

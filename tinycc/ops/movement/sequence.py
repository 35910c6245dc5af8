# SPDX-License-Identifier: Apache-2.0
"""DYNAMIC_UPDATE_SLICE, REVERSE_SEQUENCE: blocks whose place or length may come at run time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import RUN_TIME_TYPES, Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.movement.gather import INDEX_TYPES
from tinycc.ops.strides import MAX_LOOPS


@dataclass(frozen=True, eq=False, kw_only=True)
class DynamicUpdateSlice(Operator):
    """y = x with the block that begins at `start` replaced by `block`; a block that would reach beyond x is moved inside.

    Source: TFLM dynamic_update_slice.cc.
    """

    x: Value
    block: Value
    start: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{dtype.value} at {index.value}", {"x": dtype, "block": dtype, "start": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in RUN_TIME_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        y = read(self.x).copy()
        room = np.subtract(self.x.shape, self.block.shape)
        starts = np.clip(read(self.start), 0, room).tolist()
        y[tuple(slice(first, first + size) for first, size in zip(starts, self.block.shape, strict=True))] = read(self.block)
        return (y,)


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


def few_dimensions(op: DynamicUpdateSlice) -> str | None:
    """the operand has one to six dimensions"""
    return None if 0 < len(op.x.shape) <= MAX_LOOPS else f"shape {list(op.x.shape)}"


DynamicUpdateSlice.conditions = (not_empty, few_dimensions)
ReverseSequence.conditions = (not_empty,)

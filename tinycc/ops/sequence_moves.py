# SPDX-License-Identifier: Apache-2.0
"""DYNAMIC_UPDATE_SLICE, REVERSE_SEQUENCE: blocks whose place or length may come at run time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.cast import TYPE_NUMBERS, as_int32
from tinycc.ops.gather import INDEX_TYPES
from tinycc.ops.quantized import int_list
from tinycc.ops.shapes import MAX_LOOPS, dimension, not_empty, row_major
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class DynamicUpdateSlice(Operator):
    """y = x with the block that begins at `start` replaced by `block`; a block that would reach beyond x is moved inside.

    Source: TFLM dynamic_update_slice.cc.
    """

    x: Value
    block: Value
    start: Value

    tflite: ClassVar[tuple[str, ...]] = ("DYNAMIC_UPDATE_SLICE",)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{dtype.value} at {index.value}", {"x": dtype, "block": dtype, "start": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in TYPE_NUMBERS
    )

    @classmethod
    def from_tflite(cls, node: Node) -> DynamicUpdateSlice:
        x, block, start = node.input(0), node.input(1), node.input(2)
        fits = len(block.shape) == len(x.shape) and all(map(int.__le__, block.shape, x.shape))
        if not fits or start.shape != (len(x.shape),):
            raise node.error(
                f"{list(block.shape)} at {start.type} of {list(x.shape)}", "a block that fits, one start a dimension"
            )
        return cls(x=x, block=block, start=start, outputs=node.outputs, origin=node.origin)

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

    tflite: ClassVar[tuple[str, ...]] = ("REVERSE_SEQUENCE",)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{dtype.value} by {index.value}", {"x": dtype, "lengths": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in TYPE_NUMBERS
    )

    @classmethod
    def from_tflite(cls, node: Node) -> ReverseSequence:
        x, lengths = node.input(0), node.input(1)
        rank = len(x.shape)
        axis = dimension(node, int(node.option("seq_dim")), rank)
        batch = dimension(node, int(node.options.get("batch_dim", 0)), rank)
        if axis == batch or lengths.shape != (x.shape[batch],):
            raise node.error(f"{lengths.type} along {batch} and {axis} of {list(x.shape)}", "one length for each batch")
        return cls(x=x, lengths=lengths, axis=axis, batch=batch, outputs=node.outputs, origin=node.origin)

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


def lower_update(op: DynamicUpdateSlice, target: Target) -> tuple[Call, ...]:
    calls, start = as_int32(op.start)
    shape = struct(
        "tk_update_shape",
        rank=len(op.x.shape),
        dims=int_list(op.x.shape),
        update_dims=int_list(op.block.shape),
    )
    return (*calls, Call("tk_update_slice", (Tensor(op.x), Tensor(op.block), start, Tensor(op.y), shape, op.x.dtype.bytes)))


def lower_reverse(op: ReverseSequence, target: Target) -> tuple[Call, ...]:
    calls, lengths = as_int32(op.lengths)
    shape, size = op.x.shape, op.x.dtype.bytes
    steps = [step * size for step in row_major(shape)]
    first, last = sorted((op.axis, op.batch))
    outer, middle = math.prod(shape[:first]), math.prod(shape[first + 1 : last])
    loops = struct(
        "tk_reverse_shape",
        dims=int_list((outer, middle, shape[op.batch])),
        stride=int_list((steps[first] * shape[first], steps[last] * shape[last], steps[op.batch])),
        steps=shape[op.axis],
        step_stride=steps[op.axis],
        row_bytes=steps[last],
    )
    return (*calls, Call("tk_reverse_sequence", (Tensor(op.x), lengths, Tensor(op.y), loops)))


DynamicUpdateSlice.conditions = (not_empty, few_dimensions)
DynamicUpdateSlice.kernels = (Kernel("tk_update_slice", lower_update, in_place=("x",)),)
ReverseSequence.conditions = (not_empty,)
ReverseSequence.kernels = (Kernel("tk_reverse_sequence", lower_reverse),)

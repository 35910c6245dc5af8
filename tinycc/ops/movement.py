# SPDX-License-Identifier: Apache-2.0
"""PAD, PADV2, TRANSPOSE: elements move, none is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Table, Tensor, struct
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.moves import Rearrangement, in_rows, lower_rows, lower_strided
from tinycc.ops.quantized import dims, int_list
from tinycc.ops.shapes import EVERY_TYPE, MAX_LOOPS, Shape, not_empty
from tinycc.ops.window import Pair
from tinycc.target import Target

MAX_TRANSPOSED = Pair(2**16 - 1, (2**16 - 1) // 7)
"""Rows and columns of a matrix that `arm_transpose_s8` counts in 16 bits: Helium also the bytes from a row to the seventh after
it."""


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

    tflite: ClassVar[tuple[str, ...]] = ("PAD", "PADV2")
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Pad:
        x, table = node.input(0), node.constant(1)
        if table.dtype.kind != "i" or table.size != 2 * len(x.shape) or (table < 0).any():
            raise node.error(f"paddings {table.tolist()} for {x.type}", "two non-negative integers for each dimension")
        before, after = (tuple(map(int, side)) for side in table.reshape(-1, 2).T)
        value = _fill_value(node)
        content: float | int = 0 if value is None else value
        fill = node.input(2) if value is None else None
        return cls(x=x, before=before, after=after, value=content, fill=fill, outputs=node.outputs, origin=node.origin)

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


def _fill_value(node: Node) -> float | int | None:
    """None: what operand 2 holds at run time."""
    x, y = node.input(0), node.outputs[0]
    if node.optional(2) is None:
        zero = y.type.quantization.zero_points[0] if y.type.quantization is not None else 0
        if y.dtype.is_integer and not y.dtype.limits[0] <= zero <= y.dtype.limits[1]:
            raise node.error(f"zero point {zero}", f"a value of {y.dtype.value}")
        return 0 if y.dtype is DType.INT16 and node.match == "tflm" else zero
    fill = node.input(2)
    if fill.type.elements != 1 or fill.dtype is not x.dtype:
        raise node.error(f"pad value {fill.type}", f"one element of type {x.dtype.value}")
    if x.dtype is DType.INT8 and fill.type.quantization != y.type.quantization:
        raise node.error(f"pad value {fill.type} for output {y.type}", "the output's scale and zero point")
    return None if fill.data is None else fill.data.item()


@dataclass(frozen=True, eq=False, kw_only=True)
class Transpose(Rearrangement):
    """y[i] = x[j] with j[permutation[d]] = i[d]: dimension d of y is dimension permutation[d] of x."""

    permutation: Shape

    tflite: ClassVar[tuple[str, ...]] = ("TRANSPOSE",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Transpose:
        x = node.input(0)
        table = node.constant(1)
        permutation = tuple(table.ravel().tolist())
        if table.dtype.kind != "i" or sorted(permutation) != list(range(len(x.shape))):
            raise node.error(f"permutation {list(permutation)} of {list(x.shape)}", f"each of 0 to {len(x.shape) - 1} once")
        return cls(x=x, permutation=permutation, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(tuple(self.x.shape[axis] for axis in self.permutation), self.x.dtype),)

    def seen(self, x: Array) -> Array:
        return x.transpose(self.permutation)

    @property
    def merged(self) -> tuple[Shape, Shape]:
        """Shape of x and permutation, with the dimensions that stay together as one."""
        loops = self.walks[0].loops
        order = sorted(range(len(loops)), key=lambda position: -loops[position].strides[0])
        return tuple(loops[position].size for position in order), tuple(map(order.index, range(len(loops))))


def few_padded_dimensions(op: Pad) -> str | None:
    """at most six separate runs of dimensions are padded"""
    return f"paddings {op.before} before, {op.after} after" if len(op.frames) > MAX_LOOPS else None


def lower_pad_s8(op: Pad, target: Target) -> tuple[Call, ...]:
    frames = (*[Frame(0, 1, 0)] * (4 - len(op.frames)), *op.frames)
    before, size, after = (dims(*(frame[part] for frame in frames)) for part in range(3))
    return (Call("arm_pad_s8", (Tensor(op.x), Tensor(op.y), int(op.value), size, before, after), checked=True),)


def lower_pad(op: Pad, target: Target) -> tuple[Call, ...]:
    shape = struct(
        "tk_pad_shape",
        rank=len(op.frames),
        dims=int_list(tuple(frame.size for frame in op.frames)),
        before=int_list(tuple(frame.before for frame in op.frames)),
        after=int_list(tuple(frame.after for frame in op.frames)),
    )
    value = Table("pad_value", np.asarray([op.value], op.x.dtype.numpy)) if op.fill is None else Tensor(op.fill)
    return (Call("tk_pad", (Tensor(op.x), Tensor(op.y), shape, op.x.dtype.bytes, value)),)


def lower_transpose_s8(op: Transpose, target: Target) -> tuple[Call, ...]:
    shape, permutation = op.merged
    padding = (1,) * (4 - len(shape))
    x, y = (dims(*sizes, *padding) for sizes in (shape, tuple(shape[axis] for axis in permutation)))
    axes = Table("permutation", np.asarray(permutation, np.int32), "uint32_t")
    params = struct("cmsis_nn_transpose_params", num_dims=len(shape), permutations=axes)
    return (Call("arm_transpose_s8", (Tensor(op.x), Tensor(op.y), x, y, params), checked=True),)


def arm_transposes(op: Transpose, target: Target) -> bool:
    """Whether `arm_transpose_s8`, which moves bytes, is the one: rows that stay whole are faster by memcpy. Up to four
    dimensions, the last two of them within its counters."""
    if op.x.dtype is not DType.INT8 or not op.x.type.elements:
        return False
    shape, permutation = op.merged
    scattered = permutation[-1] != len(shape) - 1
    return scattered and len(shape) <= 4 and shape[-2] <= MAX_TRANSPOSED.h and shape[-1] <= MAX_TRANSPOSED.w


Pad.conditions = (not_empty, few_padded_dimensions)
Pad.kernels = (
    Kernel("arm_pad_s8", lower_pad_s8, lambda op, target: op.x.dtype is DType.INT8 and len(op.frames) <= 4 and op.fill is None),
    Kernel("tk_pad", lower_pad),
)
Transpose.kernels = (
    Kernel("tk_copy_rows", lower_rows, in_rows),
    Kernel("arm_transpose_s8", lower_transpose_s8, arm_transposes),
    Kernel("tk_copy_strided", lower_strided),
)

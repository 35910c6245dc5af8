# SPDX-License-Identifier: Apache-2.0
"""RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import Self

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Struct, Tensor, int32_table, struct
from tinycc.ops.base import Kernel, Operator, Signature, signature
from tinycc.ops.broadcast import SUFFIXES
from tinycc.ops.shapes import EVERY_TYPE, integers
from tinycc.target import Target

MAX_SIZE = 2**15
"""Height and width: positions count in 1/1024 pixels."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Resize(Operator):
    """An image [N,H,W,C] in another height and width."""

    x: Value
    size: tuple[int, int]
    align_corners: bool
    half_pixel_centers: bool

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        x, size = node.input(0), integers(node, 1)
        options = {name: bool(node.options.get(name, False)) for name in ("align_corners", "half_pixel_centers")}
        if len(x.shape) != 4 or len(size) != 2 or not all(0 < n < MAX_SIZE for n in (*size, *x.shape[1:3])):
            raise node.error(f"{list(x.shape)} to {list(size)}", f"four dimensions, height and width of 1 to {MAX_SIZE - 1}")
        return cls(x=x, size=(size[0], size[1]), **options, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], *self.size, self.x.shape[3]), self.x.dtype),)

    def spans(self, axis: int) -> tuple[int, int]:
        """(input, output) sizes whose ratio is the scale: those of the image, or one less to bring the corners together."""
        before, after = self.x.shape[1 + axis], self.size[axis]
        return (before - 1, after - 1) if self.align_corners and after > 1 else (before, after)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResizeNearest(Resize):
    """y[n, h, w] = x[n, rows[h], columns[w]], the nearest pixels.

    Output pixel i of n looks at floor((i + offset) * scale), rounded instead with `align_corners`; offset is 1/2 with
    `half_pixel_centers`. Source: TFLM reference/resize_nearest_neighbor.h.
    """

    tflite: ClassVar[tuple[str, ...]] = ("RESIZE_NEAREST_NEIGHBOR",)
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def positions(self, axis: int) -> Array:
        """The input pixel for each output pixel; computed in float32."""
        before, after = self.spans(axis)
        scale = np.float32(before) / np.float32(after)
        offset = np.float32(0.5 if self.half_pixel_centers else 0)
        place = (np.arange(self.size[axis], dtype=np.float32) + offset) * scale
        whole = np.floor(place + np.float32(0.5)) if self.align_corners else np.floor(place)
        limited: Array = np.clip(whole.astype(np.int64), 0, self.x.shape[1 + axis] - 1)
        return limited

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x)[:, self.positions(0)][:, :, self.positions(1)],)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResizeBilinear(Resize):
    """y = the mean of the four nearest pixels of x, weighted by distance.

    Output pixel i of n lies at i * scale; with `half_pixel_centers` at (i + 1/2) * scale - 1/2. int8 and int16 count positions
    in 1/1024 pixels and round halves away from zero; uint8 computes in float32. Source: TFLM reference/resize_bilinear.h; int16
    as in LiteRT.
    """

    tflite: ClassVar[tuple[str, ...]] = ("RESIZE_BILINEAR",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("int16", DType.INT16, x=DType.INT16),
        signature("uint8", DType.UINT8, x=DType.UINT8),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32),
    )

    @property
    def in_1024ths(self) -> bool:
        """Whether positions and weights are integers."""
        return self.x.dtype in (DType.INT8, DType.INT16)

    def scale(self, axis: int) -> float:
        before, after = self.spans(axis)
        return float(np.float32(before) / np.float32(after))

    def scale_1024(self, axis: int) -> int:
        before, after = self.spans(axis)
        return (1024 * before + after // 2) // after

    def offset_1024(self, axis: int) -> int:
        return self.scale_1024(axis) // 2 - 512 if self.half_pixel_centers else 0

    def neighbours(self, axis: int) -> tuple[Array, Array, Array]:
        """(pixel below, pixel above, weight of the latter) for each output pixel, the weight in 1/1024 for int8."""
        index: Array = np.arange(self.size[axis])
        place: Array
        if self.in_1024ths:
            place = index * self.scale_1024(axis) + self.offset_1024(axis)
            below, above, unit = np.trunc(place / 1024), np.trunc((place + 1023) / 1024), 1024
        else:
            scale, half = np.float32(self.scale(axis)), np.float32(0.5 if self.half_pixel_centers else 0)
            place = (index.astype(np.float32) + half) * scale - half
            below, above, unit = np.floor(place), np.ceil(place), 1
        last = self.x.shape[1 + axis] - 1
        lower, upper = (np.clip(pixel, 0, last).astype(np.int64) for pixel in (below, above))
        return lower, upper, (place - (unit * lower).astype(place.dtype)).reshape(-1, *[1] * (2 - axis))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        whole = self.in_1024ths
        x = read(self.x).astype(np.int64 if whole else np.float32)
        one = x.dtype.type(1024 if whole else 1)
        (top, bottom, v), (left, right, u) = self.neighbours(0), self.neighbours(1)
        rows = [(x[:, top], one - v), (x[:, bottom], v)]
        sides = [(left, one - u), (right, u)]
        total = sum(part[:, :, side] * weight * share for side, share in sides for part, weight in rows)
        y = np.asarray(total)
        if whole:
            y = np.sign(y) * ((np.abs(y) + 2**19) >> 20)
        elif self.x.dtype is DType.UINT8:
            y = y + np.float32(0.5)
        return (y.astype(self.x.dtype.numpy),)


def one_alignment(op: ResizeBilinear) -> str | None:
    """align_corners and half_pixel_centers exclude each other"""
    return "both" if op.align_corners and op.half_pixel_centers else None


def lower_nearest(op: ResizeNearest, target: Target) -> tuple[Call, ...]:
    n, h, w, c = op.x.shape
    rows, columns = (
        int32_table(name, op.positions(axis).tolist()) for axis, name in enumerate(("resize_rows", "resize_columns"))
    )
    args = (Tensor(op.x), Tensor(op.y), rows, columns, n, h, w, *op.size, c * op.x.dtype.bytes)
    return (Call("tk_resize_nearest", args),)


def sizes(op: Resize) -> Struct:
    n, h, w, c = op.x.shape
    return struct("tk_resize_sizes", batch=n, in_h=h, in_w=w, out_h=op.size[0], out_w=op.size[1], channels=c)


def lower_bilinear_1024(op: ResizeBilinear, target: Target) -> tuple[Call, ...]:
    shape = struct(
        "tk_resize_s8_shape",
        sizes=sizes(op),
        scale_h=op.scale_1024(0),
        scale_w=op.scale_1024(1),
        offset_h=op.offset_1024(0),
        offset_w=op.offset_1024(1),
    )
    return (Call(f"tk_resize_bilinear_{SUFFIXES[op.x.dtype]}", (Tensor(op.x), Tensor(op.y), shape)),)


def lower_bilinear(op: ResizeBilinear, target: Target) -> tuple[Call, ...]:
    shape = struct(
        "tk_resize_f32_shape",
        sizes=sizes(op),
        scale_h=op.scale(0),
        scale_w=op.scale(1),
        half_pixel_centers=int(op.half_pixel_centers),
    )
    suffix = "u8" if op.x.dtype is DType.UINT8 else "f32"
    return (Call(f"tk_resize_bilinear_{suffix}", (Tensor(op.x), Tensor(op.y), shape)),)


ResizeNearest.kernels = (Kernel("tk_resize_nearest", lower_nearest),)
ResizeBilinear.conditions = (one_alignment,)
ResizeBilinear.kernels = (
    Kernel("tk_resize_bilinear_s8", lower_bilinear_1024, lambda op, target: op.x.dtype is DType.INT8),
    Kernel("tk_resize_bilinear_s16", lower_bilinear_1024, lambda op, target: op.x.dtype is DType.INT16),
    Kernel("tk_resize_bilinear_u8", lower_bilinear, lambda op, target: op.x.dtype is DType.UINT8),
    Kernel("tk_resize_bilinear_f32", lower_bilinear, lambda op, target: op.x.dtype is DType.FLOAT32),
)

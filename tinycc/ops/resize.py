# SPDX-License-Identifier: Apache-2.0
"""RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Operator, Signature, signature


@dataclass(frozen=True, eq=False, kw_only=True)
class Resize(Operator):
    """An image [N,H,W,C] in another height and width."""

    x: Value
    size: tuple[int, int]
    align_corners: bool
    half_pixel_centers: bool

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], *self.size, self.x.shape[3]), self.x.dtype),)

    @property
    def image(self) -> tuple[int, int]:
        """Height and width of the operand."""
        return self.x.shape[1], self.x.shape[2]

    def spans(self, axis: int) -> tuple[int, int]:
        """(input, output) sizes whose ratio is the scale: those of the image, or one less to bring the corners together."""
        before, after = self.image[axis], self.size[axis]
        return (before - 1, after - 1) if self.align_corners and after > 1 else (before, after)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResizeNearest(Resize):
    """y[n, h, w] = x[n, rows[h], columns[w]], the nearest pixels.

    Output pixel i of n looks at floor((i + offset) * scale), rounded instead with `align_corners`; offset is 1/2 with
    `half_pixel_centers`. Source: TFLM reference/resize_nearest_neighbor.h.
    """

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


@dataclass(frozen=True)
class Band:
    """Some rows of a resized image, turn by turn. `whole`: rows of the whole operand and of the whole result. In turn n the
    operand is there from row `start[0] + start[1] * n` on, and the result is its rows `step * n` and the next ones, `rows` in
    all."""

    whole: tuple[int, int]
    rows: int
    start: tuple[int, int]
    step: int


@dataclass(frozen=True, eq=False, kw_only=True)
class ResizeBilinear(Resize):
    """y = the mean of the four nearest pixels of x, weighted by distance.

    Output pixel i of n lies at i * scale; with `half_pixel_centers` at (i + 1/2) * scale - 1/2. int8 and int16 count positions
    in 1/1024 pixels and round halves away from zero; uint8 computes in float32. Source: TFLM reference/resize_bilinear.h; int16
    as in LiteRT. `band`: x and y are some rows of the image; `size` stays that of all of it.
    """

    band: Band | None = None

    def infer(self) -> tuple[TensorType, ...]:
        (whole,) = super().infer()
        if self.band is None:
            return (whole,)
        return (TensorType((whole.shape[0], self.band.rows, *whole.shape[2:]), whole.dtype),)

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8),
        signature("int16", DType.INT16, x=DType.INT16),
        signature("uint8", DType.UINT8, x=DType.UINT8),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32),
    )

    @property
    def image(self) -> tuple[int, int]:
        return (self.band.whole[0] if self.band is not None else self.x.shape[1]), self.x.shape[2]

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
        last = self.image[axis] - 1
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


ResizeBilinear.conditions = (one_alignment,)

# SPDX-License-Identifier: Apache-2.0
"""Images read between their pixels: GridSample, RoiAlign."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import not_empty

MODES = ("nearest", "linear", "cubic")
"""In the order of the `tk_sampling` of tk_grid_sample_f32.h."""
PADDINGS = ("zeros", "border", "reflection")
"""In the order of the `tk_beyond` of the same header."""
CUBIC = np.float32(-0.75)


@dataclass(frozen=True, eq=False, kw_only=True)
class GridSample(Operator):
    """y[n,p,c] = x[n,:,...,c] at the place grid[n,p], whose coordinates begin with the last dimension's.

    x: [N,spatial...,C] of up to three spatial dimensions; grid: [N,P,their number]; y: [N,P,C]. Coordinates run from -1 to 1,
    with `align_corners` between the centres of the first and the last pixel, else between their outer edges; or they are pixels
    where they are not `relative`. Source: onnx.reference op_grid_sample.py; with cubic, as in
    ONNX Runtime, what lies beyond is that of each pixel, not of the place.
    """

    x: Value
    grid: Value
    mode: str
    padding: str
    align_corners: bool
    relative: bool = True

    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", {"x": DType.FLOAT32, "grid": DType.FLOAT32}, (DType.FLOAT32,)),
    )

    @property
    def spatial(self) -> tuple[int, ...]:
        return self.x.shape[1:-1]

    @property
    def taps(self) -> int:
        """Pixels along a dimension that one result is made of."""
        return (1, 2, 4)[MODES.index(self.mode)]

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.grid.shape[:2], self.x.shape[-1]), DType.FLOAT32),)

    @property
    def work(self) -> int:
        return self.y.type.elements * int(self.taps ** len(self.spatial))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, grid = read(self.x), read(self.grid)
        images = np.arange(grid.shape[0])[:, None]
        along = [self._along(grid[..., -1 - axis], size) for axis, size in enumerate(self.spatial)]
        y = np.zeros(self.infer()[0].shape, np.float32)
        for taps in itertools.product(range(self.taps), repeat=len(along)):
            pixels = tuple(pixel[tap] for tap, (pixel, _) in zip(taps, along, strict=True))
            weight = math.prod((weights[tap] for tap, (_, weights) in zip(taps, along, strict=True)), start=np.float32(1))
            y += x[(images, *pixels)] * np.asarray(weight)[..., None]
        return (y,)

    def _along(self, places: Array, size: int) -> tuple[list[Array], list[Array]]:
        """The pixels of one dimension that places are between, and their weights, tap by tap."""
        one = np.float32(1)
        if self.relative:
            wide = (places + one) * np.float32(size - 1) if self.align_corners else (places + one) * np.float32(size) - one
            places = wide / np.float32(2)
        places = np.rint(places) if self.mode == "nearest" else places
        low, high = (0, size - 1) if self.align_corners else (-0.5, size - 0.5)
        if self.padding != "zeros" and self.mode != "cubic":
            outside = (places < low) | (places > high)
            moved = np.clip(places, 0, size - 1) if self.padding == "border" else reflected(places, low, high)
            places = np.where(outside, moved, places)
        first = np.floor(places)
        rest = (places - first).astype(np.float32)
        reach = {"nearest": (0,), "linear": (0, 1), "cubic": (-1, 0, 1, 2)}[self.mode]
        pixels, weights = [], []
        for step, weight in zip(reach, _weights(self.mode, rest), strict=True):
            at = first + step
            inside = (at >= 0) & (at < size)
            if self.padding == "reflection":
                at = np.trunc(reflected(at, low, high))
            pixels.append(np.clip(np.nan_to_num(at, nan=0.0), 0, size - 1).astype(np.int64))
            weights.append(np.where(inside, weight, np.float32(0)) if self.padding == "zeros" else weight)
        return pixels, weights


def reflected(places: Array, low: float, high: float) -> Array:
    """Places outside [low, high] mirrored at its ends until they are inside."""
    span = np.float32(high - low)
    if span == 0:
        return np.full_like(places, low)
    away = np.where(places < low, np.float32(low) - places, places - np.float32(high))
    times = np.floor(away / span)
    rest = away - times * span
    from_low = (places < low) == (times % 2 == 0)
    inside: Array = np.where(from_low, np.float32(low) + rest, np.float32(high) - rest)
    return np.where((places < low) | (places > high), inside, places)


def _weights(mode: str, rest: Array) -> tuple[Array, ...]:
    """Of the taps, where `rest` is the distance from the pixel before."""
    a, t, one = CUBIC, rest, np.float32(1)
    if mode == "nearest":
        return (np.ones_like(t),)
    if mode == "linear":
        return one - t, t

    def far(d: Array) -> Array:
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    def near(d: Array) -> Array:
        return ((a + 2) * d - (a + 3)) * d * d + 1

    return far(t + one), near(t), near(one - t), far(np.float32(2) - t)


@dataclass(frozen=True, eq=False, kw_only=True)
class RoiAlign(Operator):
    """y[r,i,j,c]: the mean (or with `largest` the largest) of the samples in cell i, j of region r, read between pixels.

    x: [N,H,W,C]; rois: [R,4] of x and y of two corners, times `scale` in pixels, less `offset`; images: [R], the image of each;
    y: [R,size...,C]. A cell has `samples` in each direction, 0: as many as it has pixels. With `largest`, each sample is the
    largest of the four weighted pixels, as the runtimes have it. Source: onnx.reference op_roi_align.py.
    """

    x: Value
    rois: Value
    images: Value
    size: tuple[int, int]
    samples: int
    scale: float
    offset: float
    largest: bool

    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", {"x": DType.FLOAT32, "rois": DType.FLOAT32, "images": DType.INT32}, (DType.FLOAT32,)),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.rois.shape[0], *self.size, self.x.shape[-1]), DType.FLOAT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, y = read(self.x), np.zeros(self.infer()[0].shape, np.float32)
        for r, (roi, image) in enumerate(zip(read(self.rois), read(self.images), strict=True)):
            source = x[min(max(int(image), 0), len(x) - 1)]
            x1, y1, x2, y2 = (np.float32(v) * np.float32(self.scale) - np.float32(self.offset) for v in roi)
            h, w = y2 - y1, x2 - x1
            if not self.offset:
                h, w = max(h, np.float32(1)), max(w, np.float32(1))
            cell = h / np.float32(self.size[0]), w / np.float32(self.size[1])
            counts = [self.samples or max(int(np.ceil(side)), 0) for side in cell]
            for i, j in itertools.product(*map(range, self.size)):
                y[r, i, j] = self._cell(source, (y1 + i * cell[0], x1 + j * cell[1]), cell, counts)
        return (y,)

    def _cell(self, x: Array, start: Sequence[np.float32], cell: Sequence[np.float32], counts: list[int]) -> Array:
        """The result for one cell of one image [H,W,C]."""
        found = []
        for i, j in itertools.product(*map(range, counts)):
            at = [
                np.float32(first + (np.float32(step) + np.float32(0.5)) * side / np.float32(count))
                for first, step, side, count in zip(start, (i, j), cell, counts, strict=True)
            ]
            found.append(_between(x, at[0], at[1]))
        if not found:
            return np.zeros(x.shape[-1], np.float32)
        four = np.asarray(found)  # [samples, 4, C]
        result: Array = four.max((0, 1)) if self.largest else four.sum((0, 1)) / np.float32(len(found))
        return result


def _between(x: Array, row: np.float32, column: np.float32) -> Array:
    """The four pixels of [H,W,C] around a place, weighted; zeros beyond the image."""
    height, width, channels = x.shape
    if not (-1 <= row <= height and -1 <= column <= width):
        return np.zeros((4, channels), np.float32)
    ends = []
    for place, size in ((row, height), (column, width)):
        place = max(place, np.float32(0))
        low = min(int(place), size - 1)
        rest = np.float32(0) if low == size - 1 else np.float32(place - low)
        ends.append(((low, 1 - rest), (min(low + 1, size - 1), rest)))
    (top, bottom), (left, right) = ends
    return np.asarray([x[i, j] * np.float32(a * b) for (i, a), (j, b) in itertools.product((top, bottom), (left, right))])


def up_to_three_dimensions(op: GridSample) -> str | None:
    """images have one to three spatial dimensions, and the grid a coordinate for each"""
    rank = len(op.spatial)
    fits = 1 <= rank <= 3 and len(op.grid.shape) == 3 and op.grid.shape[2] == rank and op.grid.shape[0] == op.x.shape[0]
    return None if fits else f"{op.x.type} by {op.grid.type}"


def one_image_each(op: RoiAlign) -> str | None:
    """there are four corners and an image for each region"""
    fits = len(op.x.shape) == 4 and op.rois.shape == (*op.images.shape, 4) and len(op.images.shape) == 1
    return None if fits else f"{op.rois.type}, {op.images.type}"


GridSample.conditions = (not_empty, up_to_three_dimensions)
RoiAlign.conditions = (not_empty, one_image_each)

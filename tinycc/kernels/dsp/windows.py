# SPDX-License-Identifier: Apache-2.0
"""Convolutions as the DSP kernels see them: windows of contiguous segments, in strips of rows.

runtime/kernels/dsp/tk_conv_dsp.h
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd, prod
from typing import NamedTuple

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.calls import Struct, Table, struct
from tinycc.kernels.dsp.gemm import is_half, rounded_up, woven_pairs
from tinycc.kernels.folding import once
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.window import Padding, Pair, Window
from tinycc.program.types import Content

MAX_ROWS = 32
"""TK_CONV_ROWS: input rows that a strip may see."""
LITTLE, MUCH, SHARE = 512, 2048, 8
"""Bytes of copied rows that are granted to any layer, and at most; this part of input and output lies between. The least there
can be is always granted."""


class Placed(NamedTuple):
    """Where results lie: bytes to the first one; from a pixel, a row, an image to the next."""

    first: int
    pixel: int
    line: int
    image: int


@dataclass(frozen=True, eq=False)
class Windows:
    """A convolution: x [N,H,W,C], weights int8[O,kH,kW,C/groups], y [N,H',W',O]. What lies in memory as one row is one row.

    `apart_in`: where results lie that are not without a break.
    """

    x: tuple[int, ...]
    y: tuple[int, ...]
    weights: Array
    window: Window
    groups: int
    apart_in: Placed | None = None

    @property
    def placed(self) -> Placed:
        _, rows, columns, channels = self.y
        return self.apart_in or Placed(0, channels, columns * channels, rows * columns * channels)

    @property
    def reach(self) -> Pair:
        return self.window.reach

    @property
    def apart(self) -> bool:
        """Whether the taps of a row of the window are not contiguous."""
        return self.window.dilation.w > 1 or self.groups > 1

    @cached_property
    def segments(self) -> Array:
        """int8[O, segments, bytes]."""
        channels, rows, columns, _ = self.weights.shape
        return self.weights.reshape(channels, rows * columns if self.apart else rows, -1)

    @cached_property
    def pairs(self) -> Array:
        """int8[O, steps, 2]: as they are multiplied."""
        return woven_pairs(self.segments)

    @property
    def depth(self) -> int:
        return 2 * int(self.pairs.shape[1])

    @property
    def group(self) -> int:
        """Output channels of a group."""
        return self.y[3] // self.groups

    @property
    def stored(self) -> int:
        """Bytes of a segment, in whole words."""
        return rounded_up(int(self.segments.shape[2]), 4)

    @property
    def row_bytes(self) -> int:
        return self.x[2] * self.x[3]

    @property
    def lead(self) -> int:
        return rounded_up(self.window.padding.left * self.x[3], 4)

    @property
    def end(self) -> int:
        """Bytes from the first pixel of a row to the end of what windows read in it."""
        last = (self.y[2] - 1) * self.window.stride.w * self.x[3] + (self.groups - 1) * int(self.weights.shape[3])
        taps = (self.window.size.w - 1) * self.window.dilation.w * self.x[3] if self.apart else 0
        return last + taps + self.stored - self.window.padding.left * self.x[3]

    @property
    def width(self) -> int:
        """Bytes of a copied row; 0 if rows can be read where they are."""
        if not any(self.window.padding) and self.end <= self.row_bytes:
            return 0
        return rounded_up(self.lead + max(self.row_bytes, self.end), 4)

    @property
    def share(self) -> int:
        """Bytes of scratch that are granted for the size of the layer."""
        return min(MUCH, (prod(self.x) + prod(self.y)) // SHARE)

    @property
    def strip(self) -> int:
        """Output rows at a time: enough for whole fours of pixels if there can be, and few to copy twice."""
        stride = self.window.stride.h
        if self.apart_in is not None and self.y[2] % 4:
            return 1
        most = min(self.y[1], (MAX_ROWS - self.reach.h) // stride + 1)
        unit = min(4 // gcd(self.y[2], 4), most)
        if self.width:
            rows = max(unit, ((max(LITTLE, self.share) // self.width - self.reach.h) // stride + 1) // unit * unit)
            most = min(most, rows)
        strips = -(-self.y[1] // most)
        return min(rounded_up(-(-self.y[1] // strips), unit), most)

    @property
    def seen(self) -> int:
        """Input rows that a strip sees."""
        return (self.strip - 1) * self.window.stride.h + self.reach.h

    @property
    def scratch(self) -> int:
        gathered = 4 * self.segments.shape[1] * self.stored if self.y[2] % 4 else 0
        room = 4 * rounded_up(self.group, 2) if self.group % 2 else 0
        return 6 * self.depth + 12 + gathered + room + self.seen * self.width

    @property
    def weave(self) -> Struct:
        """How a window is woven."""
        return struct(
            "tk_weave",
            rows=self.window.size.h,
            row_step=self.window.dilation.h,
            segments=self.window.size.w if self.apart else 1,
            next=self.window.dilation.w * self.x[3],
            words=self.stored // 4,
            half=int(is_half(self.segments.shape[2])),
            pitch=self.window.stride.w * self.x[3],
        )

    def layer(self, words: list[Array], zero_point: int) -> Struct:
        """words: of each group."""
        window = self.window
        return struct(
            "tk_conv_layer",
            weights=Table("weights", np.concatenate(words), Content.WEIGHTS),
            group_words=len(words[0]),
            depth=self.depth,
            channels=rounded_up(self.group, 2),
            zero_point=zero_point,
            strip=self.strip,
            row_bytes=self.row_bytes,
            lead=self.lead if self.width else 0,
            width=self.width,
            before=-window.padding.left * self.x[3],
            groups=self.groups,
            in_group=self.weights.shape[3],
            out_group=self.group,
            first=self.placed.first,
            out_pixel=self.placed.pixel,
            out_line=self.placed.line,
            out_image=self.placed.image,
            batch=self.x[0],
            in_rows=self.x[1],
            out_rows=self.y[1],
            out_w=self.y[2],
            stride=window.stride.h,
            pad=window.padding.top,
            seen=self.reach.h,
            weave=self.weave,
        )


POINT = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))


@once
def windows_of(op: Conv2D | DepthwiseConv2D | FullyConnected) -> Windows:
    """A depthwise convolution of one input channel is a convolution; a matrix product is one whose pixels are the rows."""
    assert op.weights.data is not None
    weights = op.weights.data.astype(np.int8)
    if isinstance(op, FullyConnected):
        x, y = ((1, 1, op.batch, channels) for channels in (op.depth, op.channels))
        return _laid(Windows(x, y, weights.reshape(op.channels, 1, 1, op.depth), POINT, 1))
    if isinstance(op, DepthwiseConv2D):
        return _laid(Windows(op.x.shape, op.y.shape, weights.transpose(3, 1, 2, 0), op.window, 1))
    return _laid(Windows(op.x.shape, op.y.shape, weights, op.window, op.groups))


def _laid(w: Windows) -> Windows:
    """Images of one column become such of one row; in a product of two matrices, all pixels are one row."""
    size, stride, dilation, padding = w.window.size, w.window.stride, w.window.dilation, w.window.padding
    if w.x[2] == 1 and size.w == 1 and not (padding.left or padding.right):
        turned = Window(
            Pair(size.w, size.h), Pair(1, stride.h), Pair(1, dilation.h), Padding(0, 0, padding.top, padding.bottom)
        )
        (n, h, _, c), (_, rows, _, o) = w.x, w.y
        w = replace(w, x=(n, 1, h, c), y=(n, 1, rows, o), weights=w.weights.swapaxes(1, 2), window=turned)
    point = w.window.size == (1, 1) == w.window.stride and not any(w.window.padding) and w.groups == 1
    if point and w.x[3] % 4 == 0:
        pixels = w.x[0] * w.x[1] * w.x[2]
        w = replace(w, x=(1, 1, pixels, w.x[3]), y=(1, 1, pixels, w.y[3]))
    return w

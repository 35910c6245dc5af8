# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8 on Helium with any kernel and depth multiplier: eight channels at a time, laid out as lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Field, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.mve import counts, layer
from tinycc.kernels.mve.packing import lines_stream, signed_scalars
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.window import Padding, Pair, Window
from tinycc.program.types import Content
from tinycc.target import Feature

TOGETHER = 8
"""TK_MVE_LINES: channels at a time; outputs, too."""
MAX_ROWS = 32
"""TK_MVE_MAX_ROWS."""
MAX_STRIDE = 4
VECTOR = 16
INT32_MIN = -(1 << 31)
FAR = 1 << 16
"""Seven steps of a scatter are less than this."""


@dataclass(frozen=True)
class Cut:
    """A window over rows of `in_w` columns that makes rows of `out_w`: how lines are filled, where pieces of kernels begin."""

    window: Window
    in_w: int
    out_w: int

    @property
    def stride(self) -> int:
        return self.window.stride.w

    @property
    def width(self) -> int:
        """Columns of a line."""
        return (self.out_w - 1) * self.stride + self.window.reach.w

    @property
    def left(self) -> int:
        return min(self.window.padding.left, self.width)

    @property
    def columns(self) -> int:
        """Of the input."""
        return min(self.in_w, self.width - self.left)

    @property
    def plane(self) -> int:
        """Bytes."""
        return self.window.size.h * self.width

    @property
    def room(self) -> int:
        """Taps of a piece, at most."""
        return VECTOR - 3 * self.stride

    @property
    def starts(self) -> range:
        """Where pieces begin in a kernel's row."""
        return range(0, self.window.reach.w, self.room)

    @property
    def pieces(self) -> tuple[int, ...]:
        """As tk_mve_lines.h says it."""
        begins = [row * self.width + start for row in range(self.window.size.h) for start in self.starts]
        return (*(int(step) - 8 * self.stride for step in np.diff(begins)), INT32_MIN)

    @property
    def scratch(self) -> int:
        """Bytes."""
        return TOGETHER * self.plane + 8 * self.stride + 32

    def fields(self, kernels: Array) -> Array:
        """int8[O, h, w] -> int8[O, pieces, field]."""
        channels, height, _ = kernels.shape
        reach = self.window.reach.w
        spread = np.zeros((channels, height, reach), np.int8)
        spread[:, :, :: self.window.dilation.w] = kernels
        zeros = 3 * self.stride
        fields = np.zeros((channels, height, len(self.starts), -(-(VECTOR + zeros) // 4) * 4), np.int8)
        for index, start in enumerate(self.starts):
            taps = spread[:, :, start : start + self.room]
            fields[:, :, index, zeros : zeros + taps.shape[2]] = taps
        return fields.reshape(channels, height * len(self.starts), -1)


def column(op: DepthwiseConv2D) -> bool:
    """Whether the image is one column: it is computed as one row."""
    window, (_, _, width, _) = op.window, op.x.shape
    return (
        width == op.y.shape[2] == window.size.w == 1 and op.x.shape[1] > 1 and not (window.padding.left or window.padding.right)
    )


@lru_cache(maxsize=64)
def cut(op: DepthwiseConv2D) -> Cut:
    window = op.window
    if not column(op):
        return Cut(window, op.x.shape[2], op.y.shape[2])
    size, stride, dilation, padding = window
    turned = Padding(padding.left, padding.right, padding.top, padding.bottom)
    return Cut(
        Window(Pair(size.w, size.h), Pair(stride.w, stride.h), Pair(1, dilation.h), turned), op.x.shape[1], op.y.shape[1]
    )


def short_steps(op: DepthwiseConv2D, context: Context) -> str | None:
    """the stride along a row is at most 4"""
    return None if cut(op).stride <= MAX_STRIDE else f"{cut(op).stride}"


def few_rows(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel has at most 32 rows"""
    return None if cut(op).window.size.h <= MAX_ROWS else f"{cut(op).window.size.h}"


def near_planes(op: DepthwiseConv2D, context: Context) -> str | None:
    """seven pixels of the output and seven channels of a row's inputs take less than 2**16 bytes"""
    most = 7 * max(op.channels, cut(op).plane)
    return None if most < FAR else f"{most:,}"


def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    along, channels = cut(op), op.x.shape[3]
    data = op.weights.data
    assert data is not None
    kernels = data[0].transpose(2, 0, 1).reshape(op.channels, *along.window.size)
    fields = along.fields(kernels)
    packed = lines_stream(signed_scalars(layer.sums(op).bias, *layer.right_shifts(op)), fields)
    planes = struct(
        "tk_mve_planes",
        rows=along.window.size.h,
        columns=along.columns,
        pixel=channels,
        left=along.left,
        right=along.width - along.left - along.columns,
        plane=along.plane,
        zero_point=op.x.zero_point,
    )
    numbers: dict[str, Field] = {
        "weights": layer.stream(packed),
        "stream": len(packed) // op.channels,
        "field": fields.shape[2],
        "pieces": Table("pieces", np.asarray(along.pieces, np.int32), Content.TABLE),
        "stride": along.stride,
        "plane": along.plane,
        "multiplier": op.multiplier,
        "out_w": along.out_w,
        "pixel": op.channels,
    }
    lines = Struct("tk_mve_lines", tuple((numbers | layer.requantization(op, None)).items()))
    described = struct("tk_mve_depthwise_lines", planes=planes, lines=lines, channels=channels, down=down(op))
    return (Call("tk_mve_depthwise_lines_s8", (Tensor(op.x), Tensor(op.y), Scratch("planes", along.scratch), described)),)


def down(op: DepthwiseConv2D) -> Struct:
    """The `tk_mve_rows` of a layer."""
    (batch, height, width, channels), (_, out_height, out_width, _) = op.x.shape, op.y.shape
    if column(op):
        height, width, out_height, out_width = 1, height, 1, out_height
    window = cut(op).window
    return struct(
        "tk_mve_rows",
        batch=batch,
        in_h=height,
        in_row=width * channels,
        out_h=out_height,
        out_row=out_width * op.channels,
        rows=window.size.h,
        stride=window.stride.h,
        pad=window.padding.top,
        dilation=window.dilation.h,
        padding=layer.padding(op, width * channels),
    )


def cost(op: DepthwiseConv2D, context: Context) -> Cost:
    along, channels = cut(op), op.x.shape[3]
    rows = op.y.shape[0] * (1 if column(op) else op.y.shape[1])
    blocks, pieces, size = -(-channels // TOGETHER), len(along.pieces), along.window.size.h
    eights = rows * op.channels * -(-along.out_w // TOGETHER)
    lines = rows * blocks * size
    loops = {
        "call": 1,
        "row": rows,
        "row of a kernel": rows * size,
        "block": rows * blocks,
        "line": lines,
        "padding": lines * (along.width - along.columns),
        "column": lines * along.columns,
        "channel": rows * op.channels,
        "eight": eights if pieces == 1 else 0,
        "eight of pieces": eights if pieces > 1 else 0,
        "piece": eights * (pieces - 1),
        "clamp": eights if pieces == 1 and layer.is_clamped(op) else 0,
    }
    fields = pieces * -(-(VECTOR + 3 * along.stride) // 4) * 4
    flash = op.channels * (8 + fields - op.window.size.h * op.window.size.w)
    return counts.cost_of(loops, counts.LINES, flash)


VARIANTS = (
    Variant(
        name="tk_mve_depthwise_lines_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(*layer.COMMON, short_steps, few_rows, near_planes, layer.rounds_twice),
        features=frozenset({Feature.MVE}),
    ),
)

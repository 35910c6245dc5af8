# SPDX-License-Identifier: Apache-2.0
"""Images in another size, in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Struct, Tensor, Turned, int32_table, struct
from tinycc.kernels.portable.base import all_types, tk
from tinycc.ops.resize import Resize, ResizeBilinear, ResizeNearest
from tinycc.program.types import Content


def nearest(op: ResizeNearest) -> tuple[Arg, ...]:
    n, h, w, c = op.x.shape
    rows, columns = (
        int32_table(name, op.positions(axis).tolist(), Content.TABLE)
        for axis, name in enumerate(("resize_rows", "resize_columns"))
    )
    return (Tensor(op.x), Tensor(op.y), rows, columns, n, h, w, *op.size, c * op.x.dtype.bytes)


def sizes(op: Resize) -> Struct:
    n, _, _, c = op.x.shape
    h, w = op.image
    return struct("tk_resize_sizes", batch=n, in_h=h, in_w=w, out_h=op.size[0], out_w=op.size[1], channels=c)


def band(op: ResizeBilinear) -> tuple[Arg, ...]:
    """The row with which x begins, that with which y begins, rows of y."""
    if op.band is None:
        return 0, 0, op.size[0]
    first, step = op.band.start
    return (Turned(step, first) if step else first), Turned(op.band.step), op.band.rows


def bilinear_1024(op: ResizeBilinear) -> tuple[Arg, ...]:
    shape = struct(
        "tk_resize_s8_shape",
        sizes=sizes(op),
        scale_h=op.scale_1024(0),
        scale_w=op.scale_1024(1),
        offset_h=op.offset_1024(0),
        offset_w=op.offset_1024(1),
    )
    return (Tensor(op.x), Tensor(op.y), *band(op), shape)


def bilinear(op: ResizeBilinear) -> tuple[Arg, ...]:
    shape = struct(
        "tk_resize_f32_shape",
        sizes=sizes(op),
        scale_h=op.scale(0),
        scale_w=op.scale(1),
        half_pixel_centers=int(op.half_pixel_centers),
    )
    return (Tensor(op.x), Tensor(op.y), *band(op), shape)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_resize_nearest", ResizeNearest, all_types(ResizeNearest), nearest),
    tk("tk_resize_bilinear_s8", ResizeBilinear, ("int8",), bilinear_1024),
    tk("tk_resize_bilinear_s16", ResizeBilinear, ("int16",), bilinear_1024),
    tk("tk_resize_bilinear_u8", ResizeBilinear, ("uint8",), bilinear),
    tk("tk_resize_bilinear_f32", ResizeBilinear, ("float32",), bilinear),
)

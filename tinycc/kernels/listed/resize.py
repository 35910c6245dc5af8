# SPDX-License-Identifier: Apache-2.0
"""Kernels of resize."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Struct, Tensor, int32_table, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES
from tinycc.ops.base import Operator
from tinycc.ops.resize import Resize, ResizeBilinear, ResizeNearest
from tinycc.target import Target


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


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[ResizeNearest] = (Kernel("tk_resize_nearest", lower_nearest),)

KERNELS[ResizeBilinear] = (
    Kernel("tk_resize_bilinear_s8", lower_bilinear_1024, lambda op, target: op.x.dtype is DType.INT8),
    Kernel("tk_resize_bilinear_s16", lower_bilinear_1024, lambda op, target: op.x.dtype is DType.INT16),
    Kernel("tk_resize_bilinear_u8", lower_bilinear, lambda op, target: op.x.dtype is DType.UINT8),
    Kernel("tk_resize_bilinear_f32", lower_bilinear, lambda op, target: op.x.dtype is DType.FLOAT32),
)

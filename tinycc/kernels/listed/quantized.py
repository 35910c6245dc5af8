# SPDX-License-Identifier: Apache-2.0
"""Kernels of quantized."""

from __future__ import annotations

from tinycc.ir import Value
from tinycc.kernels.calls import Ints, Struct, Table, int32_table, struct
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.base import Clamped, Range
from tinycc.ops.window import Window


def channel_quantization(entries: list[Multiplier]) -> Struct:
    """CMSIS-NN's `cmsis_nn_per_channel_quant_params`."""
    multiplier, shift = int32_tables(entries)
    return struct("cmsis_nn_per_channel_quant_params", multiplier=multiplier, shift=shift)


def int32_tables(entries: list[Multiplier]) -> tuple[Table, Table]:
    """Multipliers and shifts as two arrays."""
    multipliers, shifts = [m.multiplier for m in entries], [m.shift for m in entries]
    return int32_table("multiplier", multipliers), int32_table("shift", shifts)


def activation(op: Clamped) -> Struct:
    return struct("cmsis_nn_activation", min=int(op.range.min), max=int(op.range.max))


def range_f32(bounds: Range) -> Struct:
    return struct("tk_range_f32", by_value=True, min=float(bounds.min), max=float(bounds.max))


def dims(n: int, h: int, w: int, c: int) -> Struct:
    """CMSIS-NN's `cmsis_nn_dims`."""
    return struct("cmsis_nn_dims", n=n, h=h, w=w, c=c)


def nhwc(value: Value) -> Struct:
    """The `cmsis_nn_dims` of a rank-4 tensor."""
    n, h, w, c = value.shape
    return dims(n, h, w, c)


def window_shape(x: Value, y: Value, window: Window, groups: int = 1) -> Struct:
    """The `tk_conv_shape` of a window that slides over x [N,H,W,C] and makes y."""
    return conv_shape(x.shape, y.shape, window, groups)


def conv_shape(x: tuple[int, ...], y: tuple[int, ...], window: Window, groups: int) -> Struct:
    """The same from shapes."""
    n, in_h, in_w, in_c = x
    _, out_h, out_w, out_c = y
    return struct(
        "tk_conv_shape",
        batch=n,
        in_h=in_h,
        in_w=in_w,
        in_c=in_c,
        out_h=out_h,
        out_w=out_w,
        out_c=out_c,
        k_h=window.size.h,
        k_w=window.size.w,
        stride_h=window.stride.h,
        stride_w=window.stride.w,
        pad_h=window.padding.top,
        pad_w=window.padding.left,
        dilation_h=window.dilation.h,
        dilation_w=window.dilation.w,
        groups=groups,
    )


def tile(w: int, h: int) -> Struct:
    """CMSIS-NN's `cmsis_nn_tile` (width first)."""
    return struct("cmsis_nn_tile", w=w, h=h)


def int_list(items: tuple[int, ...]) -> Ints:
    return Ints(tuple(int(item) for item in items))

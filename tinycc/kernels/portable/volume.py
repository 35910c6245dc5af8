# SPDX-License-Identifier: Apache-2.0
"""Convolutions over three dimensions, in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.ir import Value
from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Struct, Tensor, struct, tensor_or_null
from tinycc.kernels.portable.base import ints, range_f32, tk
from tinycc.ops.convolution.volume import Conv3D, TransposeConv3D, VolumeSum


def volume_shape(op: VolumeSum, outer: Value, inner: Value) -> Struct:
    """The `tk_volume_shape` of an operator whose window steps along `outer`."""
    return struct(
        "tk_volume_shape",
        batch=op.x.shape[0],
        outer=ints(outer.shape[1:4]),
        outer_c=outer.shape[4],
        inner=ints(inner.shape[1:4]),
        inner_c=inner.shape[4],
        taps=ints(op.window.size),
        stride=ints(op.window.stride),
        pad=ints(op.window.before),
        dilation=ints(op.window.dilation),
    )


def conv_3d(op: Conv3D) -> tuple[Arg, ...]:
    shape = volume_shape(op, op.y, op.x)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), Tensor(op.y), shape, range_f32(op.range))


def transpose_conv_3d(op: TransposeConv3D) -> tuple[Arg, ...]:
    shape = volume_shape(op, op.x, op.y)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), Tensor(op.y), shape, range_f32(op.range))


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_conv_3d_f32", Conv3D, ("float32",), conv_3d),
    tk("tk_transpose_conv_3d_f32", TransposeConv3D, ("float32",), transpose_conv_3d),
)

# SPDX-License-Identifier: Apache-2.0
"""QLinear convolutions and matrix products in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Struct, Table, Tensor, tensor_or_null
from tinycc.kernels.portable.base import conv_shape, tk, window_shape
from tinycc.ops.convolution.real_scale import RealScale, RealScaleConv2D, RealScaleDense
from tinycc.ops.window import Padding, Pair, Window

ONE = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))


def _args(op: RealScale, shape: Struct) -> tuple[Arg, ...]:
    numbers = (op.x.zero_point, op.weights.zero_point, op.y.zero_point, int(op.range.min), int(op.range.max))
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), Table("scale", op.scales), Tensor(op.y), shape, *numbers)


def convolution(op: RealScaleConv2D) -> tuple[Arg, ...]:
    return _args(op, window_shape(op.x, op.y, op.window, op.groups))


def dense(op: RealScaleDense) -> tuple[Arg, ...]:
    """A convolution of single pixels."""
    outputs, inputs = op.weights.shape
    rows = op.y.type.elements // outputs
    return _args(op, conv_shape((1, 1, rows, inputs), (1, 1, rows, outputs), ONE))


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_conv_real_s8", RealScaleConv2D, ("int8",), convolution),
    tk("tk_conv_real_s8", RealScaleDense, ("int8",), dense),
)

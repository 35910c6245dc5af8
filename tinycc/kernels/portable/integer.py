# SPDX-License-Identifier: Apache-2.0
"""Quantization by the range of the moment, and sums of products of codes, in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Tensor, int32_table, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.portable.base import tk, window_shape
from tinycc.ops.conversion.dynamic import DynamicQuantize
from tinycc.ops.convolution.integer import IntegerConv2D
from tinycc.program.types import Content


def quantize_args(op: DynamicQuantize) -> tuple[Arg, ...]:
    return (Tensor(op.x), op.x.type.elements, *map(Tensor, op.outputs))


def products_args(op: IntegerConv2D) -> tuple[Arg, ...]:
    zeros = int32_table("weight_zeros", op.weight_zeros, Content.WEIGHTS) if any(op.weight_zeros) else None
    shape = window_shape(op.x, op.y, op.window, op.groups)
    return (Tensor(op.x), tensor_or_null(op.zero), Tensor(op.weights), zeros, Tensor(op.y), shape)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_dynamic_quantize_f32_s8", DynamicQuantize, ("float32",), quantize_args, cost=rate(element=25, real=True)),
    tk("tk_conv_integer_s8", IntegerConv2D, ("int8",), products_args, cost=rate(mac=4, element=20)),
)

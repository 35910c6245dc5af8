# SPDX-License-Identifier: Apache-2.0
"""Kernels of unary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantize import requantize_args
from tinycc.kernels.listed.quantized import range_f32
from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.numerics.tables import sigmoid_table
from tinycc.ops.base import Operator, Range
from tinycc.ops.elementwise.activations import HardSwish, LeakyRelu, Logistic, Relu, Sigmoid, Tanh
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.target import Target


def _kernel(symbol: str, dtype: DType, arguments: Callable[[Any], tuple[Arg, ...]]) -> Kernel:
    def lower(op: Pointwise, target: Target) -> tuple[Call, ...]:
        return (Call(symbol, arguments(op)),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype, in_place=("x",))


def _f32(symbol: str, extra: Callable[[Any], tuple[Arg, ...]] = lambda op: ()) -> Kernel:
    """A kernel of the form symbol(x, y, n, extra...)."""
    return _kernel(symbol, DType.FLOAT32, lambda op: (Tensor(op.x), Tensor(op.y), op.y.type.elements, *extra(op)))


def _relu_s16(op: Relu) -> tuple[Arg, ...]:
    bounds = Range(max(op.range.min, -(2**15)), min(op.range.max, 2**15 - 1))
    if not op.rescaled:
        return requantize_args(op.x, op.y, quantize_multiplier(1.0), bounds, zero_points=(0, 0))
    return requantize_args(op.x, op.y, quantize_multiplier(op.ratio), bounds)


def _leaky_relu_s16(op: LeakyRelu) -> tuple[Arg, ...]:
    above, below = (quantize_multiplier(abs(ratio)) for ratio in op.ratios)
    sign = -1 if op.ratios[1] < 0 else 1
    params = struct(
        "tk_leaky_relu_s16_params",
        input_offset=-op.x.zero_point,
        multiplier=above.multiplier,
        shift=above.shift,
        alpha_multiplier=below.multiplier,
        alpha_shift=below.shift,
        sign=sign,
        output_offset=op.y.zero_point,
    )
    return (Tensor(op.x), Tensor(op.y), op.y.type.elements, params)


def _sigmoid_s16(symbol: str) -> Kernel:
    """For every scale: arm_nn_activation_s16 takes powers of two alone."""

    def arguments(op: Sigmoid) -> tuple[Arg, ...]:
        m = op.argument16
        return (Tensor(op.x), Table("sigmoid", sigmoid_table()), Tensor(op.y), op.y.type.elements, m.multiplier, m.shift)

    return _kernel(symbol, DType.INT16, arguments)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Relu] = (
    _f32("tk_clamp_f32", lambda op: (range_f32(op.range),)),
    _kernel("tk_requantize_integers", DType.INT16, _relu_s16),
)

KERNELS[LeakyRelu] = (
    _f32("tk_leaky_relu_f32", lambda op: (op.alpha,)),
    _kernel("tk_leaky_relu_s16", DType.INT16, _leaky_relu_s16),
)

KERNELS[HardSwish] = (_f32("tk_hard_swish_f32"),)
KERNELS[Logistic] = (_f32("tk_logistic_f32"), _sigmoid_s16("tk_logistic_s16"))
KERNELS[Tanh] = (_f32("tk_tanh_f32"), _sigmoid_s16("tk_tanh_s16"))

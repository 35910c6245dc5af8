# SPDX-License-Identifier: Apache-2.0
"""Kernels of convolution16."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Tensor, context, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantized import activation, channel_quantization, conv_shape, dims, int32_tables, tile
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.window import Window
from tinycc.target import Target

Shape = tuple[int, ...]
NARROW_TAPS = 512
"""Products that Arm's code adds up in 32 bits, where 64 are asked for, before it goes on in 64."""


class Geometry(NamedTuple):
    """x: [N,H,W,C]; weights: [O,kH,kW,C/groups]; y: [N,H',W',O]."""

    x: Shape
    weights: Shape
    y: Shape
    window: Window

    @property
    def groups(self) -> int:
        return self.x[3] // self.weights[3]

    @property
    def taps(self) -> int:
        """Products per output."""
        return int(np.prod(self.weights[1:]))


def fits_32_bits(op: Any) -> bool:
    """Whether no sum of products can leave 32 bits, by the weights."""
    weights = op.weights.data
    return weights is not None and int(np.abs(weights.reshape(len(weights), -1).astype(np.int64)).sum(1).max()) < 2**16


def arm_computes(op: Any, geometry: Geometry) -> bool:
    """Whether `arm_convolve_s16` is right: no groups, and with 64-bit sums no more products than it handles.

    From 513 on, the last of an odd number of pixels is summed in 32 bits (builds without MVE), and the last of an odd number
    of channels reads beyond its weights (DSP builds).
    """
    long = op.wide_accumulators and geometry.taps > NARROW_TAPS
    return geometry.groups == 1 and geometry.taps < 2**16 and not (long and (geometry.y[3] % 2 or not fits_32_bits(op)))


def requantization(op: Any, geometry: Geometry) -> list[Multiplier]:
    """One multiplier per output channel, where the operator may have a single one for all."""
    entries: list[Multiplier] = op.requantization
    return entries * (geometry.y[3] // len(entries))


def bias_or_null(op: Any) -> Arg:
    return None if op.bias is None else Tensor(op.bias)


def lower_arm(op: Any, geometry: Geometry, target: Target) -> Call:
    window = geometry.window
    pixels = 2 * 2 * geometry.taps
    scratch = target.scratch(plain=pixels, dsp=pixels, mve=64 * -(-geometry.taps // 8))
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=0,
        output_offset=0,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        dilation=tile(window.dilation.w, window.dilation.h),
        activation=activation(op),
    )
    bias = struct("cmsis_nn_bias_data", data=bias_or_null(op), is_int32_bias=int(not op.wide_accumulators))
    args = (
        *(context("im2col", scratch), params, channel_quantization(requantization(op, geometry))),
        *(dims(*geometry.x), Tensor(op.x)),
        *(dims(*geometry.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, geometry.y[3]), bias),
        *(dims(*geometry.y), Tensor(op.y)),
    )
    return Call("arm_convolve_s16", args, checked=True)


def lower_own(op: Any, geometry: Geometry) -> Call:
    params = struct(
        "tk_conv_s16_params",
        narrow=int(not op.wide_accumulators),
        min=int(op.range.min),
        max=int(op.range.max),
    )
    shape = conv_shape(geometry.x, geometry.y, geometry.window, geometry.groups)
    tables = int32_tables(requantization(op, geometry))
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), *tables, Tensor(op.y), shape, params)
    return Call("tk_conv_s16", args)


def convolutions_16x8(geometry: Callable[[Any], Geometry]) -> tuple[Kernel, ...]:
    """The kernels of an operator with operands x, weights and bias, a `requantization`, and that geometry."""

    def applies(op: Any) -> bool:
        return bool(op.x.dtype is DType.INT16)

    return (
        Kernel(
            "arm_convolve_s16",
            lambda op, target: (lower_arm(op, geometry(op), target),),
            lambda op, target: applies(op) and arm_computes(op, geometry(op)),
        ),
        Kernel("tk_conv_s16", lambda op, target: (lower_own(op, geometry(op)),), lambda op, target: applies(op)),
    )

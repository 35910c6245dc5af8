# SPDX-License-Identifier: Apache-2.0
"""CONV_2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Struct, Tensor, context, int32_table, struct
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.asymmetric import asymmetric_s8, centred, channel_multipliers, read_weights
from tinycc.ops.base import Clamped, Condition, Kernel, Operator, Signature, clamp_range, signature
from tinycc.ops.convolution16 import Geometry, convolutions_16x8
from tinycc.ops.hybrid import HYBRID, HYBRID_INT4, evaluate, hybrid, is_hybrid
from tinycc.ops.int4 import is_int8x4, lower_own_s4
from tinycc.ops.quantized import (
    activation,
    activations_quantized,
    bounded_scales,
    centred_int16,
    channel_quantization,
    dims,
    nhwc,
    range_f32,
    read_bias,
    rescaled,
    tile,
    window_shape,
)
from tinycc.ops.shapes import not_empty
from tinycc.ops.window import Pair, Window, patches, read_window
from tinycc.target import Target, Unit


@dataclass(frozen=True, eq=False, kw_only=True)
class Conv2D(Clamped, Operator):
    """y[n,i,j,o] = clamp(requantize(bias[o] + sum_{a,b,c} (x[n, i*s+a*d-p, j*s+b*d-p, g+c] - zero_point) * weights[o,a,b,c])).

    x: [N,H,W,C]; weights: [O,kH,kW,C/groups]; bias: [O] or absent; y: [N,H',W',O]. `groups` consecutive slices of the input
    channels feed consecutive slices of the outputs; padding stands for the zero point. int8: per-channel multipliers, double
    rounding (TFLM `ConvPerChannel`); int8x4: the same with int4 weights. int16x8: int16 activations; with an int32 bias as
    int8, else 64-bit accumulators rounded once, by a 15-bit multiplier. uint8: weights minus their zero point. float32:
    products summed in the order of the window.
    hybrid: see tinycc.ops.hybrid; images quantized asymmetrically if the weights have several scales, or groups.
    """

    x: Value
    weights: Value
    bias: Value | None
    window: Window
    unsigned: bool

    tflite: ClassVar[tuple[str, ...]] = ("CONV_2D",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
        HYBRID_INT4,
    )

    @classmethod
    def from_tflite(cls, node: Node) -> Conv2D:
        x, weights, y = node.input(0), read_weights(node), node.outputs[0]
        if len(x.shape) != 4 or len(weights.shape) != 4:
            raise node.error(f"input {x.type} and weights {weights.type}", "input [N,H,W,C] and weights [O,kH,kW,C]")
        return cls(
            x=x,
            weights=weights,
            bias=read_bias(node, weights.shape[0]),
            window=read_window(node, x.shape[1], x.shape[2], Pair(*weights.shape[1:3])),
            unsigned=node.unsigned,
            range=clamp_range(node.activation, y.type),
            outputs=node.outputs,
            origin=node.origin,
        )

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.weights.shape[0]

    @property
    def groups(self) -> int:
        return self.x.shape[3] // self.weights.shape[3]

    @property
    def macs(self) -> int:
        return self.y.type.elements * int(np.prod(self.weights.shape[1:]))

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, _ = self.x.shape
        return (TensorType((n, *self.window.output(h, w), self.weights.shape[0]), self.x.dtype),)

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier per output channel (int8)."""
        return channel_multipliers(self)

    @property
    def asymmetric_inputs(self) -> bool:
        """How hybrid inputs are quantized."""
        return self.weights_first

    @property
    def weights_first(self) -> bool:
        """Hybrid: whether LiteRT's kernel for several weight scales is the one."""
        return len(set(self.weights.quantization.scales)) > 1 or self.groups > 1

    def eval(self, read: Reader) -> tuple[Array, ...]:
        if is_hybrid(self):
            total = evaluate(self, read, read(self.x), self.sums)
        else:
            total = self.sums(centred(self.x, read(self.x)), centred(self.weights, read(self.weights)))
            total = total if self.bias is None else total + read(self.bias)
        if self.x.dtype.is_integer:
            total = rescaled(self, total)
        return (np.clip(total, self.range.min, self.range.max).astype(self.y.dtype.numpy),)

    def sums(self, image: Array, weights: Array) -> Array:
        """The sums of products; image and weights without zero points."""
        x = patches(image, self.window, 0)
        depth = weights.shape[3]
        per_group = weights.shape[0] // self.groups
        slices = [
            np.tensordot(
                x[..., g * depth : (g + 1) * depth], weights[g * per_group : (g + 1) * per_group], ((3, 4, 5), (1, 2, 3))
            )
            for g in range(self.groups)
        ]
        total: Array = np.concatenate(slices, axis=-1)
        return total


def matching_depths(op: Conv2D) -> str | None:
    """the input depth is a multiple of the weights' depth, and the output channels divide into as many groups

    Is a transpose or a reshape missing before it?
    """
    depth, group_depth, channels = op.x.shape[3], op.weights.shape[3], op.weights.shape[0]
    if group_depth == 0 or depth == 0 or depth % group_depth or channels % (depth // group_depth):
        return f"input depth {depth}, weights depth {group_depth}, {channels} output channels"
    return None


def matching_bias(op: Any) -> str | None:
    """the bias has one entry per output channel"""
    if op.bias is not None and op.bias.type.elements != op.channels:
        return f"bias {op.bias.type} for {op.channels} output channels"
    return None


def symmetric_weights(op: Any) -> str | None:
    """int8 and int4 weights have one scale or one per output channel, and zero point 0 but for a single one of uint8"""
    if not op.weights.dtype.is_integer or op.weights.type.quantization is None:
        return None
    q = op.weights.quantization
    if any(q.zero_points) and (op.x.dtype is not DType.INT8 or q.per_channel):
        return f"weights with zero points {sorted(set(q.zero_points))[:4]}"
    if len(q.scales) not in (1, op.channels):
        return f"{len(q.scales)} weight scales for {op.channels} output channels"
    return None


WEIGHT_CONDITIONS: tuple[Condition, ...] = (
    *(matching_bias, symmetric_weights, activations_quantized),
    *(centred_int16, bounded_scales),
)
"""Conditions that every convolution-like operator shares."""


def is_1x1(op: Conv2D) -> bool:
    return op.window.size == (1, 1) and not any(op.window.padding) and op.groups == 1


def _bias(op: Conv2D) -> Arg:
    """The bias; zeros where Arm's code reads through NULL (grouped convolutions)."""
    if op.bias is not None:
        return Tensor(op.bias)
    return int32_table("zero_bias", [0] * op.channels) if op.groups > 1 else None


def conv_args(op: Conv2D, scratch: int, *, upscale: bool) -> tuple[Arg, ...]:
    """The argument list that CMSIS-NN's convolutions share; only `arm_convolve_s8` takes upscale dimensions."""
    window = op.window
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        dilation=tile(window.dilation.w, window.dilation.h),
        activation=activation(op),
    )
    channels = op.y.shape[3]
    return (
        context("im2col", scratch),
        params,
        channel_quantization(op.requantization),
        nhwc(op.x),
        Tensor(op.x),
        nhwc(op.weights),
        Tensor(op.weights),
        dims(1, 1, 1, channels),
        _bias(op),
        *([None] if upscale else []),
        nhwc(op.y),
        Tensor(op.y),
    )


def lower_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    taps = op.weights.shape[1] * op.weights.shape[2] * op.x.shape[3]
    row = 4 * (-(-taps // 4) * 4)
    size = target.scratch(plain=row, dsp=row, mve=64 * -(-taps // 16))
    return (Call("arm_convolve_s8", conv_args(op, size, upscale=True), checked=True),)


def lower_1x1_fast_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s8_fast", conv_args(op, 0, upscale=False), checked=True),)


def lower_1x1_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s8", conv_args(op, 0, upscale=False), checked=True),)


def lower_s4(op: Conv2D, target: Target) -> tuple[Call, ...]:
    taps = int(np.prod(op.weights.shape[1:]))
    size = target.scratch(plain=4 * taps, dsp=4 * taps, mve=64 * -(-taps // 16))
    return (Call("arm_convolve_s4", conv_args(op, size, upscale=False), checked=True),)


def lower_1x1_fast_s4(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s4_fast", conv_args(op, 0, upscale=False), checked=True),)


def lower_1x1_s4(op: Conv2D, target: Target) -> tuple[Call, ...]:
    return (Call("arm_convolve_1x1_s4", conv_args(op, 0, upscale=False), checked=True),)


def arm_computes_s4(op: Conv2D) -> bool:
    """Whether `arm_convolve_s4` is right: no groups, and sizes that fit its 16 bits."""
    sizes = (*op.x.shape[1:], *op.y.shape[1:], *op.window.stride, *op.window.padding, int(np.prod(op.weights.shape[1:])))
    return op.groups == 1 and max(sizes) < 2**16


def lower_1_x_n_s8(op: Conv2D, target: Target) -> tuple[Call, ...]:
    size = op.x.shape[3] * (op.window.size.w + op.window.padding.left)
    return (Call("arm_convolve_1_x_n_s8", conv_args(op, size, upscale=False), checked=True),)


def is_1_x_n(op: Conv2D) -> bool:
    """One row, at least as wide as the kernel, of channels in fours; stride 1, the odd column of padding on the right.

    That is what Arm's Helium code computes: with other strides it was wrong for ten shapes of thirty.
    """
    window, padding = op.window, op.window.padding
    one_row = op.x.shape[1] == window.size.h == op.y.shape[1] == 1 and not padding.top
    return (
        (one_row and op.groups == 1 and op.x.shape[3] % 4 == 0)
        and (window.stride.w == window.dilation.w == 1 and op.x.shape[2] >= window.size.w)
        and padding.right - padding.left in (0, 1)
    )


def lower_f32(op: Conv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("tk_conv_f32", (Tensor(op.x), Tensor(op.weights), bias, Tensor(op.y), shape_of(op), range_f32(op.range))),)


def shape_of(op: Conv2D) -> Struct:
    return window_shape(op.x, op.y, op.window, op.groups)


def geometry(op: Conv2D) -> Geometry:
    return Geometry(op.x.shape, op.weights.shape, op.y.shape, op.window)


def is_int8(op: Operator) -> bool:
    return op.inputs[0].dtype is DType.INT8


def is_int16(op: Operator) -> bool:
    return op.inputs[0].dtype is DType.INT16


def is_float(op: Operator) -> bool:
    return op.inputs[0].dtype is DType.FLOAT32


Conv2D.conditions = (matching_depths, not_empty, *WEIGHT_CONDITIONS)
Conv2D.kernels = (
    Kernel(
        "arm_convolve_1x1_s4_fast",
        lower_1x1_fast_s4,
        lambda op, target: is_int8x4(op) and is_1x1(op) and op.window.stride == (1, 1),
    ),
    Kernel("arm_convolve_1x1_s4", lower_1x1_s4, lambda op, target: is_int8x4(op) and is_1x1(op)),
    Kernel("arm_convolve_s4", lower_s4, lambda op, target: is_int8x4(op) and arm_computes_s4(op)),
    Kernel("tk_conv_s4", lower_own_s4("tk_conv_s4", shape_of), lambda op, target: is_int8x4(op)),
    asymmetric_s8("tk_conv_asymmetric_s8", shape_of),
    Kernel(
        "arm_convolve_1x1_s8_fast",
        lower_1x1_fast_s8,
        lambda op, target: is_int8(op) and is_1x1(op) and op.window.stride == (1, 1),
    ),
    Kernel("arm_convolve_1x1_s8", lower_1x1_s8, lambda op, target: is_int8(op) and is_1x1(op)),
    Kernel(
        "arm_convolve_1_x_n_s8",
        lower_1_x_n_s8,
        lambda op, target: is_int8(op) and target.units == (Unit.MVE,) and is_1_x_n(op),
    ),
    Kernel("arm_convolve_s8", lower_s8, lambda op, target: is_int8(op)),
    *convolutions_16x8(geometry),
    hybrid("tk_conv_hybrid", shape_of),
    hybrid("tk_conv_hybrid_s4", shape_of, DType.INT4),
    Kernel("tk_conv_f32", lower_f32, lambda op, target: is_float(op)),
)

# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Struct, Table, Tensor, context, int32_table, struct
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.asymmetric import asymmetric_s8, centred, channel_multipliers, read_weights
from tinycc.ops.base import Clamped, Kernel, Operator, Signature, clamp_range, signature
from tinycc.ops.conv import WEIGHT_CONDITIONS, is_float, is_int8, is_int16
from tinycc.ops.hybrid import HYBRID, evaluate, hybrid, is_hybrid
from tinycc.ops.int4 import is_int8x4, lower_own_s4
from tinycc.ops.quantized import (
    activation,
    channel_quantization,
    dims,
    nhwc,
    range_f32,
    rescaled,
    tile,
    window_shape,
)
from tinycc.ops.shapes import not_empty
from tinycc.ops.window import Pair, Window, patches, read_window
from tinycc.target import Target, Unit

MVE_CHANNELS = 124
"""Channels that CMSIS-NN's Helium code takes at a time (CH_IN_BLOCK_MVE)."""

FAST_TAPS = 511
"""Products of int16 and int8 that `arm_depthwise_conv_fast_s16` adds up in 32 bits."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DepthwiseConv2D(Clamped, Operator):
    """y[n,i,j,o] = clamp(requantize(bias[o] + sum_{a,b} (x[n, i*s+a*d-p, j*s+b*d-p, o // m] - zero_point) * weights[0,a,b,o])).

    x: [N,H,W,C]; weights: [1,kH,kW,C*m]; bias: [C*m] or absent; y: [N,H',W',C*m]. Each input channel feeds its own m (the
    depth multiplier) outputs; padding stands for the zero point. int8: per-channel multipliers, double rounding (TFLM
    integer_ops/depthwise_conv.h `DepthwiseConvPerChannel`); int8x4: the same with int4 weights. int16x8: 64-bit
    accumulators and single rounding by a 15-bit multiplier. uint8: weights minus their zero point. float32: products summed
    in the order of the window. hybrid: see tinycc.ops.hybrid.
    """

    x: Value
    weights: Value
    bias: Value | None
    window: Window
    unsigned: bool

    tflite: ClassVar[tuple[str, ...]] = ("DEPTHWISE_CONV_2D",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
    )
    asymmetric_inputs: ClassVar[bool] = True
    weights_first: ClassVar[bool] = False

    @classmethod
    def from_tflite(cls, node: Node) -> DepthwiseConv2D:
        x, weights, y = node.input(0), read_weights(node), node.outputs[0]
        if len(x.shape) != 4 or len(weights.shape) != 4:
            raise node.error(f"input {x.type} and weights {weights.type}", "input [N,H,W,C] and weights [1,kH,kW,C*m]")
        node.check_repeated("depth_multiplier", weights.shape[3] // max(x.shape[3], 1))
        return cls(
            x=x,
            weights=weights,
            bias=node.optional(2),
            window=read_window(node, x.shape[1], x.shape[2], Pair(*weights.shape[1:3])),
            unsigned=node.unsigned,
            range=clamp_range(node.activation, y.type),
            outputs=node.outputs,
            origin=node.origin,
        )

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.weights.shape[3]

    @property
    def multiplier(self) -> int:
        """Output channels per input channel: the depth multiplier."""
        return self.channels // self.x.shape[3]

    @property
    def macs(self) -> int:
        return self.y.type.elements * self.window.size.h * self.window.size.w

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, _ = self.x.shape
        return (TensorType((n, *self.window.output(h, w), self.channels), self.x.dtype),)

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier per output channel (int8)."""
        return channel_multipliers(self)

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
        taps = weights.reshape(*self.window.size, self.x.shape[3], self.multiplier)
        total: Array = np.einsum("nijabc,abcm->nijcm", x, taps).reshape(*x.shape[:3], self.channels)
        return total


def matching_depths(op: DepthwiseConv2D) -> str | None:
    """the weights are [1,kH,kW,C*m] for an input of C channels

    Is a transpose missing before it?
    """
    depth = op.x.shape[3]
    if op.weights.shape[0] != 1 or depth == 0 or op.channels % depth:
        return f"weights {list(op.weights.shape)} for {depth} input channels"
    return None


def small_sizes(op: DepthwiseConv2D) -> str | None:
    """of integers: no size, stride, dilation or padding reaches 2**15

    CMSIS-NN counts rows, columns and channels in 16 bits.
    """
    window = op.window
    largest = max(*op.x.shape, op.channels, *window.size, *window.stride, *window.dilation, *window.padding)
    if op.x.dtype.is_integer and largest >= 2**15:
        return f"{op.x.type} and window {window}"
    return None


def shape_of(op: DepthwiseConv2D) -> Struct:
    return window_shape(op.x, op.y, op.window)


def lower_f32(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    args = (Tensor(op.x), Tensor(op.weights), bias, Tensor(op.y), shape_of(op), range_f32(op.range))
    return (Call("tk_depthwise_conv_f32", args),)


def depthwise_args(op: DepthwiseConv2D, scratch: int, bias: Tensor | Table | None) -> tuple[Arg, ...]:
    """The argument list that CMSIS-NN's depthwise convolutions share."""
    window = op.window
    params = struct(
        "cmsis_nn_dw_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        ch_mult=op.multiplier,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        dilation=tile(window.dilation.w, window.dilation.h),
        activation=activation(op),
    )
    return (
        context("window", scratch),
        params,
        channel_quantization(op.requantization),
        nhwc(op.x),
        Tensor(op.x),
        nhwc(op.weights),
        Tensor(op.weights),
        dims(1, 1, 1, op.channels),
        bias,
        nhwc(op.y),
        Tensor(op.y),
    )


def lower_s8(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_s8", depthwise_args(op, 0, bias), checked=True),)


def lower_s16(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_s16", depthwise_args(op, 0, bias), checked=True),)


def lower_fast_s16(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    window = 2 * op.channels * op.window.size.h * op.window.size.w
    bias = None if op.bias is None else Tensor(op.bias)
    scratch = target.scratch(dsp=window, mve=4 * window + 8)
    return (Call("arm_depthwise_conv_fast_s16", depthwise_args(op, scratch, bias), checked=True),)


def lower_3x3_s8(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_3x3_s8", depthwise_args(op, 0, bias), checked=True),)


def lower_opt_s8(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    taps = op.window.size.h * op.window.size.w
    scratch = target.scratch(dsp=2 * op.channels * taps, mve=4 * MVE_CHANNELS * taps)
    bias: Tensor | Table | None = None if op.bias is None else Tensor(op.bias)
    if bias is None and target.may_use_mve and op.channels > MVE_CHANNELS:
        # Arm's Helium code adds the offset of the second block of channels to the pointer before it asks whether it is NULL.
        bias = int32_table("zero_bias", [0] * op.channels)
    return (Call("arm_depthwise_conv_s8_opt", depthwise_args(op, scratch, bias), checked=True),)


def lower_s4(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    return (Call("arm_depthwise_conv_s4", depthwise_args(op, 0, bias), checked=True),)


def lower_opt_s4(op: DepthwiseConv2D, target: Target) -> tuple[Call, ...]:
    bias = None if op.bias is None else Tensor(op.bias)
    scratch = target.scratch(dsp=2 * op.channels * op.window.size.h * op.window.size.w)
    return (Call("arm_depthwise_conv_s4_opt", depthwise_args(op, scratch, bias), checked=True),)


def is_dsp(target: Target) -> bool:
    """Whether `arm_depthwise_conv_s4_opt` serves: GCC 12 mistranslates its Helium code, plain C gains nothing by its buffer."""
    return target.units == (Unit.DSP,)


def has_whole_bytes(op: DepthwiseConv2D) -> bool:
    """Whether every tap's weights begin with a byte. `arm_depthwise_conv_s4` is wrong for odd numbers of input channels."""
    return op.x.shape[3] % 2 == 0


def is_regular(op: DepthwiseConv2D) -> bool:
    """No dilation, one output per input channel, every window on the image: Arm's fast paths look no further."""
    return op.window.dilation == (1, 1) and op.multiplier == 1 and op.window.touches(*op.x.shape[1:3])


def is_plain(op: DepthwiseConv2D) -> bool:
    """Regular, with one image."""
    return is_int8(op) and op.x.shape[0] == 1 and is_regular(op)


def is_fast_s16(op: DepthwiseConv2D, target: Target) -> bool:
    """Regular, with so few products that their sum has 32 bits, for a target that has the instructions.

    With Helium Arm's function reads beyond its operands unless the channels are a multiple of four. Without DSP and Helium it
    is `arm_depthwise_conv_s16`, which takes no scratch: that is what a target that may lack them gets.
    """
    if not is_int16(op) or Unit.PLAIN in target.units or op.window.size.h * op.window.size.w > FAST_TAPS:
        return False
    return is_regular(op) and not (target.may_use_mve and op.channels % 4)


def is_3x3(op: DepthwiseConv2D) -> bool:
    """3x3 with one row and column of padding at most: the middle column of every window lies in the image."""
    return is_plain(op) and op.window.size == (3, 3) and max(op.window.padding) <= 1


def beyond_mve(target: Target) -> bool:
    """Whether the target may lack Helium: `arm_depthwise_conv_s8_opt` is the faster one only with it."""
    return target.units != (Unit.MVE,)


DepthwiseConv2D.conditions = (matching_depths, not_empty, small_sizes, *WEIGHT_CONDITIONS)
DepthwiseConv2D.kernels = (
    Kernel(
        "arm_depthwise_conv_s4_opt",
        lower_opt_s4,
        lambda op, target: is_int8x4(op) and is_plain(op) and is_dsp(target),
    ),
    Kernel("arm_depthwise_conv_s4", lower_s4, lambda op, target: is_int8x4(op) and has_whole_bytes(op)),
    Kernel(
        "tk_depthwise_conv_s4",
        lower_own_s4("tk_depthwise_conv_s4", shape_of),
        lambda op, target: is_int8x4(op),
    ),
    asymmetric_s8("tk_depthwise_conv_asymmetric_s8", shape_of),
    Kernel(
        "arm_depthwise_conv_3x3_s8",
        lower_3x3_s8,
        lambda op, target: is_3x3(op) and beyond_mve(target),
        remark="not on targets that have Helium for certain (cortex-m55, cortex-m85)",
    ),
    Kernel("arm_depthwise_conv_s8_opt", lower_opt_s8, lambda op, target: is_plain(op)),
    Kernel("arm_depthwise_conv_s8", lower_s8, lambda op, target: is_int8(op)),
    Kernel("arm_depthwise_conv_fast_s16", lower_fast_s16, is_fast_s16),
    Kernel("arm_depthwise_conv_s16", lower_s16, lambda op, target: is_int16(op)),
    hybrid("tk_depthwise_conv_hybrid", shape_of),
    Kernel("tk_depthwise_conv_f32", lower_f32, lambda op, target: is_float(op)),
)

# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE_CONV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Table, Tensor, context, struct
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers
from tinycc.ops.asymmetric import centred, is_asymmetric, read_weights
from tinycc.ops.base import Clamped, Kernel, Operator, Signature, clamp_range, signature
from tinycc.ops.conv import WEIGHT_CONDITIONS, is_float, is_int8, is_int16
from tinycc.ops.convolution16 import bias_or_null
from tinycc.ops.quantized import (
    activation,
    channel_quantization,
    dims,
    int32_tables,
    nhwc,
    per_channel,
    range_f32,
    rescaled,
    tile,
    wide_accumulators,
    window_shape,
)
from tinycc.ops.shapes import not_empty
from tinycc.ops.window import MAX_STEPS, Pair, Window, read_window
from tinycc.target import Target

REVERSED_DEPTH = 16
"""Input channels from which on Arm's code prefers a convolution (source: arm_transpose_conv_wrapper_s8.c)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TransposeConv(Clamped, Operator):
    """y[n,i,j,o] = clamp(requantize(bias[o] + sum_{h,w,c} (x[n,h,w,c] - zero_point) * weights[o, i+p-h*s, j+p-w*s, c])).

    x: [N,H,W,C]; weights: [O,kH,kW,C]; bias: [O] or absent; y: [N,H',W',O], of the size that the file gives its tensor, read
    as in the runtimes: taps that the kernel does not have count as 0. `window` is the one of the convolution from y to x.
    int8: per-channel multipliers, double rounding. int16x8: int16 activations; with an int32 bias as int8, else 64-bit
    accumulators rounded once, by a 15-bit multiplier. uint8: weights minus their zero point.
    Source: TFLM transpose_conv.cc, reference/integer_ops/transpose_conv.h.
    """

    x: Value
    weights: Value
    bias: Value | None
    window: Window
    size: Pair

    tflite: ClassVar[tuple[str, ...]] = ("TRANSPOSE_CONV",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> TransposeConv:
        weights, x, y = read_weights(node), node.input(2), node.outputs[0]
        if not len(x.shape) == len(weights.shape) == len(y.shape) == 4:
            found = f"input {x.type}, weights {weights.type}, output {y.type}"
            raise node.error(found, "input [N,H,W,C], weights [O,kH,kW,C], output [N,H',W',O]")
        if max(x.shape[1:3]) > MAX_STEPS:
            raise node.error(f"input {x.type}", f"at most {MAX_STEPS} rows and columns")
        agreeing_size(node)
        size = Pair(*y.shape[1:3])
        return cls(
            x=x,
            weights=weights,
            bias=_read_bias(node),
            window=read_window(node, *size, Pair(*weights.shape[1:3])),
            size=size,
            range=clamp_range(node.activation, y.type),
            outputs=node.outputs,
            origin=node.origin,
        )

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.weights.shape[0]

    @property
    def macs(self) -> int:
        return self.x.type.elements * int(np.prod(self.weights.shape[:3]))

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], *self.size, self.channels), self.x.dtype),)

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier per output channel (integers)."""
        scales = self.weights.quantization.scales
        return product_multipliers(self.x.scale, per_channel(scales, self.channels), self.y.scale)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        total = self.sums(centred(self.x, read(self.x)), centred(self.weights, read(self.weights)))
        total = total if self.bias is None else total + read(self.bias)
        if self.x.dtype.is_integer:
            total = rescaled(self, total)
        return (np.clip(total, self.range.min, self.range.max).astype(self.y.dtype.numpy),)

    def sums(self, image: Array, weights: Array) -> Array:
        """The sums of products; image and weights without zero points. Every tap adds the image to a grid of outputs."""
        (top, _, left, _), stride = self.window.padding, self.window.stride
        total: Array = np.zeros((len(image), *self.size, self.channels), image.dtype)
        for i, j in np.ndindex(*self.window.size):
            rows, out_rows = _grid(i - top, stride.h, image.shape[1], self.size.h)
            columns, out_columns = _grid(j - left, stride.w, image.shape[2], self.size.w)
            total[:, out_rows, out_columns] += image[:, rows, columns] @ weights[:, i, j].T
        return total


def _grid(offset: int, stride: int, inputs: int, outputs: int) -> tuple[slice, slice]:
    """The inputs i with 0 <= i * stride + offset < outputs, and those outputs."""
    first = max(0, -(offset // stride))
    end = min(inputs, -((offset - outputs) // stride))
    if end <= first:
        return slice(0), slice(0)
    return slice(first, end), slice(first * stride + offset, (end - 1) * stride + offset + 1, stride)


def agreeing_size(node: Node) -> None:
    """Refuse a constant output shape that is not that of the output. (Runtimes with fixed shapes do not read it.)"""
    given, y = node.input(0), node.outputs[0]
    if given.data is not None and given.data.tolist() != list(y.shape):
        raise node.error(f"output shape {given.data.tolist()} for an output {y.type}", "the shape of the output")


def _read_bias(node: Node) -> Value | None:
    """Operand 3, with 64 bits where the file has 16."""
    bias = node.optional(3)
    if bias is not None and bias.dtype is DType.INT16 and bias.data is not None:
        return Value(f"{bias.name}_wide", TensorType(bias.shape, DType.INT64), bias.data.astype(np.int64))
    return bias


def matching_depth(op: TransposeConv) -> str | None:
    """the input's depth is the weights' depth

    Is a transpose or a reshape missing before it?
    """
    if op.x.shape[3] != op.weights.shape[3]:
        return f"input depth {op.x.shape[3]}, weights depth {op.weights.shape[3]}"
    return None


def is_reversed(op: TransposeConv) -> bool:
    """Whether a convolution with reversed weights, over an image with gaps between the pixels, is possible and worthwhile."""
    return op.weights.data is not None and max(op.window.stride) <= 2 and op.x.shape[3] > REVERSED_DEPTH


def arm_buffer(op: TransposeConv) -> Pair:
    """The outputs that `arm_transpose_conv_s8` sums up at the same time: rows, columns."""
    size, stride = op.window.size, op.window.stride
    return Pair(max(size.h, stride.h), (op.x.shape[2] - 1) * stride.w + max(size.w, stride.w))


def arm_computes(op: TransposeConv) -> bool:
    """Whether Arm's function makes exactly the rows and columns of y.

    Until July 2026 it lost its way where the padding above is not a multiple of the stride.
    """
    padding, stride = op.window.padding, op.window.stride
    finished, end = op.x.shape[1] * stride.h, padding.top + op.size.h
    rows = padding.top <= finished <= end <= finished + max(op.window.size.h - stride.h, 0)
    return rows and padding.top % stride.h == 0 and padding.left + op.size.w <= arm_buffer(op).w


def lower_reversed_s8(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    n, h, w, depth = op.x.shape
    window, taps = op.window, int(np.prod(op.weights.shape[1:]))
    assert op.weights.data is not None
    weights = Table("reversed_weights", np.ascontiguousarray(op.weights.data[:, ::-1, ::-1]))
    params = struct(
        "cmsis_nn_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(1, 1),
        padding=tile(window.size.w - 1 - window.padding.left, window.size.h - 1 - window.padding.top),
        dilation=tile(1, 1),
        activation=activation(op),
    )
    row = 4 * (-(-taps // 4) * 4)
    args: tuple[Arg, ...] = (
        *(context("im2col", target.scratch(plain=row, dsp=row, mve=64 * -(-taps // 16))), params),
        channel_quantization(op.requantization),
        *(dims(n, h * window.stride.h, w * window.stride.w, depth), Tensor(op.x)),
        *(nhwc(op.weights), weights),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        dims(0, window.stride.h, window.stride.w, 0),
        *(nhwc(op.y), Tensor(op.y)),
    )
    return (Call("arm_convolve_s8", args, checked=True),)


def lower_s8(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    window = op.window
    rows, columns = arm_buffer(op)
    # Arm's size function adds a wide vertical stride instead of the horizontal one: as much as it asks for, too.
    columns = max(columns, (op.x.shape[2] - 1) * window.stride.w + window.stride.h)
    size = 4 * op.channels * rows * columns
    params = struct(
        "cmsis_nn_transpose_conv_params",
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        padding_offsets=tile(window.padding.right, window.padding.bottom),
        dilation=tile(1, 1),
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        *(context("sums", target.scratch(plain=size, dsp=size, mve=size)), context("none", 0), params),
        channel_quantization(op.requantization),
        *(nhwc(op.x), Tensor(op.x)),
        *(nhwc(op.weights), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        *(nhwc(op.y), Tensor(op.y)),
    )
    return (Call("arm_transpose_conv_s8", args, checked=True),)


def lower_own_s8(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_transpose_conv_s8_params",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.quantization.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables, shape = int32_tables(op.requantization), window_shape(op.x, op.y, op.window)
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), *tables, Tensor(op.y), shape, params)
    return (Call("tk_transpose_conv_s8", args),)


def lower_s16(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_transpose_conv_s16_params",
        narrow=int(not wide_accumulators(op)),
        min=int(op.range.min),
        max=int(op.range.max),
    )
    tables, shape = int32_tables(op.requantization), window_shape(op.x, op.y, op.window)
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), *tables, Tensor(op.y), shape, params)
    return (Call("tk_transpose_conv_s16", args),)


def lower_f32(op: TransposeConv, target: Target) -> tuple[Call, ...]:
    shape = window_shape(op.x, op.y, op.window)
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), Tensor(op.y), shape, range_f32(op.range))
    return (Call("tk_transpose_conv_f32", args),)


TransposeConv.conditions = (matching_depth, not_empty, *WEIGHT_CONDITIONS)
TransposeConv.kernels = (
    Kernel("tk_transpose_conv_s8", lower_own_s8, lambda op, target: is_asymmetric(op)),
    Kernel("arm_convolve_s8", lower_reversed_s8, lambda op, target: is_int8(op) and is_reversed(op)),
    Kernel("arm_transpose_conv_s8", lower_s8, lambda op, target: is_int8(op) and arm_computes(op)),
    Kernel("tk_transpose_conv_s8", lower_own_s8, lambda op, target: is_int8(op)),
    Kernel("tk_transpose_conv_s16", lower_s16, lambda op, target: is_int16(op)),
    Kernel("tk_transpose_conv_f32", lower_f32, lambda op, target: is_float(op)),
)

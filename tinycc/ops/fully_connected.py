# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, context, struct
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers
from tinycc.ops.asymmetric import centred, signed_weights
from tinycc.ops.base import Clamped, Kernel, Operator, Signature, clamp_range, signature
from tinycc.ops.conv import is_float, is_int8, is_int16, matching_bias
from tinycc.ops.convolution16 import Geometry, convolutions_16x8
from tinycc.ops.hybrid import HYBRID, HYBRID_INT4, evaluate, evaluate_blocks, hybrid, is_hybrid
from tinycc.ops.int4 import is_int8x4
from tinycc.ops.quantized import (
    activation,
    activations_quantized,
    bounded_scales,
    centred_int16,
    channel_quantization,
    conv_shape,
    dims,
    range_f32,
    read_bias,
    rescaled,
    round_half_away,
    wide_accumulators,
)
from tinycc.ops.shapes import not_empty
from tinycc.ops.window import Padding, Pair, Window
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class FullyConnected(Clamped, Operator):
    """y[b,o] = clamp(requantize(bias[o] + sum_i (x[b,i] - x_zero_point) * (weights[o,i] - weights_zero_point))).

    x: any shape, read as [B,I] in row-major order; weights: [O,I], constant or computed; bias: [O] or absent; y: [B,O], or
    with `keep_dims` x's shape with O in place of I.
    int8, `match` "tflm": double rounding by x_scale * weights_scale / y_scale, one multiplier for the tensor or, if the weights
    are quantized per channel, one per output. Source: TFLM fully_connected_common.cc `CalculateOpDataFullyConnected`,
    reference/integer_ops/fully_connected.h. `match` "litert": round(acc * (x_scale * weights_scale / y_scale)) in double, ties
    away from zero. Source: LiteRT fully_connected.cc `EvalQuantized`, the same header.
    hybrid: see tinycc.ops.hybrid; how rows are quantized is an option of the file, asymmetrically with weights in blocks.
    int8x4: as int8; per channel, which TFLM lacks, as "litert".
    int16x8: int16 activations. "tflm": with an int32 bias as int8, else 64-bit accumulators rounded once, by a 15-bit
    multiplier; "litert": as int8.
    """

    x: Value
    weights: Value
    bias: Value | None
    keep_dims: bool
    asymmetric_inputs: bool
    match: str

    tflite: ClassVar[tuple[str, ...]] = ("FULLY_CONNECTED",)
    litert_rule: ClassVar[str] = "int8, int16: the accumulator times the real scale, in double, rounded once"
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
        HYBRID_INT4,
    )
    weights_first: ClassVar[bool] = False
    blockwise: ClassVar[tuple[str, ...]] = ("weights",)

    @classmethod
    def from_tflite(cls, node: Node) -> FullyConnected:
        weights = signed_weights(node)
        layout = node.options.get("weights_format", "DEFAULT")
        if len(weights.shape) != 2:
            raise node.error(f"weights {weights.type}", "weights [O,I]")
        if layout != "DEFAULT":
            raise node.error(f"weights format {layout}", "DEFAULT", "Convert again without shuffled weights.")
        return cls(
            x=node.input(0),
            weights=weights,
            bias=read_bias(node, weights.shape[0]),
            keep_dims=bool(node.options.get("keep_num_dims", False)),
            asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
            match="litert" if in_litert_only(weights) else node.match,
            range=clamp_range(node.activation, node.outputs[0].type),
            outputs=node.outputs,
            origin=node.origin,
        )

    @property
    def channels(self) -> int:
        """Outputs per row (O)."""
        return self.weights.shape[0]

    @property
    def depth(self) -> int:
        """Inputs per row (I)."""
        return self.weights.shape[1]

    @property
    def batch(self) -> int:
        """Rows (B)."""
        return self.x.type.elements // self.depth

    @property
    def macs(self) -> int:
        return self.batch * self.channels * self.depth

    def infer(self) -> tuple[TensorType, ...]:
        rows = self.x.shape[:-1] if self.keep_dims else (self.batch,)
        return (TensorType((*rows, self.channels), self.x.dtype),)

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier for the tensor, or one per output if the weights are quantized so (int8, match "tflm")."""
        return product_multipliers(self.x.scale, self.weights.quantization.scales, self.y.scale)

    @property
    def real_scales(self) -> Array:
        """x_scale * weights_scale / y_scale in double: float64[1] or [O] (int8, match "litert")."""
        return self.x.scale * np.asarray(self.weights.quantization.scales, np.float64) / self.y.scale

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x).reshape(self.batch, self.depth)
        if is_blockwise(self):
            total = evaluate_blocks(self, read, x)
        elif is_hybrid(self):
            total = evaluate(self, read, x, lambda rows, weights: rows @ weights.T)
        else:
            total = centred(self.x, x) @ centred(self.weights, read(self.weights)).T
            total = total if self.bias is None else total + read(self.bias).ravel()
        if self.x.dtype.is_integer:
            total = self.codes(total)
        result: Array = np.clip(total, self.range.min, self.range.max).astype(self.y.dtype.numpy)
        return (result.reshape(self.infer()[0].shape),)

    def codes(self, total: Array) -> Array:
        """Accumulators [B,O] as codes of y, before the clamp."""
        if self.match == "litert":
            return round_half_away(total * self.real_scales) + self.y.zero_point
        return rescaled(self, total)


def in_litert_only(weights: Value) -> bool:
    """Whether TFLM has no kernel for the weights: int4 per channel."""
    return weights.dtype is DType.INT4 and weights.type.quantization is not None and weights.quantization.per_channel


def matching_depth(op: FullyConnected) -> str | None:
    """the input is a whole number of rows as long as the weights' depth

    Is a flatten missing before it?
    """
    if op.depth == 0 or op.x.type.elements % op.depth:
        return f"input {list(op.x.shape)}, weights depth {op.depth}"
    return None


def kept_depth(op: FullyConnected) -> str | None:
    """with keep_num_dims, the input's last dimension is the weights' depth"""
    if op.keep_dims and op.x.shape[-1:] != (op.depth,):
        return f"input {list(op.x.shape)}, weights depth {op.depth}"
    return None


def quantized_weights(op: FullyConnected) -> str | None:
    """integer weights have one scale and one zero point, or one scale per output and are symmetric (zero point 0)"""
    q = op.weights.type.quantization
    if q is None or not q.per_channel or is_blockwise(op):
        return None
    if any(q.zero_points):
        return f"per-channel weights with zero points {sorted(set(q.zero_points))[:4]}"
    if len(q.scales) != op.channels or q.axis != 0:
        return f"{len(q.scales)} weight scales along axis {q.axis} for {op.channels} outputs"
    return None


def blocks_of_floats(op: FullyConnected) -> str | None:
    """weights with a scale for each block belong to float32 inputs"""
    return f"input {op.x.type}" if is_blockwise(op) and not is_float(op) else None


def is_blockwise(op: FullyConnected) -> bool:
    """Whether the weights have a scale for each block of a row."""
    return op.weights.type.quantization is not None and op.weights.quantization.block is not None


def centred_weights(op: FullyConnected) -> str | None:
    """the weights of int16 and float inputs have zero point 0"""
    q = op.weights.type.quantization
    return f"weights with zero point {q.zero_points[0]}" if not is_int8(op) and q is not None and any(q.zero_points) else None


def bias_or_null(op: FullyConnected) -> Tensor | None:
    return None if op.bias is None else Tensor(op.bias)


def offsets(op: FullyConnected) -> tuple[int, int]:
    """What CMSIS-NN adds to inputs and to weights: their zero points, negated."""
    return -op.x.zero_point, -op.weights.zero_point


def kernel_sums(op: FullyConnected) -> Array | None:
    """bias[o] + sum_i x_offset * (weights[o,i] + weights_offset) as `arm_vector_sum_s8` gives it, if all of it is constant."""
    bias = None if op.bias is None else op.bias.data
    if op.weights.data is None or (op.bias is not None and bias is None):
        return None
    x_offset, weights_offset = offsets(op)
    sums: Array = x_offset * (op.weights.data.astype(np.int64) + weights_offset).sum(1)
    if bias is not None:
        sums = sums + bias.ravel()
    return sums.astype(np.int32)


def kernel_sum_context(op: FullyConnected, target: Target) -> tuple[Struct, tuple[Call, ...]]:
    """CMSIS-NN's context, and the calls that fill it: with Helium it holds the kernel sums, otherwise nothing.

    Constant sums lie in flash; the others are made before each inference by `arm_vector_sum_s8`.
    """
    size = 4 * op.channels if target.may_use_mve else 0
    constant = kernel_sums(op) if size else None
    buffer = None if not size else Scratch("kernel_sums", size) if constant is None else Table("kernel_sums", constant)
    ctx = struct("cmsis_nn_context", buf=buffer, size=size)
    if not isinstance(buffer, Scratch):
        return ctx, ()
    args = (buffer, op.depth, op.channels, Tensor(op.weights), *offsets(op), bias_or_null(op))
    return ctx, (Call("arm_vector_sum_s8", args, checked=True),)


def lower_s8(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    per_channel = op.weights.quantization.per_channel
    ctx, fill = kernel_sum_context(op, target)
    x_offset, weights_offset = offsets(op)
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=x_offset,
        filter_offset=weights_offset,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        ctx,
        params,
        channel_quantization(op.requantization) if per_channel else tensor_quantization(op.requantization[0]),
        dims(op.batch, 1, 1, op.depth),
        Tensor(op.x),
        dims(op.depth, 1, 1, op.channels),
        Tensor(op.weights),
        dims(1, 1, 1, op.channels),
        bias_or_null(op),
        dims(op.batch, 1, 1, op.channels),
        Tensor(op.y),
    )
    symbol = "arm_fully_connected_per_channel_s8" if per_channel else "arm_fully_connected_s8"
    return (*fill, Call(symbol, args, checked=True))


def lower_s4(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=-op.x.zero_point,
        filter_offset=0,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        *(context("none", 0), params, tensor_quantization(op.requantization[0])),
        *(dims(op.batch, 1, 1, op.depth), Tensor(op.x)),
        *(dims(op.depth, 1, 1, op.channels), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        *(dims(op.batch, 1, 1, op.channels), Tensor(op.y)),
    )
    return (Call("arm_fully_connected_s4", args, checked=True),)


def tensor_quantization(entry: Multiplier) -> Struct:
    """CMSIS-NN's `cmsis_nn_per_tensor_quant_params`."""
    return struct("cmsis_nn_per_tensor_quant_params", multiplier=entry.multiplier, shift=entry.shift)


def lower_s16(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=0,
        filter_offset=0,
        output_offset=0,
        activation=activation(op),
    )
    args: tuple[Arg, ...] = (
        *(context("none", 0), params, tensor_quantization(op.requantization[0])),
        *(dims(op.batch, 1, 1, op.depth), Tensor(op.x)),
        *(dims(op.depth, 1, 1, op.channels), Tensor(op.weights)),
        *(dims(1, 1, 1, op.channels), bias_or_null(op)),
        *(dims(op.batch, 1, 1, op.channels), Tensor(op.y)),
    )
    return (Call("arm_fully_connected_s16", args, checked=True),)


def as_convolution(op: FullyConnected) -> Geometry:
    """A 1x1 convolution over an image of one row."""
    window = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))
    return Geometry((1, 1, op.batch, op.depth), (op.channels, 1, 1, op.depth), (1, 1, op.batch, op.channels), window)


def rows_shape(op: FullyConnected) -> Struct:
    """A 1x1 convolution over images of one pixel, one per row."""
    g = as_convolution(op)
    return conv_shape((op.batch, 1, 1, op.depth), (op.batch, 1, 1, op.channels), g.window, 1)


def lower_litert_s8(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    return (litert_call("tk_fully_connected_litert_s8", op),)


def lower_litert_s4(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    return (litert_call("tk_fully_connected_litert_s4", op),)


def litert_call(symbol: str, op: FullyConnected) -> Call:
    scales = np.asarray(op.weights.quantization.scales, np.float32)
    x_offset, weights_offset = offsets(op)
    params = struct(
        "tk_fully_connected_litert_s8_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        input_offset=x_offset,
        weights_offset=weights_offset,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
        input_scale=op.x.scale,
        output_scale=op.y.scale,
        scale_step=int(scales.size > 1),
    )
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), Table("weight_scales", scales), Tensor(op.y), params)
    return Call(symbol, args)


def lower_litert_s16(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    scales = np.asarray(op.weights.quantization.scales, np.float32)
    params = struct(
        "tk_fully_connected_litert_s16_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        narrow=int(not wide_accumulators(op)),
        min=int(op.range.min),
        max=int(op.range.max),
        input_scale=op.x.scale,
        output_scale=op.y.scale,
        scale_step=int(scales.size > 1),
    )
    args = (Tensor(op.x), Tensor(op.weights), bias_or_null(op), Table("weight_scales", scales), Tensor(op.y), params)
    return (Call("tk_fully_connected_litert_s16", args),)


def lower_blockwise(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_blockwise_params",
        batch=op.batch,
        depth=op.depth,
        outputs=op.channels,
        block=op.weights.quantization.block,
        range=range_f32(op.range),
    )
    scales = Table("block_scales", np.asarray(op.weights.quantization.scales, np.float16))
    scratch = Scratch("quantized", op.depth)
    args = (Tensor(op.x), Tensor(op.weights), scales, bias_or_null(op), Tensor(op.y), scratch, params)
    return (Call("tk_fully_connected_blockwise_s4", args),)


def lower_f32(op: FullyConnected, target: Target) -> tuple[Call, ...]:
    args: tuple[Arg, ...] = (
        *(Tensor(op.x), Tensor(op.weights), bias_or_null(op), Tensor(op.y)),
        *(op.batch, op.depth, op.channels, range_f32(op.range)),
    )
    return (Call("tk_fully_connected_f32", args),)


def is_per_channel(op: FullyConnected) -> bool:
    return is_int8(op) and op.weights.quantization.per_channel


FullyConnected.conditions = (
    matching_depth,
    kept_depth,
    not_empty,
    matching_bias,
    quantized_weights,
    blocks_of_floats,
    centred_weights,
    activations_quantized,
    centred_int16,
    bounded_scales,
)
FullyConnected.kernels = (
    Kernel("tk_fully_connected_litert_s4", lower_litert_s4, lambda op, target: is_int8x4(op) and op.match == "litert"),
    Kernel("arm_fully_connected_s4", lower_s4, lambda op, target: is_int8x4(op)),
    Kernel("tk_fully_connected_litert_s8", lower_litert_s8, lambda op, target: is_int8(op) and op.match == "litert"),
    Kernel("arm_fully_connected_per_channel_s8", lower_s8, lambda op, target: is_per_channel(op)),
    Kernel("arm_fully_connected_s8", lower_s8, lambda op, target: is_int8(op)),
    Kernel("tk_fully_connected_litert_s16", lower_litert_s16, lambda op, target: is_int16(op) and op.match == "litert"),
    Kernel("arm_fully_connected_s16", lower_s16, lambda op, target: wide_accumulators(op) and len(op.requantization) == 1),
    *convolutions_16x8(as_convolution),
    Kernel("tk_fully_connected_blockwise_s4", lower_blockwise, lambda op, target: is_blockwise(op), types=("hybrid int4",)),
    hybrid("tk_conv_hybrid", rows_shape),
    hybrid("tk_conv_hybrid_s4", rows_shape, DType.INT4),
    Kernel("tk_fully_connected_f32", lower_f32, lambda op, target: is_float(op)),
)

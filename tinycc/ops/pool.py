# SPDX-License-Identifier: Apache-2.0
"""AVERAGE_POOL_2D, MAX_POOL_2D, L2_POOL_2D."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import Self

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Tensor, context, struct
from tinycc.ops.base import Clamped, Kernel, Operator, Signature, clamp_range, is_quantized, signature
from tinycc.ops.conv import is_float, is_int8
from tinycc.ops.quantized import activation, activations_quantized, dims, nhwc, range_f32, tile, window_shape
from tinycc.ops.window import Pair, Window, patches, read_window
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class Pool2D(Clamped, Operator):
    """What the pools share: a window over each channel. x: [N,H,W,C]; y: [N,H',W',C] in the same quantization."""

    x: Value
    window: Window

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        x = node.input(0)
        if len(x.shape) != 4:
            raise node.error(f"input {x.type}", "input [N,H,W,C]")
        size = Pair(node.option("filter_height"), node.option("filter_width"))
        return cls(
            x=x,
            window=read_window(node, x.shape[1], x.shape[2], size),
            range=clamp_range(node.activation, node.outputs[0].type),
            outputs=node.outputs,
            origin=node.origin,
        )

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, c = self.x.shape
        return (TensorType((n, *self.window.output(h, w), c), self.x.dtype),)

    @property
    def work(self) -> int:
        return self.y.type.elements * self.window.size.h * self.window.size.w

    def eval(self, read: Reader) -> tuple[Array, ...]:
        pooled = self.pooled(read(self.x))
        return (np.clip(pooled, self.range.min, self.range.max).astype(self.y.dtype.numpy),)

    def counts(self, dtype: DType) -> Array:
        """How many input elements the window covers, for each output pixel: [1,H',W',1]."""
        ones = np.ones((1, *self.x.shape[1:3], 1), dtype.numpy)
        n: Array = patches(ones, self.window, 0).sum((3, 4))
        return n

    def pooled(self, x: Array) -> Array:
        """The result before the clamp."""
        raise NotImplementedError(type(self).__name__)


SIGNATURES: tuple[Signature, ...] = (
    signature("int8", DType.INT8, x=DType.INT8),
    signature("int16", DType.INT16, x=DType.INT16),
    signature("float32", DType.FLOAT32, x=DType.FLOAT32),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class AveragePool2D(Pool2D):
    """y = clamp(sum / n) over the n input elements that the window covers: padding counts neither in the sum nor in n.

    int8: on the codes themselves, rounded to nearest, ties away from zero; with `ties_up` (uint8) towards plus infinity.
    Source: TFLM reference/integer_ops/pooling.h `AveragePool`, reference/pooling.h.
    """

    ties_up: bool = False

    tflite: ClassVar[tuple[str, ...]] = ("AVERAGE_POOL_2D",)
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        return replace(super().from_tflite(node), ties_up=node.unsigned)

    @property
    def has_ties(self) -> bool:
        """Whether a sum can lie in the middle between two results."""
        return bool((self.counts(DType.INT32) % 2 == 0).any())

    def pooled(self, x: Array) -> Array:
        integer = x.dtype.kind == "i"
        wide = DType.INT64 if integer else DType.FLOAT32
        total: Array = patches(x.astype(wide.numpy), self.window, 0).sum((3, 4))
        count = self.counts(wide)
        if self.ties_up:
            raised: Array = (2 * total + count) // (2 * count)
            return raised
        return np.sign(total) * ((np.abs(total) + count // 2) // count) if integer else total / count


@dataclass(frozen=True, eq=False, kw_only=True)
class MaxPool2D(Pool2D):
    """y = clamp(max) over the input elements that the window covers.

    A window on nothing but padding gives the least value of the type. Source: TFLM reference/integer_ops/pooling.h `MaxPool`,
    reference/pooling.h.
    """

    tflite: ClassVar[tuple[str, ...]] = ("MAX_POOL_2D",)
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    def pooled(self, x: Array) -> Array:
        least = np.iinfo(x.dtype).min if x.dtype.kind == "i" else float(np.finfo(x.dtype).min)
        result: Array = patches(x, self.window, least).max((3, 4))
        return result


@dataclass(frozen=True, eq=False, kw_only=True)
class L2Pool2D(Pool2D):
    """y = clamp(sqrt(sum of squares / n)) over the n input elements that the window covers.

    Source: TFLM reference/pooling.h `L2Pool`.
    """

    tflite: ClassVar[tuple[str, ...]] = ("L2_POOL_2D",)
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES[2:]

    def pooled(self, x: Array) -> Array:
        result: Array = np.sqrt((patches(x, self.window, 0) ** 2).sum((3, 4)) / self.counts(DType.FLOAT32))
        return result


def same_quantization(op: Pool2D) -> str | None:
    """input and output have the same zero point, and scales that differ by 1e-6 at most

    The converter writes pools so; a tool that edits tensors must keep them.
    """
    if not (is_quantized(op.x) and is_quantized(op.y)) or activations_quantized(op):
        return None
    if abs(op.x.scale - op.y.scale) <= 1e-6 and op.x.zero_point == op.y.zero_point:
        return None
    return f"{op.x.type.quantization} -> {op.y.type.quantization}"


def pool_args(op: Pool2D, scratch: int) -> tuple[Arg, ...]:
    """The argument list that CMSIS-NN's pools share."""
    window = op.window
    params = struct(
        "cmsis_nn_pool_params",
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        activation=activation(op),
    )
    return (
        context("sums", scratch),
        params,
        nhwc(op.x),
        Tensor(op.x),
        dims(1, window.size.h, window.size.w, 1),
        nhwc(op.y),
        Tensor(op.y),
    )


def _arm(symbol: str, dtype: DType, *, sums: bool) -> Kernel:
    """A function of CMSIS-NN. `sums`: its DSP code keeps one for each channel."""

    def lower(op: Pool2D, target: Target) -> tuple[Call, ...]:
        scratch = target.scratch(dsp=4 * op.x.shape[3]) if sums else 0
        return (Call(symbol, pool_args(op, scratch), checked=True),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype)


def _f32(symbol: str) -> Kernel:
    def lower(op: Pool2D, target: Target) -> tuple[Call, ...]:
        args = (Tensor(op.x), Tensor(op.y), window_shape(op.x, op.y, op.window), range_f32(op.range))
        return (Call(symbol, args),)

    return Kernel(symbol, lower, lambda op, target: is_float(op))


def lower_up_s8(op: AveragePool2D, target: Target) -> tuple[Call, ...]:
    shape = window_shape(op.x, op.y, op.window)
    return (Call("tk_avg_pool_up_s8", (Tensor(op.x), Tensor(op.y), shape, int(op.range.min), int(op.range.max))),)


AveragePool2D.conditions = (activations_quantized, same_quantization)
AveragePool2D.kernels = (
    Kernel("tk_avg_pool_up_s8", lower_up_s8, lambda op, target: is_int8(op) and op.ties_up and op.has_ties),
    _arm("arm_avgpool_s8", DType.INT8, sums=True),
    _arm("arm_avgpool_s16", DType.INT16, sums=True),
    _f32("tk_avg_pool_f32"),
)
MaxPool2D.conditions = AveragePool2D.conditions
MaxPool2D.kernels = (
    _arm("arm_max_pool_s8", DType.INT8, sums=False),
    _arm("arm_max_pool_s16", DType.INT16, sums=False),
    _f32("tk_max_pool_f32"),
)
L2Pool2D.kernels = (_f32("tk_l2_pool_f32"),)

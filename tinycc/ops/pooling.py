# SPDX-License-Identifier: Apache-2.0
"""AVERAGE_POOL_2D, MAX_POOL_2D, L2_POOL_2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize_single
from tinycc.numerics.rules import TFLM, Numerics, Requantization
from tinycc.ops.base import Clamped, Operator, Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.window import Window, patches


@dataclass(frozen=True, eq=False, kw_only=True)
class Pool2D(Clamped, Operator):
    """What the pools share: a window over each channel. x: [N,H,W,C]; y: [N,H',W',C] in the same quantization."""

    x: Value
    window: Window

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
    ONNX: the product of the sum, without zero points, with quantize_multiplier(x_scale / y_scale / n), as float32 has it.
    """

    ties_up: bool = False
    numerics: Numerics = TFLM

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @property
    def rounding(self) -> Requantization:
        """How sums become codes."""
        return self.numerics.arithmetic

    def even(self, count: int) -> Multiplier:
        """ONNX: what sums over `count` elements are multiplied by."""
        return quantize_multiplier(self.x.scale / self.y.scale / max(count, 1))

    @property
    def as_tflite(self) -> bool:
        """Whether the codes are those of TFLite's rule: so are ONNX's where no scale changes and no sum lies in the middle."""
        return self.rounding is Requantization.FIXED or (
            self.x.type.quantization == self.y.type.quantization and not self.has_ties
        )

    @property
    def has_ties(self) -> bool:
        """Whether a sum can lie in the middle between two results."""
        return bool((self.counts(DType.INT32) % 2 == 0).any())

    def pooled(self, x: Array) -> Array:
        integer = x.dtype.kind == "i"
        wide = DType.INT64 if integer else DType.FLOAT32
        total: Array = patches(x.astype(wide.numpy), self.window, 0).sum((3, 4))
        count = self.counts(wide)
        if integer and self.rounding is not Requantization.FIXED:
            entries = [self.even(n) for n in range(int(count.max(initial=0)) + 1)]
            multiplier, shift = (np.asarray(column) for column in zip(*((e.multiplier, e.shift) for e in entries), strict=True))
            centred = total - self.x.zero_point * count
            even: Array = requantize_single(centred, multiplier[count], shift[count]) + self.y.zero_point
            return even
        if self.ties_up:
            raised: Array = (2 * total + count) // (2 * count)
            return raised
        return np.sign(total) * ((np.abs(total) + count // 2) // count) if integer else total / count


@dataclass(frozen=True, eq=False, kw_only=True)
class MaxPool2D(Pool2D):
    """y = clamp(max) over the input elements that the window covers.

    A window on nothing but padding, or NaN, gives the least value that there is. Source: TFLM
    reference/integer_ops/pooling.h `MaxPool`, reference/pooling.h.
    """

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    def pooled(self, x: Array) -> Array:
        least = np.iinfo(x.dtype).min if x.dtype.kind == "i" else self.range.min
        result: Array = np.fmax.reduce(patches(x, self.window, least), axis=(3, 4), initial=least)
        return result


@dataclass(frozen=True, eq=False, kw_only=True)
class L2Pool2D(Pool2D):
    """y = clamp(sqrt(sum of squares / n)) over the n input elements that the window covers.

    Source: TFLM reference/pooling.h `L2Pool`.
    """

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES[2:]

    def pooled(self, x: Array) -> Array:
        result: Array = np.sqrt((patches(x, self.window, 0) ** 2).sum((3, 4)) / self.counts(DType.FLOAT32))
        return result


def same_quantization(op: Pool2D) -> str | None:
    """input and output have the same zero point, and scales that differ by 1e-6 at most, but for ONNX's averages

    The converter writes pools so; a tool that edits tensors must keep them.
    """
    if not (is_quantized(op.x) and is_quantized(op.y)) or activations_quantized(op):
        return None
    scaled = isinstance(op, AveragePool2D) and op.rounding is not Requantization.FIXED and op.x.scale < 2**14 * op.y.scale
    return None if scaled or _scales_alike(op) else f"{op.x.type.quantization} -> {op.y.type.quantization}"


def _scales_alike(op: Pool2D) -> bool:
    return abs(op.x.scale - op.y.scale) <= 1e-6 and op.x.zero_point == op.y.zero_point


def dense_window(op: Pool2D) -> str | None:
    """a pool of integers has no dilation"""
    return f"window {op.window}" if op.x.dtype.is_integer and op.window.dilation != (1, 1) else None


MAX_COUNT = {DType.INT8: 2**22, DType.INT16: 2**16}
"""Elements of a mean, less 1: their sum, moved from the zero point and rounded, fits into int32."""


def countable(op: Pool2D) -> str | None:
    """a mean is of less than 2**22 elements for int8, of less than 2**16 for int16

    The runtimes leave undefined what comes then: pool in two steps.
    """
    _, h, w, _ = op.x.shape
    count = min(op.window.size.h, h) * min(op.window.size.w, w)
    return f"{count:,} elements" if count >= MAX_COUNT.get(op.x.dtype, count + 1) else None


MaxPool2D.conditions = (activations_quantized, same_quantization, dense_window)
AveragePool2D.conditions = (*MaxPool2D.conditions, countable)

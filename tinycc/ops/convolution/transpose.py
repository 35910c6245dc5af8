# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE_CONV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, TensorType
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers
from tinycc.numerics.rules import Requantization
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.convolution.base import WEIGHT_CONDITIONS, Convolution, HybridScheme
from tinycc.ops.convolution.bounds import bounded_products
from tinycc.ops.hybrid import HYBRID
from tinycc.ops.window import Pair


@dataclass(frozen=True, eq=False, kw_only=True)
class TransposeConv(Convolution):
    """y[n,i,j,o] = clamp(requantize(bias[o] + sum_{h,w,c} (x[n,h,w,c] - zero_point) * weights[o, i+p-h*s, j+p-w*s, c])).

    x: [N,H,W,C]; weights: [O,kH,kW,C]; bias: [O] or absent; y: [N,H',W',O], of the size that the file gives its tensor, read
    as in the runtimes: taps that the kernel does not have count as 0. `window` is the one of the convolution from y to x.
    int8: per-channel multipliers, double rounding. int16x8: int16 activations; with an int32 bias as int8, else 64-bit
    accumulators rounded once, by a 15-bit multiplier. uint8: weights minus their zero point. hybrid: see tinycc.ops.hybrid.
    Source: TFLM transpose_conv.cc, reference/integer_ops/transpose_conv.h.
    """

    size: Pair
    undeclared_bias: bool = False
    """An int32 bias of int16 activations, of which the file's options do not say so."""

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
    )

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.weights.shape[0]

    @property
    def hybrid_scheme(self) -> HybridScheme:
        return HybridScheme(asymmetric=True, weights_first=False)

    @property
    def macs(self) -> int:
        return self.x.type.elements * int(np.prod(self.weights.shape[:3]))

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], *self.size, self.channels), self.x.dtype),)

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier per output channel (integers), in double for uint8, too."""
        if self.rounding is Requantization.SINGLE:
            return super().requantization
        return product_multipliers(self.x.scale, self.channel_scales, self.y.scale)

    def sums(self, x: Array, weights: Array) -> Array:
        """Every tap adds the image to a grid of outputs."""
        (top, _, left, _), stride = self.window.padding, self.window.stride
        total: Array = np.zeros((len(x), *self.size, self.channels), x.dtype)
        for i, j in np.ndindex(*self.window.size):
            rows, out_rows = _grid(i - top, stride.h, x.shape[1], self.size.h)
            columns, out_columns = _grid(j - left, stride.w, x.shape[2], self.size.w)
            total[:, out_rows, out_columns] += x[:, rows, columns] @ weights[:, i, j].T
        return total


def _grid(offset: int, stride: int, inputs: int, outputs: int) -> tuple[slice, slice]:
    """The inputs i with 0 <= i * stride + offset < outputs, and those outputs."""
    first = max(0, -(offset // stride))
    end = min(inputs, -((offset - outputs) // stride))
    if end <= first:
        return slice(0), slice(0)
    return slice(first, end), slice(first * stride + offset, (end - 1) * stride + offset + 1, stride)


def matching_depth(op: TransposeConv) -> str | None:
    """the input's depth is the weights' depth

    Is a transpose or a reshape missing before it?
    """
    if op.x.shape[3] != op.weights.shape[3]:
        return f"input depth {op.x.shape[3]}, weights depth {op.weights.shape[3]}"
    return None


TransposeConv.conditions = (matching_depth, not_empty, *WEIGHT_CONDITIONS, bounded_products)

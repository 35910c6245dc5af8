# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, TensorType
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.convolution.base import WEIGHT_CONDITIONS, Convolution, HybridScheme
from tinycc.ops.convolution.bounds import bounded_products
from tinycc.ops.hybrid import HYBRID
from tinycc.ops.window import patches


@dataclass(frozen=True, eq=False, kw_only=True)
class DepthwiseConv2D(Convolution):
    """y[n,i,j,o] = clamp(requantize(bias[o] + sum_{a,b} (x[n, i*s+a*d-p, j*s+b*d-p, o // m] - zero_point) * weights[0,a,b,o])).

    x: [N,H,W,C]; weights: [1,kH,kW,C*m]; bias: [C*m] or absent; y: [N,H',W',C*m]. Each input channel feeds its own m (the
    depth multiplier) outputs; padding stands for the zero point. int8: per-channel multipliers, double rounding (TFLM
    integer_ops/depthwise_conv.h `DepthwiseConvPerChannel`); int8x4: the same with int4 weights. int16x8: 64-bit
    accumulators and single rounding by a 15-bit multiplier. uint8: weights minus their zero point. float32: products summed
    in the order of the window. hybrid: see tinycc.ops.hybrid.
    """

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
    )

    channel_axis: ClassVar[int] = 3

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.weights.shape[3]

    @property
    def hybrid_scheme(self) -> HybridScheme:
        return HybridScheme(asymmetric=True, weights_first=False)

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

    def sums(self, x: Array, weights: Array) -> Array:
        x = patches(x, self.window, 0)
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


DepthwiseConv2D.conditions = (matching_depths, not_empty, small_sizes, *WEIGHT_CONDITIONS, bounded_products)

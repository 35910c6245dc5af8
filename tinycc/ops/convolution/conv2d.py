# SPDX-License-Identifier: Apache-2.0
"""CONV_2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, TensorType
from tinycc.ops.base import Signature, signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.convolution.base import WEIGHT_CONDITIONS, Convolution, HybridScheme, packed_int16
from tinycc.ops.convolution.bounds import bounded_products
from tinycc.ops.hybrid import HYBRID, HYBRID_INT4
from tinycc.ops.window import patches


@dataclass(frozen=True, eq=False, kw_only=True)
class Conv2D(Convolution):
    """y[n,i,j,o] = clamp(requantize(bias[o] + sum_{a,b,c} (x[n, i*s+a*d-p, j*s+b*d-p, g+c] - zero_point) * weights[o,a,b,c])).

    x: [N,H,W,C]; weights: [O,kH,kW,C/groups]; bias: [O] or absent; y: [N,H',W',O]. `groups` consecutive slices of the input
    channels feed consecutive slices of the outputs; padding stands for the zero point. int8: per-channel multipliers, double
    rounding (TFLM `ConvPerChannel`). int16x8: int16 activations; with an int32 bias as int8, else 64-bit accumulators rounded
    once, by a 15-bit multiplier. int8x4, int16x4: the same with int4 weights. uint8: weights minus their zero point. float32:
    products summed in the order of the window.
    hybrid: see tinycc.ops.hybrid; images quantized asymmetrically if the weights have several scales, or groups.
    """

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
        HYBRID_INT4,
        *packed_int16(DType.INT4),
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
    def hybrid_scheme(self) -> HybridScheme:
        """LiteRT has a kernel of its own for several weight scales."""
        several = len(set(self.weights.quantization.scales)) > 1 or self.groups > 1
        return HybridScheme(asymmetric=several, weights_first=several)

    def sums(self, x: Array, weights: Array) -> Array:
        x = patches(x, self.window, 0)
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


Conv2D.conditions = (matching_depths, not_empty, *WEIGHT_CONDITIONS, bounded_products)

# SPDX-License-Identifier: Apache-2.0
"""CONV_2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.base import Clamped, Operator, Signature, signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.convolution.base import WEIGHT_CONDITIONS, centred, channel_multipliers, rescaled
from tinycc.ops.hybrid import HYBRID, HYBRID_INT4, evaluate, is_hybrid
from tinycc.ops.window import Window, patches


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

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT64),
        signature("int16x8", DType.INT16, x=DType.INT16, weights=DType.INT8, bias=DType.INT32),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
        HYBRID,
        signature("int8x4", DType.INT8, x=DType.INT8, weights=DType.INT4, bias=DType.INT32),
        HYBRID_INT4,
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


Conv2D.conditions = (matching_depths, not_empty, *WEIGHT_CONDITIONS)

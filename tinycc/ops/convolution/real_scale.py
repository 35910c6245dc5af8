# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products of int8 whose sums are multiplied by the real scale: the QLinear operators of ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Clamped, Operator, Signature, signature
from tinycc.ops.conditions import activations_quantized
from tinycc.ops.convolution.base import matching_bias
from tinycc.ops.window import Window, patches

MAX_SUM = 2**31 - 1
"""Accumulators have 32 bits."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RealScale(Clamped, Operator):
    """y = clamp(round(acc * scale) + y_zero_point), acc the exact sum, scale = x_scale * weights_scale / y_scale, in float32,
    ties to even. Source: ONNX QLinearConv, QLinearMatMul; ONNX Runtime's `MlasRequantizeOutput`.
    """

    x: Value
    weights: Value
    bias: Value | None

    @property
    def channels(self) -> int:
        """Outputs with weights of their own."""
        return self.weights.shape[0]

    @property
    def scales(self) -> Array:
        """float32[channels]."""
        scales = np.asarray(self.weights.quantization.scales, np.float32)
        product = np.float32(self.x.scale) * scales / np.float32(self.y.scale)
        return np.broadcast_to(product, (self.channels,)).astype(np.float32)

    @property
    def largest_sum(self) -> int:
        """A bound of |acc|."""
        taps = int(np.prod(self.weights.shape[1:]))
        known = None if self.bias is None else self.bias.data
        return taps * 255 * 255 + (0 if known is None else int(np.abs(known.astype(np.int64)).max(initial=0)))

    def codes(self, total: Array) -> Array:
        """Sums [..., channels] as codes of y."""
        sums = total if self.bias is None or self.bias.data is None else total + self.bias.data.astype(np.int64)
        real = np.rint(sums.astype(np.float32) * self.scales)
        return np.clip(real.astype(np.float64) + self.y.zero_point, self.range.min, self.range.max).astype(np.int8)


SIGNATURES = (signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8, bias=DType.INT32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class RealScaleConv2D(RealScale):
    """y[n,i,j,o]: see RealScale, acc = bias[o] + sum_{a,b,c} (x[n, i*s+a*d-p, j*s+b*d-p, g+c] - zero_point) * weights[o,a,b,c].

    x: [N,H,W,C]; weights: [O,kH,kW,C/groups], constant, minus their zero point; padding stands for the zero point.
    """

    window: Window

    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @property
    def groups(self) -> int:
        return self.x.shape[3] // self.weights.shape[3]

    @property
    def macs(self) -> int:
        return self.y.type.elements * int(np.prod(self.weights.shape[1:]))

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, _ = self.x.shape
        return (TensorType((n, *self.window.output(h, w), self.channels), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        image = patches(read(self.x).astype(np.int64) - self.x.zero_point, self.window, 0)
        weights = read(self.weights).astype(np.int64) - self.weights.zero_point
        depth, per = self.weights.shape[3], self.channels // self.groups
        parts = [
            np.tensordot(image[..., g * depth : (g + 1) * depth], weights[g * per : (g + 1) * per], ((3, 4, 5), (1, 2, 3)))
            for g in range(self.groups)
        ]
        return (self.codes(np.concatenate(parts, axis=-1)),)


@dataclass(frozen=True, eq=False, kw_only=True)
class RealScaleDense(RealScale):
    """y[...,o]: see RealScale, acc = bias[o] + sum_i (x[...,i] - x_zero_point) * (weights[o,i] - weights_zero_point).

    weights: constant.
    """

    keep_dims: ClassVar[bool] = True
    signatures: ClassVar[tuple[Signature, ...]] = SIGNATURES

    @property
    def macs(self) -> int:
        return self.y.type.elements * self.weights.shape[1]

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.x.shape[:-1], self.channels), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x).astype(np.int64) - self.x.zero_point
        return (self.codes(x @ (read(self.weights).astype(np.int64) - self.weights.zero_point).T),)


def small_sums(op: RealScale) -> str | None:
    """no sum can leave 32 bits"""
    return f"sums up to {op.largest_sum:,}" if op.largest_sum > MAX_SUM else None


def known_weights(op: RealScale) -> str | None:
    """the weights are constants with one zero point for all"""
    return None if op.weights.constant and len(set(op.weights.quantization.zero_points)) == 1 else f"%{op.weights.name}"


RealScaleConv2D.conditions = (matching_bias, activations_quantized, known_weights, small_sums)
RealScaleDense.conditions = RealScaleConv2D.conditions

# SPDX-License-Identifier: Apache-2.0
"""Sums of products of codes as numbers of 32 bits: ConvInteger and MatMulInteger of ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.window import Window, patches


@dataclass(frozen=True, eq=False, kw_only=True)
class IntegerConv2D(Operator):
    """y[n,i,j,o] = sum_{a,b,c} (x[n, i*s+a*d-p, j*s+b*d-p, g+c] - zero) * (weights[o,a,b,c] - weight_zeros[o]).

    x: [N,H,W,C]; zero: one element, or absent for 0; weights: [O,kH,kW,C/groups]; padding stands for the zero point.
    """

    x: Value
    zero: Value | None = None
    weights: Value
    weight_zeros: tuple[int, ...]
    window: Window

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT32, x=DType.INT8, zero=DType.INT8, weights=DType.INT8),
    )

    @property
    def channels(self) -> int:
        return self.weights.shape[0]

    @property
    def groups(self) -> int:
        return self.x.shape[3] // self.weights.shape[3]

    @property
    def macs(self) -> int:
        return self.y.type.elements * int(np.prod(self.weights.shape[1:]))

    def infer(self) -> tuple[TensorType, ...]:
        n, h, w, _ = self.x.shape
        return (TensorType((n, *self.window.output(h, w), self.channels), DType.INT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        zero = 0 if self.zero is None else int(read(self.zero).item())
        image = patches(read(self.x).astype(np.int64) - zero, self.window, 0)
        weights = read(self.weights).astype(np.int64) - np.asarray(self.weight_zeros).reshape(-1, 1, 1, 1)
        depth, per = self.weights.shape[3], self.channels // self.groups
        parts = [
            np.tensordot(image[..., g * depth : (g + 1) * depth], weights[g * per : (g + 1) * per], ((3, 4, 5), (1, 2, 3)))
            for g in range(self.groups)
        ]
        return (np.concatenate(parts, axis=-1).astype(np.int32),)


def small_sums(op: IntegerConv2D) -> str | None:
    """a sum has fewer than 2**15 products, so that it has 32 bits"""
    taps = int(np.prod(op.weights.shape[1:]))
    return None if taps < 2**15 else f"{taps:,}"


IntegerConv2D.conditions = (small_sums,)

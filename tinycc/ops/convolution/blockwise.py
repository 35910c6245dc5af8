# SPDX-License-Identifier: Apache-2.0
"""Matrix products of floats with weights that are codes of a byte or less: MatMulNBits, and MatMul behind DequantizeLinear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Clamped, Operator, Signature


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockwiseDense(Clamped, Operator):
    """y[...,o] = clamp(bias[o] + sum_b scales[o,b] * sum_{i in block b} x[...,i] * (weights[o,i] - zeros[o,b])).

    x: [...,I]; weights: [O,I], codes; scales: [O,B]; zeros: int8 [O,B], none for 0. A block is `block` columns, the last one of
    a row as many as are left. Source: ONNX DequantizeLinear with MatMul; com.microsoft.MatMulNBits of ONNX Runtime.
    """

    x: Value
    weights: Value
    scales: Value
    zeros: Value | None = None
    bias: Value | None = None
    block: int

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(
            f"float32 with {weights.value}",
            {"x": DType.FLOAT32, "weights": weights, "scales": DType.FLOAT32, "zeros": DType.INT8, "bias": DType.FLOAT32},
            (DType.FLOAT32,),
        )
        for weights in (DType.INT8, DType.INT4, DType.INT2)
    )

    @property
    def channels(self) -> int:
        return self.weights.shape[0]

    @property
    def depth(self) -> int:
        return self.weights.shape[1]

    @property
    def macs(self) -> int:
        return self.y.type.elements * self.depth

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.x.shape[:-1], self.channels), DType.FLOAT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        codes = read(self.weights).astype(np.float32)
        if self.zeros is not None:
            codes -= self._repeated(read(self.zeros))
        y: Array = read(self.x) @ (codes * self._repeated(read(self.scales))).T
        if self.bias is not None:
            y = y + read(self.bias)
        return (np.clip(y, self.range.min, self.range.max).astype(np.float32),)

    def _repeated(self, of_blocks: Array) -> Array:
        each: Array = np.repeat(of_blocks, self.block, axis=1)[:, : self.depth]
        return each


def fitting_blocks(op: BlockwiseDense) -> str | None:
    """there is a scale, and a zero point or none, for every block of a row, and an input for each of its weights"""
    shape = (op.channels, -(-op.depth // op.block)) if op.block > 0 else (0, 0)
    zeros = shape if op.zeros is None else op.zeros.shape
    fits = op.scales.shape == zeros == shape and op.x.shape[-1:] == (op.depth,) and op.depth > 0
    return None if fits else f"{op.x.type}, {op.weights.type} in blocks of {op.block}, scales {op.scales.type}"


def constants(op: BlockwiseDense) -> str | None:
    """weights, scales and zero points are constants"""
    known = all(value.constant for value in (op.weights, op.scales, op.zeros) if value is not None)
    return None if known else "computed at run time"


BlockwiseDense.conditions = (constants, fitting_blocks)

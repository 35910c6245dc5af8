# SPDX-License-Identifier: Apache-2.0
"""Matrix products with weights that are codes of a byte or less, and have a scale for each block of a row: MatMulNBits, and
MatMul behind DequantizeLinear; of floats, and of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import rounded_even
from tinycc.ops.base import Clamped, Operator, Signature


class Blockwise(Clamped, Operator):
    """Products of rows of x, [...,I], with weights, [O,I]. The result has the type of x."""

    x: Value
    weights: Value

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
        return (TensorType((*self.x.shape[:-1], self.channels), self.x.dtype),)


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockwiseDense(Blockwise):
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

    def eval(self, read: Reader) -> tuple[Array, ...]:
        codes = read(self.weights).astype(np.float32)
        if self.zeros is not None:
            codes -= each_column(read(self.zeros), self.block, self.depth)
        y: Array = read(self.x) @ (codes * each_column(read(self.scales), self.block, self.depth)).T
        if self.bias is not None:
            y = y + read(self.bias)
        return (np.clip(y, self.range.min, self.range.max).astype(np.float32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockwiseCodes(Blockwise):
    """y[...,o] = clamp(round((start[o] + sum_b multipliers[o,b] * s(o,b)) * 2**-right) + y_zero_point), ties to even.

    s(o,b): sum_{i in block b} (x[...,i] - x_zero_point) * (weights[o,i] - zeros[o,b]). x: [...,I]; weights: [O,I], codes;
    multipliers: [O,B], each x_scale * scales[o,b] / y_scale in units of 2**-right; start: [O], the bias in these units, or
    none; zeros: int8 [O,B], none for 0. Blocks as in BlockwiseDense.
    """

    x: Value
    weights: Value
    multipliers: Value
    start: Value | None = None
    zeros: Value | None = None
    block: int
    right: int

    biases: ClassVar[tuple[str, ...]] = ("start",)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(
            f"int8x{weights.bits}",
            {"x": DType.INT8, "weights": weights, "multipliers": DType.INT32, "start": DType.INT64, "zeros": DType.INT8},
            (DType.INT8,),
        )
        for weights in (DType.INT8, DType.INT4, DType.INT2)
    )

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, codes = read(self.x).astype(np.int64) - self.x.zero_point, read(self.weights).astype(np.int64)
        if self.zeros is not None:
            codes = codes - each_column(read(self.zeros).astype(np.int64), self.block, self.depth)
        total = x @ (codes * each_column(read(self.multipliers).astype(np.int64), self.block, self.depth)).T
        if self.start is not None:
            total = total + read(self.start)
        y = np.clip(rounded_even(total, self.right) + self.y.zero_point, self.range.min, self.range.max)
        return (y.astype(np.int8),)


def each_column(of_blocks: Array, block: int, depth: int) -> Array:
    """[O,B] as [O,I]."""
    each: Array = np.repeat(of_blocks, block, axis=1)[:, :depth]
    return each


LARGEST_DEPTH = 2**13
"""Of codes: 255 * 255 * 2**31 times that stays below 2**61."""


def short_rows(op: BlockwiseCodes) -> str | None:
    """a row has at most 2**13 weights, so that a sum has 62 bits"""
    return None if op.depth <= LARGEST_DEPTH else f"{op.depth:,}"


def fitting_blocks(op: BlockwiseDense | BlockwiseCodes) -> str | None:
    """there is a scale, and a zero point or none, for every block of a row, and an input for each of its weights"""
    shape = (op.channels, -(-op.depth // op.block)) if op.block > 0 else (0, 0)
    zeros = shape if op.zeros is None else op.zeros.shape
    scales = op.scales if isinstance(op, BlockwiseDense) else op.multipliers
    fits = scales.shape == zeros == shape and op.x.shape[-1:] == (op.depth,) and op.depth > 0
    return None if fits else f"{op.x.type}, {op.weights.type} in blocks of {op.block}, scales {scales.type}"


def constants(op: BlockwiseDense | BlockwiseCodes) -> str | None:
    """weights, scales and zero points are constants"""
    return None if all(value.constant for name, value in op.operands if name != "x") else "computed at run time"


BlockwiseDense.conditions = (constants, fitting_blocks)
BlockwiseCodes.conditions = (constants, fitting_blocks, short_rows)

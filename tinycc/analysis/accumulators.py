# SPDX-License-Identifier: Apache-2.0
"""How large the sums of convolution-like operators get, per output channel, by weights, bias and what the input can be.

    accumulators(op, x)   what the requantization is given: bias and all products. Every bound is met by some input.
    partial_sums(op, x)   whatever may stand in a register on the way: sums of some of the products, without the bias.

`x` says which codes each input channel can have (all of the type unless it is given): int64[C], or one entry for all channels.
Both give None where sums are no integers, or where weights or bias are not known. Bounds are exact, also where a runtime would
wrap around: whether it does is what the caller asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tinycc.ir import Array, Value
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv

Weighted: TypeAlias = Conv2D | DepthwiseConv2D | TransposeConv | FullyConnected
"""Sums of products with weights, requantized per output channel."""


@dataclass(frozen=True, eq=False)
class Interval:
    """Inclusive bounds of each channel: int64[C], or int64[1] for all channels alike."""

    low: Array
    high: Array

    @property
    def constant(self) -> Array:
        """Which channels have one possible value: bool[C]."""
        fixed: Array = self.low == self.high
        return fixed

    @property
    def largest(self) -> int:
        """The largest magnitude of any channel."""
        return max(-int(self.low.min()), int(self.high.max()))

    def within(self, bits: int) -> bool:
        """Whether all of it fits into signed integers of so many bits."""
        return int(self.low.min()) >= -(1 << (bits - 1)) and int(self.high.max()) < 1 << (bits - 1)

    def join(self, value: int | Array) -> Interval:
        """The interval with one more possible value."""
        return Interval(np.minimum(self.low, value), np.maximum(self.high, value))

    def offset(self, by: int | Array) -> Interval:
        return Interval(self.low + by, self.high + by)

    def __getitem__(self, channels: Array | slice) -> Interval:
        return Interval(self.low[channels], self.high[channels])


def codes_of(value: Value) -> Interval:
    """All codes of a value's type."""
    low, high = value.dtype.limits
    return Interval(np.array([low], np.int64), np.array([high], np.int64))


def accumulators(op: Weighted | BatchMatMul, x: Interval | None = None) -> Interval | None:
    """Of each output channel: the least and the largest accumulator, bias included."""
    products = _products(op, x, _sum)
    bias = _bias(op)
    if products is None or bias is None:
        return None
    rows, columns = _tap_sets(op)
    low = np.einsum("ra,abo,cb->rco", rows, products.low, columns).min((0, 1))
    high = np.einsum("ra,abo,cb->rco", rows, products.high, columns).max((0, 1))
    return Interval(low + bias, high + bias)


def partial_sums(op: Weighted | BatchMatMul, x: Interval | None = None, *, centred: bool = True) -> Interval | None:
    """Of each output channel: bounds of all sums of some of its products (none of them: 0), without the bias, in any order.

    With `centred` inputs are taken minus their zero point, as in the formula; else as they are, for kernels that take the
    zero point into the bias.
    """
    products = _products(op, x, _part, centred=centred)
    return None if products is None else Interval(products.low.sum((0, 1)), products.high.sum((0, 1)))


def filters(op: Weighted) -> Array | None:
    """The weights without their zero point, int64[kH, kW, inputs of an output, outputs]; None if they are no constant integers.

    FULLY_CONNECTED has a kernel of 1x1 over its depth.
    """
    weights = op.weights
    if weights.data is None or not weights.dtype.is_integer or weights.quantization.block is not None:
        return None
    codes = weights.data.astype(np.int64) - weights.quantization.zero_point
    if isinstance(op, DepthwiseConv2D):
        return codes.reshape(*op.window.size, 1, op.channels)
    if isinstance(op, FullyConnected):
        return codes.T[None, None]
    return codes.transpose(1, 2, 3, 0)


def in_channels(op: Weighted) -> Array:
    """The input channel that each of the products of an output reads: int64[inputs of an output, outputs]. For FULLY_CONNECTED,
    the channel of the tensor that is flattened."""
    outputs = np.arange(op.channels)
    if isinstance(op, DepthwiseConv2D):
        return (outputs // op.multiplier)[None]
    if isinstance(op, FullyConnected):
        inputs = np.arange(op.depth) % (op.x.shape[-1] if op.x.shape else 1)
        return np.broadcast_to(inputs[:, None], (op.depth, op.channels))
    depth = op.weights.shape[3]
    per_group = op.channels // op.groups if isinstance(op, Conv2D) else op.channels
    return outputs // per_group * depth + np.arange(depth)[:, None]


def _products(
    op: Weighted | BatchMatMul, x: Interval | None, reduce: Callable[[Array], Array], *, centred: bool = True
) -> Interval | None:
    """Bounds of the products of each tap, reduced over the inputs that an output has there: int64[kH, kW, outputs]."""
    if not op.x.dtype.is_integer:
        return None
    codes = (codes_of(op.x) if x is None else x).offset(-op.x.zero_point if centred else 0)
    if isinstance(op, BatchMatMul) or (op.weights.data is None and op.weights.dtype.is_integer):
        return _of_types(op, codes, reduce)
    weights = filters(op)
    if weights is None:
        return None
    if len(codes.low) > 1:
        codes = codes[in_channels(op)] if _has_channels(op) else Interval(codes.low.min(), codes.high.max())
    ends = (weights * codes.low, weights * codes.high)
    return Interval(reduce(np.minimum(*ends)), -reduce(-np.maximum(*ends)))


def _sum(ends: Array) -> Array:
    """All the products of a tap."""
    total: Array = ends.sum(2)
    return total


def _part(ends: Array) -> Array:
    """The least sum of some of them."""
    total: Array = np.minimum(ends, 0).sum(2)
    return total


def _of_types(op: Weighted | BatchMatMul, codes: Interval, reduce: Callable[[Array], Array]) -> Interval:
    """With weights that are computed: any codes of their type."""
    weights = codes_of(op.weights).offset(-op.weights.zero_point)
    reduce = reduce if isinstance(op, BatchMatMul | FullyConnected) else _part  # of a window, padding leaves products out
    ends = [int(x) * int(w) for x in (codes.low.min(), codes.high.max()) for w in (weights.low[0], weights.high[0])]
    if isinstance(op, BatchMatMul):
        count, outputs = op.x_matrix[1], op.weights_matrix[1]
    else:
        outputs, count = op.channels, op.weights.type.elements // op.channels
    shape = (1, 1, count, 1)
    low, high = reduce(np.full(shape, min(ends), np.int64)), -reduce(np.full(shape, -max(ends), np.int64))
    return Interval(np.repeat(low, outputs, 2), np.repeat(high, outputs, 2))


def _has_channels(op: Weighted | BatchMatMul) -> bool:
    """Whether each weight meets one channel of the input: not so where rows are longer or shorter than those."""
    return not isinstance(op, FullyConnected) or op.depth % max(op.x.shape[-1], 1) == 0


def _bias(op: Weighted | BatchMatMul) -> Array | None:
    """int64[outputs] or a zero; None if it is computed."""
    bias = None if isinstance(op, BatchMatMul) else op.bias
    if bias is None:
        return np.zeros(1, np.int64)
    return None if bias.data is None else bias.data.astype(np.int64).ravel()


def _tap_sets(op: Weighted | BatchMatMul) -> tuple[Array, Array]:
    """Which rows of a kernel meet the image together, at some output: int64[sets, kH] of 0 and 1; and which columns."""
    if isinstance(op, BatchMatMul | FullyConnected) or op.weights.data is None:
        return np.ones((1, 1), np.int64), np.ones((1, 1), np.int64)
    _, in_h, in_w, _ = op.x.shape
    _, out_h, out_w, _ = op.y.shape
    window = op.window
    axes = (
        (in_h, out_h, window.size.h, window.stride.h, window.dilation.h, window.padding.top),
        (in_w, out_w, window.size.w, window.stride.w, window.dilation.w, window.padding.left),
    )
    touched = _touched_transposed if isinstance(op, TransposeConv) else _touched
    rows, columns = (_distinct(touched(*axis)) for axis in axes)
    return rows, columns


def _touched(size: int, outputs: int, taps: int, stride: int, dilation: int, before: int) -> Array:
    """bool[outputs, taps]: the taps of a convolution inside the image."""
    at = np.arange(outputs)[:, None] * stride + np.arange(taps) * dilation - before
    inside: Array = (at >= 0) & (at < size)
    return inside


def _touched_transposed(size: int, outputs: int, taps: int, stride: int, dilation: int, before: int) -> Array:
    """The same of a transposed one: input i adds to the outputs i * stride - before + tap."""
    del dilation
    at = np.arange(outputs)[:, None] + before - np.arange(taps)
    inside: Array = (at >= 0) & (at % stride == 0) & (at // stride < size)
    return inside


def _distinct(sets: Array) -> Array:
    return np.unique(sets, axis=0).astype(np.int64)


def least_bits(intervals: Iterable[Interval]) -> int:
    """The signed bits that hold all of several intervals."""
    return max((1 + max(int(i.high.max()), -1 - int(i.low.min()), 0).bit_length() for i in intervals), default=1)

# SPDX-License-Identifier: Apache-2.0
"""What kernels of int16 in plain C cost, CMSIS-NN's as bundled and tinycc's: how often they go through their loops, and what a
round takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tinycc.kernels.cmsis_nn.counts import taps, taps_between
from tinycc.kernels.costs import Each, Loops
from tinycc.kernels.geometry import Geometry
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected

WeightedT = TypeVar("WeightedT", bound=WeightedSum)
BLOCK = 16
"""Channels whose sums CMSIS-NN's functions keep at a time."""


def of_convolution(shape: Callable[[WeightedT], Geometry], op: WeightedT) -> Loops:
    """arm_convolve_s16: for every pixel, blocks of channels, for each dot products over the runs of its window."""
    g = shape(op)
    (rows, columns), (batch, _, _, channels), depth = taps_between(g.x, g.y, g.window), g.y, g.weights[3]
    pixels, blocks = batch * rows.size * columns.size, -(-channels // BLOCK)
    fours, ones = channels // 4, channels % 4
    runs = batch * int(rows.sum()) * (columns.size if g.window.dilation.w == 1 else int(columns.sum()))
    products = batch * int(rows.sum()) * int(columns.sum()) * depth
    return {
        "call": 1,
        "pixel": pixels,
        "block": pixels * blocks,
        _output(op): pixels * channels,
        "run": runs * blocks,
        "run of four": runs * fours,
        "run of one": runs * ones,
        "product of four": 4 * products * fours,
        "product": products * ones,
    }


def of_windows(shape: Callable[[WeightedT], Geometry], op: WeightedT) -> Loops:
    """tk_conv_s16: every output by itself, tap by tap."""
    g = shape(op)
    (rows, columns), (batch, _, _, channels), depth = taps_between(g.x, g.y, g.window), g.y, g.weights[3]
    lines = batch * int(rows.sum()) * columns.size * channels
    each = batch * int(rows.sum()) * int(columns.sum()) * channels
    return {
        "call": 1,
        "pixel": batch * rows.size * columns.size,
        _output(op): batch * rows.size * columns.size * channels,
        "line": lines,
        "tap": each,
        "product": each * depth,
    }


def of_depthwise(op: DepthwiseConv2D) -> Loops:
    """arm_depthwise_conv_s16: every output by itself, in blocks of channels."""
    (rows, columns), batch, channels = taps(op), op.x.shape[0], op.channels
    pixels = batch * rows.size * columns.size
    return {
        "call": 1,
        "pixel": pixels,
        "block": pixels * -(-channels // BLOCK),
        "output": pixels * channels,
        "line": batch * int(rows.sum()) * columns.size * channels,
        "tap": batch * int(rows.sum()) * int(columns.sum()) * channels,
    }


def of_dense(op: FullyConnected) -> Loops:
    """arm_fully_connected_s16."""
    fours, ones = op.batch * (op.channels // 4), op.batch * (op.channels % 4)
    return {
        "call": 1,
        "row": op.batch,
        "block": op.batch * -(-op.channels // BLOCK),
        "output": op.batch * op.channels,
        "four": fours,
        "one": ones,
        "product of four": 4 * fours * op.depth,
        "product": ones * op.depth,
    }


def of_matmul(op: BatchMatMul) -> Loops:
    """arm_batch_matmul_s16: dot products of rows."""
    (rows, _), outputs = op.x_matrix, op.y.type.elements
    columns = op.weights_matrix[1]
    return {
        "call": 1,
        "matrix": outputs // (rows * columns),
        "row": outputs // columns,
        "output": outputs,
        "product": op.macs,
        **of_turned(op),
    }


def of_turned(op: BatchMatMul) -> Loops:
    """tk_copy_strided, which transposes what does not lie in rows before that."""
    turned = [value for value, turns in ((op.x, op.adj_x), (op.weights, not op.adj_y)) if turns and value.data is None]
    return {
        "turned": len(turned),
        "turned row": sum(value.type.elements // value.shape[-2] for value in turned),
        "turned element": sum(value.type.elements for value in turned),
    }


def _output(op: WeightedSum) -> str:
    """Sums of 32 bits have another requantization than such of 64."""
    return "output" if op.wide_accumulators else "narrow output"


CONVOLUTION = {
    "call": Each(114, 169),
    "pixel": Each(141, 206),
    "block": Each(141, 206),
    "output": Each(63.7, 74.7),
    "narrow output": Each(40, 50),
    "run": Each(92.6, 149),
    "run of four": Each(36.6, 45.7),
    "run of one": Each(8.45, 7.21),
    "product of four": Each(2.76, 4.27),
    "product": Each(4.98, 8.01),
}
WINDOWS = {
    "call": Each(108, 148),
    "pixel": Each(101, 157),
    "output": Each(80, 107),
    "narrow output": Each(66.7, 95.2),
    "line": Each(18, 25.5),
    "tap": Each(22, 25),
    "product": Each(5, 8.02),
}
DEPTHWISE = {
    "call": Each(114, 183),
    "pixel": Each(105, 128),
    "block": Each(63.3, 162),
    "output": Each(86.5, 104),
    "line": Each(24.1, 28.8),
    "tap": Each(9, 14),
}
DENSE = {
    "call": Each(64.4, 92),
    "row": Each(22, 29.2),
    "block": Each(193, 314),
    "output": Each(69.6, 82.3),
    "four": Each(15.1, 13.6),
    "one": Each(9.34, 28),
    "product of four": Each(2.75, 4.27),
    "product": Each(4.93, 7.57),
}
MATMUL = {
    "call": Each(157, 221),
    "matrix": Each(0, 0),
    "row": Each(42.3, 55.4),
    "output": Each(44.7, 54.3),
    "product": Each(4.78, 7.71),
    "turned": Each(67.8, 112),
    "turned row": Each(36.7, 50),
    "turned element": Each(7.57, 10.7),
}
AVERAGE_POOL = {
    "call": Each(73.9, 121),
    "row": Each(0, 0),
    "pixel": Each(110, 172),
    "output": Each(23.8, 32.8),
    "line": Each(6.57, 6.12),
    "input": Each(0, 0),
    "code": Each(5.04, 8.09),
}
MAX_POOL = {
    "call": Each(75, 142),
    "row": Each(7.65, 0),
    "pixel": Each(126, 203),
    "output": Each(9.07, 13.3),
    "line": Each(0.888, 1.46),
    "input": Each(11.2, 11),
    "code": Each(6.84, 9.8),
}

# SPDX-License-Identifier: Apache-2.0
"""What the bundled functions of CMSIS-NN cost: how often they go through their loops, and what a round takes."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.costs import Each, Loops
from tinycc.kernels.geometry import Shape
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.pooling import Pool2D
from tinycc.ops.window import Window


def of_dense(op: FullyConnected) -> Loops:
    """arm_nn_fully_connected_s8: dot products of four outputs at a time, the rest one by one."""
    fours, ones = op.batch * (op.channels // 4), op.batch * (op.channels % 4)
    return {
        "call": 1,
        "row": op.batch,
        "output": op.batch * op.channels,
        "one": ones,
        "product of four": 4 * fours * op.depth,
        "product": ones * op.depth,
    }


def inside(outputs: int, inputs: int, size: int, stride: int, dilation: int, pad: int) -> Array:
    """int64[outputs]: how many taps of every output lie in the image, along an axis."""
    at = np.arange(outputs)[:, None] * stride - pad + np.arange(size) * dilation
    found: Array = ((at >= 0) & (at < inputs)).sum(1)
    return found


def taps(op: Conv2D | DepthwiseConv2D | Pool2D) -> tuple[Array, Array]:
    """Of every output row and column."""
    return taps_between(op.x.shape, op.y.shape, op.window)


def taps_between(x: Shape, y: Shape, w: Window) -> tuple[Array, Array]:
    """Of every output row and column, from an image [N,H,W,C] to another."""
    (_, in_h, in_w, _), (_, out_h, out_w, _) = x, y
    return (
        inside(out_h, in_h, w.size.h, w.stride.h, w.dilation.h, w.padding.top),
        inside(out_w, in_w, w.size.w, w.stride.w, w.dilation.w, w.padding.left),
    )


def of_convolution(op: Conv2D) -> Loops:
    """arm_convolve_s8: for every pixel, dot products over the rows of its window, of four channels at a time or of one."""
    (rows, columns), batch, depth = taps(op), op.x.shape[0], op.weights.shape[3]
    channels = op.channels // op.groups
    fours, ones = channels // 4, channels % 4
    whole = op.groups == 1 and op.window.dilation.w == 1
    pixels = batch * rows.size * columns.size
    runs = batch * op.groups * rows.size * int((columns > 0).sum() if whole else columns.sum())
    lines = batch * op.groups * int(rows.sum()) * int((columns > 0).sum() if whole else columns.sum())
    products = batch * op.groups * int(rows.sum()) * int(columns.sum()) * depth
    return {
        "call": 1,
        "row": batch * rows.size,
        "pixel": pixels,
        "window": pixels * op.groups,
        "output": pixels * op.channels,
        "run": runs,
        "run of four": runs * fours,
        "run of one": runs * ones,
        "line of four": lines * fours,
        "line of one": lines * ones,
        "product of four": 4 * products * fours,
        "product": products * ones,
    }


def of_pointwise(op: Conv2D | FullyConnected, *, by_row: bool = False) -> Loops:
    """arm_nn_pointwise_row_s8: two pixels times two channels; offsets are summed up in every call of it. The rows of a
    FULLY_CONNECTED are pixels of one row."""
    batch, height, width = op.y.shape[:3] if isinstance(op, Conv2D) else (1, 1, op.batch)
    depth, channels = op.x.shape[-1] if isinstance(op, Conv2D) else op.depth, op.channels
    rows, pixels = (batch * height, width) if by_row else (1, batch * height * width)
    pairs = rows * -(-pixels // 2)
    return {
        "call": 1,
        "row": rows,
        "block": rows * -(-channels // 16),
        "offset": rows * channels,
        "weight": rows * channels * depth,
        "pair": pairs * -(-channels // 16),
        "output": 2 * pairs * channels,
        "tile": pairs * -(-channels // 2),
        "product": 4 * pairs * -(-channels // 2) * depth,
    }


def of_transposed(op: TransposeConv, *, in_fours: bool = True) -> Loops:
    """arm_transpose_conv_s8, and arm_convolve_s8 in its place: for every pixel dot products with the inputs that reach it, of
    four channels or of one."""
    w, (batch, in_h, in_w, depth), (_, out_h, out_w, channels) = op.window, op.x.shape, op.y.shape
    rows = _reaching(out_h, in_h, w.size.h, w.stride.h, w.padding.top)
    columns = _reaching(out_w, in_w, w.size.w, w.stride.w, w.padding.left)
    each, fours = batch * rows * columns, channels // 4 if in_fours else 0
    ones = channels - 4 * fours
    return {
        "call": 1,
        "transposed pixel": batch * out_h * out_w,
        "output": batch * out_h * out_w * channels,
        "line of four": each * fours,
        "line of one": each * ones,
        "product of four": 4 * each * fours * depth,
        "product": each * ones * depth,
    }


def _reaching(outputs: int, inputs: int, size: int, stride: int, pad: int) -> int:
    """How many pairs of an input and an output there are along an axis."""
    tap = np.arange(outputs)[:, None] + pad - np.arange(inputs) * stride
    return int(((tap >= 0) & (tap < size)).sum())


def of_depthwise(op: DepthwiseConv2D, *, is_3x3: bool = False) -> Loops:
    """arm_nn_depthwise_s8: windows of four channels at a time, the rest one by one; whole windows of 3x3 channel by channel."""
    (rows, columns), batch, channels = taps(op), op.x.shape[0], op.channels
    fits = op.multiplier == 1 or op.multiplier % 4 == 0
    fours = channels // 4 if fits else 0
    ones = channels - 4 * fours
    pixels = batch * rows.size * columns.size
    inner = batch * int((rows == 3).sum()) * int((columns == 3).sum()) if is_3x3 else 0
    lines = batch * int(rows.sum()) * columns.size - 3 * inner
    each = batch * int(rows.sum()) * int(columns.sum()) - 9 * inner
    return {
        "call": 1,
        "row": batch * rows.size,
        "pixel": pixels,
        "block": pixels * -(-channels // 16),
        "output": pixels * channels,
        "whole window": inner * -(-channels // 16),
        "whole": inner * channels,
        "four": (pixels - inner) * fours,
        "one": (pixels - inner) * ones,
        "line of four": lines * fours,
        "line of one": lines * ones,
        "tap of four": each * fours,
        "tap": each * ones,
    }


def of_pool(op: Pool2D) -> Loops:
    """arm_avgpool_s8, arm_max_pool_s8: all channels of each of a window's pixels."""
    (rows, columns), (batch, _, _, channels) = taps(op), op.y.shape
    pixels, inputs = batch * rows.size * columns.size, batch * int(rows.sum()) * int(columns.sum())
    return {
        "call": 1,
        "row": batch * rows.size,
        "pixel": pixels,
        "output": pixels * channels,
        "line": batch * int(rows.sum()) * columns.size * channels,
        "input": inputs,
        "code": inputs * channels,
    }


DENSE = {
    "call": Each(190, 305),
    "row": Each(72, 137),
    "output": Each(54, 71.2),
    "one": Each(34.4, 48.5),
    "product of four": Each(3, 4.5),
    "product": Each(6, 9),
}
DENSE_PER_CHANNEL = {
    "call": Each(100, 175),
    "row": Each(121, 211),
    "output": Each(52.7, 69.6),
    "one": Each(62, 94),
    "product of four": Each(3, 4.5),
    "product": Each(6, 9),
}
CONVOLUTION = {
    "call": Each(114, 210),
    "row": Each(117, 207),
    "pixel": Each(76, 111),
    "window": Each(93, 164),
    "output": Each(36.2, 44.7),
    "run": Each(41.3, 69.6),
    "run of four": Each(42.2, 64.5),
    "run of one": Each(20.9, 33.2),
    "line of four": Each(25.7, 36.5),
    "line of one": Each(19.5, 23.7),
    "product of four": Each(3, 4.5),
    "product": Each(6, 9),
}
TRANSPOSED = {
    "call": Each(106, 197),
    "transposed pixel": Each(196, 324),
    "output": Each(33.8, 42),
    "line of four": Each(63.4, 95),
    "line of one": Each(37.7, 53.5),
    "product of four": Each(2.8, 4.23),
    "product": Each(5.6, 8.46),
}
POINTWISE = {
    "call": Each(66, 122),
    "row": Each(66, 75),
    "block": Each(52, 122),
    "offset": Each(13, 5),
    "weight": Each(4, 6.8),
    "pair": Each(105.5, 160),
    "output": Each(32.5, 42.8),
    "tile": Each(25, 25),
    "product": Each(2.5, 3.5),
}
DEPTHWISE = {
    "call": Each(0, 0),
    "row": Each(128, 214),
    "pixel": Each(56, 81),
    "block": Each(97.5, 166),
    "output": Each(42.1, 50.3),
    "whole window": Each(4.4, 0),
    "whole": Each(31.9, 41.1),
    "four": Each(0, 0),
    "one": Each(14, 17),
    "line of four": Each(25.1, 44.7),
    "line of one": Each(16, 24.4),
    "tap of four": Each(21.1, 27.8),
    "tap": Each(9, 12.5),
}
AVERAGE_POOL = {
    "call": Each(56, 86),
    "row": Each(15.8, 31.6),
    "pixel": Each(95.7, 149.4),
    "output": Each(25.2, 35.2),
    "line": Each(6.8, 6.8),
    "input": Each(0.3, 0.7),
    "code": Each(5, 7.9),
}
MAX_POOL = {
    "call": Each(54, 99),
    "row": Each(0, 0),
    "pixel": Each(156, 246),
    "output": Each(7.7, 10.7),
    "line": Each(1, 1.4),
    "input": Each(9.7, 11.2),
    "code": Each(6.9, 9.8),
}

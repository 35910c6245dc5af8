# SPDX-License-Identifier: Apache-2.0
"""Operators as convolutions of images, for kernels that serve several of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.window import Padding, Pair, Window

Shape = tuple[int, ...]
POINT = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))


class Geometry(NamedTuple):
    """x: [N,H,W,C]; weights: [O,kH,kW,C/groups]; y: [N,H',W',O]."""

    x: Shape
    weights: Shape
    y: Shape
    window: Window

    @property
    def groups(self) -> int:
        return self.x[3] // self.weights[3]

    @property
    def taps(self) -> int:
        """Products per output."""
        return int(np.prod(self.weights[1:]))

    def multipliers(self, op: WeightedSum) -> list[Multiplier]:
        """One multiplier per output channel, where the operator may have a single one for all."""
        entries = op.requantization
        return entries * (self.y[3] // len(entries))


def geometry(op: Conv2D) -> Geometry:
    return Geometry(op.x.shape, op.weights.shape, op.y.shape, op.window)


def one_row(op: FullyConnected) -> Geometry:
    """A 1x1 convolution over an image of one row."""
    return Geometry((1, 1, op.batch, op.depth), (op.channels, 1, 1, op.depth), (1, 1, op.batch, op.channels), POINT)


def one_pixel(op: FullyConnected) -> Geometry:
    """A 1x1 convolution over images of one pixel, one per row."""
    return Geometry((op.batch, 1, 1, op.depth), (op.channels, 1, 1, op.depth), (op.batch, 1, 1, op.channels), POINT)

# SPDX-License-Identifier: Apache-2.0
"""Convolutions whose rows of windows are contiguous, for kernels that read the image where it is."""

from __future__ import annotations

from dataclasses import dataclass

from tinycc.kernels.base import Context
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D

Conv = Conv2D | DepthwiseConv2D
"""A depthwise convolution of one input channel is a convolution."""


def contiguous(op: Conv, context: Context) -> str | None:
    """a row of the window is contiguous"""
    groups = op.groups if isinstance(op, Conv2D) else 1
    apart = groups > 1 or (op.window.dilation.w > 1 and op.window.size.w > 1)
    return f"{groups} groups, window {op.window}" if apart else None


@dataclass(frozen=True)
class Segments:
    """A convolution whose rows of windows are segments of `bytes` bytes, whole words; of a product of two matrices all pixels
    are one row."""

    op: Conv
    bytes: int

    @property
    def flat(self) -> bool:
        window = self.op.window
        return window.size == (1, 1) == window.stride and not any(window.padding)

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        """Images, their rows, pixels of a row, rows and pixels of the result."""
        (batch, rows, width, _), (_, out_rows, out_w, _) = self.op.x.shape, self.op.y.shape
        return (1, 1, batch * rows * width, 1, batch * rows * width) if self.flat else (batch, rows, width, out_rows, out_w)

    @property
    def inner(self) -> tuple[int, int]:
        """The pixels of a row whose segments lie in it: from the first to below the last."""
        window, depth, (_, _, width, _, out) = self.op.window, self.op.x.shape[3], self.sizes
        low = -(-window.padding.left // window.stride.w)
        high = ((width + window.padding.left) * depth - self.bytes) // (window.stride.w * depth) + 1
        return min(low, out), max(min(high, out), 0)

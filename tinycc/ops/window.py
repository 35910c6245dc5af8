# SPDX-License-Identifier: Apache-2.0
"""What convolutions and pools share: a window that slides over height and width."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tinycc.ir import Array


class Pair(NamedTuple):
    """Height, width."""

    h: int
    w: int

    def __str__(self) -> str:
        return f"{self.h}x{self.w}"


class Padding(NamedTuple):
    """Rows and columns of zero points around the input, in elements."""

    top: int
    bottom: int
    left: int
    right: int


class Window(NamedTuple):
    """Size, stride, dilation (in elements) and padding of a sliding window."""

    size: Pair
    stride: Pair
    dilation: Pair
    padding: Padding

    @property
    def reach(self) -> Pair:
        """Input rows and columns from the first to the last tap."""
        return Pair((self.size.h - 1) * self.dilation.h + 1, (self.size.w - 1) * self.dilation.w + 1)

    def output(self, h: int, w: int) -> Pair:
        """Output height and width for an h x w input; less than 1 if the window does not fit."""
        top, bottom, left, right = self.padding
        return Pair(
            (h + top + bottom - self.reach.h) // self.stride.h + 1,
            (w + left + right - self.reach.w) // self.stride.w + 1,
        )

    def touches(self, h: int, w: int) -> bool:
        """Whether every position of the window reaches into the h x w input, so that none sees nothing but padding."""
        top, _, left, _ = self.padding
        out = self.output(h, w)
        last = Pair((out.h - 1) * self.stride.h - top, (out.w - 1) * self.stride.w - left)
        return top < self.reach.h and left < self.reach.w and last.h < h and last.w < w

    def __str__(self) -> str:
        text = f"{self.size}/{self.stride}"
        if self.dilation != (1, 1):
            text += f"@{self.dilation}"
        return text + f" pad {','.join(map(str, self.padding))}"


def patches(x: Array, window: Window, fill: float) -> Array:
    """Sliding views of x [N,H,W,C] padded with `fill`: [N,out_h,out_w,k_h,k_w,C], no copy beyond the padding.

    Negative padding is what no window sees: of a stride beyond the window, rows by themselves have some.
    """
    height, width = x.shape[1:3]
    top, bottom, left, right = window.padding
    seen = x[:, max(-top, 0) : height - max(-bottom, 0), max(-left, 0) : width - max(-right, 0)]
    more = [(max(before, 0), max(after, 0)) for before, after in ((top, bottom), (left, right))]
    padded = np.pad(seen, ((0, 0), *more, (0, 0)), constant_values=fill)
    reach, stride, dilation = window.reach, window.stride, window.dilation
    views = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(1, 2))
    views = views[:, :: stride.h, :: stride.w, :, :: dilation.h, :: dilation.w]
    return views.transpose(0, 1, 2, 4, 5, 3)

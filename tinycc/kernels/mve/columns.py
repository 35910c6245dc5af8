# SPDX-License-Identifier: Apache-2.0
"""How a row of a convolution becomes runs of contiguous windows: the numbers behind tk_mve_columns_s8."""

from __future__ import annotations

import math
from dataclasses import dataclass

LANES = 16
LARGEST_SPREAD = 255


@dataclass(frozen=True)
class Run:
    """As TK_MVE_RUN_* say: bytes for x and y."""

    x: int
    left: int
    columns: int
    right: int
    y: int
    pixels: int

    @property
    def words(self) -> tuple[int, ...]:
        return (self.x, self.left, self.columns, self.right, self.y, self.pixels)

    @property
    def width(self) -> int:
        """Columns, padding included."""
        return self.left + self.columns + self.right


@dataclass(frozen=True)
class Across:
    """A window that goes along a row: input width and bytes of a pixel (of int8, its channels), output width and elements from
    a pixel to the next, kernel rows and columns, stride, dilation and padding of the columns."""

    width: int
    channels: int
    out_width: int
    out_channels: int
    rows: int
    size: int
    stride: int
    dilation: int
    left: int
    at_once: int = 0
    """Pixels of a run at most; 0: all that there are."""
    between: int = 0
    """Bytes of other channels between those of two pixels of the input."""

    @property
    def pixel(self) -> int:
        """Bytes from a pixel of the input to the next."""
        return self.channels + self.between

    @property
    def apart(self) -> int:
        """Pixels of a run are every `apart`-th: those whose columns coincide."""
        return self.dilation // math.gcd(self.stride, self.dilation)

    @property
    def column(self) -> int:
        """Bytes of a column."""
        return self.rows * self.channels

    @property
    def step(self) -> int:
        """Bytes from the window of a pixel to that of the next of its run."""
        return self.apart * self.stride // self.dilation * self.column

    @property
    def direct(self) -> bool:
        """Whether the windows are contiguous in the input as it is."""
        inside = self.left == 0 and (self.out_width - 1) * self.stride + self.size <= self.width
        return self.rows == 1 and inside and (self.size == 1 or (self.dilation == 1 and not self.between))

    @property
    def runs(self) -> tuple[Run, ...]:
        found = []
        for index in range(min(self.apart, self.out_width)):
            total = -(-(self.out_width - index) // self.apart)
            most = self.at_once or total
            firsts = range(0, total, most)
            found += [self._run(index + first * self.apart, min(most, total - first)) for first in firsts]
        return tuple(found)

    def _run(self, index: int, pixels: int) -> Run:
        """Of so many pixels from pixel `index` on."""
        first = index * self.stride - self.left
        count = (pixels - 1) * (self.apart * self.stride // self.dilation) + self.size
        left = min(max(-(first // self.dilation), 0), count)
        inside = len(range(first + left * self.dilation, self.width, self.dilation))
        columns = min(max(inside, 0), count - left)
        x = (first + left * self.dilation) * self.pixel if columns else 0
        return Run(x, left, columns, count - left - columns, index * self.out_channels, pixels)

    @property
    def scratch(self) -> int:
        """Bytes."""
        return 0 if self.direct else max(run.width for run in self.runs) * self.column

    @property
    def group(self) -> int:
        """How many columns go at once; 0 if they go one by one."""
        if self.dilation > 1 or self.between or self.channels > LANES // 2:
            return 0
        group = min(LANES // self.channels, (LARGEST_SPREAD - self.channels + 1) // self.column + 1)
        return group if group > 1 else 0

    @property
    def spread(self) -> tuple[int, ...]:
        """Where the 16 bytes of a group go."""
        if not self.group:
            return (0,) * LANES
        used = self.group * self.channels
        return tuple(i // self.channels * self.column + i % self.channels if i < used else 0 for i in range(LANES))

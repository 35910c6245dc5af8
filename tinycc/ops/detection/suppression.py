# SPDX-License-Identifier: Apache-2.0
"""Non-maximum suppression: what its operators share, among it the order in which C++ takes equal scores."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array


def overlap(a: Array, b: Array) -> Array:
    """Intersection over union of boxes (ymin, xmin, ymax, xmax); 0 if one has no area. a: [n,4], b: [4]."""
    area_a = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    common = np.prod(np.maximum(np.minimum(a[:, 2:], b[2:]) - np.maximum(a[:, :2], b[:2]), np.float32(0)), axis=1)
    result: Array = np.where((area_a <= 0) | (area_b <= 0), np.float32(0), common / (area_a + area_b - common))
    return result


class Heap:
    """(key, content) with the largest key on top. Equal keys leave it in the order that GNU's C++ library gives them."""

    def __init__(self, items: list[tuple[float, int]]) -> None:
        self.items = items
        for top in reversed(range(len(items) // 2)):
            self._replace(top, items[top])

    def push(self, item: tuple[float, int]) -> None:
        self.items.append(item)
        self._raise(0, len(self.items) - 1, item)

    def pop(self) -> tuple[float, int]:
        """Take the largest."""
        best, last = self.items[0], self.items.pop()
        if self.items:
            self._replace(0, last)
        return best

    def pop_for(self, item: tuple[float, int]) -> None:
        """`item` takes the place of the largest."""
        self._replace(0, item)

    def _raise(self, top: int, hole: int, item: tuple[float, int]) -> None:
        while hole > top and self.items[(hole - 1) // 2][0] < item[0]:
            self.items[hole] = self.items[(hole - 1) // 2]
            hole = (hole - 1) // 2
        self.items[hole] = item

    def _replace(self, top: int, item: tuple[float, int]) -> None:
        hole, count = top, len(self.items)
        while (child := 2 * hole + 1) < count:
            if child + 1 < count and not self.items[child + 1][0] < self.items[child][0]:
                child += 1
            self.items[hole] = self.items[child]
            hole = child
        self._raise(top, hole, item)


def first_of_sorted(keys: Array, count: int) -> list[int]:
    """Where the `count` smallest keys stand, smallest first, as std::partial_sort has them."""
    items = [(float(key), place) for place, key in enumerate(keys)]
    heap = Heap(items[:count])
    for item in items[count:]:
        if item[0] < heap.items[0][0]:
            heap.pop_for(item)
    return [heap.pop()[1] for _ in range(count)][::-1]

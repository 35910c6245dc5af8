# SPDX-License-Identifier: Apache-2.0
"""Shapes as loops over strides: broadcast, and merged into few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tinycc.errors import fail

Shape = tuple[int, ...]
MAX_LOOPS = 6
"""TK_MAX_RANK of tk_shape.h."""


class Loop(NamedTuple):
    """`size` steps; each moves every tensor of the walk by its number of elements in `strides`."""

    size: int
    strides: tuple[int, ...]


def row_major(shape: Sequence[int]) -> list[int]:
    """Elements that one step along each dimension moves in a contiguous tensor."""
    strides = [1] * len(shape)
    for axis in reversed(range(len(shape) - 1)):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    return strides


def merge(shape: Sequence[int], *tensors: Sequence[int]) -> tuple[Loop, ...]:
    """The fewest loops that visit `shape` in order, outermost first; `tensors` holds each tensor's stride per dimension.

    Dimensions of one element vanish, neighbours along which every tensor steps evenly become one. At least one loop is left.
    """
    loops: list[Loop] = []
    for size, *strides in zip(shape, *tensors, strict=True):
        if size == 1:
            continue
        if loops and all(outer == inner * size for outer, inner in zip(loops[-1].strides, strides, strict=True)):
            loops[-1] = Loop(loops[-1].size * size, tuple(strides))
        else:
            loops.append(Loop(size, tuple(strides)))
    return tuple(loops) or (Loop(1, (1,) * len(tensors)),)


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """The common shape that `a` and `b` stretch to (numpy's rule), or None if they do not fit."""
    rank = max(len(a), len(b))
    a, b = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    if any(m != n and 1 not in (m, n) for m, n in zip(a, b, strict=True)):
        return None
    return tuple(n if m == 1 else m for m, n in zip(a, b, strict=True))


def common_shape(a: Shape, b: Shape) -> Shape:
    """The common shape that `a` and `b` stretch to. Raises CompileError."""
    found = broadcast(a, b)
    if found is None:
        raise fail("operands", f"shapes {list(a)} and {list(b)}", "shapes that stretch to each other")
    return found


def stretched(shape: Shape, target: Shape) -> list[int]:
    """Strides that walk a contiguous tensor of `shape` over `target`: 0 where it is repeated."""
    padded = (1,) * (len(target) - len(shape)) + shape
    return [0 if size == 1 else stride for size, stride in zip(padded, row_major(padded), strict=True)]

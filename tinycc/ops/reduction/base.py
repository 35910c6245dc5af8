# SPDX-License-Identifier: Apache-2.0
"""What MEAN, SUM, REDUCE_MAX and their like share: dimensions that are folded onto one element each."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import Operator
from tinycc.ops.strides import MAX_LOOPS, Loop, Shape, merge, row_major


@dataclass(frozen=True, eq=False, kw_only=True)
class Reduction(Operator):
    """y = f of the elements along `axes`; `keep_dims` leaves these dimensions in y with size 1."""

    x: Value
    axes: tuple[int, ...]
    keep_dims: bool

    @property
    def count(self) -> int:
        """Elements that go into one (n)."""
        return math.prod(self.x.shape[axis] for axis in self.axes)

    @property
    def kept(self) -> Shape:
        """x's shape with 1 along the axes."""
        return tuple(1 if axis in self.axes else size for axis, size in enumerate(self.x.shape))

    def infer(self) -> tuple[TensorType, ...]:
        reduced = tuple(size for axis, size in enumerate(self.x.shape) if axis not in self.axes)
        return (TensorType(self.kept if self.keep_dims else reduced, self.x.dtype),)

    @property
    def loops(self) -> tuple[Loop, ...]:
        """The walk over x; y's strides."""
        return merge(self.x.shape, [0 if axis in self.axes else step for axis, step in enumerate(row_major(self.kept))])

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (self.reduced(read(self.x)).reshape(self.infer()[0].shape).astype(self.x.dtype.numpy),)

    def reduced(self, x: Array) -> Array:
        """f along the axes."""
        raise NotImplementedError(type(self).__name__)


def few_loops(op: Reduction) -> str | None:
    """kept and reduced dimensions alternate at most six times"""
    return f"axes {list(op.axes)} of {list(op.x.shape)}" if len(op.loops) > MAX_LOOPS else None

# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinycc.ir import Array, TensorType
from tinycc.ops.base import EVERY_TYPE, Signature
from tinycc.ops.movement.base import Rearrangement
from tinycc.ops.strides import Shape


@dataclass(frozen=True, eq=False, kw_only=True)
class Transpose(Rearrangement):
    """y[i] = x[j] with j[permutation[d]] = i[d]: dimension d of y is dimension permutation[d] of x."""

    permutation: Shape

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(tuple(self.x.shape[axis] for axis in self.permutation), self.x.dtype),)

    def seen(self, x: Array) -> Array:
        return x.transpose(self.permutation)

    @property
    def merged(self) -> tuple[Shape, Shape]:
        """Shape of x and permutation, with the dimensions that stay together as one."""
        loops = self.walks[0].loops
        order = sorted(range(len(loops)), key=lambda position: -loops[position].strides[0])
        return tuple(loops[position].size for position in order), tuple(map(order.index, range(len(loops))))

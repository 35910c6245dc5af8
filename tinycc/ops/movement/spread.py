# SPDX-License-Identifier: Apache-2.0
"""MATRIX_DIAG, MATRIX_SET_DIAG, DILATE: elements at even distances, and something else between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, TensorType, Value
from tinycc.ops.base import EVERY_TYPE, Signature
from tinycc.ops.movement.base import Arrays, Fill, Move, Movement
from tinycc.ops.strides import Shape


def diagonal(matrices: Array) -> Array:
    """Elements [..., i, i], as a view."""
    size = min(matrices.shape[-2:])
    view: Array = np.einsum("...ii->...i", matrices[..., :size, :size])
    return view


@dataclass(frozen=True, eq=False, kw_only=True)
class MatrixDiag(Movement):
    """y[..., i, j] = x[..., i] if i == j, else 0; the code 0, whatever the zero point. Source: LiteRT matrix_diag.cc."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.x.shape, self.x.shape[-1]), self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        y, zero = array(self.y), Fill("zero", np.zeros(1, self.x.dtype.numpy))
        yield Move(zero, np.broadcast_to(zero.data, y.shape), self.y, y)
        yield Move(self.x, array(self.x), self.y, diagonal(y))


@dataclass(frozen=True, eq=False, kw_only=True)
class MatrixSetDiag(Movement):
    """y = x, but y[..., i, i] = values[..., i]. Source: LiteRT matrix_set_diag.cc."""

    x: Value
    values: Value

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(found.name, {**found.operands, "values": found.outputs[0]}, found.outputs) for found in EVERY_TYPE
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        y = array(self.y)
        yield Move(self.x, array(self.x), self.y, y)
        yield Move(self.values, array(self.values), self.y, diagonal(y))


@dataclass(frozen=True, eq=False, kw_only=True)
class Dilate(Movement):
    """y[i * steps[0], j * steps[1], ...] = x[i, j, ...], and `value` between them. Source: LiteRT dilate.cc."""

    x: Value
    steps: Shape
    value: float | int

    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    def infer(self) -> tuple[TensorType, ...]:
        sizes = zip(self.x.shape, self.steps, strict=True)
        return (TensorType(tuple((size - 1) * step + 1 for size, step in sizes), self.x.dtype),)

    def moves(self, array: Arrays) -> Iterator[Move]:
        y, fill = array(self.y), Fill("between", np.asarray([self.value], self.x.dtype.numpy))
        if any(step > 1 for step in self.steps):
            yield Move(fill, np.broadcast_to(fill.data, y.shape), self.y, y)
        yield Move(self.x, array(self.x), self.y, y[tuple(slice(None, None, step) for step in self.steps)])

# SPDX-License-Identifier: Apache-2.0
"""Rows of a tensor replaced, or combined with others: what ONNX's ScatterND and ScatterElements come to; UNSORTED_SEGMENT_SUM
and its kin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import RUN_TIME_TYPES, Operator, Signature
from tinycc.ops.movement.gather import INDEX_TYPES
from tinycc.ops.strides import Shape

REDUCTIONS: dict[str, Callable[..., Any] | None] = {
    "none": None,
    "add": np.add,
    "mul": np.multiply,
    "max": np.maximum,
    "min": np.minimum,
}
"""In the order of the `tk_update` of tk_update_rows.h."""
NUMBERS = (DType.FLOAT32, DType.INT32, DType.INT64)


@dataclass(frozen=True, eq=False, kw_only=True)
class UpdateRows(Operator):
    """y = x [rows, size], then for each i in turn: y[indices[i]] = f(y[indices[i]], slices[i]).

    `reduction`: f is the second of both ("none"), their sum, product, maximum or minimum; integers wrap around. Indices outside
    y are left out. Source: onnx.reference op_scatternd.py, op_scatter_elements.py.
    """

    x: Value
    indices: Value
    slices: Value
    reduction: str

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{dtype.value} by {index.value}", {"x": dtype, "slices": dtype, "indices": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in RUN_TIME_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        y, indices, slices = read(self.x).copy(), read(self.indices), read(self.slices)
        inside = (indices >= 0) & (indices < len(y))
        function = REDUCTIONS[self.reduction]
        if function is None:
            for index, item in zip(indices[inside], slices[inside], strict=True):
                y[index] = item
        else:
            function.at(y, indices[inside], slices[inside])  # type: ignore[attr-defined]
        return (y,)


@dataclass(frozen=True, eq=False, kw_only=True)
class Segments(Operator):
    """y [count, ...] = what has no part in the reduction (0, 1, the least or the largest number), then for each i in turn:
    y[indices[i]] = f(y[indices[i]], x[i]).

    `reduction`: f is the sum, the product, or the maximum or minimum of both, which pass over NaN; integers wrap around.
    Indices below 0 are left out, and those from `count` on, which LiteRT refuses.
    Source: LiteRT unsorted_segment.cc, segment_sum.cc.
    """

    x: Value
    indices: Value
    count: int
    reduction: str

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"{dtype.value} by {index.value}", {"x": dtype, "indices": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in (DType.FLOAT32, DType.INT32)
    )

    @property
    def row(self) -> Shape:
        """The shape of what an index is for."""
        return self.x.shape[len(self.indices.shape) :]

    @property
    def start(self) -> float | int:
        """What has no part in the reduction."""
        largest = float(np.finfo(np.float32).max) if self.x.dtype is DType.FLOAT32 else 2**31 - 1
        least = -largest if self.x.dtype is DType.FLOAT32 else -(2**31)
        return {"add": 0, "mul": 1, "max": least, "min": largest}[self.reduction]

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.count, *self.row), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        y = np.full((self.count, *self.row), self.start, self.x.dtype.numpy)
        indices = read(self.indices).ravel()
        x = read(self.x).reshape(len(indices), *self.row)
        inside = (indices >= 0) & (indices < self.count)
        function = {"max": np.fmax, "min": np.fmin}.get(self.reduction, REDUCTIONS[self.reduction])
        with np.errstate(all="ignore"):
            function.at(y, indices[inside], x[inside])  # type: ignore[union-attr]
        return (y,)


def of_numbers(op: UpdateRows) -> str | None:
    """elements that are combined are float32, int32 or int64"""
    return None if op.reduction == "none" or op.x.dtype in NUMBERS else f"{op.reduction} of {op.x.dtype.value}"


def fitting_rows(op: UpdateRows) -> str | None:
    """there is an index for each slice, which is as long as a row of x"""
    (count,), (rows, size), (_, expected) = op.indices.shape, op.slices.shape, op.x.shape
    return None if (count, size) == (rows, expected) else f"{op.indices.type}, {op.slices.type} for {op.x.type}"


UpdateRows.conditions = (of_numbers, fitting_rows)

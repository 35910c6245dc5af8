# SPDX-License-Identifier: Apache-2.0
"""Rows of a tensor replaced, or combined with others: what ONNX's ScatterND and ScatterElements come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import RUN_TIME_TYPES, Operator, Signature
from tinycc.ops.movement.gather import INDEX_TYPES

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


def of_numbers(op: UpdateRows) -> str | None:
    """elements that are combined are float32, int32 or int64"""
    return None if op.reduction == "none" or op.x.dtype in NUMBERS else f"{op.reduction} of {op.x.dtype.value}"


def fitting_rows(op: UpdateRows) -> str | None:
    """there is an index for each slice, which is as long as a row of x"""
    (count,), (rows, size), (_, expected) = op.indices.shape, op.slices.shape, op.x.shape
    return None if (count, size) == (rows, expected) else f"{op.indices.type}, {op.slices.type} for {op.x.type}"


UpdateRows.conditions = (of_numbers, fitting_rows)

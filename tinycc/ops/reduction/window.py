# SPDX-License-Identifier: Apache-2.0
"""REDUCE_WINDOW."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.strides import MAX_LOOPS, Shape, row_major

FUNCTIONS: Mapping[str, Callable[[Array, Array], Array]] = {
    "ADD": lambda a, b: a + b,
    "MUL": lambda a, b: a * b,
    "MINIMUM": lambda a, b: np.where(a <= b, a, b),
    "MAXIMUM": lambda a, b: np.where(a >= b, a, b),
    "ALL": lambda a, b: (a != 0) & (b != 0),
    "ANY": lambda a, b: (a != 0) | (b != 0),
}
"""What becomes of the result so far and a tap."""
TYPES = (DType.FLOAT32, DType.INT8, DType.UINT8, DType.INT16, DType.INT32, DType.INT64, DType.BOOL)


@dataclass(frozen=True, eq=False, kw_only=True)
class ReduceWindow(Operator):
    """y[o] = f(... f(f(initial, x[o * strides]), x[o * strides + dilations]) ...), over all taps of a window, last dimension
    fastest; f is `function`. Whole numbers wrap, codes are numbers.

    Source: LiteRT stablehlo_reduce_window.cc, of which this is the older form, without padding.
    """

    x: Value
    initial: Value
    window: Shape
    strides: Shape
    dilations: Shape
    function: str

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(dtype.value, dtype, x=dtype, initial=dtype) for dtype in TYPES
    )

    @property
    def work(self) -> int:
        return self.y.type.elements * math.prod(self.window)

    @property
    def tap_strides(self) -> Shape:
        """Elements of x from tap to tap."""
        return tuple(size * step for size, step in zip(self.dilations, row_major(self.x.shape), strict=True))

    @property
    def steps(self) -> Shape:
        """Elements of x from window to window."""
        return tuple(size * step for size, step in zip(self.strides, row_major(self.x.shape), strict=True))

    def infer(self) -> tuple[TensorType, ...]:
        rows = zip(self.x.shape, self.window, self.strides, self.dilations, strict=True)
        return (TensorType(tuple((n - 1 - (k - 1) * d) // s + 1 for n, k, s, d in rows), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, function, shape = read(self.x), FUNCTIONS[self.function], self.infer()[0].shape
        total = np.full(shape, read(self.initial).reshape(()), x.dtype)
        with np.errstate(all="ignore"):
            for part in self._taps(x, shape):
                total = function(total, part).astype(x.dtype)
        return (total,)

    def _taps(self, x: Array, shape: Shape) -> Iterator[Array]:
        """What each tap of the window reads, for all windows."""
        for tap in np.ndindex(*self.window):
            rows: list[Any] = []
            for index, dilation, stride, count in zip(tap, self.dilations, self.strides, shape, strict=True):
                rows.append(slice(index * dilation, index * dilation + (count - 1) * stride + 1, stride))
            yield x[tuple(rows)]


def fits(op: ReduceWindow) -> str | None:
    """the window lies within the input, which has one to six dimensions; strides and dilations are positive"""
    rows = (op.window, op.strides, op.dilations)
    if not 1 <= len(op.x.shape) <= MAX_LOOPS or any(len(row) != len(op.x.shape) or min(row) < 1 for row in rows):
        return f"window {list(op.window)}, strides {list(op.strides)}, dilations {list(op.dilations)} of {list(op.x.shape)}"
    spans = [(size - 1) * dilation for size, dilation in zip(op.window, op.dilations, strict=True)]
    inside = all(span < size for span, size in zip(spans, op.x.shape, strict=True))
    return None if inside else f"window {list(op.window)} with dilations {list(op.dilations)} of {list(op.x.shape)}"


def one_value(op: ReduceWindow) -> str | None:
    """the initial value is one element"""
    return None if op.initial.type.elements == 1 else f"{op.initial.type}"


ReduceWindow.conditions = (fits, one_value)

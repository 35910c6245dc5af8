# SPDX-License-Identifier: Apache-2.0
"""Sums, means and extremes along axes; softmax; the largest elements."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import TypeAlias

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.elementwise import magnitude
from tinycc.ir import DType, TensorType, Value
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.division import Div
from tinycc.ops.elementwise.functions import Exp, Log, Neg, Sqrt
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.slices import Slice, Split
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.reduction.extremes import ArgMax, ArgMin, Extreme, ReduceMax, ReduceMin, TopK
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import CumSum, ReduceProd, ReduceSum

MAX_PRODUCTS = 1000
"""Of a CumProd: each becomes a call of its own."""

Step: TypeAlias = Callable[[Builder, Value], Value]


def _same(build: Builder, x: Value) -> Value:
    return x


def _square(build: Builder, x: Value) -> Value:
    return build.binary(Mul, x, x)


def _apply(cls: type[Operator], build: Builder, x: Value) -> Value:
    return build.op(cls, x=x)


REDUCTIONS: dict[str, tuple[Step, type[Operator], Step]] = {
    "ReduceL1": (magnitude, ReduceSum, _same),
    "ReduceL2": (_square, ReduceSum, partial(_apply, Sqrt)),
    "ReduceLogSum": (_same, ReduceSum, partial(_apply, Log)),
    "ReduceMax": (_same, ReduceMax, _same),
    "ReduceMin": (_same, ReduceMin, _same),
    "ReduceProd": (_same, ReduceProd, _same),
    "ReduceSum": (_same, ReduceSum, _same),
    "ReduceSumSquare": (_square, ReduceSum, _same),
}
"""What happens to the elements before, how they are reduced, and what happens to the result."""


def reduced_axes(node: Node) -> tuple[int, ...] | None:
    """None: nothing is reduced."""
    numbers, rank = node.ints_or_operand("axes", 1), len(node.x.shape)
    nothing = bool(node.attr_int("noop_with_empty_axes", 0))
    if not numbers:
        return None if nothing else tuple(range(rank))
    return node.axes(numbers, rank)


def _reduction(before: Step, cls: type[Operator], after: Step, node: Node, build: Builder) -> Value:
    axes, keep_dims = reduced_axes(node), bool(node.attr_int("keepdims", 1))
    x = before(build, node.x)
    if axes is None:
        return after(build, x)
    if issubclass(cls, Extreme):
        return extreme(build, cls, x, axes, keep_dims=keep_dims)
    return after(build, build.op(cls, x=x, axes=axes, keep_dims=keep_dims))


def extreme(build: Builder, cls: type[Extreme], x: Value, axes: Sequence[int], *, keep_dims: bool) -> Value:
    """The largest or smallest elements; of none, what is worse than all others."""
    y = build.op(cls, x=x, axes=tuple(axes), keep_dims=keep_dims, limit=math.inf)
    if x.type.elements or not y.type.elements:
        return y
    low, high = (-math.inf, math.inf) if x.dtype is DType.FLOAT32 else x.dtype.limits
    return build.constant(np.full(y.shape, low if cls is ReduceMax else high), x.dtype)


for _kind, _steps in REDUCTIONS.items():
    row(_kind)(partial(_reduction, *_steps))


@row("ReduceMean")
def reduce_mean(node: Node, build: Builder) -> Value:
    """Of integers the sum, divided and cut off towards zero, as onnxruntime has it."""
    if node.x.dtype not in (DType.INT32, DType.INT64):
        return _reduction(_same, Mean, _same, node, build)
    total = _reduction(_same, ReduceSum, _same, node, build)
    count = node.x.type.elements // max(total.type.elements, 1)
    return build.binary(Div, total, build.like(total, max(count, 1)))


@row("ReduceLogSumExp")
def reduce_log_sum_exp(node: Node, build: Builder) -> Value:
    axes, keep_dims = reduced_axes(node), bool(node.attr_int("keepdims", 1))
    if axes is None:
        return node.x
    top = extreme(build, ReduceMax, node.x, axes, keep_dims=True)
    powers = build.op(Exp, x=build.binary(Sub, node.x, top))
    total = build.op(Log, x=build.op(ReduceSum, x=powers, axes=axes, keep_dims=True))
    y = build.binary(Add, total, top)
    return y if keep_dims else build.reshape(y, [n for axis, n in enumerate(y.shape) if axis not in axes])


def along_last(cls: type[Operator], node: Node, build: Builder, **attributes: float) -> Value:
    """An op on rows, along the axis of the node; before operator set 13 the axis begins what is one row."""
    x, rank = node.x, len(node.x.shape)
    axis = node.axis(node.attr_int("axis", -1 if node.version >= 13 else 1), rank)
    if node.version < 13:
        flat = build.reshape(x, (int(np.prod(x.shape[:axis])), int(np.prod(x.shape[axis:]))))
        return build.reshape(build.op(cls, types=(flat.type,), x=flat, **attributes), x.shape)
    order = (*range(axis), *range(axis + 1, rank), axis)
    moved = build.transpose(x, order)
    y = build.op(cls, types=(TensorType(moved.shape, moved.dtype),), x=moved, **attributes)
    return build.transpose(y, tuple(int(i) for i in np.argsort(order)))


@row("Softmax")
def softmax(node: Node, build: Builder) -> Value:
    return along_last(Softmax, node, build, beta=1.0)


@row("LogSoftmax")
def log_softmax(node: Node, build: Builder) -> Value:
    return along_last(LogSoftmax, node, build)


@row("ArgMax", "ArgMin")
def arg_extreme(node: Node, build: Builder) -> Value:
    x, rank = node.x, len(node.x.shape)
    axis = node.axis(node.attr_int("axis", 0), rank)
    last, size = bool(node.attr_int("select_last_index", 0)), x.shape[axis]
    if last:
        x = build.op(Slice, x=x, index=(*[slice(None)] * axis, slice(None, None, -1)))
    shape = (*x.shape[:axis], *x.shape[axis + 1 :])
    y = build.op(ArgMax if node.kind == "ArgMax" else ArgMin, types=(TensorType(shape, DType.INT64),), x=x, axis=axis)
    y = build.binary(Sub, build.like(y, size - 1), y) if last else y
    return build.reshape(y, (*x.shape[:axis], 1, *x.shape[axis + 1 :])) if node.attr_int("keepdims", 1) else y


@row("TopK")
def top_k(node: Node, build: Builder) -> tuple[Value, ...]:
    x, rank = node.x, len(node.x.shape)
    axis = node.axis(node.attr_int("axis", -1), rank)
    k = node.attr_int("k", 0) if node.version < 10 else node.integer(1)
    if not 0 < k <= x.shape[axis]:
        raise node.error(f"the {k} first along axis {axis} of {list(x.shape)}", "at least one, and no more than there are")
    node.attr_int("sorted", 1)
    largest = bool(node.attr_int("largest", 1))
    order = (*range(axis), *range(axis + 1, rank), axis)
    values, indices = build.ops(TopK, x=_falling(build, build.transpose(x, order), largest=largest), k=k)
    back = tuple(int(i) for i in np.argsort(order))
    values = build.transpose(_falling(build, values, largest=largest), back)
    return values, build.cast(build.transpose(indices, back), DType.INT64)


def _falling(build: Builder, x: Value, *, largest: bool) -> Value:
    """x, or what falls where x rises: its own inverse."""
    if largest:
        return x
    return build.op(Neg, x=x) if x.dtype is DType.FLOAT32 else build.binary(Sub, build.like(x, -1), x)


@row("CumSum")
def cum_sum(node: Node, build: Builder) -> Value:
    axis = node.axis(node.integer(1), len(node.x.shape))
    exclusive, reverse = bool(node.attr_int("exclusive", 0)), bool(node.attr_int("reverse", 0))
    return build.op(CumSum, x=node.x, axis=axis, exclusive=exclusive, reverse=reverse)


@row("CumProd")
def cum_prod(node: Node, build: Builder) -> Value:
    """Products one after the other."""
    x, axis = node.x, node.axis(node.integer(1), len(node.x.shape))
    size, reverse = x.shape[axis], bool(node.attr_int("reverse", 0))
    if not 0 < size <= MAX_PRODUCTS:
        raise node.error(f"{size} products", f"1 to {MAX_PRODUCTS}")
    parts = build.ops(Split, x=x, axis=axis, sizes=(1,) * size) if size > 1 else (x,)
    parts = parts[::-1] if reverse else parts
    if node.attr_int("exclusive", 0):
        parts = (build.constant(np.ones(parts[0].shape), x.dtype), *parts[:-1])
    products = list(accumulate(parts, partial(build.binary, Mul)))
    products = products[::-1] if reverse else products
    return products[0] if size == 1 else build.op(Concatenation, xs=tuple(products), axis=axis)

# SPDX-License-Identifier: Apache-2.0
"""Pools over one, two or three dimensions: largest elements, where they are, means and norms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.quantized import TO_UINT8, signed_codes
from tinycc.frontends.onnx.rows.reductions import extreme
from tinycc.frontends.onnx.rows.windows import Geometry, channels_first, channels_last, geometry, spatial_rank
from tinycc.ir import Array, DType, Quantization, TensorType, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.elementwise.functions import Abs, Sqrt
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.elementwise.power import Pow
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.gather import Gather
from tinycc.ops.movement.pad import Pad
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.ops.reduction.extremes import ArgMax, ReduceMax
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum

NOTHING = Geometry((1,), (1,), (1,), (0,), (0,))
"""A window that changes nothing."""


def _geometry(node: Node) -> Geometry:
    spatial = spatial_rank(node, node.x)
    node.required("kernel_shape")
    size = node.attr_ints("kernel_shape", spatial) or ()
    return geometry(node, spatial, size, rounds_up=bool(node.attr_int("ceil_mode", 0)))


def _pooled(build: Builder, cls: type[Pool2D], x: Value, made: Geometry) -> Value:
    """x [N,C,spatial...]; of three dimensions, the pool over depth is one of the pools over the planes."""
    image, rank = channels_last(build, x), len(x.shape)
    if rank < 5:
        return channels_first(build, build.op(cls, x=image, window=made.window), rank)
    n, d, h, w, c = image.shape
    planes = build.op(cls, x=build.reshape(image, (n * d, h, w, c)), window=made.inner.window)
    _, h, w, c = planes.shape
    if made.outer == NOTHING:
        return channels_first(build, build.reshape(planes, (n, d, h, w, c)), rank)
    window = Geometry(*((*part, fill) for part, fill in zip(made.outer.parts, (1, 1, 1, 0, 0), strict=True))).window
    y = build.op(cls, x=build.reshape(planes, (n, d, h * w, c)), window=window)
    return channels_first(build, build.reshape(y, (n, y.shape[1], h, w, c)), rank)


@row("MaxPool")
def max_pool(node: Node, build: Builder) -> Value | tuple[Value, ...]:
    made, x = _geometry(node), node.x
    columns = bool(node.attr_int("storage_order", 0))
    if x.dtype in (DType.INT8, DType.UINT8) and set(made.dilation) == {1} and len(x.shape) < 5:
        y = _of_bytes(build, x, made)
    elif x.dtype in (DType.INT8, DType.UINT8):
        y = build.cast(_pooled(build, MaxPool2D, build.cast(x, DType.FLOAT32), made), x.dtype)
    else:
        y = _pooled(build, MaxPool2D, x, made)
    if len(node.outputs) == 1 or not node.outputs[1]:
        return y
    return y, _places(build, x, made, y.shape, columns=columns)


def _of_bytes(build: Builder, x: Value, made: Geometry) -> Value:
    """The largest of int8, or of uint8 as int8, whatever they stand for."""
    codes = signed_codes(build, x) if x.dtype is DType.UINT8 else x
    numbers = Quantization((1.0,), (0,))
    image = build.requantized(channels_last(build, codes), numbers)
    n, h, w, c = image.shape
    type = TensorType((n, *made.window.output(h, w), c), DType.INT8, numbers)
    y = channels_first(build, build.op(MaxPool2D, x=image, window=made.window, types=(type,)), len(x.shape))
    return build.op(Lookup, x=y, table=TO_UINT8) if x.dtype is DType.UINT8 else y


def _places(build: Builder, x: Value, made: Geometry, shape: Sequence[int], *, columns: bool) -> Value:
    """The number of the element that is the largest of each window; with `columns` counted down the columns."""
    spatial, rows = x.shape[2:], math.prod(x.shape[:2])
    build.afford(rows, DType.INT64.bytes)
    rank, count = len(spatial), math.prod(spatial)
    taps = np.indices(made.size).reshape(rank, 1, -1)
    windows = np.indices(shape[2:]).reshape(rank, -1, 1)
    parts = (np.asarray(part).reshape(rank, 1, 1) for part in (made.dilation, made.stride, made.before))
    dilation, stride, before = parts
    at = taps * dilation + windows * stride - before
    inside = ((at >= 0) & (at < np.asarray(spatial).reshape(rank, 1, 1))).all(0)
    held = np.clip(at, 0, np.asarray(spatial).reshape(rank, 1, 1) - 1)
    numbers: Array = np.ravel_multi_index(tuple(held), spatial)
    told = np.ravel_multi_index(tuple(held[::-1]), spatial[::-1]) if columns else numbers
    flat = build.cast(build.reshape(x, (rows, count)), DType.FLOAT32)
    seen = build.op(Gather, x=flat, indices=build.constant(numbers.astype(np.int64)), axis=1, batch=0)
    least = build.constant(np.float32(-np.inf))
    seen = build.op(Select, condition=build.constant(inside), x1=seen, x2=least, leading=False)
    best = build.op(ArgMax, types=(TensorType(seen.shape[:2], DType.INT32),), x=seen, axis=2)
    first = np.arange(numbers.shape[0], dtype=np.int32) * numbers.shape[1]
    chosen = build.binary(Add, best, build.constant(first))
    table = build.constant(told.astype(np.int64).reshape(-1))
    found = build.op(Gather, x=table, indices=chosen, axis=0, batch=0)
    base = build.constant((np.arange(rows, dtype=np.int64) * count).reshape(rows, 1))
    return build.reshape(build.binary(Add, found, base), shape)


@row("AveragePool")
def average_pool(node: Node, build: Builder) -> Value:
    made, x = _geometry(node), node.x
    if node.attr_int("count_include_pad", 0) and any((*made.before, *made.after)):
        given = geometry(node, x.shape[2:], made.size)
        inside = tuple(map(min, given.after, made.after))
        x = build.op(Pad, x=x, before=(0, 0, *given.before), after=(0, 0, *inside), value=0)
        beyond = tuple(b - a for a, b in zip(inside, made.after, strict=True))
        made = Geometry(made.size, made.stride, made.dilation, (0,) * len(beyond), beyond)
    return _pooled(build, AveragePool2D, x, made)


@row("LpPool")
def lp_pool(node: Node, build: Builder) -> Value:
    """(the sum of |x|**p over the window) ** (1 / p)."""
    made, p = _geometry(node), node.attr_int("p", 2)
    if p < 1:
        raise node.error(f"p {p}", "at least 1")
    x = build.op(Pad, x=_powers(build, node.x, p), before=(0, 0, *made.before), after=(0, 0, *made.after), value=0)
    bare = Geometry(made.size, made.stride, made.dilation, (0,) * len(made.size), (0,) * len(made.size))
    mean = _pooled(build, AveragePool2D, x, bare)
    return _root(build, build.binary(Mul, mean, build.like(mean, math.prod(made.size))), p)


def _powers(build: Builder, x: Value, p: int) -> Value:
    """|x|**p."""
    if p == 2:
        return build.binary(Mul, x, x)
    size = build.op(Abs, x=x)
    return size if p == 1 else build.binary(Pow, size, build.like(x, p))


def _root(build: Builder, x: Value, p: int) -> Value:
    if p == 2:
        return build.op(Sqrt, x=x)
    return x if p == 1 else build.binary(Pow, x, build.like(x, 1 / p))


def spatial_axes(x: Value) -> tuple[int, ...]:
    return tuple(range(2, len(x.shape)))


@row("GlobalAveragePool")
def global_average_pool(node: Node, build: Builder) -> Value:
    return build.op(Mean, x=node.x, axes=spatial_axes(node.x), keep_dims=True)


@row("GlobalMaxPool")
def global_max_pool(node: Node, build: Builder) -> Value:
    return extreme(build, ReduceMax, node.x, spatial_axes(node.x), keep_dims=True)


@row("GlobalLpPool")
def global_lp_pool(node: Node, build: Builder) -> Value:
    p = node.attr_int("p", 2)
    if p < 1:
        raise node.error(f"p {p}", "at least 1")
    total = build.op(ReduceSum, x=_powers(build, node.x, p), axes=spatial_axes(node.x), keep_dims=True)
    return _root(build, total, p)

# SPDX-License-Identifier: Apache-2.0
"""Elements taken from, or put to, places that come as indices: as rows of a tensor of two dimensions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import DType, TensorType, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.elementwise.comparison import Order
from tinycc.ops.elementwise.division import FloorMod
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.gather import Gather, OneHot, ScatterNd
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.slices import Slice
from tinycc.ops.movement.update import UpdateRows
from tinycc.ops.reduction.extremes import ArgMax
from tinycc.ops.reduction.sums import ReduceSum
from tinycc.ops.strides import Shape, row_major


def wrapped(build: Builder, indices: Value, sizes: ArrayLike) -> Value:
    """Indices as int32, counted from the front. `sizes`: of their dimension, or of one for each last element."""
    if not indices.dtype.is_integer:
        raise build.error(f"indices %{indices.name} of {indices.dtype.value}", "integers")
    indices = build.cast(indices, DType.INT32)
    below = build.binary(Order, indices, build.like(indices, 0), relation="LESS")
    if below.data is not None and not below.data.any():
        return indices
    moved = build.binary(Add, indices, build.constant(sizes, DType.INT32))
    return build.op(Select, condition=below, x1=moved, x2=indices, leading=False)


def _numbers(build: Builder, indices: Value, sizes: Shape) -> Value:
    """Coordinates [..., depth] as numbers of rows [...]."""
    places = build.binary(Mul, wrapped(build, indices, np.asarray(sizes)), build.constant(row_major(sizes), DType.INT32))
    return build.op(ReduceSum, x=places, axes=(len(indices.shape) - 1,), keep_dims=False)


def _along(node: Node, build: Builder, axis: int, indices: Value) -> Value:
    """The numbers of the elements of node.x that indices along an axis stand for."""
    x = node.x
    fits = len(indices.shape) == len(x.shape) and all(i == axis or size <= x.shape[i] for i, size in enumerate(indices.shape))
    if not fits:
        raise node.error(f"indices {list(indices.shape)} into {list(x.shape)}", "no more, but along the axis")
    strides = row_major(x.shape)
    grids = np.indices(indices.shape, np.int32)
    base = sum((grids[i] * strides[i] for i in range(len(strides)) if i != axis), np.zeros(indices.shape, np.int32))
    steps = build.binary(Mul, wrapped(build, indices, x.shape[axis]), build.constant(strides[axis], DType.INT32))
    return build.binary(Add, steps, build.constant(base, DType.INT32))


@row("GatherElements")
def gather_elements(node: Node, build: Builder) -> Value:
    axis = node.axis(node.attr_int("axis", 0), len(node.x.shape))
    places = _along(node, build, axis, node.input(1))
    return build.op(Gather, x=build.reshape(node.x, (node.x.type.elements,)), indices=places, axis=0, batch=0)


@row("GatherND")
def gather_nd(node: Node, build: Builder) -> Value:
    x, indices, batch = node.x, node.input(1), node.attr_int("batch_dims", 0)
    depth = indices.shape[-1] if indices.shape else 0
    outer, sizes, inner = x.shape[:batch], x.shape[batch : batch + depth], x.shape[batch + depth :]
    if depth < 1 or len(sizes) != depth or not 0 <= batch < len(indices.shape) or indices.shape[:batch] != outer:
        raise node.error(f"indices {list(indices.shape)} into {list(x.shape)}, {batch} dimensions shared", "coordinates")
    places = _numbers(build, indices, sizes)
    count = math.prod(sizes)
    first = np.arange(math.prod(outer), dtype=np.int32).reshape((*outer, *(1,) * (len(places.shape) - batch))) * count
    places = build.binary(Add, places, build.constant(first)) if batch else places
    return build.op(Gather, x=build.reshape(x, (math.prod(outer) * count, *inner)), indices=places, axis=0, batch=0)


def _updated(node: Node, build: Builder, rows: int, places: Value, updates: Value) -> Value:
    """node.x with the rows at `places` replaced by, or combined with, `updates`."""
    kind = node.attr_text("reduction", "none")
    if kind not in ("none", "add", "mul", "max", "min"):
        raise node.error(f"reduction {kind}", "none, add, mul, max or min")
    x, row_size = node.x, node.x.type.elements // max(rows, 1)
    y = build.op(
        UpdateRows,
        x=build.reshape(x, (rows, row_size)),
        indices=build.reshape(places, (places.type.elements,)),
        slices=build.reshape(updates, (places.type.elements, row_size)),
        reduction=kind,
    )
    return build.reshape(y, x.shape)


@row("ScatterElements", "Scatter")
def scatter_elements(node: Node, build: Builder) -> Value:
    axis = node.axis(node.attr_int("axis", 0), len(node.x.shape))
    indices, updates = node.input(1), node.input(2)
    if indices.shape != updates.shape:
        raise node.error(f"indices {list(indices.shape)} for updates {list(updates.shape)}", "one for each")
    return _updated(node, build, node.x.type.elements, _along(node, build, axis, indices), updates)


@row("ScatterND")
def scatter_nd(node: Node, build: Builder) -> Value:
    x, indices, updates = node.x, node.input(1), node.input(2)
    depth = indices.shape[-1] if indices.shape else 0
    sizes = x.shape[:depth]
    if depth < 1 or len(sizes) != depth or updates.shape != (*indices.shape[:-1], *x.shape[depth:]):
        raise node.error(f"indices {list(indices.shape)}, updates {list(updates.shape)}", f"slices of {list(x.shape)}")
    return _updated(node, build, math.prod(sizes), _numbers(build, indices, sizes), updates)


@row("TensorScatter")
def tensor_scatter(node: Node, build: Builder) -> Value:
    """The cache with an update written from a place on, another for each of the batch."""
    x, update, starts = node.x, node.input(1), node.optional(2)
    rank = len(x.shape)
    axis, mode = node.axis(node.attr_int("axis", -2), rank), node.attr_text("mode", "linear")
    outer, size, steps = x.shape[:axis], x.shape[axis], update.shape[axis]
    if mode not in ("linear", "circular") or axis == 0 or update.shape != (*outer, steps, *x.shape[axis + 1 :]):
        raise node.error(f"update {list(update.shape)} of {list(x.shape)}, mode {mode}", "a part along the axis")
    time = build.constant(np.arange(steps, dtype=np.int32))
    if starts is not None:
        first = build.reshape(build.cast(starts, DType.INT32), (outer[0], *(1,) * len(outer)))
        time = build.binary(Add, first, time)
    time = build.binary(FloorMod, time, build.like(time, size)) if mode == "circular" else time
    base = np.arange(math.prod(outer), dtype=np.int32).reshape(*outer, 1) * size
    return _updated(node, build, math.prod(outer) * size, build.binary(Add, time, build.constant(base)), update)


@row("OneHot")
def one_hot(node: Node, build: Builder) -> Value:
    depth, indices, values = int(node.scalar(1, 0)), node.input(0), node.input(2)
    axis = node.axis(node.attr_int("axis", -1), len(indices.shape) + 1)
    if depth < 1 or values.type.elements != 2:
        raise node.error(f"depth {depth}, {values.type.elements} values", "a positive depth and two values")
    indices = indices if indices.dtype.is_integer else build.cast(indices, DType.INT64)
    off, on = (build.reshape(build.op(Slice, x=values, index=(slice(i, i + 1),)), ()) for i in range(2))
    return build.op(OneHot, indices=wrapped(build, indices, depth), on=on, off=off, depth=depth, axis=axis)


@row("Hardmax")
def hardmax(node: Node, build: Builder) -> Value:
    """1 for the first of the largest elements along the axis, else 0; before operator set 13 the axis begins one row."""
    x, rank = node.x, len(node.x.shape)
    axis = node.axis(node.attr_int("axis", -1 if node.version >= 13 else 1), rank)
    if node.version < 13:
        x, axis = build.reshape(x, (math.prod(x.shape[:axis]), math.prod(x.shape[axis:]))), 1
    type = TensorType((*x.shape[:axis], *x.shape[axis + 1 :]), DType.INT32)
    largest = build.op(ArgMax, types=(type,), x=x, axis=axis)
    on, off = build.constant(np.float32(1)), build.constant(np.float32(0))
    y = build.op(OneHot, indices=largest, on=on, off=off, depth=x.shape[axis], axis=axis)
    return build.reshape(y, node.x.shape)


@row("Trilu")
def trilu(node: Node, build: Builder) -> Value:
    x, k = node.x, node.integer(1) if node.optional(1) is not None else 0
    if len(x.shape) < 2:
        raise node.error(f"{x.type}", "matrices")
    rows, columns = np.indices(x.shape[-2:])
    kept = columns - rows >= k if node.attr_int("upper", 1) else columns - rows <= k
    zero = build.constant(np.zeros(()), x.dtype)
    return build.op(Select, condition=build.constant(kept), x1=x, x2=zero, leading=False)


@row("Compress")
def compress(node: Node, build: Builder) -> Value:
    """The slices that a constant condition marks."""
    kept = np.flatnonzero(node.constant(1))
    number = node.attribute("axis", None, int)
    x = build.reshape(node.x, (node.x.type.elements,)) if number is None else node.x
    axis = 0 if number is None else node.axis(number, len(x.shape))
    if kept.size and kept[-1] >= x.shape[axis]:
        raise node.error(f"element {kept[-1]} of {x.shape[axis]}", "as many as there are")
    return build.op(Gather, x=x, indices=build.constant(kept.astype(np.int64)), axis=axis, batch=0)


@row("NonZero")
def non_zero(node: Node, build: Builder) -> Value:
    """Of a constant: otherwise the shape of the result depends on the data."""
    return build.constant(np.array(np.nonzero(node.constant(0)), np.int64))


@row("Unique")
def unique(node: Node, build: Builder) -> tuple[Value, ...]:
    """Of a constant: the different slices, where they first are, which of them each slice is, and how often each is there."""
    data, number = node.constant(0), node.attribute("axis", None, int)
    axis = None if number is None else node.axis(number, data.ndim)
    found, first, inverse, counts = np.unique(data, return_index=True, return_inverse=True, return_counts=True, axis=axis)
    inverse = inverse.reshape(-1)
    if not node.attr_int("sorted", 1):
        order = np.argsort(first)
        found, first, counts = found.take(order, axis or 0), first[order], counts[order]
        inverse = np.argsort(order)[inverse]
    return (build.constant(found), *(build.constant(item.astype(np.int64)) for item in (first, inverse, counts)))


@row("MaxUnpool")
def max_unpool(node: Node, build: Builder) -> Value:
    """0, but at the places that a MaxPool found: numbers of elements of the whole result."""
    x, indices = node.x, node.input(1)
    size = node.attr_ints("kernel_shape") or ()
    rank = len(size)
    strides, pads = node.attr_ints("strides", (1,) * rank) or (), node.attr_ints("pads", (0,) * 2 * rank) or ()
    if indices.shape != x.shape or len(x.shape) != rank + 2 or len(strides) != rank or len(pads) != 2 * rank:
        raise node.error(f"indices {list(indices.shape)}, window {list(size)}", f"those of {list(x.shape)}")
    spatial = [
        (n - 1) * s - pads[i] - pads[rank + i] + k for i, (n, s, k) in enumerate(zip(x.shape[2:], strides, size, strict=True))
    ]
    shape = (*x.shape[:2], *spatial)
    y = build.op(
        UpdateRows,
        x=build.constant(np.zeros((math.prod(shape), 1)), x.dtype),
        indices=build.reshape(build.cast(indices, DType.INT32), (x.type.elements,)),
        slices=build.reshape(x, (x.type.elements, 1)),
        reduction="none",
    )
    y = build.reshape(y, shape)
    wanted = shape if node.optional(2) is None else node.integers(2)
    after = tuple(b - a for a, b in zip(shape, wanted, strict=True))
    if min(after) < 0:
        raise node.error(f"output_shape {list(wanted)}", f"at least {list(shape)}")
    return build.op(Pad, x=y, before=(0,) * len(shape), after=after, value=0) if any(after) else y


@row("Col2Im")
def col2im(node: Node, build: Builder) -> Value:
    """Columns added up where their windows lie."""
    image, block = node.integers(1), node.integers(2)
    rank = len(block)
    strides, dilations = (node.attr_ints(name, (1,) * rank) or () for name in ("strides", "dilations"))
    pads = node.attr_ints("pads", (0,) * 2 * rank) or ()
    n, depth, count = node.ranked(node.x, 3).shape
    channels = depth // math.prod(block)
    sizes = [
        (size + pads[i] + pads[rank + i] - d * (k - 1) - 1) // s + 1
        for i, (size, k, d, s) in enumerate(zip(image, block, dilations, strides, strict=True))
    ]
    if math.prod(sizes) != count or channels * math.prod(block) != depth:
        raise node.error(f"{list(node.x.shape)} as windows {list(block)} of {list(image)}", f"{math.prod(sizes)} columns")
    taps, windows = np.indices(block).reshape(rank, -1, 1), np.indices(sizes).reshape(rank, 1, -1)
    scale = [np.asarray(item).reshape(rank, 1, 1) for item in (dilations, strides, pads[:rank])]
    places = taps * scale[0] + windows * scale[1] - scale[2]
    inside = ((places >= 0) & (places < np.asarray(image).reshape(rank, 1, 1))).all(0)
    numbers = np.where(inside, np.tensordot(row_major(tuple(image)), places, 1), -1).reshape(-1, 1)
    parted = build.transpose(build.reshape(node.x, (n, channels, math.prod(block), count)), (2, 3, 0, 1))
    slices = build.reshape(parted, (math.prod(block) * count, n * channels))
    total = math.prod(image)
    y = build.op(ScatterNd, indices=build.constant(numbers, DType.INT32), slices=slices, shape=(total, n * channels))
    return build.reshape(build.transpose(y, (1, 0)), (n, channels, *image))

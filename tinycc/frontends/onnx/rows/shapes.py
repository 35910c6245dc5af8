# SPDX-License-Identifier: Apache-2.0
"""Operators that only move elements, or tell what shape there is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinycc.frontends.onnx.builder import MAX_FOLDED, Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.tensors import TYPES, array_of, constant, type_name
from tinycc.ir import DType, Value
from tinycc.ops.elementwise.arithmetic import Add
from tinycc.ops.elementwise.comparison import Order
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.gather import Gather
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.repeat import BroadcastTo, Tile
from tinycc.ops.movement.sequence import ReverseSequence
from tinycc.ops.movement.slices import Slice, Split
from tinycc.ops.strides import Shape, broadcast


@row("Constant")
def constant_(node: Node, build: Builder) -> Value:
    forms: dict[str, Any] = {
        "value": lambda: array_of(node.attribute("value", None, object)),
        "value_float": lambda: np.float32(node.attribute("value_float", 0.0, float)),
        "value_floats": lambda: np.asarray(node.attr_floats("value_floats"), np.float32),
        "value_int": lambda: np.int64(node.attr_int("value_int", 0)),
        "value_ints": lambda: np.asarray(node.attribute("value_ints", [], list), np.int64),
    }
    given = [name for name in forms if name in node.attributes]
    if len(given) != 1:
        raise node.error("no value that is a tensor of numbers", "one")
    return constant(node.outputs[0], np.asarray(forms[given[0]]()))


@row("ConstantOfShape")
def constant_of_shape(node: Node, build: Builder) -> Value:
    value = np.zeros(1, np.float32) if "value" not in node.attributes else array_of(node.attribute("value", None, object))
    return build.op(BroadcastTo, x=build.reshape(build.constant(value), ()), shape=_sizes(node, 0))


def _sizes(node: Node, position: int) -> Shape:
    sizes = node.integers(position)
    if min(sizes, default=0) < 0 or math.prod(sizes) >= 2**31:
        raise node.error(f"shape {list(sizes)}", "sizes from 0 on, of less than 2**31 elements")
    return sizes


@row("Shape")
def shape(node: Node, build: Builder) -> Value:
    sizes = node.x.shape
    start, end = node.attr_int("start", 0), node.attribute("end", None, int)
    return build.constant(np.asarray(sizes[slice(start, end)], np.int64))


@row("Size")
def size(node: Node, build: Builder) -> Value:
    return build.constant(np.asarray(node.x.type.elements, np.int64))


@row("Reshape")
def reshape(node: Node, build: Builder) -> Value:
    x, requested = node.x, list(node.integers(1))
    if not node.attr_int("allowzero", 0):
        if any(n == 0 and axis >= len(x.shape) for axis, n in enumerate(requested)):
            raise node.error(f"shape {requested} for {list(x.shape)}", "0 only for dimensions that the operand has")
        requested = [x.shape[axis] if n == 0 else n for axis, n in enumerate(requested)]
    known = math.prod(n for n in requested if n != -1)
    if (
        requested.count(-1) > 1
        or min(requested, default=0) < -1
        or (-1 in requested and (not known or x.type.elements % known))
    ):
        raise node.error(f"shape {requested} for {list(x.shape)}", "sizes, and one -1 at most that divides evenly")
    return build.reshape(x, [x.type.elements // known if n == -1 else n for n in requested])


@row("Flatten")
def flatten(node: Node, build: Builder) -> Value:
    x, rank = node.x, len(node.x.shape)
    axis = node.attr_int("axis", 1)
    axis = axis if axis == rank else node.axis(axis, rank)
    return build.reshape(x, (math.prod(x.shape[:axis]), math.prod(x.shape[axis:])))


@row("Squeeze")
def squeeze(node: Node, build: Builder) -> Value:
    x, rank = node.x, len(node.x.shape)
    numbers = node.ints_or_operand("axes", 1)
    axes = tuple(i for i in range(rank) if x.shape[i] == 1) if numbers is None else node.axes(numbers, rank)
    if any(x.shape[axis] != 1 for axis in axes):
        raise node.error(f"axes {list(axes)} squeezed out of {list(x.shape)}", "axes of size 1")
    return build.reshape(x, [n for axis, n in enumerate(x.shape) if axis not in axes])


@row("Unsqueeze")
def unsqueeze(node: Node, build: Builder) -> Value:
    numbers = node.ints_or_operand("axes", 1)
    if numbers is None:
        raise node.error("no axes", "where to put dimensions of 1")
    rank = len(node.x.shape) + len(numbers)
    axes, sizes = node.axes(numbers, rank), iter(node.x.shape)
    return build.reshape(node.x, [1 if axis in axes else next(sizes) for axis in range(rank)])


@row("Transpose")
def transpose(node: Node, build: Builder) -> Value:
    rank = len(node.x.shape)
    permutation = node.attr_ints("perm", tuple(reversed(range(rank)))) or ()
    if sorted(permutation) != list(range(rank)):
        raise node.error(f"permutation {list(permutation)} of {list(node.x.shape)}", f"each of 0 to {rank - 1} once")
    return build.transpose(node.x, permutation)


@row("Concat")
def concat(node: Node, build: Builder) -> Value:
    parts = node.given
    node.required("axis")
    axis = node.axis(node.attr_int("axis", 0), len(parts[0].shape))
    rest = {(*part.shape[:axis], *part.shape[axis + 1 :], len(part.shape)) for part in parts}
    if len(rest) > 1:
        raise node.error(f"shapes {', '.join(str(list(part.shape)) for part in parts[:8])}", f"equal but for axis {axis}")
    kept = tuple(part for part in parts if part.type.elements) or parts[:1]
    return kept[0] if len(kept) == 1 else build.op(Concatenation, xs=kept, axis=axis)


@row("Split")
def split(node: Node, build: Builder) -> tuple[Value, ...]:
    x, count = node.x, len(node.outputs)
    axis = node.axis(node.attr_int("axis", 0), len(x.shape))
    total = x.shape[axis]
    sizes = node.ints_or_operand("split", 1)
    if sizes is None:
        parts = node.attr_int("num_outputs", count) if node.version >= 18 else count
        chunk = -(-total // parts) if parts > 0 else 0
        sizes = tuple(min(chunk, max(total - i * chunk, 0)) for i in range(count))
    if sum(sizes) != total or min(sizes) < 0 or len(sizes) != count:
        raise node.error(f"sizes {list(sizes)} of {total} for {count} outputs", "sizes of all outputs that add up")
    return (x,) if count == 1 else build.ops(Split, x=x, axis=axis, sizes=sizes)


@row("Slice")
def slice_(node: Node, build: Builder) -> Value:
    x, rank = node.x, len(node.x.shape)
    if node.version < 10:
        starts, ends = node.attr_ints("starts"), node.attr_ints("ends")
        axes, steps = node.attr_ints("axes"), None
    else:
        starts, ends = node.integers(1), node.integers(2)
        axes = None if node.optional(3) is None else node.integers(3)
        steps = None if node.optional(4) is None else node.integers(4)
    if starts is None or ends is None:
        raise node.error("no starts or ends", "both")
    axes = tuple(range(len(starts))) if axes is None else axes
    steps = (1,) * len(starts) if steps is None else steps
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise node.error(f"{len(starts)} starts, {len(ends)} ends, steps {list(steps)}", "as many of each, no step of 0")
    node.axes(axes, rank)
    index = [slice(None)] * rank
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        index[axis % rank] = _range(x.shape[axis % rank], start, end, step)
    whole = all(part in (slice(None), slice(0, n, 1)) for part, n in zip(index, x.shape, strict=True))
    return x if whole else build.op(Slice, x=x, index=tuple(index))


def _range(size: int, start: int, end: int, step: int) -> slice:
    """One dimension's part; positions before the first element or behind the last are moved to the ends."""
    low, high = (0, size) if step > 0 else (-1, size - 1)
    first, last = (min(max(n + size if n < 0 else n, low), high) for n in (start, end))
    if first < 0 or not size:
        return slice(0, 0, 1)
    return slice(first, None if last < 0 else last, step)


@row("Gather")
def gather(node: Node, build: Builder) -> Value:
    x = node.x
    axis = node.axis(node.attr_int("axis", 0), len(x.shape))
    indices = from_front(build, node.input(1), x.shape[axis])
    if indices.data is not None and (not x.shape[axis] or (indices.data.size and not -1 < indices.data.max() < x.shape[axis])):
        raise node.error(f"indices up to {indices.data.max(initial=0)} of {x.shape[axis]}", "indices of elements")
    if indices.data is not None and indices.data.ndim <= 1 and (run := _run(indices.data.ravel())) is not None:
        part = build.op(Slice, x=x, index=(*[slice(None)] * axis, run))
        return part if indices.shape else build.reshape(part, (*x.shape[:axis], *x.shape[axis + 1 :]))
    return build.op(Gather, x=x, indices=indices, axis=axis, batch=0)


def _run(indices: np.ndarray[Any, Any]) -> slice | None:
    """The slice of elements at even distances that these indices stand for, if they do."""
    if not indices.size:
        return None
    steps = set(np.diff(indices).tolist())
    if len(steps) > 1 or steps == {0}:
        return None
    step = steps.pop() if steps else 1
    first, last = int(indices[0]), int(indices[-1]) + step
    return slice(first, None if last < 0 else last, step)


def from_front(build: Builder, indices: Value, size: int) -> Value:
    """Indices that may count from the end, as such from the front."""
    if indices.dtype not in (DType.INT32, DType.INT64):
        raise build.error(f"indices %{indices.name} of {indices.dtype.value}", "int32 or int64")
    if indices.data is not None:
        return build.constant(np.where(indices.data < 0, indices.data + size, indices.data))
    zero, total = build.like(indices, 0), build.like(indices, size)
    below = build.binary(Order, indices, zero, relation="LESS")
    return build.op(Select, condition=below, x1=build.binary(Add, indices, total), x2=indices, leading=False)


@row("Expand")
def expand(node: Node, build: Builder) -> Value:
    target = broadcast(node.x.shape, _sizes(node, 1))
    if target is None:
        raise node.error(f"{list(node.x.shape)} to {list(node.integers(1))}", "shapes that stretch to each other")
    return node.x if target == node.x.shape else build.op(BroadcastTo, x=node.x, shape=target)


@row("Tile")
def tile(node: Node, build: Builder) -> Value:
    multiples = node.integers(1)
    if len(multiples) != len(node.x.shape) or min(multiples, default=0) < 0:
        raise node.error(f"repeats {list(multiples)} of {list(node.x.shape)}", "one number from 0 on for each dimension")
    return build.op(Tile, x=node.x, multiples=multiples)


@row("Range")
def range_(node: Node, build: Builder) -> Value:
    start, limit, delta = (node.scalar(position, 0) for position in range(3))
    if not delta or not all(map(math.isfinite, (start, limit, delta))):
        raise node.error(f"from {start} to {limit} by {delta}", "finite numbers, a step other than 0")
    count = max(math.ceil((limit - start) / delta), 0)
    if count > MAX_FOLDED:
        raise node.error(f"{count:,} elements", f"at most {MAX_FOLDED:,}")
    return build.constant(np.arange(count) * delta + start, node.x.dtype)


@row("Pad")
def pad(node: Node, build: Builder) -> Value:
    x, rank = node.x, len(node.x.shape)
    mode = node.attr_text("mode", "constant")
    pads = list((node.attr_ints("pads") or ()) if node.version < 11 else node.integers(1))
    axes = node.axes(node.integers(3), rank) if node.optional(3) is not None else tuple(range(rank))
    order = [axis % rank for axis in node.integers(3)] if node.optional(3) is not None else list(axes)
    if len(pads) != 2 * len(order):
        raise node.error(f"{len(pads)} pads for {len(order)} dimensions", "two for each")
    build.afford(max(map(abs, pads), default=0))
    before, after = [0] * rank, [0] * rank
    for place, axis in enumerate(order):
        before[axis], after[axis] = pads[place], pads[place + len(order)]
    value = node.attr_float("value", 0.0) if node.version < 11 else node.scalar(2, 0)
    x = _cropped(build, x, before, after)
    before, after = [max(n, 0) for n in before], [max(n, 0) for n in after]
    if not any(before + after):
        return x
    if mode == "constant":
        fill = value if x.dtype is DType.FLOAT32 else int(value)
        return build.op(Pad, x=x, before=tuple(before), after=tuple(after), value=fill)
    for axis in range(rank):
        if before[axis] or after[axis]:
            x = _extended(node, build, x, axis, (before[axis], after[axis]), mode)
    return x


def _cropped(build: Builder, x: Value, before: list[int], after: list[int]) -> Value:
    """Negative pads cut off."""
    if min(before + after) >= 0:
        return x
    parts = zip(x.shape, before, after, strict=True)
    index = tuple(slice(max(-first, 0), size - max(-last, 0), 1) for size, first, last in parts)
    return build.op(Slice, x=x, index=index)


def _extended(node: Node, build: Builder, x: Value, axis: int, ends: tuple[int, int], mode: str) -> Value:
    """One dimension extended by elements that it has."""
    size = x.shape[axis]
    most = MAX_FOLDED // DType.INT64.bytes
    if size + sum(ends) > most:
        raise node.error(f"a dimension of {size + sum(ends):,} by mode {mode}", f"at most {most:,}")
    places = np.arange(-ends[0], size + ends[1])
    if mode == "edge":
        found = np.clip(places, 0, size - 1)
    elif mode == "wrap":
        found = places % size
    elif mode == "reflect" and size > 1:
        found = places % (2 * size - 2)
        found = np.minimum(found, 2 * size - 2 - found)
    else:
        raise node.error(f"mode {mode} of {list(x.shape)}", "constant, reflect, edge or wrap")
    return build.op(Gather, x=x, indices=build.constant(found.astype(np.int64)), axis=axis, batch=0)


@row("DepthToSpace", "SpaceToDepth")
def blocks(node: Node, build: Builder) -> Value:
    n, c, h, w = node.ranked(node.x, 4).shape
    b = node.attr_int("blocksize", 0)
    mode = node.attr_text("mode", "DCR")
    deeper = node.kind == "SpaceToDepth"
    if b < 1 or (h % b or w % b if deeper else c % (b * b)) or mode not in ("DCR", "CRD"):
        raise node.error(f"blocks of {b} in {list(node.x.shape)}", "blocks that divide it evenly")
    if deeper:
        order = (0, 3, 5, 1, 2, 4) if mode == "DCR" else (0, 1, 3, 5, 2, 4)
        parted = build.transpose(build.reshape(node.x, (n, c, h // b, b, w // b, b)), order)
        return build.reshape(parted, (n, c * b * b, h // b, w // b))
    shape = (n, b, b, c // (b * b), h, w) if mode == "DCR" else (n, c // (b * b), b, b, h, w)
    order = (0, 3, 4, 1, 5, 2) if mode == "DCR" else (0, 1, 4, 2, 5, 3)
    parted = build.transpose(build.reshape(node.x, shape), order)
    return build.reshape(parted, (n, c // (b * b), h * b, w * b))


@row("ReverseSequence")
def reverse_sequence(node: Node, build: Builder) -> Value:
    time, batch = node.attr_int("time_axis", 0), node.attr_int("batch_axis", 1)
    x, lengths = node.x, node.input(1)
    if lengths.data is not None and (lengths.data == x.shape[time]).all():
        index = tuple(slice(None, None, -1 if axis == time else None) for axis in range(len(x.shape)))
        return build.op(Slice, x=x, index=index)
    return build.op(ReverseSequence, x=x, lengths=lengths, axis=time, batch=batch)


@row("EyeLike")
def eye_like(node: Node, build: Builder) -> Value:
    rows, columns = node.ranked(node.x, 2).shape
    build.afford(rows, columns)
    number = node.attr_int("dtype", 0)
    if number and number not in TYPES:
        raise node.error(f"elements of {type_name(number)}", "a type that tensors have at run time")
    dtype = TYPES.get(number, node.x.dtype)
    return build.constant(np.eye(rows, columns, node.attr_int("k", 0)), dtype)

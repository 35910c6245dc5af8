# SPDX-License-Identifier: Apache-2.0
"""Convolutions and pools: windows over [N,C,spatial...], which become windows over [N,H,W,C] between two transpositions."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import Value
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.elementwise.arithmetic import Add
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.slices import Slice, Split
from tinycc.ops.strides import Shape
from tinycc.ops.window import Padding, Pair, Window

MAX_STEPS = 2**16 - 1
"""Rows or columns: kernels hold them in 16 bits."""
MAX_REACH = 2**15 - 1
"""Of a window, its stride and its padding: kernels hold them in 16 bits with a sign."""

TO_LAST = (0, 2, 3, 1)
TO_FIRST = (0, 3, 1, 2)


@dataclass(frozen=True)
class Geometry:
    """A window over any number of dimensions: one entry each."""

    size: Shape
    stride: Shape
    dilation: Shape
    before: Shape
    after: Shape

    @property
    def reach(self) -> Shape:
        return tuple((k - 1) * d + 1 for k, d in zip(self.size, self.dilation, strict=True))

    @property
    def window(self) -> Window:
        """The same over height and width; of one dimension, over a single row."""
        two = [(*(fill,) * (2 - len(part)), *part) for part, fill in zip(self.parts, (1, 1, 1, 0, 0), strict=True)]
        size, stride, dilation, before, after = two
        return Window(Pair(*size), Pair(*stride), Pair(*dilation), Padding(before[0], after[0], before[1], after[1]))

    @property
    def inner(self) -> Geometry:
        """Over all dimensions but the first."""
        return Geometry(*(part[1:] for part in self.parts))

    @property
    def outer(self) -> Geometry:
        """Over the first dimension."""
        return Geometry(*(part[:1] for part in self.parts))

    @property
    def parts(self) -> tuple[Shape, ...]:
        return self.size, self.stride, self.dilation, self.before, self.after


def geometry(node: Node, spatial: Shape, size: Shape, *, rounds_up: bool = False) -> Geometry:
    """The window of a node over these dimensions; with `rounds_up`, padded as far as it reaches beyond the end."""
    rank = len(spatial)
    stride, dilation = (node.attr_ints(name, (1,) * rank) or () for name in ("strides", "dilations"))
    pads = node.attr_ints("pads", (0,) * 2 * rank) or ()
    lengths = [len(item) for item in (size, stride, dilation)]
    if lengths != [rank] * 3 or len(pads) != 2 * rank or min(*size, *stride, *dilation) < 1 or min(pads) < 0:
        found = f"window {list(size)}, strides {list(stride)}, dilations {list(dilation)}, pads {list(pads)}"
        raise node.error(found, f"{rank} positive numbers each, and {2 * rank} pads from 0 on")
    made = Geometry(size, stride, dilation, pads[:rank], pads[rank:])
    made = _auto_padded(node, made, spatial)
    if rounds_up:
        after = tuple(map(_rounded_up, spatial, made.reach, stride, made.before, made.after))
        made = Geometry(size, stride, dilation, made.before, after)
    if max(*made.reach, *stride) > MAX_REACH or max(spatial) > MAX_STEPS:
        raise node.error(f"a window of {list(made.reach)} over {list(spatial)}", f"at most {MAX_REACH} over {MAX_STEPS}")
    if any(n + a + b < reach for n, a, b, reach in zip(spatial, made.before, made.after, made.reach, strict=True)):
        raise node.error(f"a window of {list(made.reach)} over {list(spatial)}", "a window that fits into the input")
    return made


def _auto_padded(node: Node, made: Geometry, spatial: Shape) -> Geometry:
    scheme = node.attr_text("auto_pad", "NOTSET")
    if scheme in ("NOTSET", ""):
        return made
    if scheme == "VALID":
        zeros = (0,) * len(spatial)
        return Geometry(made.size, made.stride, made.dilation, zeros, zeros)
    if scheme not in ("SAME_UPPER", "SAME_LOWER"):
        raise node.error(f"auto_pad {scheme}", "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
    total = [max((-(-n // s) - 1) * s + reach - n, 0) for n, s, reach in zip(spatial, made.stride, made.reach, strict=True)]
    less, more = tuple(n // 2 for n in total), tuple(n - n // 2 for n in total)
    before, after = (less, more) if scheme == "SAME_UPPER" else (more, less)
    return Geometry(made.size, made.stride, made.dilation, before, after)


def _rounded_up(n: int, reach: int, stride: int, before: int, after: int) -> int:
    """Padding behind the end with which the last window, begun within the input or the padding before it, is whole."""
    steps = -(-(n + before + after - reach) // stride)
    if steps * stride >= n + before:
        steps -= 1
    return max(steps * stride + reach - n - before, 0)


def channels_last(build: Builder, x: Value) -> Value:
    """[N,C,W] or [N,C,H,W] as [N,H,W,C]; [N,C,D,H,W] as [N,D,H,W,C]."""
    n, c, *spatial = x.shape
    if len(spatial) > 2:
        return build.transpose(x, (0, *range(2, len(x.shape)), 1))
    return build.transpose(build.reshape(x, (n, c, *(1,) * (2 - len(spatial)), *spatial)), TO_LAST)


def channels_first(build: Builder, y: Value, rank: int) -> Value:
    """[N,H,W,C] as [N,C,H,W] or, of rank 3, as [N,C,W]; [N,D,H,W,C] as [N,C,D,H,W]."""
    if rank > 4:
        return build.transpose(y, (0, rank - 1, *range(1, rank - 1)))
    moved = build.transpose(y, TO_FIRST)
    return moved if rank == 4 else build.reshape(moved, (*moved.shape[:2], moved.shape[3]))


def spatial_rank(node: Node, x: Value) -> Shape:
    """The dimensions behind batch and channels."""
    return node.ranked(x, 3, 4, 5).shape[2:]


def framed(build: Builder, x: Value, axis: int, start: int, count: int, step: int = 1) -> Value:
    """`count` places of an axis from `start` on, which may lie before the first; zeros where x has none."""
    size, last = x.shape[axis], start + (count - 1) * step
    before, after = max(-start, 0), max(last + 1 - size, 0)
    rank = len(x.shape)
    ends = [tuple(n if i == axis else 0 for i in range(rank)) for n in (before, after)]
    padded = build.op(Pad, x=x, before=ends[0], after=ends[1], value=0) if before or after else x
    first = start + before
    if first == 0 and step == 1 and padded.shape[axis] == count:
        return padded
    index = (*[slice(None)] * axis, slice(first, first + (count - 1) * step + 1, step))
    return build.op(Slice, x=padded, index=index)


def stuffed(build: Builder, x: Value, axis: int, step: int) -> Value:
    """step - 1 zeros between the places of an axis."""
    if step == 1 or x.shape[axis] == 1:
        return x
    outer, n, inner = math.prod(x.shape[:axis]), x.shape[axis], math.prod(x.shape[axis + 1 :])
    parted = build.reshape(x, (outer, n, 1, inner))
    spread = build.op(Pad, x=parted, before=(0, 0, 0, 0), after=(0, 0, step - 1, 0), value=0)
    whole = build.reshape(spread, (*x.shape[:axis], n * step, *x.shape[axis + 1 :]))
    return framed(build, whole, axis, 0, (n - 1) * step + 1)


def _kernel_size(node: Node, weights: Value) -> Shape:
    size = weights.shape[2:]
    if (node.attr_ints("kernel_shape") or size) != size:
        raise node.error(f"kernel_shape {node.attr_ints('kernel_shape')}", f"{list(size)}, as the weights have it")
    return size


@row("Conv")
def conv(node: Node, build: Builder) -> Value:
    x, weights, bias = node.input(0), node.input(1), node.optional(2)
    spatial, groups = spatial_rank(node, x), node.attr_int("group", 1)
    node.ranked(weights, len(x.shape))
    size = _kernel_size(node, weights)
    depth, channels = weights.shape[1], weights.shape[0]
    if groups < 1 or depth * groups != x.shape[1] or channels % groups:
        found = f"{x.shape[1]} input channels, weights {list(weights.shape)}, {groups} groups"
        raise node.error(found, "as many input channels as groups times the weights' depth")
    made, image = geometry(node, spatial, size), channels_last(build, x)
    if len(spatial) < 3:
        filters = build.reshape(weights, (channels, depth, *made.window.size))
        return channels_first(build, _convolved(build, image, filters, bias, made.window, groups), len(x.shape))
    n, d, *_ = image.shape
    deep = (d + made.before[0] + made.after[0] - made.reach[0]) // made.stride[0] + 1
    total: Value | None = None
    for tap in range(size[0]):
        start = tap * made.dilation[0] - made.before[0]
        part = framed(build, image, 1, start, deep, made.stride[0])
        filters = _plane(build, weights, tap)
        part = build.reshape(part, (n * deep, *image.shape[2:]))
        y = _convolved(build, part, filters, bias if total is None else None, made.inner.window, groups)
        total = y if total is None else build.binary(Add, total, y)
    assert total is not None
    return channels_first(build, build.reshape(total, (n, deep, *total.shape[1:])), len(x.shape))


def _plane(build: Builder, weights: Value, tap: int) -> Value:
    """[O,C,D,H,W] at one depth: [O,C,H,W]."""
    part = build.op(Slice, x=weights, index=(slice(None), slice(None), slice(tap, tap + 1)))
    return build.reshape(part, (*weights.shape[:2], *weights.shape[3:]))


def _convolved(build: Builder, image: Value, filters: Value, bias: Value | None, window: Window, groups: int) -> Value:
    """[N,H,W,C] by filters [O,C/groups,kH,kW]."""
    if filters.shape[1] == 1 and groups > 1:
        taps = build.transpose(filters, (1, 2, 3, 0))
        return build.op(DepthwiseConv2D, x=image, weights=taps, bias=bias, window=window)
    taps = build.transpose(filters, TO_LAST)
    return build.op(Conv2D, x=image, weights=taps, bias=bias, window=window)


@row("ConvTranspose")
def conv_transpose(node: Node, build: Builder) -> Value:
    x, weights, bias = node.input(0), node.input(1), node.optional(2)
    spatial, groups = spatial_rank(node, x), node.attr_int("group", 1)
    node.ranked(weights, len(x.shape))
    rank, depth, per_group = len(spatial), weights.shape[0], weights.shape[1]
    if groups < 1 or depth != x.shape[1] or depth % groups:
        raise node.error(
            f"{x.shape[1]} input channels, weights {list(weights.shape)}, {groups} groups",
            "as many as the weights' first dimension",
        )
    stride, dilation = (node.attr_ints(name, (1,) * rank) or () for name in ("strides", "dilations"))
    _kernel_size(node, weights)
    filters = weights
    for axis, step in enumerate(dilation):
        filters = stuffed(build, filters, 2 + axis, step)
    size, image = filters.shape[2:], channels_last(build, x)
    before, out = _transposed_size(node, spatial, size, stride)
    made = Geometry(size, stride, (1,) * rank, before, (0,) * rank)
    if rank < 3:
        planar = build.reshape(filters, (depth, per_group, *made.window.size))
        pair = Pair(*(1,) * (2 - rank), *out)
        return channels_first(build, _spread_out(build, image, planar, bias, (made.window, pair, groups)), len(x.shape))
    # In depth, a convolution of what has zeros between its planes, by the taps in reverse order.
    image = stuffed(build, image, 1, stride[0])
    total: Value | None = None
    for tap in range(size[0]):
        part = framed(build, image, 1, before[0] - tap, out[0])
        part = build.reshape(part, (part.shape[0] * out[0], *part.shape[2:]))
        how = (made.inner.window, Pair(*out[1:]), groups)
        y = _spread_out(build, part, _plane(build, filters, tap), bias if total is None else None, how)
        total = y if total is None else build.binary(Add, total, y)
    assert total is not None
    return channels_first(build, build.reshape(total, (x.shape[0], out[0], *total.shape[1:])), len(x.shape))


def _spread_out(build: Builder, image: Value, filters: Value, bias: Value | None, how: tuple[Window, Pair, int]) -> Value:
    """[N,H,W,C] by filters [C,O/groups,kH,kW], transposed: window, size of the result and groups."""
    (window, size, groups), (depth, per_group) = how, filters.shape[:2]
    taps = build.transpose(filters, (1, 2, 3, 0))
    images, slices, biases = [image], [taps], [bias]
    if groups > 1:
        images = list(build.ops(Split, x=image, axis=3, sizes=(depth // groups,) * groups))
        slices = list(build.ops(Split, x=taps, axis=3, sizes=(depth // groups,) * groups))
        biases = [None] * groups if bias is None else list(build.ops(Split, x=bias, axis=0, sizes=(per_group,) * groups))
    parts = tuple(
        build.op(TransposeConv, x=part, weights=w, bias=b, window=window, size=size)
        for part, w, b in zip(images, slices, biases, strict=True)
    )
    return parts[0] if groups == 1 else build.op(Concatenation, xs=parts, axis=3)


def _transposed_size(node: Node, spatial: Shape, reach: Shape, stride: Shape) -> tuple[Shape, Shape]:
    """(padding cut off in front, size of the output) of a transposed convolution."""
    rank = len(spatial)
    extra = node.attr_ints("output_padding", (0,) * rank) or ()
    pads = node.attr_ints("pads", (0,) * 2 * rank) or ()
    wanted, scheme = node.attr_ints("output_shape"), node.attr_text("auto_pad", "NOTSET")
    if not len(extra) == len(stride) == len(reach) == rank or len(pads) != 2 * rank or min(*extra, *pads) < 0:
        raise node.error(f"output_padding {list(extra)}, pads {list(pads)}", f"{rank} numbers, and {2 * rank} pads, from 0 on")
    full = [s * (n - 1) + e + k for n, s, e, k in zip(spatial, stride, extra, reach, strict=True)]
    if wanted is None and scheme in ("SAME_UPPER", "SAME_LOWER"):
        wanted = tuple(n * s for n, s in zip(spatial, stride, strict=True))
    if wanted is None:
        total = tuple(a + b for a, b in zip(pads[:rank], pads[rank:], strict=True)) if scheme != "VALID" else (0,) * rank
        before, out = (
            (pads[:rank] if scheme != "VALID" else (0,) * rank),
            tuple(n - t for n, t in zip(full, total, strict=True)),
        )
    else:
        wanted = wanted[-rank:]
        cut = [max(n - w, 0) for n, w in zip(full, wanted, strict=True)]
        before, out = tuple(n // 2 if scheme == "SAME_UPPER" else n - n // 2 for n in cut), wanted
    if min(out) < 1 or min(stride) < 1:
        raise node.error(f"an output of {list(out)}", "positive sizes")
    return before, out

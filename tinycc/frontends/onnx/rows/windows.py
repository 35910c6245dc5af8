# SPDX-License-Identifier: Apache-2.0
"""Convolutions and pools: windows over [N,C,spatial...], which become windows over [N,H,W,C] between two transpositions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.reductions import extreme
from tinycc.ir import Value
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.slices import Split
from tinycc.ops.pooling import AveragePool2D, MaxPool2D
from tinycc.ops.reduction.extremes import ReduceMax
from tinycc.ops.reduction.mean import Mean
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
        two = [(*(fill,) * (2 - len(part)), *part) for part, fill in zip(self._parts, (1, 1, 1, 0, 0), strict=True)]
        size, stride, dilation, before, after = two
        return Window(Pair(*size), Pair(*stride), Pair(*dilation), Padding(before[0], after[0], before[1], after[1]))

    @property
    def _parts(self) -> tuple[Shape, ...]:
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
    """[N,C,W] or [N,C,H,W] as [N,H,W,C]."""
    n, c, *spatial = x.shape
    return build.transpose(build.reshape(x, (n, c, *(1,) * (2 - len(spatial)), *spatial)), TO_LAST)


def channels_first(build: Builder, y: Value, rank: int) -> Value:
    """[N,H,W,C] as [N,C,H,W] or, of rank 3, as [N,C,W]."""
    moved = build.transpose(y, TO_FIRST)
    return moved if rank == 4 else build.reshape(moved, (*moved.shape[:2], moved.shape[3]))


def spatial_rank(node: Node, x: Value) -> Shape:
    """The dimensions behind batch and channels."""
    return node.ranked(x, 3, 4).shape[2:]


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
    window = geometry(node, spatial, size).window
    image, filters = channels_last(build, x), build.reshape(weights, (channels, depth, *window.size))
    if depth == 1 and groups > 1:
        taps = build.transpose(filters, (1, 2, 3, 0))
        y = build.op(DepthwiseConv2D, x=image, weights=taps, bias=bias, window=window)
    else:
        taps = build.transpose(filters, TO_LAST)
        y = build.op(Conv2D, x=image, weights=taps, bias=bias, window=window)
    return channels_first(build, y, len(x.shape))


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
    filters = _spread(build, weights, dilation)
    size = filters.shape[2:]
    before, out = _transposed_size(node, spatial, size, stride)
    made = Geometry(size, stride, (1,) * rank, before, (0,) * rank)
    window, image = made.window, channels_last(build, x)
    taps = build.transpose(build.reshape(filters, (depth, per_group, *window.size)), (1, 2, 3, 0))
    pair = Pair(*(1,) * (2 - rank), *out)
    images, slices, biases = [image], [taps], [bias]
    if groups > 1:
        images = list(build.ops(Split, x=image, axis=3, sizes=(depth // groups,) * groups))
        slices = list(build.ops(Split, x=taps, axis=3, sizes=(depth // groups,) * groups))
        biases = [None] * groups if bias is None else list(build.ops(Split, x=bias, axis=0, sizes=(per_group,) * groups))
    parts = tuple(
        build.op(TransposeConv, x=part, weights=w, bias=b, window=window, size=pair)
        for part, w, b in zip(images, slices, biases, strict=True)
    )
    return channels_first(build, parts[0] if groups == 1 else build.op(Concatenation, xs=parts, axis=3), len(x.shape))


def _spread(build: Builder, weights: Value, dilation: Shape) -> Value:
    """Filters [O,C,spatial...] with dilation - 1 zeros between the taps."""
    if set(dilation) <= {1}:
        return weights
    if weights.data is None:
        raise build.error("dilated filters computed at run time", "constant filters")
    shape = tuple((k - 1) * d + 1 for k, d in zip(weights.shape[2:], dilation, strict=True))
    build.afford(*weights.shape[:2], *shape)
    spread = np.zeros((*weights.shape[:2], *shape), weights.data.dtype)
    spread[(slice(None), slice(None), *(slice(None, None, d) for d in dilation))] = weights.data
    return build.constant(spread)


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


def _pool_size(node: Node, spatial: Shape) -> Shape:
    node.required("kernel_shape")
    return node.attr_ints("kernel_shape", spatial) or ()


@row("MaxPool")
def max_pool(node: Node, build: Builder) -> Value:
    spatial = spatial_rank(node, node.x)
    node.read.add("storage_order")
    if len(node.outputs) > 1:
        raise node.error("the indices of the largest elements as an output", "the pool alone")
    made = geometry(node, spatial, _pool_size(node, spatial), rounds_up=bool(node.attr_int("ceil_mode", 0)))
    y = build.op(MaxPool2D, x=channels_last(build, node.x), window=made.window)
    return channels_first(build, y, len(node.x.shape))


@row("AveragePool")
def average_pool(node: Node, build: Builder) -> Value:
    spatial = spatial_rank(node, node.x)
    made = geometry(node, spatial, _pool_size(node, spatial), rounds_up=bool(node.attr_int("ceil_mode", 0)))
    x = node.x
    if node.attr_int("count_include_pad", 0) and any((*made.before, *made.after)):
        given = geometry(node, spatial, made.size)
        inside = tuple(map(min, given.after, made.after))
        x = build.op(Pad, x=x, before=(0, 0, *given.before), after=(0, 0, *inside), value=0)
        beyond = tuple(b - a for a, b in zip(inside, made.after, strict=True))
        made = Geometry(made.size, made.stride, made.dilation, (0,) * len(spatial), beyond)
    y = build.op(AveragePool2D, x=channels_last(build, x), window=made.window)
    return channels_first(build, y, len(node.x.shape))


def spatial_axes(x: Value) -> Sequence[int]:
    return tuple(range(2, len(x.shape)))


@row("GlobalAveragePool")
def global_average_pool(node: Node, build: Builder) -> Value:
    return build.op(Mean, x=node.x, axes=spatial_axes(node.x), keep_dims=True)


@row("GlobalMaxPool")
def global_max_pool(node: Node, build: Builder) -> Value:
    return extreme(build, ReduceMax, node.x, spatial_axes(node.x), keep_dims=True)

# SPDX-License-Identifier: Apache-2.0
"""GridSample, RoiAlign and DeformConv: images read between their pixels."""

from __future__ import annotations

import math

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.matrices import product
from tinycc.frontends.onnx.rows.windows import Geometry, channels_first, channels_last, geometry
from tinycc.ir import Array, DType, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.slices import Slice
from tinycc.ops.sampling import MODES, PADDINGS, GridSample, RoiAlign
from tinycc.ops.strides import Shape

_MODES = {"bilinear": "linear", "bicubic": "cubic"}
"""Names that older operator sets have."""


@row("GridSample")
def grid_sample(node: Node, build: Builder) -> Value:
    x, grid = node.ranked(node.input(0), 3, 4, 5), node.input(1)
    mode, padding = node.attr_text("mode", "linear"), node.attr_text("padding_mode", "zeros")
    mode, rank = _MODES.get(mode, mode), len(x.shape)
    if mode not in MODES or padding not in PADDINGS:
        raise node.error(f"mode {mode}, padding_mode {padding}", f"{', '.join(MODES)}; {', '.join(PADDINGS)}")
    if len(grid.shape) != rank or grid.shape[0] != x.shape[0] or grid.shape[-1] != rank - 2:
        raise node.error(f"grid {list(grid.shape)} for {list(x.shape)}", "a coordinate for each dimension")
    order = (0, *range(2, rank), 1)
    y = build.op(
        GridSample,
        x=build.transpose(x, order),
        grid=build.reshape(grid, (grid.shape[0], math.prod(grid.shape[1:-1]), rank - 2)),
        mode=mode,
        padding=padding,
        align_corners=bool(node.attr_int("align_corners", 0)),
    )
    image = build.reshape(y, (x.shape[0], *grid.shape[1:-1], x.shape[1]))
    return build.transpose(image, (0, rank - 1, *range(1, rank - 1)))


@row("AffineGrid")
def affine_grid(node: Node, build: Builder) -> Value:
    """theta times the coordinates of each pixel, from -1 to 1, and 1: a grid for GridSample."""
    theta, (n, _, *spatial) = node.ranked(node.x, 3), node.integers(1)
    rank = len(spatial)
    if rank not in (2, 3) or theta.shape != (n, rank, rank + 1) or min(spatial) < 1:
        raise node.error(f"theta {list(theta.shape)} for {[n, *spatial]}", "a matrix for each image of two or three dimensions")
    build.afford(*spatial, rank + 1)
    corners = bool(node.attr_int("align_corners", 0))
    along = [np.linspace(-1, 1, size) if corners else (2 * np.arange(size) + 1) / size - 1 for size in spatial]
    places = [part.ravel() for part in np.meshgrid(*along, indexing="ij")][::-1]
    base = np.stack([*places, np.ones(math.prod(spatial))]).astype(np.float32)
    y = product(build, theta, build.constant(base))
    return build.reshape(build.transpose(y, (0, 2, 1)), (n, *spatial, rank))


@row("RoiAlign")
def roi_align(node: Node, build: Builder) -> Value:
    x, mode = node.ranked(node.x, 4), node.attr_text("mode", "avg")
    default = "half_pixel" if node.version >= 16 else "output_half_pixel"
    half = node.attr_text("coordinate_transformation_mode", default) == "half_pixel"
    samples = node.attr_int("sampling_ratio", 0)
    size = node.attr_int("output_height", 1), node.attr_int("output_width", 1)
    if mode not in ("avg", "max") or min(*size) < 1 or not 0 <= samples <= MAX_SAMPLES:
        raise node.error(f"mode {mode}, output {list(size)}, sampling_ratio {samples}", "avg or max, of positive sizes")
    y = build.op(
        RoiAlign,
        x=channels_last(build, x),
        rois=node.input(1),
        images=build.cast(node.input(2), DType.INT32),
        size=size,
        samples=samples,
        scale=node.attr_float("spatial_scale", 1.0),
        offset=0.5 if half else 0.0,
        largest=mode == "max",
    )
    return channels_first(build, y, 4)


MAX_SAMPLES = 256
"""Of a cell in one direction."""


@row("DeformConv")
def deform_conv(node: Node, build: Builder) -> Value:
    """The image read at each tap's place, which is moved by an offset; then a product with the weights, group by group."""
    x, weights, offset = node.ranked(node.input(0), 4), node.ranked(node.input(1), 4), node.input(2)
    n, c, h, w = x.shape
    channels, depth, *size = weights.shape
    groups, parts = node.attr_int("group", 1), node.attr_int("offset_group", 1)
    if (node.attr_ints("kernel_shape") or tuple(size)) != tuple(size):
        raise node.error(f"kernel_shape {node.attr_ints('kernel_shape')}", f"{size}, as the weights have it")
    made, taps = geometry(node, (h, w), tuple(size)), math.prod(size)
    out = tuple(
        (total + a + b - reach) // s + 1
        for total, a, b, reach, s in zip((h, w), made.before, made.after, made.reach, made.stride, strict=True)
    )
    pixels = math.prod(out)
    fits = c == depth * groups and not c % max(parts, 1) and not channels % max(groups, 1)
    if not fits or offset.shape != (n, parts * taps * 2, *out):
        found = f"{list(x.shape)}, weights {list(weights.shape)}, offsets {list(offset.shape)}"
        raise node.error(found, f"offsets of {parts} parts of {c} channels, in {groups} groups")
    moved = build.transpose(build.reshape(offset, (n, parts, taps, 2, pixels)), (0, 1, 4, 2, 3))
    moved = build.binary(Add, moved, build.constant(_places(made, out)))
    columns = [_columns(node, build, moved, part, (n, c // parts, taps, pixels)) for part in range(parts)]
    read = columns[0] if parts == 1 else build.op(Concatenation, xs=tuple(columns), axis=3)
    planes = [_grouped(build, read, weights, group, groups) for group in range(groups)]
    y = planes[0] if groups == 1 else build.op(Concatenation, xs=tuple(planes), axis=2)
    bias = node.optional(3)
    y = y if bias is None else build.binary(Add, y, bias)
    return build.reshape(build.transpose(y, (0, 2, 1)), (n, channels, *out))


def _places(made: Geometry, out: Shape) -> Array:
    """Where the taps of each result lie without offsets: [pixels, taps, y and x]."""
    rows, columns = (
        (np.arange(count) * step - pad)[:, None] + np.arange(k) * gap
        for count, step, pad, k, gap in zip(out, made.stride, made.before, made.size, made.dilation, strict=True)
    )
    y = np.broadcast_to(rows[:, None, :, None], (*out, *made.size))
    x = np.broadcast_to(columns[None, :, None, :], (*out, *made.size))
    return np.stack([y, x], -1).reshape(math.prod(out), math.prod(made.size), 2).astype(np.float32)


def _columns(node: Node, build: Builder, places: Value, part: int, sizes: tuple[int, int, int, int]) -> Value:
    """The channels of one part at the taps of all results: [N,pixels,taps,channels]."""
    n, depth, taps, pixels = sizes
    whole, x = slice(None), channels_last(build, node.input(0))
    image = build.op(Slice, x=x, index=(whole, whole, whole, slice(part * depth, (part + 1) * depth)))
    own = build.op(Slice, x=places, index=(whole, slice(part, part + 1)))
    turned = build.op(Slice, x=own, index=(whole, whole, whole, whole, slice(None, None, -1)))
    grid = build.reshape(turned, (n, pixels * taps, 2))
    read = build.op(GridSample, x=image, grid=grid, mode="linear", padding="zeros", align_corners=True, relative=False)
    read = build.reshape(read, (n, pixels, taps, depth))
    mask = node.optional(4)
    if mask is None:
        return read
    parts = mask.shape[1] // taps
    split = build.transpose(build.reshape(mask, (n, parts, taps, pixels)), (0, 1, 3, 2))
    mine = build.op(Slice, x=split, index=(whole, slice(part, part + 1)))
    return build.binary(Mul, read, build.reshape(mine, (n, pixels, taps, 1)))


def _grouped(build: Builder, read: Value, weights: Value, group: int, groups: int) -> Value:
    """[N,pixels,taps,C] by the weights of one group: [N,pixels,O]."""
    whole, (channels, depth, *_) = slice(None), weights.shape
    n, pixels, taps, _ = read.shape
    count = channels // groups
    mine = build.op(Slice, x=read, index=(whole, whole, whole, slice(group * depth, (group + 1) * depth)))
    filters = build.op(Slice, x=weights, index=(slice(group * count, (group + 1) * count),))
    matrix = build.transpose(build.reshape(filters, (count, depth, taps)), (2, 1, 0))
    return product(build, build.reshape(mine, (n, pixels, taps * depth)), build.reshape(matrix, (taps * depth, count)))

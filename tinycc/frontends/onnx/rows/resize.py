# SPDX-License-Identifier: Apache-2.0
"""Resize and Upsample: axis by axis, as constant indices and weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, reduce
from itertools import product
from typing import TypeAlias

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.matrices import dense
from tinycc.frontends.onnx.rows.windows import channels_first, channels_last
from tinycc.ir import Array, DType, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.gather import Gather
from tinycc.ops.resize import ResizeBilinear, ResizeNearest

WHOLE: dict[str, Callable[[Array], Array]] = {
    "round_prefer_floor": lambda place: np.ceil(place - 0.5),
    "round_prefer_ceil": lambda place: np.floor(place + 0.5),
    "floor": np.floor,
    "ceil": np.ceil,
}
"""`nearest_mode` -> the pixel that a place belongs to."""
Kernel: TypeAlias = Callable[[Array], Array]
FEW_TAPS = 4
"""Pixels that one is made of without a matrix."""


def _places(scheme: str, before: int, after: int, scale: float, roi: tuple[float, float]) -> Array | None:
    """Where each output pixel lies between the input pixels; None for a scheme that is not known."""
    index, whole = np.arange(after, dtype=np.float64), scale * before
    if scheme == "half_pixel" or (scheme == "pytorch_half_pixel" and whole != 1):
        return (index + 0.5) / scale - 0.5
    if scheme == "half_pixel_symmetric":
        return (index + 0.5) / scale - 0.5 + before / 2 * (1 - after / whole)
    if scheme == "pytorch_half_pixel":
        return index * 0 - 0.5
    if scheme == "align_corners":
        return index * (before - 1) / (whole - 1) if whole != 1 else index * 0
    if scheme == "asymmetric":
        return index / scale
    if scheme == "tf_crop_and_resize":
        start, end = roi
        step = (end - start) * (before - 1)
        return start * (before - 1) + (index * step / (whole - 1) if whole != 1 else index * 0 + step / 2)
    return None


def _sizes(node: Node) -> tuple[list[int], list[float]]:
    """Output sizes and scales, for every dimension."""
    shape = node.x.shape
    scales_at = 1 if node.kind == "Upsample" or node.version < 11 else 2
    if node.kind == "Upsample" and node.version < 9:
        scales: Array | None = np.asarray(node.attr_floats("scales"), np.float32)
    else:
        given = node.optional(scales_at)
        scales = None if given is None or not given.type.elements else node.constant(scales_at)
    policy = node.attr_text("keep_aspect_ratio_policy", "stretch")
    if policy not in ("stretch", "not_larger", "not_smaller"):
        raise node.error(f"keep_aspect_ratio_policy {policy}", "stretch, not_larger or not_smaller")
    axes = [node.axis(axis, len(shape)) for axis in node.attr_ints("axes", tuple(range(len(shape)))) or ()]
    sizes, factors = list(shape), [1.0] * len(shape)
    wanted = scales.ravel().tolist() if scales is not None else list(node.integers(3))
    if len(wanted) != len(axes):
        raise node.error(f"{len(wanted)} sizes or scales", f"{len(axes)}")
    if not np.isfinite(wanted).all() or 0 in shape:
        raise node.error(f"sizes or scales {wanted} of {list(shape)}", "finite ones, of a tensor with elements")
    for axis, number in zip(axes, wanted, strict=True):
        sizes[axis] = math.floor(shape[axis] * number) if scales is not None else int(number)
        factors[axis] = float(number) if scales is not None else number / shape[axis]
    if scales is None and policy != "stretch":
        choose = min if policy == "not_larger" else max
        factor = choose(factors[axis] for axis in axes)
        for axis in axes:
            sizes[axis], factors[axis] = int(factor * shape[axis] + 0.5), factor
    if min(sizes, default=1) < 1:
        raise node.error(f"an output of {sizes}", "positive sizes")
    return sizes, factors


def _regions(node: Node) -> list[tuple[float, float]]:
    """For every dimension, where the part begins and ends that is resized, relative to its size."""
    rank = len(node.x.shape)
    found = [(0.0, 1.0)] * rank
    if node.kind == "Upsample" or node.version < 11 or node.optional(1) is None or not node.input(1).type.elements:
        return found
    roi = node.constant(1).ravel().tolist()
    axes = [node.axis(axis, rank) for axis in node.attr_ints("axes", tuple(range(rank))) or ()]
    if len(roi) != 2 * len(axes):
        raise node.error(f"{len(roi)} numbers as roi", f"{2 * len(axes)}")
    for place, axis in enumerate(axes):
        found[axis] = (float(roi[place]), float(roi[place + len(axes)]))
    return found


TAPS = 16
"""Numbers that are made for each place along a dimension."""


@row("Resize", "Upsample")
def resize(node: Node, build: Builder) -> Value:
    sizes, factors = _sizes(node)
    build.afford(max(sizes, default=0), TAPS)
    mode, antialias = node.attr_text("mode", "nearest"), bool(node.attr_int("antialias", 0))
    exclude, beyond = bool(node.attr_int("exclude_outside", 0)), node.attr_float("extrapolation_value", 0.0)
    old = node.kind == "Upsample" or node.version < 11
    scheme = node.attr_text("coordinate_transformation_mode", "asymmetric" if old else "half_pixel")
    rounding = node.attr_text("nearest_mode", "floor" if old else "round_prefer_floor")
    keys = partial(cubic, node.attr_float("cubic_coeff_a", -0.75))
    kernels: dict[str, Kernel] = {"linear": linear, "bilinear": linear, "cubic": keys}
    if mode not in ("nearest", *kernels) or rounding not in WHOLE:
        raise node.error(f"mode {mode}, {rounding}", "nearest, linear or cubic")
    regions = _regions(node) if scheme == "tf_crop_and_resize" else [(0.0, 1.0)] * len(sizes)
    fast = _image(node, build, sizes, factors, (mode, scheme, rounding)) if not (antialias or exclude) else None
    if fast is not None:
        return fast
    x = node.x
    if x.dtype.is_integer and mode != "nearest":
        return _whole_numbers(node, build, sizes, factors, scheme)
    for axis, (before, after) in enumerate(zip(node.x.shape, sizes, strict=True)):
        places = _places(scheme, before, after, factors[axis], regions[axis])
        if scheme == "align_corners" and abs(factors[axis] * before - after) > 1e-3:
            found = f"align_corners from {before} to {factors[axis] * before:g} pixels"
            raise node.error(
                found, "a whole number, as the runtimes do not agree on others", "Export it with sizes, not scales."
            )
        if places is None:
            raise node.error(f"coordinates {scheme}", "half_pixel, align_corners, asymmetric, tf_crop_and_resize or alike")
        if before == after and np.array_equal(places, np.arange(after)):
            continue
        if mode == "nearest":
            x = _taken(build, x, axis, WHOLE[rounding](places))
        else:
            scale = factors[axis] if antialias else 1.0
            x = _mixed(build, x, axis, *_taps(kernels[mode], places, scale, before, exclude=exclude))
        if scheme == "tf_crop_and_resize":
            x = _bounded(build, x, axis, (places >= 0) & (places <= before - 1), beyond)
    return x


def linear(distance: Array) -> Array:
    """The weight of a pixel at a distance."""
    weight: Array = np.maximum(1 - np.abs(distance), 0)
    return weight


def cubic(a: float, distance: Array) -> Array:
    """The same by Keys' cubic convolution."""
    t = np.abs(distance)
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
    return np.where(t <= 1, near, np.where(t < 2, far, 0))


def _taps(kernel: Kernel, places: Array, scale: float, size: int, *, exclude: bool) -> tuple[Array, Array]:
    """The pixels around each place and their weights, both [places, taps]. A scale below 1 makes the kernel as much wider."""
    scale = min(scale, 1.0)
    reach = math.ceil((1 if kernel is linear else 2) / scale)
    pixels = np.floor(places)[:, None] + np.arange(1 - reach, reach + 1)
    weights = kernel((pixels - places[:, None]) * scale)
    if exclude:
        weights = np.where((pixels >= 0) & (pixels < size), weights, 0)
    if exclude or scale < 1:
        total = weights.sum(1, keepdims=True)
        weights = weights / np.where(total == 0, 1, total)
    return pixels, weights


def _taken(build: Builder, x: Value, axis: int, pixels: Array) -> Value:
    indices = build.constant(np.clip(pixels, 0, x.shape[axis] - 1).astype(np.int64))
    return build.op(Gather, x=x, indices=indices, axis=axis, batch=0)


def _along(rank: int, axis: int) -> list[int]:
    return [-1 if dimension == axis else 1 for dimension in range(rank)]


def _mixed(build: Builder, x: Value, axis: int, pixels: Array, weights: Array) -> Value:
    """The sums of pixels times weights: tap by tap or, of many taps, as a product with a matrix."""
    rank, size = len(x.shape), x.shape[axis]
    used = [tap for tap in range(pixels.shape[1]) if weights[:, tap].any()]
    if len(used) > FEW_TAPS:
        build.afford(len(pixels), size)
        matrix = np.zeros((len(pixels), size), np.float64)
        np.add.at(matrix, (np.arange(len(pixels))[:, None], np.clip(pixels, 0, size - 1).astype(np.int64)), weights)
        order = (*range(axis), *range(axis + 1, rank), axis)
        y = dense(build, build.transpose(x, order), build.constant(matrix.astype(np.float32)))
        return build.transpose(y, tuple(int(i) for i in np.argsort(order)))
    parts = [
        build.binary(
            Mul,
            _taken(build, x, axis, pixels[:, tap]),
            build.constant(weights[:, tap].astype(np.float32).reshape(_along(rank, axis))),
        )
        for tap in used
    ]
    return reduce(partial(build.binary, Add), parts)


def _bounded(build: Builder, x: Value, axis: int, inside: Array, beyond: float) -> Value:
    """x where the place is inside, else a number."""
    if inside.all():
        return x
    condition = build.constant(inside.reshape(_along(len(x.shape), axis)))
    return build.op(Select, condition=condition, x1=x, x2=build.like(x, beyond), leading=False)


def _image(node: Node, build: Builder, sizes: list[int], factors: list[float], how: tuple[str, str, str]) -> Value | None:
    """Images that the operators of TFLite resize in the same way."""
    shape, (mode, scheme, rounding) = node.x.shape, how
    exact = all(abs(factor * n - size) < 1e-3 for factor, n, size in zip(factors, shape, sizes, strict=True))
    if len(shape) != 4 or sizes[:2] != list(shape[:2]) or not exact or (node.x.dtype.is_integer and mode != "nearest"):
        return None
    pair = sizes[2], sizes[3]
    if mode == "cubic":
        return None
    schemes = {"half_pixel": (False, True), "align_corners": (True, False), "asymmetric": (False, False)}
    if scheme == "pytorch_half_pixel" and min(pair) > 1:
        scheme = "half_pixel"
    if scheme not in schemes or (mode == "nearest" and (scheme, rounding) != ("asymmetric", "floor")):
        return None
    corners, half = schemes[scheme]
    cls = ResizeNearest if mode == "nearest" else ResizeBilinear
    y = build.op(cls, x=channels_last(build, node.x), size=pair, align_corners=corners, half_pixel_centers=half)
    return channels_first(build, y, 4)


def _whole_numbers(node: Node, build: Builder, sizes: list[int], factors: list[float], scheme: str) -> Value:
    """Integers between integers, which ONNX Runtime computes in float32 and cuts off (upsample.h): the pixels at the corners
    around a place, one after the other, times products of their weights along the axes, the last axis fastest."""
    shape = node.x.shape
    rank, first = len(shape), 0 if len(shape) in (2, 3) else 2
    mode, others = node.attr_text("mode", "nearest"), bool(node.attr_int("antialias", 0) or node.attr_int("exclude_outside", 0))
    if mode == "cubic" or others or rank not in (2, 3, 4, 5) or sizes[:first] != list(shape[:first]):
        found = f"mode {mode} of {node.x.type} to {sizes}"
        hint = "Resize in float32, with QuantizeLinear and DequantizeLinear around it."
        raise node.error(found, "of integers, linear, along the last one or two dimensions of images, or the last three", hint)
    corners = [_corners(node, scheme, shape[axis], sizes[axis], factors[axis]) for axis in range(first, rank)]
    x = build.cast(node.x, DType.FLOAT32)
    parts = []
    for lot in product((0, 1), repeat=len(corners)):
        taken, weights = x, None
        for axis, (corner, which) in reversed(list(enumerate(zip(corners, lot, strict=True), first))):
            pixels, weight = corner[which]
            taken = _taken(build, taken, axis, pixels)
            along = weight.reshape(_along(rank, axis))
            weights = along if weights is None else weights * along
        parts.append(build.binary(Mul, taken, build.constant(np.asarray(weights, np.float32))))
    return build.cast(reduce(partial(build.binary, Add), parts), node.x.dtype)


def _corners(node: Node, scheme: str, before: int, after: int, scale: float) -> list[tuple[Array, Array]]:
    """Along an axis, the pixels before and behind each place, with their weights, in float32."""
    index, one, half = np.arange(after, dtype=np.float32), np.float32(scale), np.float32(0.5)
    if scheme == "pytorch_half_pixel":
        scheme = "half_pixel" if after > 1 else "zero"
    schemes = {
        "half_pixel": (index + half) / one - half,
        "asymmetric": index / one,
        "align_corners": index * np.float32(before - 1) / np.float32(max(after - 1, 1)),
        "zero": index * 0,
    }
    if scheme not in schemes:
        raise node.error(
            f"coordinates {scheme} of {node.x.type}", "half_pixel, pytorch_half_pixel, align_corners or asymmetric"
        )
    place = np.clip(schemes[scheme], 0, np.float32(before - 1)).astype(np.float32)
    low = np.minimum(place.astype(np.int64), before - 1)
    high = np.minimum(low + 1, before - 1)
    to_low, to_high = (np.where(low == high, half, np.abs(place - end.astype(np.float32))) for end in (low, high))
    return [(low, to_high), (high, to_low)]

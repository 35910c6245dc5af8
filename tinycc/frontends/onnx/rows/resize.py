# SPDX-License-Identifier: Apache-2.0
"""Resize and Upsample: axis by axis, as constant indices and weights."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.windows import channels_first, channels_last
from tinycc.ir import Array, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.movement.gather import Gather
from tinycc.ops.resize import ResizeBilinear, ResizeNearest

WHOLE: dict[str, Callable[[Array], Array]] = {
    "round_prefer_floor": lambda place: np.ceil(place - 0.5),
    "round_prefer_ceil": lambda place: np.floor(place + 0.5),
    "floor": np.floor,
    "ceil": np.ceil,
}
"""`nearest_mode` -> the pixel that a place belongs to."""


def _places(scheme: str, before: int, after: int, scale: float) -> Array | None:
    """Where each output pixel lies between the input pixels; None for a scheme that is not known."""
    index = np.arange(after, dtype=np.float64)
    if scheme == "half_pixel" or (scheme == "pytorch_half_pixel" and after > 1):
        return (index + 0.5) / scale - 0.5
    if scheme == "pytorch_half_pixel":
        return index * 0
    if scheme == "align_corners":
        return index * (before - 1) / (after - 1) if after > 1 else index * 0
    if scheme == "asymmetric":
        return index / scale
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
    if node.attr_text("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise node.error("keep_aspect_ratio_policy", "stretch")
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
    if min(sizes, default=1) < 1:
        raise node.error(f"an output of {sizes}", "positive sizes")
    return sizes, factors


@row("Resize", "Upsample")
def resize(node: Node, build: Builder) -> Value:
    node.read.update(("cubic_coeff_a", "extrapolation_value"))  # of modes that are refused
    sizes, factors = _sizes(node)
    build.afford(max(sizes, default=0))
    mode, antialias = node.attr_text("mode", "nearest"), node.attr_int("antialias", 0)
    exclude = node.attr_int("exclude_outside", 0)
    old = node.kind == "Upsample" or node.version < 11
    scheme = node.attr_text("coordinate_transformation_mode", "asymmetric" if old else "half_pixel")
    rounding = node.attr_text("nearest_mode", "floor" if old else "round_prefer_floor")
    if mode not in ("nearest", "linear", "bilinear") or antialias or exclude or rounding not in WHOLE:
        raise node.error(f"mode {mode}, {rounding}, antialias {antialias}", "nearest or linear, without antialias")
    fast = _image(node, build, sizes, factors, (mode, scheme, rounding))
    if fast is not None:
        return fast
    x = node.x
    for axis, (before, after) in enumerate(zip(node.x.shape, sizes, strict=True)):
        places = _places(scheme, before, after, factors[axis])
        if places is None:
            raise node.error(f"coordinates {scheme}", "half_pixel, pytorch_half_pixel, align_corners or asymmetric")
        if before == after and np.array_equal(places, np.arange(after)):
            continue
        taken = mode == "nearest"
        x = _taken(build, x, axis, WHOLE[rounding](places)) if taken else _mixed(build, x, axis, places)
    return x


def _taken(build: Builder, x: Value, axis: int, pixels: Array) -> Value:
    indices = build.constant(np.clip(pixels, 0, x.shape[axis] - 1).astype(np.int64))
    return build.op(Gather, x=x, indices=indices, axis=axis, batch=0)


def _mixed(build: Builder, x: Value, axis: int, places: Array) -> Value:
    """Between two neighbours by their distance."""
    places = np.clip(places, 0, x.shape[axis] - 1)
    below = np.floor(places)
    shape = [-1 if dimension == axis else 1 for dimension in range(len(x.shape))]
    weight = (places - below).astype(np.float32).reshape(shape)
    low, high = _taken(build, x, axis, below), _taken(build, x, axis, below + 1)
    parts = (build.binary(Mul, part, build.constant(w)) for part, w in ((low, 1 - weight), (high, weight)))
    return build.binary(Add, *parts)


def _image(node: Node, build: Builder, sizes: list[int], factors: list[float], how: tuple[str, str, str]) -> Value | None:
    """Images that the operators of TFLite resize in the same way."""
    shape, (mode, scheme, rounding) = node.x.shape, how
    exact = all(abs(factor * n - size) < 1e-3 for factor, n, size in zip(factors, shape, sizes, strict=True))
    if len(shape) != 4 or sizes[:2] != list(shape[:2]) or not exact:
        return None
    pair = sizes[2], sizes[3]
    schemes = {"half_pixel": (False, True), "align_corners": (True, False), "asymmetric": (False, False)}
    if scheme == "pytorch_half_pixel" and min(pair) > 1:
        scheme = "half_pixel"
    if scheme not in schemes or (mode == "nearest" and (scheme, rounding) != ("asymmetric", "floor")):
        return None
    corners, half = schemes[scheme]
    cls = ResizeNearest if mode == "nearest" else ResizeBilinear
    y = build.op(cls, x=channels_last(build, node.x), size=pair, align_corners=corners, half_pixel_centers=half)
    return channels_first(build, y, 4)

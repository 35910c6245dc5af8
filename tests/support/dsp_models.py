# SPDX-License-Identifier: Apache-2.0
"""Drawn layers for the kernels that fold their requantization: odd shapes, extreme weights, outputs of any sign."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from model_builder import ModelBuilder

Shape = tuple[int, ...]


class Drawn(NamedTuple):
    """A model of one layer, and what was drawn, for messages."""

    label: str
    model: bytes


class Layer:
    """Draws tensors and constants of an int8 layer into a model."""

    dtype = "int8"
    scale = 0.05

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.net = ModelBuilder()
        self.extreme = int(self.rng.integers(0, 4))
        """0, 1: drawn weights; 2: all -127; 3: -127 and 127."""

    def number(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high, endpoint=True))

    def one_of(self, *choices: int) -> int:
        return choices[self.number(0, len(choices) - 1)]

    def zero_point(self) -> int:
        return self.one_of(-128, -128, 127, 0, self.number(-128, 127))

    def x(self, shape: Shape) -> int:
        return self.net.input(shape, self.dtype, scale=self.scale, zero_point=self.zero_point())

    def weights(self, shape: Shape, channels: int, axis: int, per_channel: bool = True) -> tuple[int, list[float]]:
        codes = self.rng.integers(-127 if per_channel else -128, 128, shape).astype(np.int8)
        if self.extreme == 2:
            codes[:] = -127
        elif self.extreme == 3:
            codes = np.where(codes < 0, -127, 127).astype(np.int8)
        spread = self.one_of(1, 4, 30)
        scales = list((0.002 * spread ** self.rng.random(channels if per_channel else 1)).astype(np.float32).astype(float))
        return self.net.const(codes, scale=scales, axis=axis), scales

    def bias(self, channels: int, scales: list[float]) -> int:
        largest = self.one_of(0, 1000, 100_000)
        values = self.rng.integers(-largest, largest, channels, endpoint=True).astype(np.int32)
        return self.net.const(values, scale=[0.05 * scale for scale in scales])

    def y(self, shape: Shape, products: int) -> int:
        """With a scale that uses the codes, or that saturates most of them, or few."""
        scale = 0.05 * 0.004 * 60 * products**0.5 / self.one_of(20, 100, 500)
        return self.net.tensor(shape, self.dtype, scale=float(np.float32(scale)), zero_point=self.zero_point())

    def activation(self) -> str:
        return ("NONE", "NONE", "RELU", "RELU6")[self.number(0, 3)]

    def done(self, label: str, code: str, operands: list[int], y: int, **options: object) -> Drawn:
        self.net.op(code, operands, [y], **options)  # type: ignore[arg-type]
        return Drawn(f"{label} weights={self.extreme}", self.net.build([y]))


class Layer16(Layer):
    """The same of int16: biases of 64 bits, some that are large, or none."""

    dtype = "int16"
    scale = 0.05 / 256

    def zero_point(self) -> int:
        return 0

    def bias(self, channels: int, scales: list[float]) -> int:
        largest = self.one_of(0, 10**6, 10**6, 10**6, 2**33)
        if largest == 0:
            return -1
        values = self.rng.integers(-largest, largest, channels, endpoint=True)
        return self.net.const(values, scale=[self.scale * scale for scale in scales])

    def y(self, shape: Shape, products: int) -> int:
        scale = 0.05 * 0.004 * 60 * products**0.5 / self.one_of(20, 100, 400)
        return self.net.tensor(shape, self.dtype, scale=float(np.float32(scale / 256)))


class Narrow16(Layer16):
    """With biases of 32 bits, and so sums of 32."""

    def bias(self, channels: int, scales: list[float]) -> int:
        values = self.rng.integers(-(10**6), 10**6, channels, endpoint=True).astype(np.int32)
        return self.net.const(values, scale=[self.scale * scale for scale in scales])


def conv(seed: int, of: type[Layer] = Layer) -> Drawn:
    d = of(seed)
    groups = d.one_of(1, 1, 1, 1, 2, 3)
    depth, channels = d.one_of(1, 2, 3, 4, 5, 8, 12, 16, 20), d.one_of(1, 2, 3, 4, 6, 7, 9, 16)
    kernel = ((1, 1), (1, d.number(2, 9)), (d.number(2, 9), 1), (3, 3), (d.number(1, 5), d.number(1, 5)))[d.number(0, 4)]
    stride, dilation = ((1, 1), (d.number(1, 3), d.number(1, 3)))[d.number(0, 1)], (1, 1)
    if stride == (1, 1) and d.one_of(0, 1):
        dilation = (d.number(1, 3), d.number(1, 3))
    same = bool(d.one_of(0, 1))
    reach = [(k - 1) * step + 1 for k, step in zip(kernel, dilation, strict=True)]
    size = [d.number(1 if same else r, r + 9) for r in reach]
    if kernel[1] == 1 and d.one_of(0, 1):
        size[1] = 1
    out = [-(-n // s) if same else (n - r) // s + 1 for n, r, s in zip(size, reach, stride, strict=True)]
    batch = d.one_of(1, 1, 1, 2)
    x = d.x((batch, *size, depth * groups))
    w, scales = d.weights((channels * groups, *kernel, depth), channels * groups, 0)
    y = d.y((batch, *out, channels * groups), depth * kernel[0] * kernel[1])
    operands = [x, w, d.bias(channels * groups, scales)]
    label = f"seed {seed}: {batch}x{size}x{depth}*{groups} k{kernel} s{stride} d{dilation} same={same} -> {channels}*{groups}"
    return d.done(
        *(label, "CONV_2D", operands, y),
        padding="SAME" if same else "VALID",
        stride_h=stride[0],
        stride_w=stride[1],
        dilation_h_factor=dilation[0],
        dilation_w_factor=dilation[1],
        fused_activation=d.activation(),
    )


def fully_connected(seed: int, of: type[Layer] = Layer) -> Drawn:
    d = of(seed)
    rows, depth, units = d.one_of(1, 1, 1, 3), d.one_of(d.number(1, 70), 16, 64), d.one_of(d.number(1, 30), 8, 16)
    per_channel = d.one_of(0, 1) == 1
    x = d.x((rows, depth))
    w, scales = d.weights((units, depth), units, 0, per_channel)
    y = d.y((rows, units), depth)
    label = f"seed {seed}: {rows}x{depth} -> {units} per_channel={per_channel}"
    return d.done(label, "FULLY_CONNECTED", [x, w, d.bias(units, scales)], y, fused_activation=d.activation())


def depthwise(seed: int, of: type[Layer] = Layer) -> Drawn:
    d = of(seed)
    channels = d.one_of(1, d.number(2, 3), d.number(1, 20), 4, 8, 16)
    multiplier = d.one_of(1, 1, 2, 5) if channels > 1 else d.one_of(1, 3, 8)
    drawn = (d.number(1, 6), d.number(1, 6)), (1, d.number(2, 12)), (d.number(2, 12), 1)
    kernel = ((3, 3), (3, 3), (3, 3), *drawn)[d.number(0, 5)]
    steps = d.one_of(1, 1, 2)
    stride, dilation, same = (steps, steps), (1, 1), bool(d.one_of(0, 1))
    if d.one_of(0, 0, 0, 1):
        stride = d.number(1, 4), d.number(1, 4)
    elif steps == 1 and d.one_of(0, 0, 1):
        dilation = d.number(1, 3), d.number(1, 3)
    reach = [(k - 1) * step + 1 for k, step in zip(kernel, dilation, strict=True)]
    size = [d.number(1 if same else r, r + d.one_of(6, 6, 37)) for r in reach]
    if kernel[1] == 1 and d.one_of(0, 1):
        size[1] = 1
    out = [-(-n // s) if same else (n - r) // s + 1 for n, r, s in zip(size, reach, stride, strict=True)]
    batch = d.one_of(1, 1, 1, 2)
    x = d.x((batch, *size, channels))
    w, scales = d.weights((1, *kernel, channels * multiplier), channels * multiplier, 3)
    y = d.y((batch, *out, channels * multiplier), kernel[0] * kernel[1])
    label = f"seed {seed}: {batch}x{size}x{channels}*{multiplier} k{kernel} s{stride} d{dilation} same={same}"
    return d.done(
        *(label, "DEPTHWISE_CONV_2D", [x, w, d.bias(channels * multiplier, scales)], y),
        padding="SAME" if same else "VALID",
        stride_h=stride[0],
        stride_w=stride[1],
        dilation_h_factor=dilation[0],
        dilation_w_factor=dilation[1],
        depth_multiplier=multiplier,
        fused_activation=d.activation(),
    )


def pool(seed: int, of: type[Layer] = Layer) -> Drawn:
    d = of(seed)
    channels, kernel, stride = d.number(1, 20), (d.number(1, 6), d.number(1, 6)), (d.number(1, 3), d.number(1, 3))
    same = bool(d.one_of(0, 1))
    size = [d.number(1 if same else k, k + 8) for k in kernel]
    if d.one_of(0, 0, 1):
        kernel, same = (size[0], size[1]), False
    out = [-(-n // s) if same else (n - k) // s + 1 for n, k, s in zip(size, kernel, stride, strict=True)]
    batch, zero_point = d.one_of(1, 1, 2), d.zero_point()
    x = d.net.input((batch, *size, channels), d.dtype, scale=d.scale, zero_point=zero_point)
    y = d.net.tensor((batch, *out, channels), d.dtype, scale=d.scale, zero_point=zero_point)
    return d.done(
        *(
            f"seed {seed}: {batch}x{size}x{channels} k{kernel} s{stride} same={same}",
            ("AVERAGE_POOL_2D", "MAX_POOL_2D")[seed % 2],
        ),
        *([x], y),
        padding="SAME" if same else "VALID",
        stride_h=stride[0],
        stride_w=stride[1],
        filter_height=kernel[0],
        filter_width=kernel[1],
        fused_activation=d.activation(),
    )


def add(seed: int) -> Drawn:
    d = Layer(seed)
    shape = (1, d.number(1, 9), d.number(1, 9), d.number(1, 9))
    operands = [
        d.net.input(shape, "int8", scale=float(np.float32(0.05 * (0.2 + d.rng.random()))), zero_point=d.zero_point())
        for _ in range(2)
    ]
    scale = float(np.float32(0.05 * d.one_of(1, 2) * (0.3 + d.rng.random())))
    y = d.net.tensor(shape, "int8", scale=scale, zero_point=d.zero_point())
    return d.done(f"seed {seed}: {shape}", "ADD", operands, y, fused_activation=d.activation())


def winograd(seed: int) -> Drawn:
    """3x3 with stride 1 and enough channels, results of which most codes are in use: tiles that reach beyond the image, too."""
    d = Layer(seed)
    depth, channels, same = d.one_of(16, 20, 32), d.one_of(16, 18, 32), bool(d.one_of(0, 1))
    size = [d.number(6, 13) for _ in range(2)]
    out = size if same else [n - 2 for n in size]
    batch, scale = d.one_of(1, 1, 2), float(np.float32(0.06 + 0.1 * d.rng.random()))
    x = d.x((batch, *size, depth))
    codes = d.rng.integers(-40, 41, (channels, 3, 3, depth)).astype(np.int8)
    scales = list((0.002 * (1 + d.rng.random(channels))).astype(np.float32).astype(float))
    w = d.net.const(codes, scale=scales, axis=0)
    zero_point = d.zero_point() if seed % 2 else -128
    y = d.net.tensor((batch, *out, channels), "int8", scale=scale, zero_point=zero_point)
    label = f"seed {seed}: {batch}x{size}x{depth} -> {channels} same={same}"
    return d.done(
        *(label, "CONV_2D", [x, w, d.bias(channels, scales)], y),
        padding="SAME" if same else "VALID",
        stride_h=1,
        stride_w=1,
        fused_activation=("RELU", "NONE")[seed % 2],
    )


def transposed(seed: int, of: type[Layer] = Layer) -> Drawn:
    """Strides and kernels of all kinds, and outputs that end before or behind the last input."""
    d = of(seed)
    depth, channels = d.one_of(1, 3, 4, 8, 20), d.one_of(1, 2, 5, 8, 16)
    kernel, stride = (d.number(1, 5), d.number(1, 5)), (d.number(1, 3), d.number(1, 3))
    if d.one_of(0, 1):
        kernel, stride = ((3, 3), (4, 4), (2, 2))[d.number(0, 2)], (2, 2)
    same, size, batch = bool(d.one_of(0, 1)), (d.number(1, 9), d.number(1, 9)), d.one_of(1, 1, 2)
    out = [n * s if same else (n - 1) * s + max(k, s) for n, s, k in zip(size, stride, kernel, strict=True)]
    shape = d.net.const(np.array([batch, *out, channels], np.int32))
    w, scales = d.weights((channels, *kernel, depth), channels, 0)
    x, y = d.x((batch, *size, depth)), d.y((batch, *out, channels), depth * kernel[0] * kernel[1])
    label = f"seed {seed}: {batch}x{size}x{depth} k{kernel} s{stride} same={same} -> {channels}"
    return d.done(
        *(label, "TRANSPOSE_CONV", [shape, w, x, d.bias(channels, scales)], y),
        padding="SAME" if same else "VALID",
        stride_h=stride[0],
        stride_w=stride[1],
        fused_activation=d.activation(),
    )


LAYERS: dict[str, Callable[[int], Drawn]] = {
    "ADD": add,
    "CONV_2D": conv,
    "DEPTHWISE_CONV_2D": depthwise,
    "FULLY_CONNECTED": fully_connected,
    "POOL_2D": pool,
    "TRANSPOSE_CONV": transposed,
    "WINOGRAD": winograd,
}


def matmul(seed: int) -> Drawn:
    """Of int16, both operands computed, either of them transposed or repeated."""
    d = Layer16(seed)
    batch, rows, depth, columns = d.one_of(1, 1, 3), d.number(1, 6), d.number(1, 20), d.number(1, 20)
    turned = bool(d.one_of(0, 1)), bool(d.one_of(0, 1))
    x = d.x((batch, *((depth, rows) if turned[0] else (rows, depth))))
    w = d.x((d.one_of(1, batch), *((columns, depth) if turned[1] else (depth, columns))))
    scale = float(np.float32(d.scale**2 * 2.0 ** d.number(2, 20)))
    y = d.net.tensor((batch, rows, columns), d.dtype, scale=scale)
    label = f"seed {seed}: {batch} times {rows}x{depth}x{columns}, transposed {turned}, {scale}"
    return d.done(label, "BATCH_MATMUL", [x, w], y, adj_x=turned[0], adj_y=turned[1])


LAYERS16: dict[str, Callable[[int], Drawn]] = {
    "CONV_2D": partial(conv, of=Layer16),
    "DEPTHWISE_CONV_2D": partial(depthwise, of=Layer16),
    "BATCH_MATMUL": matmul,
    "FULLY_CONNECTED": partial(fully_connected, of=Layer16),
    "POOL_2D": partial(pool, of=Layer16),
    "TRANSPOSE_CONV": partial(transposed, of=Layer16),
}
"""Of int16."""
NARROW16: dict[str, Callable[[int], Drawn]] = {"CONV_2D": partial(conv, of=Narrow16)}
"""Of int16 with sums of 32 bits."""


def usual(kind: str, seed: int) -> Drawn:
    """A layer of the sizes that networks for microcontrollers have, results of any sign or with a fused ReLU."""
    d = Layer(seed)
    depth, channels = (d.one_of(3, 8, 16, 24, 32, 40, 48, 64, 96, 128) for _ in range(2))
    if kind == "FULLY_CONNECTED":
        depth, channels = d.one_of(16, 64, 100, 128, 256, 640), d.one_of(2, 10, 12, 32, 64, 128)
        return _usual_done(d, kind, (1, depth), (channels, depth), (1, channels), depth)
    rows, columns, side = d.number(3, 24), d.number(3, 24), d.one_of(3, 3, 3, 5)
    stride = d.one_of(1, 1, 2)
    side = 1 if kind == "POINTWISE" else side
    if kind == "POINTWISE":
        stride = 1
    x, out = (1, rows, columns, depth), [-(-n // stride) for n in (rows, columns)]
    options = {"padding": "SAME", "stride_h": stride, "stride_w": stride}
    if kind == "DEPTHWISE_CONV_2D":
        weights, y, products = (1, side, side, depth), (1, *out, depth), side * side
        return _usual_done(d, kind, x, weights, y, products, depth_multiplier=1, **options)
    return _usual_done(d, "CONV_2D", x, (channels, side, side, depth), (1, *out, channels), depth * side * side, **options)


def _usual_done(d: Layer, kind: str, x: Shape, weights: Shape, y: Shape, products: int, **options: object) -> Drawn:
    """Weights of a normal distribution, and a scale of the result that its codes are in use."""
    axis = 3 if kind == "DEPTHWISE_CONV_2D" else 0
    codes = np.clip(d.rng.normal(0, 35, weights), -127, 127).astype(np.int8)
    scales = list((0.002 * (1 + d.rng.random(weights[axis]))).astype(np.float32).astype(float))
    scales = scales[:1] if kind == "FULLY_CONNECTED" else scales
    relu = bool(d.one_of(0, 1))
    scale = float(np.float32(0.05 * 0.003 * 35 * 40 * products**0.5 / 40))
    operands = [d.net.input(x, "int8", scale=0.05, zero_point=-128), d.net.const(codes, scale=scales, axis=axis)]
    operands.append(d.bias(weights[axis], scales * (weights[axis] if len(scales) == 1 else 1)))
    result = d.net.tensor(y, "int8", scale=scale, zero_point=-128 if relu else 3)
    label = f"usual {x} * {weights} -> {y} {options.get('stride_h', '')}"
    return d.done(label, kind, operands, result, fused_activation="RELU" if relu else "NONE", **options)


USUAL: dict[str, Callable[[int], Drawn]] = {
    kind: partial(usual, kind) for kind in ("CONV_2D", "POINTWISE", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
}


def extreme(shape: tuple[int, ...], how: int, number: int, dtype: type[np.integer] = np.int8) -> np.ndarray:
    """Drawn; the least value throughout; the least and the greatest."""
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    drawn = np.random.default_rng([how, number]).integers(low, high, shape, endpoint=True).astype(dtype)
    return drawn if how == 0 else np.full(shape, low, dtype) if how == 1 else np.where(drawn < 0, low, high).astype(dtype)

# SPDX-License-Identifier: Apache-2.0
"""Networks of layers of int8 whose weights and biases are given."""

from __future__ import annotations

import numpy as np
from model_builder import ModelBuilder

from tinycc.ir import Array

LOW = -(2**20)
"""A bias that holds a ReLU's output at its zero point."""


class Net(ModelBuilder):
    """Layers over [1,6,6,C] images of int8, each named after its kind and number; zero point of ReLU outputs -128."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.rng = np.random.default_rng(seed)
        self.size: dict[int, tuple[int, ...]] = {}

    def image(self, depth: int) -> int:
        return self.seen(self.input((1, 6, 6, depth), "int8", scale=0.05, zero_point=2, name="image"), (1, 6, 6, depth))

    def seen(self, tensor: int, shape: tuple[int, ...]) -> int:
        self.size[tensor] = shape
        return tensor

    def made(self, shape: tuple[int, ...], name: str, scale: float = 0.06, zero_point: int = -128) -> int:
        return self.seen(self.tensor(shape, "int8", scale=scale, zero_point=zero_point, name=name), shape)

    def weights(self, *shape: int) -> Array:
        return self.rng.integers(-90, 91, shape).astype(np.int8)

    def conv(self, x: int, weights: Array, bias: Array, name: str, padding: str = "SAME", **quantization: float) -> int:
        outputs = len(weights)
        scales = [0.002 * (1 + i % 3) for i in range(outputs)]
        w = self.const(weights, scale=scales, zero_point=0, axis=0, name=f"{name}_w")
        b = self.const(bias.astype(np.int32), scale=[0.05 * s for s in scales], zero_point=0, axis=0, name=f"{name}_b")
        rows = self.size[x][1] - (weights.shape[1] - 1 if padding == "VALID" else 0)
        y = self.made((1, rows, rows, outputs), name, **quantization)  # type: ignore[arg-type]
        options = {"stride_h": 1, "stride_w": 1, "padding": padding, "fused_activation_function": "RELU"}
        self.op("CONV_2D", [x, w, b], [y], **options)
        return y

    def depthwise(self, x: int, name: str, multiplier: int = 1) -> int:
        depth = self.size[x][3] * multiplier
        w = self.const(self.weights(1, 3, 3, depth), scale=[0.003] * depth, zero_point=0, axis=3, name=f"{name}_w")
        b = self.const(np.zeros(depth, np.int32), scale=[0.003 * 0.06] * depth, zero_point=0, axis=0, name=f"{name}_b")
        y = self.made((*self.size[x][:3], depth), name)
        options = {"stride_h": 1, "stride_w": 1, "padding": "SAME", "fused_activation_function": "RELU"}
        self.op("DEPTHWISE_CONV_2D", [x, w, b], [y], depth_multiplier=multiplier, **options)
        return y

    def add(self, a: int, b: int, name: str) -> int:
        y = self.made(self.size[a], name, scale=0.1, zero_point=-20)
        self.op("ADD", [a, b], [y], fused_activation_function="NONE")
        return y

    def concat(self, a: int, b: int, name: str) -> int:
        like = self.tensors[a]
        shape = (*self.size[a][:3], self.size[a][3] + self.size[b][3])
        y = self.made(shape, name, scale=like.scales[0], zero_point=like.zero_points[0])
        self.op("CONCATENATION", [a, b], [y], axis=3, fused_activation_function="NONE")
        return y

    def pool(self, x: int, name: str) -> int:
        rows = self.size[x][1] // 2
        y = self.made((1, rows, rows, self.size[x][3]), name)
        options = {"stride_h": 2, "stride_w": 2, "filter_height": 2, "filter_width": 2, "padding": "VALID"}
        self.op("AVERAGE_POOL_2D", [x], [y], fused_activation_function="NONE", **options)
        return y

    def flatten(self, x: int, name: str) -> int:
        count = int(np.prod(self.size[x]))
        y = self.made((1, count), name)
        self.op("RESHAPE", [x, self.const(np.array([1, count], np.int32))], [y])
        return y

    def dense(self, x: int, outputs: int, name: str, weights: Array | None = None) -> int:
        weights = self.weights(outputs, self.size[x][1]) if weights is None else weights
        y = self.made((1, outputs), name, scale=0.3, zero_point=5)
        w = self.const(weights, scale=[0.004], zero_point=0, name=f"{name}_w")
        self.op("FULLY_CONNECTED", [x, w, -1], [y], fused_activation_function="NONE")
        return y

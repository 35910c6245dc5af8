# SPDX-License-Identifier: Apache-2.0
"""Normalizations, as the arithmetic that they stand for."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import Array, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul


@row("BatchNormalization")
def batch_normalization(node: Node, build: Builder) -> Value:
    """y = (x - mean) / sqrt(variance + epsilon) * scale + bias: x times a constant, plus another, per channel."""
    if node.attr_int("training_mode", 0) or len([name for name in node.outputs if name]) > 1:
        raise node.error("a normalization over the batch", "one with constant statistics", "Export in evaluation mode.")
    node.read.update(("momentum", "spatial"))
    scale, bias, mean, variance = (node.constant(position).astype(np.float64) for position in range(1, 5))
    factor = scale / np.sqrt(variance + node.attr_float("epsilon", 1e-5))
    return per_channel(build, node.x, factor, bias - mean * factor)


def per_channel(build: Builder, x: Value, factor: Array, addend: Array) -> Value:
    """x [N,C,...] times a factor, plus an addend, for each channel."""
    shape = (-1, *(1,) * (len(x.shape) - 2)) if len(x.shape) > 1 else (-1,)
    product = build.binary(Mul, x, build.constant(factor.astype(np.float32).reshape(shape)))
    return build.binary(Add, product, build.constant(addend.astype(np.float32).reshape(shape)))

# SPDX-License-Identifier: Apache-2.0
"""Normalizations, as the arithmetic that they stand for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import Array, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.division import Div
from tinycc.ops.elementwise.functions import Abs, Sqrt
from tinycc.ops.elementwise.maximum import Maximum
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum


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


def standardized(build: Builder, x: Value, axes: Sequence[int], epsilon: float) -> Value:
    """(x - mean) / sqrt(variance + epsilon), both along `axes`."""
    centred = build.binary(Sub, x, build.op(Mean, x=x, axes=tuple(axes), keep_dims=True))
    return build.binary(Div, centred, _deviation(build, centred, axes, epsilon))


def _deviation(build: Builder, x: Value, axes: Sequence[int], epsilon: float) -> Value:
    """sqrt(mean of x**2 + epsilon)."""
    variance = build.op(Mean, x=build.binary(Mul, x, x), axes=tuple(axes), keep_dims=True)
    return build.op(Sqrt, x=build.binary(Add, variance, build.like(x, epsilon)))


def _affine(build: Builder, x: Value, scale: Value | None, bias: Value | None) -> Value:
    x = x if scale is None else build.binary(Mul, x, scale)
    return x if bias is None else build.binary(Add, x, bias)


def _single(node: Node) -> None:
    """The optional results, mean and deviation, are for training."""
    if len([name for name in node.outputs if name]) > 1:
        raise node.error("mean and deviation as outputs", "the normalization alone")
    if node.attr_int("stash_type", 1) != 1:
        raise node.error("a stash_type that is not float32", "1")


@row("LayerNormalization")
def layer_normalization(node: Node, build: Builder) -> Value:
    _single(node)
    rank = len(node.x.shape)
    axes = range(node.axis(node.attr_int("axis", -1), rank), rank)
    y = standardized(build, node.x, axes, node.attr_float("epsilon", 1e-5))
    return _affine(build, y, node.input(1), node.optional(2))


@row("RMSNormalization")
def rms_normalization(node: Node, build: Builder) -> Value:
    _single(node)
    rank = len(node.x.shape)
    axes = range(node.axis(node.attr_int("axis", -1), rank), rank)
    deviation = _deviation(build, node.x, axes, node.attr_float("epsilon", 1e-5))
    return build.binary(Mul, build.binary(Div, node.x, deviation), node.input(1))


def channelwise(build: Builder, value: Value, rank: int) -> Value:
    """[C] as it stretches over [N,C,...]."""
    return build.reshape(value, (*value.shape, *(1,) * (rank - 2)))


@row("InstanceNormalization")
def instance_normalization(node: Node, build: Builder) -> Value:
    rank = len(node.x.shape)
    y = standardized(build, node.x, range(2, rank), node.attr_float("epsilon", 1e-5))
    return _affine(build, y, *(channelwise(build, node.input(position), rank) for position in (1, 2)))


@row("GroupNormalization")
def group_normalization(node: Node, build: Builder) -> Value:
    node.required("num_groups")
    _single(node)
    x, groups, rank = node.x, node.attr_int("num_groups", 1), len(node.x.shape)
    n, c, *spatial = x.shape
    if groups < 1 or c % groups:
        raise node.error(f"{groups} groups of {c} channels", "a divisor")
    parted = build.reshape(x, (n, groups, c // groups, *spatial))
    y = standardized(build, parted, range(2, len(parted.shape)), node.attr_float("epsilon", 1e-5))
    scale, bias = node.input(1), node.input(2)
    if node.version < 21:
        scale, bias = (_repeated(build, value, c // groups) for value in (scale, bias))
    return _affine(build, build.reshape(y, x.shape), channelwise(build, scale, rank), channelwise(build, bias, rank))


def _repeated(build: Builder, value: Value, times: int) -> Value:
    if value.data is None:
        raise build.error("scales of groups computed at run time", "constants")
    build.afford(value.type.elements, times)
    return build.constant(np.repeat(value.data, times))


@row("LpNormalization")
def lp_normalization(node: Node, build: Builder) -> Value:
    x, p = node.x, node.attr_int("p", 2)
    axes = (node.axis(node.attr_int("axis", -1), len(x.shape)),)
    if p not in (1, 2):
        raise node.error(f"p {p}", "1 or 2")
    terms = build.op(Abs, x=x) if p == 1 else build.binary(Mul, x, x)
    total = build.op(ReduceSum, x=terms, axes=axes, keep_dims=True)
    norm = total if p == 1 else build.op(Sqrt, x=total)
    return build.binary(Div, x, build.binary(Maximum, norm, build.like(x, float(np.finfo(np.float32).tiny))))

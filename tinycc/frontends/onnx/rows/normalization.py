# SPDX-License-Identifier: Apache-2.0
"""Normalizations, as the arithmetic that they stand for."""

from __future__ import annotations

import math
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
from tinycc.ops.elementwise.power import Pow
from tinycc.ops.movement.pad import Pad
from tinycc.ops.pooling import AveragePool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum
from tinycc.ops.window import Padding, Pair, Window


@row("BatchNormalization")
def batch_normalization(node: Node, build: Builder) -> Value | tuple[Value, ...]:
    """y = (x - mean) / sqrt(variance + epsilon) * scale + bias: x times a constant, plus another, per channel."""
    node.read.update(("momentum", "spatial"))
    if node.attr_int("training_mode", 0):
        return _over_the_batch(node, build)
    if len([name for name in node.outputs if name]) > 1:
        raise node.error("statistics as outputs", "the normalization alone", "Export in evaluation mode.")
    scale, bias, mean, variance = (node.constant(position).astype(np.float64) for position in range(1, 5))
    factor = scale / np.sqrt(variance + node.attr_float("epsilon", 1e-5))
    return per_channel(build, node.x, factor, bias - mean * factor)


def _over_the_batch(node: Node, build: Builder) -> tuple[Value, ...]:
    """With the statistics of the operand itself; the running ones move towards them."""
    x, rank, momentum = node.x, len(node.x.shape), node.attr_float("momentum", 0.9)
    axes = (0, *range(2, rank))
    mean = build.op(Mean, x=x, axes=axes, keep_dims=True)
    centred = build.binary(Sub, x, mean)
    variance = build.op(Mean, x=build.binary(Mul, centred, centred), axes=axes, keep_dims=True)
    deviation = build.op(Sqrt, x=build.binary(Add, variance, build.like(x, node.attr_float("epsilon", 1e-5))))
    scale, bias = (channelwise(build, node.input(position), rank) for position in (1, 2))
    y = build.binary(Add, build.binary(Mul, build.binary(Div, centred, deviation), scale), bias)
    running = []
    for position, current in ((3, mean), (4, variance)):
        old = build.binary(Mul, node.input(position), build.like(x, momentum))
        new = build.binary(Mul, build.reshape(current, x.shape[1:2]), build.like(x, 1 - momentum))
        running.append(build.binary(Add, old, new))
    return (y, *running)


def per_channel(build: Builder, x: Value, factor: Array, addend: Array) -> Value:
    """x [N,C,...] times a factor, plus an addend, for each channel."""
    shape = (-1, *(1,) * (len(x.shape) - 2)) if len(x.shape) > 1 else (-1,)
    product = build.binary(Mul, x, build.constant(factor.astype(np.float32).reshape(shape)))
    return build.binary(Add, product, build.constant(addend.astype(np.float32).reshape(shape)))


def standardized(build: Builder, x: Value, axes: Sequence[int], epsilon: float) -> tuple[Value, Value, Value]:
    """(x - mean) / sqrt(variance + epsilon), both along `axes`; and the mean, and that root."""
    mean = build.op(Mean, x=x, axes=tuple(axes), keep_dims=True)
    centred = build.binary(Sub, x, mean)
    deviation = _deviation(build, centred, axes, epsilon)
    return build.binary(Div, centred, deviation), mean, deviation


def _deviation(build: Builder, x: Value, axes: Sequence[int], epsilon: float) -> Value:
    """sqrt(mean of x**2 + epsilon)."""
    variance = build.op(Mean, x=build.binary(Mul, x, x), axes=tuple(axes), keep_dims=True)
    return build.op(Sqrt, x=build.binary(Add, variance, build.like(x, epsilon)))


def affine(build: Builder, x: Value, scale: Value | None, bias: Value | None) -> Value:
    x = x if scale is None else build.binary(Mul, x, scale)
    return x if bias is None else build.binary(Add, x, bias)


def _single(node: Node) -> None:
    if len([name for name in node.outputs if name]) > 1:
        raise node.error("more than one output", "the normalization alone")
    _float_stash(node)


def _float_stash(node: Node) -> None:
    if node.attr_int("stash_type", 1) != 1:
        raise node.error("a stash_type that is not float32", "1")


@row("LayerNormalization")
@row("LayerNormalization", domain="com.microsoft")
def layer_normalization(node: Node, build: Builder) -> tuple[Value, ...]:
    """Also the mean and the reciprocal of the deviation, where they are asked for."""
    _float_stash(node)
    rank = len(node.x.shape)
    axes = range(node.axis(node.attr_int("axis", -1), rank), rank)
    y, mean, deviation = standardized(build, node.x, axes, node.attr_float("epsilon", 1e-5))
    y = affine(build, y, node.input(1), node.optional(2))
    return (y,) if len(node.outputs) == 1 else (y, mean, build.binary(Div, build.like(deviation, 1), deviation))


@row("RMSNormalization")
def rms_normalization(node: Node, build: Builder) -> Value:
    _single(node)
    rank = len(node.x.shape)
    axes = range(node.axis(node.attr_int("axis", -1), rank), rank)
    return scaled_by_rms(build, node.x, axes, node.attr_float("epsilon", 1e-5), node.input(1))


def scaled_by_rms(build: Builder, x: Value, axes: Sequence[int], epsilon: float, scale: Value) -> Value:
    """x / sqrt(mean of x**2 + epsilon) * scale."""
    return build.binary(Mul, build.binary(Div, x, _deviation(build, x, axes, epsilon)), scale)


def channelwise(build: Builder, value: Value, rank: int) -> Value:
    """[C] as it stretches over [N,C,...]."""
    return build.reshape(value, (*value.shape, *(1,) * (rank - 2)))


@row("InstanceNormalization")
def instance_normalization(node: Node, build: Builder) -> Value:
    rank = len(node.x.shape)
    y = standardized(build, node.x, range(2, rank), node.attr_float("epsilon", 1e-5))[0]
    return affine(build, y, *(channelwise(build, node.input(position), rank) for position in (1, 2)))


@row("GroupNormalization")
def group_normalization(node: Node, build: Builder) -> Value:
    node.required("num_groups")
    _single(node)
    x, groups, rank = node.x, node.attr_int("num_groups", 1), len(node.x.shape)
    n, c, *spatial = x.shape
    if groups < 1 or c % groups:
        raise node.error(f"{groups} groups of {c} channels", "a divisor")
    parted = build.reshape(x, (n, groups, c // groups, *spatial))
    y = standardized(build, parted, range(2, len(parted.shape)), node.attr_float("epsilon", 1e-5))[0]
    scale, bias = node.input(1), node.input(2)
    if node.version < 21:
        scale, bias = (_repeated(build, value, c // groups) for value in (scale, bias))
    return affine(build, build.reshape(y, x.shape), channelwise(build, scale, rank), channelwise(build, bias, rank))


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


@row("LRN")
def local_response(node: Node, build: Builder) -> Value:
    """x / (bias + alpha * the mean square of `size` channels around, zeros beyond them) ** beta."""
    node.required("size")
    x, size = node.x, node.attr_int("size", 1)
    if size < 1 or len(x.shape) < 2:
        raise node.error(f"size {size} of {x.type}", "a positive number of channels")
    n, c, *spatial = x.shape
    before = (size - 1) // 2
    squares = build.reshape(build.binary(Mul, x, x), (n, c, math.prod(spatial), 1))
    padded = build.op(Pad, x=squares, before=(0, before, 0, 0), after=(0, size - 1 - before, 0, 0), value=0)
    window = Window(Pair(size, 1), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))
    mean = build.reshape(build.op(AveragePool2D, x=padded, window=window), x.shape)
    scaled = build.binary(Mul, mean, build.like(x, node.attr_float("alpha", 0.0001)))
    base = build.binary(Add, scaled, build.like(x, node.attr_float("bias", 1.0)))
    return build.binary(Div, x, build.binary(Pow, base, build.like(x, node.attr_float("beta", 0.75))))

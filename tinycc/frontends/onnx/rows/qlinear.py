# SPDX-License-Identifier: Apache-2.0
"""Operators on codes (QLinearConv and the like, QGemm): dequantized, computed, quantized. What is between becomes integers.

QLinearConv, QLinearMatMul and QGemm say themselves how sums become codes; the others compute in float32, as ONNX Runtime does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row, rows
from tinycc.ir import DType, Value
from tinycc.numerics.rules import ORT_QLINEAR, ORT_QLINEAR_U8

MICROSOFT = "com.microsoft"
VERSION = 21
"""Of the operators that stand for one on codes."""


def apply(node: Node, build: Builder, kind: str, *inputs: Value | None, **attributes: Any) -> Value:
    """What a row of the default domain makes of operands that are no node's."""
    inner = Node(node.origin, kind, VERSION, inputs, ("",), attributes)
    made = rows()["", kind](inner, build)
    return made[0] if isinstance(made, tuple) else made


def real(node: Node, build: Builder, first: int, axis: int = 1) -> Value:
    """The operand `first`, dequantized by the two behind it."""
    return apply(node, build, "DequantizeLinear", *(node.optional(first + i) for i in range(3)), axis=axis)


def coded(node: Node, build: Builder, y: Value, first: int) -> Value:
    """y quantized by the operands `first` and the next."""
    return apply(node, build, "QuantizeLinear", y, node.input(first), node.optional(first + 1))


def bias(node: Node, build: Builder, position: int, x_scale: int, weights_scale: int, factor: float = 1.0) -> Value | None:
    """An int32 operand in units of the product of two scales."""
    value = node.optional(position)
    if value is None:
        return None
    scales = np.float32(factor) * node.constant(x_scale).astype(np.float32) * node.constant(weights_scale).astype(np.float32)
    scales = scales.ravel() if scales.size > 1 else scales.reshape(())
    return apply(node, build, "DequantizeLinear", value, build.constant(scales), axis=len(value.shape) - 1)


@row("QLinearConv")
def qlinear_conv(node: Node, build: Builder) -> Value:
    build.numerics = ORT_QLINEAR
    operands = real(node, build, 0), real(node, build, 3, axis=0), bias(node, build, 8, 1, 4)
    node.read.update(node.attributes)
    return coded(node, build, apply(node, build, "Conv", *operands, **node.attributes), 6)


@row("QLinearConv", domain=MICROSOFT)
def qlinear_conv_of_images(node: Node, build: Builder) -> Value:
    """With channels_last 1, x and y have them there; the weights are as ever."""
    rank, last = len(node.input(0).shape), node.attr_int("channels_last", 0)
    attributes = {name: value for name, value in node.attributes.items() if name != "channels_last"}
    if not last:
        return apply(node, build, "QLinearConv", *node.inputs, **attributes)
    x = build.transpose(node.input(0), (0, rank - 1, *range(1, rank - 1)))
    y = apply(node, build, "QLinearConv", x, *node.inputs[1:], **attributes)
    node.read.update(node.attributes)
    return build.transpose(y, (0, *range(2, rank), 1))


@row("NhwcMaxPool", domain=MICROSOFT)
def max_pool_of_images(node: Node, build: Builder) -> Value:
    """MaxPool of codes whose channels come last."""
    node.read.update(node.attributes)
    rank = len(node.x.shape)
    y = apply(node, build, "MaxPool", build.transpose(node.x, (0, rank - 1, *range(1, rank - 1))), **node.attributes)
    return build.transpose(y, (0, *range(2, rank), 1))


@row("QLinearMatMul")
@row("QLinearMatMul", domain=MICROSOFT)
def qlinear_matmul(node: Node, build: Builder) -> Value:
    build.numerics = ORT_QLINEAR
    y = apply(node, build, "MatMul", real(node, build, 0), real(node, build, 3, axis=len(node.input(3).shape) - 1))
    return coded(node, build, y, 6)


@row("QGemm", domain=MICROSOFT)
def qgemm(node: Node, build: Builder) -> Value:
    build.numerics = ORT_QLINEAR
    transposed, alpha = node.attr_int("transB", 0), node.attr_float("alpha", 1.0)
    scale = build.constant(node.constant(4).astype(np.float32) * np.float32(alpha))
    weights = apply(node, build, "DequantizeLinear", node.input(3), scale, node.optional(5), axis=0 if transposed else 1)
    operands = real(node, build, 0), weights, bias(node, build, 6, 1, 4, alpha)
    y = apply(node, build, "Gemm", *operands, transA=node.attr_int("transA", 0), transB=transposed)
    return y if node.optional(7) is None else coded(node, build, y, 7)


@row("QLinearAdd", "QLinearMul", domain=MICROSOFT)
def of_two(node: Node, build: Builder) -> Value:
    kind = node.kind.removeprefix("QLinear")
    build.numerics = ORT_QLINEAR_U8 if node.input(0).dtype is DType.UINT8 else ORT_QLINEAR
    return coded(node, build, apply(node, build, kind, real(node, build, 0), real(node, build, 3)), 6)


@row("QLinearWhere", domain=MICROSOFT)
def where(node: Node, build: Builder) -> Value:
    return coded(node, build, apply(node, build, "Where", node.input(0), real(node, build, 1), real(node, build, 4)), 7)


FUNCTIONS = ("Sigmoid", "LeakyRelu", "ReduceMean", "AveragePool", "GlobalAveragePool", "Softmax")


@row(*(f"QLinear{name}" for name in FUNCTIONS), domain=MICROSOFT)
def of_one(node: Node, build: Builder) -> Value:
    """A function of the first operand, with the attributes of the one on floats."""
    kind = node.kind.removeprefix("QLinear")
    attributes = {name: value for name, value in node.attributes.items() if name not in ("channels_last", "opset")}
    node.read.update(node.attributes)
    x, last = real(node, build, 0), node.attr_int("channels_last", 0)
    rank = len(x.shape)
    if last:
        x = build.transpose(x, (0, rank - 1, *range(1, rank - 1)))
    if kind == "Softmax":
        return _softmax(node, build, x)
    if kind == "ReduceMean":
        axes = attributes.pop("axes", None)
        operands = (x,) if axes is None else (x, build.constant(np.asarray(axes, np.int64)))
        y = apply(node, build, kind, *operands, **attributes)
    else:
        y = apply(node, build, kind, x, **attributes)
    return coded(node, build, build.transpose(y, (0, *range(2, rank), 1)) if last else y, 3)


def _softmax(node: Node, build: Builder, x: Value) -> Value:
    """ONNX Runtime multiplies by the whole part of 1 / y_scale. Until operator set 13 a row is all from the axis on."""
    older = node.attr_int("opset", VERSION) < 13
    axis, shape = node.axis(node.attr_int("axis", 1 if older else -1), len(x.shape)), x.shape
    if older:
        x = build.reshape(x, (int(np.prod(shape[:axis])), int(np.prod(shape[axis:]))))
    y = build.reshape(apply(node, build, "Softmax", x, axis=-1 if older else axis), shape)
    inverse = np.floor(np.float32(1) / np.float32(node.scalar(3, 1.0)))
    if inverse < 1:
        raise node.error(f"scale {node.scalar(3, 1.0):g} of y", "at most 1")
    return apply(node, build, "QuantizeLinear", y, build.constant(np.float32(1 / inverse)), node.optional(4))


@row("QLinearConcat", domain=MICROSOFT)
def concat(node: Node, build: Builder) -> Value:
    parts = [real(node, build, first) for first in range(2, len(node.inputs), 3)]
    return coded(node, build, apply(node, build, "Concat", *parts, axis=node.attr_int("axis", 0)), 0)


@row("QuantizeLinear", "DequantizeLinear", domain=MICROSOFT)
def conversion(node: Node, build: Builder) -> Value:
    """As in the default domain, also for 16 and 4 bits."""
    node.read.update(node.attributes)
    return apply(node, build, node.kind, *node.inputs, **node.attributes)

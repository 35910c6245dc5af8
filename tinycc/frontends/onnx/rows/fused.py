# SPDX-License-Identifier: Apache-2.0
"""Operators that ONNX Runtime's optimizer puts in place of several: of the domain com.microsoft, in float32."""

from __future__ import annotations

import math

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.elementwise import clamp
from tinycc.frontends.onnx.rows.matrices import gemm, product
from tinycc.frontends.onnx.rows.normalization import affine, scaled_by_rms, standardized
from tinycc.frontends.onnx.rows.windows import conv
from tinycc.ir import Value
from tinycc.ops.elementwise.activations import LeakyRelu, Logistic, Tanh
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.elementwise.division import Div
from tinycc.ops.elementwise.functions import Gelu

DOMAIN = "com.microsoft"


@row("SkipLayerNormalization", domain=DOMAIN)
def skip_layer_normalization(node: Node, build: Builder) -> tuple[Value, ...]:
    """The normalization of x + skip + bias, mean and reciprocal of the deviation, and that sum."""
    x, bias = build.binary(Add, node.input(0), node.input(1)), node.optional(4)
    total = x if bias is None else build.binary(Add, x, bias)
    y, mean, deviation = standardized(build, total, (len(x.shape) - 1,), node.attr_float("epsilon", 1e-12))
    y = affine(build, y, node.input(2), node.optional(3))
    return (y,) if len(node.outputs) == 1 else (y, mean, build.binary(Div, build.like(deviation, 1), deviation), total)


@row("SkipSimplifiedLayerNormalization", domain=DOMAIN)
def skip_rms_normalization(node: Node, build: Builder) -> tuple[Value, ...]:
    """x + skip + bias over its root mean square; and that sum, the fourth result."""
    x, bias = build.binary(Add, node.input(0), node.input(1)), node.optional(3)
    total = x if bias is None else build.binary(Add, x, bias)
    y = scaled_by_rms(build, total, (len(x.shape) - 1,), node.attr_float("epsilon", 1e-12), node.input(2))
    if any(node.outputs[1:3]):
        raise node.error("statistics as outputs", "the normalization, and the sum at most")
    return (y,) if len(node.outputs) == 1 else (y, y, y, total)


@row("Gelu", "FastGelu", "BiasGelu", domain=DOMAIN)
def gelu(node: Node, build: Builder) -> Value:
    bias = node.optional(1)
    x = node.x if bias is None else build.binary(Add, node.x, bias)
    return build.op(Gelu, x=x, approximate=node.kind == "FastGelu")


@row("QuickGelu", domain=DOMAIN)
def quick_gelu(node: Node, build: Builder) -> Value:
    scaled = build.binary(Mul, node.x, build.like(node.x, node.attr_float("alpha", 1.702)))
    return build.binary(Mul, node.x, build.op(Logistic, x=scaled))


@row("FusedConv", domain=DOMAIN)
def fused_conv(node: Node, build: Builder) -> Value:
    y, other = conv(node, build), node.optional(3)
    assert isinstance(y, Value)
    return _activated(node, build, y if other is None else build.binary(Add, y, other))


@row("FusedGemm", domain=DOMAIN)
def fused_gemm(node: Node, build: Builder) -> Value:
    y, alpha = gemm(node, build), node.attr_float("activation_alpha", 0.01)
    assert isinstance(y, Value)
    return _activated(node, build, y, (alpha,))


def _activated(node: Node, build: Builder, y: Value, given: tuple[float, ...] = ()) -> Value:
    kind = node.attr_text("activation", "")
    numbers = node.attr_floats("activation_params", ()) or given
    if kind in ("", "Relu"):
        return clamp(build, y, 0, math.inf) if kind else y
    if kind == "LeakyRelu":
        return build.op(LeakyRelu, x=y, alpha=(*numbers, 0.01)[0])
    if kind == "Clip" and len(numbers) == 2:
        return clamp(build, y, *numbers)
    if kind in ("Sigmoid", "Tanh"):
        return build.op(Logistic if kind == "Sigmoid" else Tanh, x=y)
    raise node.error(f"activation {kind} {list(numbers)}", "Relu, LeakyRelu, Clip, Sigmoid or Tanh")


@row("FusedMatMul", domain=DOMAIN)
def fused_matmul(node: Node, build: Builder) -> Value:
    a, b = node.input(0), node.input(1)
    if min(len(a.shape), len(b.shape)) < 2 or node.attr_int("transBatchA", 0) or node.attr_int("transBatchB", 0):
        raise node.error(f"{list(a.shape)} times {list(b.shape)}", "matrices, the last two dimensions exchanged at most")
    a, b = (
        build.transpose(x, (*range(len(x.shape) - 2), len(x.shape) - 1, len(x.shape) - 2)) if node.attr_int(name, 0) else x
        for x, name in ((a, "transA"), (b, "transB"))
    )
    if a.shape[-1] != b.shape[-2]:
        raise node.error(f"{list(a.shape)} times {list(b.shape)}", "matrices that fit")
    y, alpha = product(build, a, b), node.attr_float("alpha", 1.0)
    return y if alpha == 1.0 else build.binary(Mul, y, build.like(y, alpha))

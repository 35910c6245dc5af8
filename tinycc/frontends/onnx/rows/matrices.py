# SPDX-License-Identifier: Apache-2.0
"""MatMul and Gemm: constant matrices become the weights of a fully connected layer."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import Value
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.determinant import Determinant
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.strides import broadcast


def dense(build: Builder, x: Value, weights: Value, bias: Value | None = None) -> Value:
    """x [...,I] times weights [O,I], plus bias [O]."""
    return build.op(FullyConnected, x=x, weights=weights, bias=bias, keep_dims=True, asymmetric_inputs=False)


def product(build: Builder, a: Value, b: Value) -> Value:
    """a [...,M,K] times b [...,K,N], at least one of them a tensor computed at run time."""
    if b.constant and all(size == 1 for size in b.shape[:-2]) and len(b.shape) <= len(a.shape):
        return dense(build, a, build.transpose(build.reshape(b, b.shape[-2:]), (1, 0)))
    return build.op(BatchMatMul, x=a, weights=b, adj_x=False, adj_y=False)


@row("MatMul")
def matmul(node: Node, build: Builder) -> Value:
    a, b = node.input(0), node.input(1)
    rows, columns = len(a.shape) == 1, len(b.shape) == 1
    if not a.shape or not b.shape:
        raise node.error("a scalar operand", "vectors or matrices")
    a = build.reshape(a, (1, *a.shape)) if rows else a
    b = build.reshape(b, (*b.shape, 1)) if columns else b
    if a.shape[-1] != b.shape[-2] or broadcast(a.shape[:-2], b.shape[:-2]) is None:
        raise node.error(f"{list(node.input(0).shape)} times {list(node.input(1).shape)}", "matrices that fit")
    y = product(build, a, b)
    *batches, m, n = y.shape
    return build.reshape(y, (*batches, *(() if rows else (m,)), *(() if columns else (n,))))


@row("Gemm")
def gemm(node: Node, build: Builder) -> Value:
    a, b, c = node.ranked(node.input(0), 2), node.ranked(node.input(1), 2), node.optional(2)
    alpha, beta = node.attr_float("alpha", 1.0), node.attr_float("beta", 1.0)
    a = build.transpose(a, (1, 0)) if node.attr_int("transA", 0) else a
    weights = b if node.attr_int("transB", 0) else build.transpose(b, (1, 0))
    if a.shape[1] != weights.shape[1]:
        raise node.error(f"{list(a.shape)} times {list(weights.shape[::-1])}", "matrices that fit")
    weights = _scaled(build, weights, alpha)
    c = None if c is None or beta == 0 else _scaled(build, c, beta)
    channels = weights.shape[0]
    if c is not None and broadcast(c.shape, (a.shape[0], channels)) != (a.shape[0], channels):
        raise node.error(f"C {list(c.shape)}", f"a shape that stretches to {[a.shape[0], channels]}")
    if c is not None and c.constant and all(size == 1 for size in c.shape[:-1]):
        assert c.data is not None
        return dense(build, a, weights, build.constant(np.broadcast_to(c.data.ravel(), (channels,))))
    y = dense(build, a, weights) if weights.constant else build.op(BatchMatMul, x=a, weights=weights, adj_x=False, adj_y=True)
    return y if c is None else build.binary(Add, y, c)


def _scaled(build: Builder, x: Value, factor: float) -> Value:
    return x if factor == 1.0 else build.binary(Mul, x, build.constant(np.float32(factor)))


@row("Det")
def det(node: Node, build: Builder) -> Value:
    return build.op(Determinant, x=node.x)

# SPDX-License-Identifier: Apache-2.0
"""Normalizations of rows."""

from __future__ import annotations

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ops.base import Activation
from tinycc.ops.normalization.l2_normalization import L2Normalization
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.ops.normalization.softmax import Softmax


def l2_normalization(node: Node) -> L2Normalization:
    x = node.input(0)
    if not x.shape:
        raise node.error("a scalar input", "at least one dimension")
    if node.activation is not Activation.NONE:
        raise node.error(f"fused activation {node.activation.name}", "NONE, as no runtime takes another")
    return L2Normalization(x=x, numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def log_softmax(node: Node) -> LogSoftmax:
    x = node.input(0)
    if not x.shape:
        raise node.error("a scalar input", "at least one dimension")
    return LogSoftmax(x=x, outputs=node.outputs, origin=node.origin)


def softmax(node: Node) -> Softmax:
    x = node.input(0)
    if not x.shape:
        raise node.error("a scalar input", "at least one dimension")
    return Softmax(x=x, beta=float(node.option("beta")), outputs=node.outputs, origin=node.origin)


ROWS = {
    "L2_NORMALIZATION": Row(l2_normalization, (L2Normalization,)),
    "LOG_SOFTMAX": Row(log_softmax, (LogSoftmax,)),
    "SOFTMAX": Row(softmax, (Softmax,)),
}

# SPDX-License-Identifier: Apache-2.0
"""Normalizations of rows and channels."""

from __future__ import annotations

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ops.base import Activation
from tinycc.ops.normalization.l2_normalization import L2Normalization
from tinycc.ops.normalization.local_response import LocalResponse
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
    return Softmax(x=x, beta=float(node.option("beta")), numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def local_response(node: Node) -> LocalResponse:
    x, radius = node.input(0), int(node.option("radius"))
    if len(x.shape) != 4 or radius < 0:
        raise node.error(f"radius {radius} of {x.type}", "a radius of at least 0, and four dimensions")
    numbers = {name: float(node.option(name)) for name in ("bias", "alpha", "beta")}
    return LocalResponse(x=x, radius=radius, **numbers, outputs=node.outputs, origin=node.origin)


ROWS = {
    "LOCAL_RESPONSE_NORMALIZATION": Row(local_response, (LocalResponse,)),
    "L2_NORMALIZATION": Row(l2_normalization, (L2Normalization,)),
    "LOG_SOFTMAX": Row(log_softmax, (LogSoftmax,)),
    "SOFTMAX": Row(softmax, (Softmax,)),
}

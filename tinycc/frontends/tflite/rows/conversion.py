# SPDX-License-Identifier: Apache-2.0
"""Conversions of element types and quantization."""

from __future__ import annotations

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ops.base import Operator
from tinycc.ops.conversion.cast import PAIRS, Cast, SameBits
from tinycc.ops.conversion.quantize import Dequantize, Quantize, Requantize


def cast(node: Node) -> Cast:
    x, y = node.input(0).dtype, node.outputs[0].dtype
    same_bits = x is y or (x, y) in PAIRS
    return (SameBits if same_bits else Cast)(x=node.input(0), outputs=node.outputs, origin=node.origin)


def quantize(node: Node) -> Operator:
    x = node.input(0)
    if x.dtype.is_integer:
        return Requantize(x=x, outputs=node.outputs, origin=node.origin)
    return Quantize(x=x, outputs=node.outputs, origin=node.origin)


def dequantize(node: Node) -> Dequantize:
    return Dequantize(x=node.input(0), outputs=node.outputs, origin=node.origin)


ROWS = {
    "CAST": Row(cast, (Cast,)),
    "QUANTIZE": Row(
        quantize,
        (Quantize, Requantize),
    ),
    "DEQUANTIZE": Row(dequantize, (Dequantize,)),
}

# SPDX-License-Identifier: Apache-2.0
"""Conversions of element types and quantization."""

from __future__ import annotations

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ir import DType
from tinycc.ops.base import Operator
from tinycc.ops.conversion.bits import BitCast
from tinycc.ops.conversion.cast import PAIRS, Cast, SameBits
from tinycc.ops.conversion.quantize import Dequantize, Quantize, Requantize
from tinycc.ops.signal.complex import RealPart, ToComplex


def cast(node: Node) -> Operator:
    x, y = node.input(0).dtype, node.outputs[0].dtype
    if x is y or (x, y) in PAIRS:
        return SameBits(x=node.input(0), outputs=node.outputs, origin=node.origin)
    if DType.COMPLEX64 in (x, y):
        cls = RealPart if x is DType.COMPLEX64 else ToComplex
        return cls(x=node.input(0), outputs=node.outputs, origin=node.origin)
    largest = node.numerics.largest_nan and x is DType.FLOAT32 and y.is_integer
    return Cast(x=node.input(0), largest_nan=largest, outputs=node.outputs, origin=node.origin)


def quantize(node: Node) -> Operator:
    x = node.input(0)
    if x.dtype.is_integer:
        return Requantize(x=x, outputs=node.outputs, origin=node.origin)
    return Quantize(x=x, outputs=node.outputs, origin=node.origin)


def dequantize(node: Node) -> Dequantize:
    return Dequantize(x=node.input(0), outputs=node.outputs, origin=node.origin)


def bit_cast(node: Node) -> BitCast:
    return BitCast(x=node.input(0), outputs=node.outputs, origin=node.origin)


ROWS = {
    "BITCAST": Row(bit_cast, (BitCast,)),
    "CAST": Row(cast, (Cast, RealPart, ToComplex)),
    "QUANTIZE": Row(
        quantize,
        (Quantize, Requantize),
    ),
    "DEQUANTIZE": Row(dequantize, (Dequantize,)),
}

# SPDX-License-Identifier: Apache-2.0
"""Fourier transforms of TFLite's own, complex numbers."""

from __future__ import annotations

from functools import partial

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import integers
from tinycc.ops.signal.complex import ComplexAbs, ImaginaryPart, OfComplex, RealPart
from tinycc.ops.signal.rfft2d import Rfft2D
from tinycc.ops.window import Pair


def rfft2d(node: Node) -> Rfft2D:
    x, length = node.input(0), integers(node, 1)
    if len(x.shape) < 2 or len(length) != 2 or min(length) < 1:
        raise node.error(f"lengths {list(length)} of {x.type}", "two lengths of at least 1, of at least two dimensions")
    return Rfft2D(x=x, length=Pair(*length), outputs=node.outputs, origin=node.origin)


def of_complex(cls: type[OfComplex], node: Node) -> OfComplex:
    return cls(x=node.input(0), outputs=node.outputs, origin=node.origin)


ROWS = {
    "RFFT2D": Row(rfft2d, (Rfft2D,)),
    "COMPLEX_ABS": Row(partial(of_complex, ComplexAbs), (ComplexAbs,)),
    "REAL": Row(partial(of_complex, RealPart), (RealPart,)),
    "IMAG": Row(partial(of_complex, ImaginaryPart), (ImaginaryPart,)),
}

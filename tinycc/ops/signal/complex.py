# SPDX-License-Identifier: Apache-2.0
"""REAL, IMAG, COMPLEX_ABS, and CAST of real numbers to complex ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature


@dataclass(frozen=True, eq=False, kw_only=True)
class OfComplex(Operator):
    """y[i] = f(x[i]), x complex and y real."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (signature("complex64", DType.FLOAT32, x=DType.COMPLEX64),)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.FLOAT32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class RealPart(OfComplex):
    """y = the real part of x, which is what CAST gives, too. Source: LiteRT complex_support.cc, cast.cc."""

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.array(read(self.x).real),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ImaginaryPart(OfComplex):
    """y = the imaginary part of x. Source: LiteRT complex_support.cc."""

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.array(read(self.x).imag),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ComplexAbs(OfComplex):
    """y = sqrt(re(x)**2 + im(x)**2), without an overflow on the way. Source: LiteRT complex_support.cc."""

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        with np.errstate(all="ignore"):
            return (np.hypot(x.real, x.imag).astype(np.float32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ToComplex(Operator):
    """y = x + 0 i. Source: LiteRT cast.cc."""

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32 to complex64", DType.COMPLEX64, x=DType.FLOAT32),)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.COMPLEX64),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x).astype(np.complex64),)

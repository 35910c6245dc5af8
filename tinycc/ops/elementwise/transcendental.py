# SPDX-License-Identifier: Apache-2.0
"""Elementary functions that TFLite has no operators for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType
from tinycc.ops.base import Signature
from tinycc.ops.elementwise.functions import Function, single, types


@dataclass(frozen=True, eq=False, kw_only=True)
class Erf(Function):
    """y = the error function, 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to x."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.vectorize(math.erf, otypes=[np.float64]), x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Tan(Function):
    """y = tan(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.tan, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sinh(Function):
    """y = sinh(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.sinh, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cosh(Function):
    """y = cosh(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.cosh, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Asin(Function):
    """y = arcsin(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.arcsin, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Acos(Function):
    """y = arccos(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.arccos, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Atan(Function):
    """y = arctan(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.arctan, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Asinh(Function):
    """y = arsinh(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.arcsinh, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Acosh(Function):
    """y = arcosh(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.arccosh, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Atanh(Function):
    """y = artanh(x)."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(np.arctanh, x)


@dataclass(frozen=True, eq=False, kw_only=True)
class Softplus(Function):
    """y = log(1 + exp(x)), as max(x, 0) + log1p(exp(-|x|)), which does not run over."""

    signatures: ClassVar[tuple[Signature, ...]] = types(DType.FLOAT32)

    def real(self, x: Array) -> Array:
        return single(lambda x: np.logaddexp(0, x), x)

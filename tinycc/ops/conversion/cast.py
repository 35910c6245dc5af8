# SPDX-License-Identifier: Apache-2.0
"""CAST, and the numbers by which kernels know element types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import RUN_TIME_TYPES, Operator, Signature, signature

CAST_TYPES = (*RUN_TIME_TYPES, DType.UINT16)
_SIGNS = ((DType.INT8, DType.UINT8), (DType.INT16, DType.UINT16), (DType.INT32, DType.UINT32), (DType.INT64, DType.UINT64))
PAIRS = tuple(pair for signs in _SIGNS for pair in (signs, signs[::-1]))
"""Element types that differ in the sign alone."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Cast(Operator):
    """y = x in another element type. bool tells what is not 0; integers keep their low bits.

    From float to integers, the fraction is cut off, and what the type cannot hold saturates; NaN is 0, or where
    `largest_nan` is set the largest number. Source: TFLM cast.cc, LiteRT cast.cc.
    """

    x: Value
    largest_nan: bool = False

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        signature(f"{x.value} to {y.value}", y, x=x) for x in (*CAST_TYPES, DType.INT4) for y in CAST_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, self.y.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.x.dtype is DType.FLOAT32 and self.y.dtype.is_integer:
            return (truncated(x, self.y.dtype.numpy, self.y.dtype.limits[1] if self.largest_nan else 0),)
        return (x.astype(self.y.dtype.numpy),)


@dataclass(frozen=True, eq=False, kw_only=True)
class SameBits(Cast):
    """A CAST that leaves all bits as they are: to the same type, or to one that differs in the sign alone.

    No code: y lies where x lies.
    """

    view = True
    signatures: ClassVar[tuple[Signature, ...]] = (
        *(signature(dtype.value, dtype, x=dtype) for dtype in (*CAST_TYPES, DType.COMPLEX64)),
        *(signature(f"{x.value} to {y.value}", y, x=x) for x, y in PAIRS),
    )


def truncated(x: Array, dtype: np.dtype[Any], of_nan: int) -> Array:
    """float32 without the fraction, saturated to an integer type; NaN as it is said."""
    limits = np.iinfo(dtype)
    whole = np.trunc(x.astype(np.float64))
    inside = np.where((whole >= float(limits.min)) & (whole < float(limits.max)), whole, 0).astype(dtype)
    codes = np.where(whole >= float(limits.max), limits.max, np.where(whole < float(limits.min), limits.min, inside))
    return np.where(np.isnan(x), dtype.type(of_nan), codes.astype(dtype))

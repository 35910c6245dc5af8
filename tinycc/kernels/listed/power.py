# SPDX-License-Identifier: Apache-2.0
"""Kernels of power."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.binary import sum_params
from tinycc.kernels.listed.broadcast import SUFFIXES, kernel, plain_kernels, walk
from tinycc.ops.base import Operator, Range
from tinycc.ops.elementwise.power import Atan2, Pow, SquaredDifference
from tinycc.target import Target


def codes_kernel(dtype: DType) -> Kernel:
    """The kernel of SQUARED_DIFFERENCE for codes."""
    suffix = SUFFIXES[dtype]

    def lower(op: SquaredDifference, target: Target) -> tuple[Call, ...]:
        params = sum_params(f"tk_add_{suffix}_params", op, op.scaling, Range(*op.y.dtype.limits))
        return (Call(symbol, (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), params)),)

    symbol = f"tk_squared_difference_{suffix}"
    return kernel(symbol, lower, dtype)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Pow] = plain_kernels("pow", DType.FLOAT32, DType.INT32)
KERNELS[Atan2] = plain_kernels("atan2", DType.FLOAT32)

KERNELS[SquaredDifference] = (
    codes_kernel(DType.INT8),
    codes_kernel(DType.INT16),
    *plain_kernels("squared_difference", DType.FLOAT32, DType.INT32),
)

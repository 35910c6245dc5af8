# SPDX-License-Identifier: Apache-2.0
"""Kernels of prelu."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES, kernel, plain_kernels, walk
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.prelu import Prelu
from tinycc.target import Target


def lower_integer(op: Prelu, target: Target) -> tuple[Call, ...]:
    above, below = op.scaling
    params = struct(
        "tk_prelu_s8_params",
        input_offset=-op.x1.zero_point,
        slope_offset=-op.x2.zero_point,
        output_offset=op.y.zero_point,
        positive_multiplier=above.multiplier,
        positive_shift=above.shift,
        negative_multiplier=below.multiplier,
        negative_shift=below.shift,
    )
    return (Call(f"tk_prelu_{SUFFIXES[op.x1.dtype]}", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), params)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Prelu] = (
    kernel("tk_prelu_s8", lower_integer, DType.INT8),
    kernel("tk_prelu_s16", lower_integer, DType.INT16),
    *plain_kernels("prelu", DType.FLOAT32),
)

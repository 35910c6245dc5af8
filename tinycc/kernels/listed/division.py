# SPDX-License-Identifier: Apache-2.0
"""Kernels of division."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.binary import clamped_f32, clamped_whole
from tinycc.kernels.listed.broadcast import kernel, plain_kernels, walk
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.division import SMALL, Div, FloorDiv, FloorMod
from tinycc.target import Target


def lower_div_s8(op: Div, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_div_s8_params",
        input1_offset=-op.x1.zero_point,
        input2_offset=-op.x2.zero_point,
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_div_s8", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), params)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Div] = (
    kernel("tk_div_s8", lower_div_s8, DType.INT8),
    clamped_f32("tk_div_f32"),
    *clamped_whole("div", DType.INT32),
)

KERNELS[FloorDiv] = plain_kernels("floor_div", DType.FLOAT32, *SMALL, DType.INT32)
KERNELS[FloorMod] = plain_kernels("floor_mod", DType.FLOAT32, *SMALL, DType.INT32, DType.INT64)

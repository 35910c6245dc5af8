# SPDX-License-Identifier: Apache-2.0
"""Kernels of log_softmax."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.target import Target


def lower_s8(op: LogSoftmax, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_log_softmax_s8_params",
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        diff_min=op.scaling.diff_min,
        reverse_multiplier=op.reverse.multiplier,
        reverse_shift=op.reverse.shift,
    )
    return (Call("tk_log_softmax_s8", (Tensor(op.x), Tensor(op.y), op.rows, op.columns, params)),)


def lower_f32(op: LogSoftmax, target: Target) -> tuple[Call, ...]:
    return (Call("tk_log_softmax_f32", (Tensor(op.x), Tensor(op.y), op.rows, op.columns)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[LogSoftmax] = (
    Kernel("tk_log_softmax_s8", lower_s8, lambda op, target: op.x.dtype is DType.INT8, in_place=("x",)),
    Kernel("tk_log_softmax_f32", lower_f32, lambda op, target: op.x.dtype is DType.FLOAT32, in_place=("x",)),
)

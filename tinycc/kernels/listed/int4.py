# SPDX-License-Identifier: Apache-2.0
"""Kernels of int4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.kernels.listed.quantized import int32_tables
from tinycc.target import Target


def is_int8x4(op: Any) -> bool:
    """int8 activations and int4 weights."""
    return bool(op.x.dtype is DType.INT8 and op.weights.dtype is DType.INT4)


def lower_own_s4(symbol: str, shape: Callable[[Any], Struct]) -> Callable[[Any, Target], tuple[Call, ...]]:
    """The kernel symbol(x, weights, bias, multipliers, shifts, y, shape, params), for where CMSIS-NN has none."""

    def lower(op: Any, target: Target) -> tuple[Call, ...]:
        params = struct(
            "tk_conv_s4_params",
            input_offset=-op.x.zero_point,
            output_offset=op.y.zero_point,
            min=int(op.range.min),
            max=int(op.range.max),
        )
        bias = None if op.bias is None else Tensor(op.bias)
        tables = int32_tables(op.requantization)
        return (Call(symbol, (Tensor(op.x), Tensor(op.weights), bias, *tables, Tensor(op.y), shape(op), params)),)

    return lower

# SPDX-License-Identifier: Apache-2.0
"""Kernels of asymmetric."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.kernels.listed.base import Kernel


def is_asymmetric(op: Any) -> bool:
    """Whether this is an int8 operator whose weights have a zero point."""
    return op.x.dtype is DType.INT8 and bool(any(op.weights.quantization.zero_points))


def asymmetric_s8(symbol: str, shape: Callable[[Any], Struct]) -> Kernel:
    """The kernel symbol(x, weights, bias, y, shape, params)."""

    def lower(op: Any, target: object) -> tuple[Call, ...]:
        entry = op.requantization[0]
        params = struct(
            "tk_asymmetric_s8",
            input_offset=-op.x.zero_point,
            weights_offset=-op.weights.zero_point,
            multiplier=entry.multiplier,
            shift=entry.shift,
            output_offset=op.y.zero_point,
            min=int(op.range.min),
            max=int(op.range.max),
        )
        bias = None if op.bias is None else Tensor(op.bias)
        return (Call(symbol, (Tensor(op.x), Tensor(op.weights), bias, Tensor(op.y), shape(op), params)),)

    return Kernel(symbol, lower, lambda op, target: op.asymmetric_weights)

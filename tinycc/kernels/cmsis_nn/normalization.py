# SPDX-License-Identifier: Apache-2.0
"""SOFTMAX by CMSIS-NN."""

from __future__ import annotations

from collections.abc import Callable

from tinycc.kernels.base import Context, Origin, Variant
from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.costs import Rate, arm_rate
from tinycc.kernels.facts import rounds_twice
from tinycc.ops.normalization.softmax import Softmax

ARM_COLUMNS = 511
"""Columns up to which `arm_softmax_s8` is defined: from a sum of 512 on it shifts by 32 bits."""


def _bind(symbol: str) -> Callable[[Softmax, Context], tuple[Call, ...]]:
    return lambda op, context: (Call(symbol, (Tensor(op.x), op.rows, op.columns, *op.scaling, Tensor(op.y))),)


def short_rows(op: Softmax, context: Context) -> str | None:
    """the last dimension has at most 511 elements"""
    return f"{op.columns} elements" if op.columns > ARM_COLUMNS else None


COST = arm_rate(Rate(0, 160), mve=Rate(0, 40))

VARIANTS: tuple[Variant[Softmax], ...] = (
    Variant(
        "arm_softmax_s8",
        Softmax,
        ("int8",),
        _bind("arm_softmax_s8"),
        COST,
        (rounds_twice, short_rows),
        origin=Origin.CMSIS_NN,
        in_place=("x",),
    ),
    Variant(
        "arm_softmax_s8_s16",
        Softmax,
        ("int8 to int16",),
        _bind("arm_softmax_s8_s16"),
        COST,
        (rounds_twice,),
        origin=Origin.CMSIS_NN,
    ),
)

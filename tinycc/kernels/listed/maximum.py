# SPDX-License-Identifier: Apache-2.0
"""Kernels of maximum."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor, context
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import plain_kernels
from tinycc.kernels.listed.quantized import dims
from tinycc.ops.base import Operator
from tinycc.ops.elementwise.maximum import TYPES, Choice, Maximum, Minimum
from tinycc.target import Target


def _arm(symbol: str) -> Kernel:
    """Arm's function, for two equal shapes or a single element (its other broadcasts assume more than they check)."""

    def lower(op: Choice, target: Target) -> tuple[Call, ...]:
        x1, x2, y = (dims(1, 1, 1, value.type.elements) for value in (op.x1, op.x2, op.y))
        args = (context("scratch", 0), Tensor(op.x1), x1, Tensor(op.x2), x2, Tensor(op.y), y)
        return (Call(symbol, args, checked=True),)

    return Kernel(symbol, lower, lambda op, _: op.x1.dtype is DType.INT8 and op.one_scalar, in_place=("x1", "x2"))


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Maximum] = (_arm("arm_maximum_s8"), *plain_kernels("maximum", *TYPES))
KERNELS[Minimum] = (_arm("arm_minimum_s8"), *plain_kernels("minimum", *TYPES))

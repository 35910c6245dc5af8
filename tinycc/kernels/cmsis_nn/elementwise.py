# SPDX-License-Identifier: Apache-2.0
"""ADD, MUL, MAXIMUM and MINIMUM by CMSIS-NN."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Tensor, context
from tinycc.kernels.cmsis_nn.base import arm, dims
from tinycc.kernels.costs import Each, Rate, arm_rate, bundled
from tinycc.ops.conditions import centred_int16
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.maximum import Choice, Maximum, Minimum


def add_args(op: Add, context: Context) -> tuple[Arg, ...]:
    s = op.scaling
    return (
        *(Tensor(op.x1), Tensor(op.x2)),
        *(-op.x1.zero_point, s.x1.multiplier, s.x1.shift),
        *(-op.x2.zero_point, s.x2.multiplier, s.x2.shift),
        *(op.left_shift, Tensor(op.y)),
        *(op.y.zero_point, s.y.multiplier, s.y.shift),
        *(int(op.range.min), int(op.range.max), op.y.type.elements),
    )


def mul_args(op: Mul, context: Context) -> tuple[Arg, ...]:
    return (
        *(Tensor(op.x1), Tensor(op.x2), -op.x1.zero_point, -op.x2.zero_point),
        *(Tensor(op.y), op.y.zero_point, op.scaling.multiplier, op.scaling.shift),
        *(int(op.range.min), int(op.range.max), op.y.type.elements),
    )


def choice_args(op: Choice, context_: Context) -> tuple[Arg, ...]:
    x1, x2, y = (dims(1, 1, 1, value.type.elements) for value in (op.x1, op.x2, op.y))
    return (context("scratch", 0), Tensor(op.x1), x1, Tensor(op.x2), x2, Tensor(op.y), y)


def equal_shapes(op: Broadcast, context: Context) -> str | None:
    """no operand is stretched"""
    return None if op.elementwise else f"{op.x1.type}, {op.x2.type}"


def centred(op: Broadcast, context: Context) -> str | None:
    """zero points are 0"""
    return centred_int16(op)


def equal_shapes_or_one_element(op: Choice, context: Context) -> str | None:
    """the operands have equal shapes, or one has a single element

    Arm's other broadcasts assume more than they check.
    """
    return None if op.one_scalar else f"{op.x1.type}, {op.x2.type}"


BOTH = ("x1", "x2")
ADD = arm_rate(Rate(0, 50), dsp=Rate(0, 38), mve=Rate(0, 9))
ADD_S8 = bundled(
    lambda op: {"call": 1, "element": op.y.type.elements}, {"call": Each(77, 119), "element": Each(63.1, 80.2)}, ADD
)
MUL = arm_rate(Rate(0, 30), dsp=Rate(0, 25), mve=Rate(0, 6))
CHOICE = arm_rate(Rate(0, 6), mve=Rate(0, 1))

VARIANTS: tuple[Variant[Any], ...] = (
    arm("arm_elementwise_add_s8", Add, ("int8",), add_args, ADD_S8, facts=(equal_shapes,), in_place=BOTH),
    arm("arm_elementwise_add_s16", Add, ("int16",), add_args, ADD, facts=(equal_shapes, centred), in_place=BOTH),
    arm("arm_elementwise_mul_s8", Mul, ("int8",), mul_args, MUL, facts=(equal_shapes,), in_place=BOTH),
    arm("arm_elementwise_mul_s16", Mul, ("int16",), mul_args, MUL, facts=(equal_shapes, centred), in_place=BOTH),
    arm("arm_maximum_s8", Maximum, ("int8",), choice_args, CHOICE, facts=(equal_shapes_or_one_element,), in_place=BOTH),
    arm("arm_minimum_s8", Minimum, ("int8",), choice_args, CHOICE, facts=(equal_shapes_or_one_element,), in_place=BOTH),
)

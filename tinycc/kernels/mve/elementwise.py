# SPDX-License-Identifier: Apache-2.0
"""ADD and SUB of int8 on Helium: one linear form, proved on all pairs of codes."""

from __future__ import annotations

from tinycc.analysis.rounding import linear
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.cmsis_nn.elementwise import equal_shapes
from tinycc.kernels.mve import counts
from tinycc.ops.elementwise.arithmetic import Add, Sub, Sum
from tinycc.target import Feature


def is_linear(op: Sum, context: Context) -> str | None:
    """the sum is one linear form of 32 bits: the same code for all 65,536 pairs"""
    return None if linear(op) is not None else f"none for scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"


def bind(op: Sum, context: Context) -> tuple[Call, ...]:
    found = linear(op)
    assert found is not None
    numbers = struct("tk_mve_add", multiplier1=found.multiplier_a, multiplier2=found.multiplier_b, offset=found.offset)
    return (Call("tk_mve_add_s8", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), op.y.type.elements, numbers)),)


def cost(op: Sum, context: Context) -> Cost:
    eights, rest = divmod(op.y.type.elements, 8)
    return counts.cost_of({"call": 1, "eight": eights, "rest": bool(rest)}, counts.ADD)


def variant(cls: type[Sum]) -> Variant[Sum]:
    return Variant(
        name="tk_mve_add_s8",
        op=cls,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(equal_shapes, is_linear),
        features=frozenset({Feature.MVE}),
        in_place=("x1", "x2"),
    )


VARIANTS = (variant(Add), variant(Sub))

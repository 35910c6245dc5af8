# SPDX-License-Identifier: Apache-2.0
"""ADD and SUB of int8: one linear form, proved on all pairs of codes."""

from __future__ import annotations

from tinycc.analysis.rounding import linear
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.cmsis_nn.elementwise import equal_shapes
from tinycc.ops.elementwise.arithmetic import Add, Sub, Sum
from tinycc.target import Feature


def is_linear(op: Sum, context: Context) -> str | None:
    """the sum is one linear form of 32 bits with multipliers of 24: the same code for all 65,536 pairs"""
    found = linear(op)
    if found is not None and max(abs(found.multiplier_a), abs(found.multiplier_b)) < 1 << 23:
        return None
    return f"none for scales {op.x1.scale:g} and {op.x2.scale:g} -> {op.y.scale:g}"


def bind(op: Sum, context: Context) -> tuple[Call, ...]:
    found = linear(op)
    assert found is not None
    numbers = struct(
        "tk_add4",
        n=op.y.type.elements,
        multiplier1=found.multiplier_a * 256,
        multiplier2=found.multiplier_b * 256,
        offset=found.offset,
    )
    return (Call("tk_add_dsp_s8", (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), numbers)),)


def cost(op: Sum, context: Context) -> Cost:
    """As counted on a Cortex-M4."""
    fours, rest = divmod(op.y.type.elements, 4)
    return Cost(104 + 27 * fours + (173 if rest else 0), 50 + 24 * fours + (108 if rest else 0))


def variant(cls: type[Sum]) -> Variant[Sum]:
    return Variant(
        name="tk_add_dsp_s8",
        op=cls,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(equal_shapes, is_linear),
        features=frozenset({Feature.DSP}),
        in_place=("x1", "x2"),
    )


VARIANTS = (variant(Add), variant(Sub))

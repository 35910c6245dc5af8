# SPDX-License-Identifier: Apache-2.0
"""QUANTIZE from int16 to int8: one multiplication, proved for all inputs."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.dsp.requantization import SCALING
from tinycc.kernels.folding import once
from tinycc.numerics.high_word import HighWord, fold_signed
from tinycc.numerics.staircase import double_rounding, staircase
from tinycc.ops.conversion.quantize import Requantize
from tinycc.target import Feature


@once
def formula_of(op: Requantize) -> HighWord | None:
    """None where none is proved."""
    (low, high), zero_point = op.x.dtype.limits, op.x.zero_point
    rule = double_rounding([op.multiplier], op.y.zero_point, *op.y.dtype.limits)
    stairs = staircase(rule, np.asarray([low - zero_point]), np.asarray([high - zero_point])).saturating()
    formula = fold_signed(stairs, SCALING)
    return formula if formula.proved.all() else None


def folds(op: Requantize, context: Context) -> str | None:
    """multiplier, roundings, zero points and clamp are one multiplication, proved"""
    return "none" if formula_of(op) is None else None


def bind(op: Requantize, context: Context) -> tuple[Call, ...]:
    f = formula_of(op)
    assert f is not None
    narrow = struct(
        "tk_narrow",
        n=op.y.type.elements,
        start=int(f.start[0]) - op.x.zero_point,
        multiplier=int(f.multiplier[0]),
        addend=int(f.addend[0]),
        below=int(f.below[0]),
        shift=int(f.shift[0]),
    )
    return (Call("tk_narrow_dsp_s16_s8", (Tensor(op.x), Tensor(op.y), narrow)),)


def cost(op: Requantize, context: Context) -> Cost:
    """As counted on a Cortex-M4."""
    return Cost(50 + 16 * op.y.type.elements, 40 + 12 * op.y.type.elements)


VARIANTS = (
    Variant(
        name="tk_narrow_dsp_s16_s8",
        op=Requantize,
        signatures=("int16 to int8",),
        bind=bind,
        cost=cost,
        facts=(folds,),
        features=frozenset({Feature.DSP}),
    ),
)

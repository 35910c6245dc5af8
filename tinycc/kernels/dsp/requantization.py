# SPDX-License-Identifier: Apache-2.0
"""What the DSP kernels do to a sum: constants per channel, found and proved."""

from __future__ import annotations

from tinycc.analysis.accumulators import Weighted
from tinycc.kernels.base import Context
from tinycc.kernels.folding import once_for_all, stairs_of
from tinycc.numerics.high_word import HighWord, fold_high, fold_signed

SCALING = 8
"""Sums come out of the kernels for four pixels, and four channels, as multiples of 2**SCALING."""
GEMM_SHIFT = 12
"""TK_GEMM_SHIFT in runtime/kernels/dsp/tk_gemm_s8.h: one for all layers, since it is part of an instruction. It suits channels
with scales from about 2**-10 to 2**-5."""


@once_for_all
def folded_sums(op: Weighted) -> HighWord | None:
    """One shift for all channels; None where that is not proved for all of them."""
    stairs = stairs_of(op)
    formula = None if stairs is None else fold_high(stairs, GEMM_SHIFT, SCALING)
    return formula if formula is not None and formula.proved.all() else None


@once_for_all
def signed_sums(op: Weighted) -> HighWord | None:
    """Results of any sign, a shift for each channel; None where that is not proved for all of them."""
    stairs = stairs_of(op)
    formula = None if stairs is None else fold_signed(stairs, SCALING)
    return formula if formula is not None and formula.proved.all() else None


def constant_weights(op: Weighted, context: Context) -> str | None:
    """weights and bias are constants, the weights without a zero point"""
    computed = [value.name for value in (op.weights, op.bias) if value is not None and value.data is None]
    return f"%{computed[0]} computed" if computed else "a zero point" if op.asymmetric_weights else None


def signed(op: Weighted, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication, with sums below 2**23, proved"""
    return "a channel without one" if signed_sums(op) is None else None

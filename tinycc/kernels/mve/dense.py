# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED of int8 on Helium: one row at a time, or the pixels of a matrix product."""

from __future__ import annotations

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Field, Struct, Tensor
from tinycc.kernels.mve import counts, layer
from tinycc.kernels.mve.packing import dense_stream, gemm_stream, octets, pair_constants, signed_constants, steps
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.target import Feature


def one_row(op: FullyConnected, context: Context) -> str | None:
    """the input is one row"""
    return None if op.batch == 1 else f"{op.batch} rows"


def described(op: FullyConnected, rows: bool, folded: bool) -> Struct:
    """The `tk_mve_gemm` of a matrix layer."""
    form = layer.pairs(op) if folded else None
    sums = layer.sums(op)
    constants = signed_constants(sums.bias, *layer.right_shifts(op)) if form is None else pair_constants(form)
    packed = layer.stream((gemm_stream if rows else dense_stream)(sums.weights, constants))
    fields: dict[str, Field] = {"weights": packed, "depth": op.depth, "channels": op.channels}
    fields |= {"step": op.depth, "pitch": op.channels} if rows else {}
    return Struct("tk_mve_gemm", tuple((fields | layer.requantization(op, form)).items()))


def cost_of(rows: bool, folded: bool, op: FullyConnected) -> Cost:
    count, wide = octets(op.channels), steps(op.depth)
    flash = count * 8 * (16 * wide + (8 if folded else 12)) - op.channels * (op.depth + 4)
    clamped = layer.is_clamped(op)
    if rows:
        loops = counts.of_gemm(op.depth, op.channels, (op.batch + 1) // 2, clamped=clamped)
        return counts.cost_of(loops, counts.FOLDED if folded else counts.SIGNED, flash)
    return counts.cost_of(
        counts.of_dense(op.depth, op.channels, clamped), counts.DENSE if folded else counts.DENSE_SIGNED, flash
    )


def variant(symbol: str, rows: bool, folded: bool) -> Variant[FullyConnected]:
    def bind(op: FullyConnected, context: Context) -> tuple[Call, ...]:
        counts = (op.batch,) if rows else ()
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), *counts, described(op, rows, folded))),)

    def cost(op: FullyConnected, context: Context) -> Cost:
        return cost_of(rows, folded, op)

    facts: tuple[Fact[FullyConnected], ...] = (*layer.COMMON, *(() if rows else (one_row,)))
    form: tuple[Fact[FullyConnected], ...] = (layer.full_range, layer.folds_in_pairs) if folded else (layer.rounds_twice,)
    return Variant(
        name=symbol,
        op=FullyConnected,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(*facts, *form),
        features=frozenset({Feature.MVE}),
    )


VARIANTS = (
    variant("tk_mve_dense_s8", rows=False, folded=True),
    variant("tk_mve_dense_signed_s8", rows=False, folded=False),
    variant("tk_mve_gemm_s8", rows=True, folded=True),
    variant("tk_mve_gemm_signed_s8", rows=True, folded=False),
)

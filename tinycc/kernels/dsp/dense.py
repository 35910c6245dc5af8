# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED of int8: four outputs in three sums."""

from __future__ import annotations

import numpy as np

from tinycc.analysis.accumulators import accumulators
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import SCALING, constant_weights, signed, signed_sums
from tinycc.kernels.folding import once_for_all, rule_of, stairs_of, sums_offset
from tinycc.numerics.high_word import HighWord, fold_signed
from tinycc.numerics.staircase import staircase
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Content
from tinycc.target import Feature


def no_least_weight(op: FullyConnected, context: Context) -> str | None:
    """no weight is -128"""
    return "one that is" if op.weights.data is not None and int(op.weights.data.min(initial=0)) == -128 else None


def one_formula(op: FullyConnected, context: Context) -> str | None:
    """multiplier, roundings, zero point and clamp are one multiplication for all outputs, sums below 2**23, proved"""
    return "none" if shared_sums(op) is None else None


@once_for_all
def shared_sums(op: FullyConnected) -> HighWord | None:
    """The formula of all outputs, for sums with the bias in them; None where none is proved."""
    reached = accumulators(op)
    if len(op.weights.quantization.scales) > 1 or stairs_of(op) is None or reached is None:
        return None
    stairs = staircase(rule_of(op, 1), reached.low.min(keepdims=True), reached.high.max(keepdims=True)).saturating()
    formula = fold_signed(stairs, SCALING)
    return formula if formula.proved.all() else None


def dense_words(weights: Array, starts: Array, constants: Array | None) -> Array:
    """uint32: the weights of tk_dense_s8 (runtime/kernels/dsp/tk_dense.h). weights: int8[outputs, inputs]; constants:
    int64[outputs, 4] of tk_dense_any_s8. Inputs are rounded up to a multiple of 16, outputs to one of 8, with zeros."""
    outputs, depth = rounded_up(weights.shape[0], 8), rounded_up(weights.shape[1], 16)
    w = np.zeros((outputs, depth), np.int64)
    w[: weights.shape[0], : weights.shape[1]] = weights
    fours = w.reshape(outputs // 8, 2, 2, 2, depth)  # eight, half, pair, output of the pair, input
    halfwords = 256 * fours[:, :, :, 0] + fours[:, :, :, 1] + np.asarray([0, 128])[:, None]
    quads = (halfwords & 0xFFFF).reshape(outputs // 8, 2, 2, depth // 4, 2, 2)  # eight, half, pair, four, high, odd
    words = (quads[..., 0, :] | quads[..., 1, :] << 16).transpose(0, 3, 4, 1, 2).reshape(outputs // 8, -1)
    s = np.zeros(outputs, np.int64)
    s[: len(starts)] = starts
    halves = s.reshape(outputs // 8, 2, 4)
    parts = [(256 * halves[..., :3] + halves[..., 1:]).reshape(outputs // 8, 6), words]
    if constants is not None:
        parts.append(np.pad(constants, ((0, outputs - len(constants)), (0, 0))).reshape(outputs // 8, 32))
    return np.concatenate([as_words(part) for part in parts], axis=1).ravel()


def _call(op: FullyConnected, symbol: str, words: Array, multiplier: int, addend: int, below: int, shift: int) -> Call:
    depth = rounded_up(op.depth, 16)
    dense = struct(
        "tk_dense_params",
        weights=Table("weights", words, Content.WEIGHTS),
        depth=depth,
        outputs=rounded_up(op.channels, 8),
        multiplier=multiplier,
        addend=addend,
        below=below,
        shift=shift,
    )
    params = struct("tk_fully_connected_dsp_params", dense=dense, rows=op.batch, inputs=op.depth, outputs=op.channels)
    return Call(symbol, (Tensor(op.x), Tensor(op.y), params, Scratch("widened", 2 * depth)))


def bind_shared(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    f = shared_sums(op)
    assert f is not None
    assert op.weights.data is not None
    words = dense_words(op.weights.data, sums_offset(op) + f.start, None)
    constants = (int(column[0]) for column in (f.multiplier, f.addend, f.below, f.shift))
    return (_call(op, "tk_fully_connected_dsp_s8", words, *constants),)


def bind_any(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    f = signed_sums(op)
    assert f is not None
    assert op.weights.data is not None
    words = dense_words(op.weights.data, f.start, np.stack((f.multiplier, f.addend, f.below, f.shift), 1))
    return (_call(op, "tk_fully_connected_dsp_any_s8", words, 0, 0, 0, 0),)


def cost(op: FullyConnected, context: Context) -> Cost:
    """Fitted to counts on a Cortex-M4."""
    depth, eights = rounded_up(op.depth, 16), rounded_up(op.channels, 8) // 8
    cycles = 130 + op.batch * (eights * (depth * 140 // 16 + 95) + 3 * depth + 150)
    instructions = 100 + op.batch * (eights * (depth * 114 // 16 + 75) + 2 * depth + 120)
    return Cost(cycles, instructions, 4 * eights)


VARIANTS = (
    Variant(
        name="tk_fully_connected_dsp_s8",
        op=FullyConnected,
        signatures=("int8",),
        bind=bind_shared,
        cost=cost,
        facts=(constant_weights, no_least_weight, one_formula),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_fully_connected_dsp_any_s8",
        op=FullyConnected,
        signatures=("int8",),
        bind=bind_any,
        cost=cost,
        facts=(constant_weights, no_least_weight, signed),
        features=frozenset({Feature.DSP}),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED of int8: four outputs in three sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from tinycc.analysis.accumulators import accumulators
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import SCALING, constant_weights, signed, signed_sums
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.folding import once_for_all, rule_of, stairs_of, sums_offset
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.high_word import HighWord, fold_signed
from tinycc.numerics.staircase import staircase
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.recurrent.base import wrapped
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


def dense_words(weights: Array, starts: Array, constants: Array | None = None, *, offset: int = 0) -> Array:
    """uint32: the weights of tk_dense_s8 (runtime/kernels/dsp/tk_dense.h). weights: int8[outputs, inputs]; constants:
    int64[outputs, 4] of tk_dense_any_s8. Inputs are rounded up to a multiple of 4, outputs to one of 8, with zeros. offset:
    128 for tk_dense_sums_s8."""
    outputs, depth = rounded_up(weights.shape[0], 8), rounded_up(weights.shape[1], 4)
    w = np.zeros((outputs, depth), np.int64)
    w[: weights.shape[0], : weights.shape[1]] = weights
    fours = w.reshape(outputs // 8, 2, 2, 2, depth)  # eight, half, pair, output of the pair, input
    halfwords = 256 * fours[:, :, :, 0] + fours[:, :, :, 1] + np.asarray([offset, 128])[:, None]
    quads = (halfwords & 0xFFFF).reshape(outputs // 8, 2, 2, depth // 4, 2, 2)  # eight, half, pair, four, high, odd
    words = (quads[..., 0, :] | quads[..., 1, :] << 16).transpose(0, 3, 4, 1, 2).reshape(outputs // 8, -1)
    s = np.zeros(outputs, np.int64)
    s[: len(starts)] = starts
    halves = s.reshape(outputs // 8, 2, 4)
    parts = [(256 * halves[..., :3] + halves[..., 1:]).reshape(outputs // 8, 6), words]
    if constants is not None:
        parts.append(np.pad(constants, ((0, outputs - len(constants)), (0, 0))).reshape(outputs // 8, 32))
    return np.concatenate([as_words(part) for part in parts], axis=1).ravel()


def dense_params(words: Array, depth: int, outputs: int, constants: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Struct:
    """`tk_dense_params`. constants: multiplier, addend, below and shift of tk_dense_s8."""
    multiplier, addend, below, shift = constants
    return struct(
        "tk_dense_params",
        weights=Table("weights", words, Content.WEIGHTS),
        depth=rounded_up(depth, 4),
        outputs=rounded_up(outputs, 8),
        multiplier=multiplier,
        addend=addend,
        below=below,
        shift=shift,
    )


def sums_params(weights: Array, starts: Array) -> Struct:
    """The `tk_dense_params` of tk_dense_sums_s8."""
    return dense_params(dense_words(weights, starts, offset=128), weights.shape[1], weights.shape[0])


def _call(op: FullyConnected, symbol: str, words: Array, constants: tuple[int, int, int, int]) -> Call:
    dense = dense_params(words, op.depth, op.channels, constants)
    params = struct("tk_fully_connected_dsp_params", dense=dense, rows=op.batch, inputs=op.depth, outputs=op.channels)
    return Call(symbol, (Tensor(op.x), Tensor(op.y), params, Scratch("widened", 2 * rounded_up(op.depth, 4))))


def bind_shared(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    f = shared_sums(op)
    assert f is not None
    assert op.weights.data is not None
    words = dense_words(op.weights.data, sums_offset(op) + f.start)
    return (_call(op, "tk_fully_connected_dsp_s8", words, first_constants(f)),)


def first_constants(f: HighWord) -> tuple[int, int, int, int]:
    return int(f.multiplier[0]), int(f.addend[0]), int(f.below[0]), int(f.shift[0])


def bind_any(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    f = signed_sums(op)
    assert f is not None
    assert op.weights.data is not None
    words = dense_words(op.weights.data, f.start, constants_of(f))
    return (_call(op, "tk_fully_connected_dsp_any_s8", words, (0, 0, 0, 0)),)


def constants_of(f: HighWord) -> Array:
    """int64[outputs, 4]."""
    return np.stack((f.multiplier, f.addend, f.below, f.shift), 1)


def whole_words(op: FullyConnected, context: Context) -> str | None:
    """the inputs are a multiple of 4"""
    return None if op.depth % 4 == 0 else f"{op.depth}"


Bind: TypeAlias = Callable[[FullyConnected, Context], "tuple[Call, ...]"]


def near(bind: Bind, symbol: str) -> Bind:
    """The same call of the kernel that reads inputs as they are."""

    def bound(op: FullyConnected, context: Context) -> tuple[Call, ...]:
        (call,) = bind(op, context)
        return (replace(call, symbol=symbol, args=call.args[:3]),)

    return bound


def small_products(op: FullyConnected, context: Context) -> str | None:
    """sums of products stay below 2**23"""
    assert op.weights.data is not None
    most = 128 * int(np.abs(op.weights.data.astype(np.int64)).sum(1).max(initial=0))
    return None if most < 1 << 23 else f"{most:,} at most"


def halved(multiplier: Multiplier) -> bool:
    """Whether it is below 1/2, as tk_codes_s8 has it."""
    return multiplier.shift < 0


def one_small_multiplier(op: FullyConnected, context: Context) -> str | None:
    """the weights have one scale, and the multiplier is less than 1/2"""
    if len(op.requantization) > 1:
        return f"{len(op.requantization)} scales"
    return None if halved(op.requantization[0]) else f"2**{op.requantization[0].shift} at most"


def codes(bias: Array, multiplier: Multiplier, offset: int, limits: tuple[int, int] = (-128, 127)) -> Struct:
    """`tk_codes`. bias: 32 bits, of each sum."""
    return struct(
        "tk_codes",
        bias=Table("bias", bias.astype(np.int32), Content.BIAS),
        multiplier=multiplier.multiplier,
        right=-multiplier.shift,
        offset=offset,
        min=limits[0],
        max=limits[1],
    )


def bind_twice(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    assert op.weights.data is not None
    (multiplier,) = op.requantization
    params = struct(
        "tk_fully_connected_dsp_twice_params",
        dense=sums_params(op.weights.data, np.zeros(op.channels, np.int64)),
        codes=codes(wrapped(sums_offset(op)), multiplier, op.y.zero_point, (int(op.range.min), int(op.range.max))),
        rows=op.batch,
        inputs=op.depth,
        outputs=op.channels,
    )
    scratch = Scratch("widened", 2 * rounded_up(op.depth, 4) + 4 * rounded_up(op.channels, 8))
    return (Call("tk_fully_connected_dsp_twice_s8", (Tensor(op.x), Tensor(op.y), params, scratch)),)


def loops(op: FullyConnected) -> Loops:
    depth, eights = op.batch * rounded_up(op.depth, 4), rounded_up(op.channels, 8) // 8
    return {
        "call": 1,
        "row": op.batch,
        "input": depth,
        "eight": op.batch * eights,
        "input of an eight": depth * eights,
        "rest": op.batch * int(op.channels % 8 > 0),
    }


SHARED = {
    "call": Each(50, 80),
    "row": Each(68, 100),
    "input": Each(2, 3.2),
    "eight": Each(80, 112),
    "input of an eight": Each(7.12, 8.75),
    "rest": Each(62, 107),
}
ANY = {**SHARED, "eight": Each(85.5, 140)}
NEAR = {**SHARED, "input of an eight": Each(7.41, 9.3)}
NEAR_ANY = {**NEAR, "eight": ANY["eight"]}


def cost(op: FullyConnected, rounds: Mapping[str, Each], context: Context) -> Cost:
    return loops_cost(loops(op), rounds, context.target, 4 * rounded_up(op.channels, 8) // 8)


def sums_cost(depth: int, outputs: int) -> Cost:
    """Of tk_widen_row and tk_dense_sums_s8: fitted to counts on a Cortex-M4."""
    depth, eights = rounded_up(depth, 4), rounded_up(outputs, 8) // 8
    return Cost(100 + 3 * depth + eights * (depth * 19 // 2 + 60), 80 + 2 * depth + eights * (8 * depth + 37))


def cost_twice(op: FullyConnected, context: Context) -> Cost:
    row = sums_cost(op.depth, op.channels)
    cycles, instructions = (each + rest * op.channels for each, rest in ((row.cycles, 27), (row.instructions, 21)))
    return Cost(130 + op.batch * cycles, 110 + op.batch * instructions)


def variant(symbol: str, bind: Bind, rounds: Mapping[str, Each], *facts: Fact[FullyConnected]) -> Variant[FullyConnected]:
    return Variant(
        name=symbol,
        op=FullyConnected,
        signatures=("int8",),
        bind=bind,
        cost=lambda op, context: cost(op, rounds, context),
        facts=(constant_weights, no_least_weight, *facts),
        features=frozenset({Feature.DSP}),
    )


def near_variant(symbol: str, bind: Bind, rounds: Mapping[str, Each], *facts: Fact[FullyConnected]) -> Variant[FullyConnected]:
    return variant(symbol, near(bind, symbol), rounds, *facts, whole_words)


VARIANTS = (
    variant("tk_fully_connected_dsp_s8", bind_shared, SHARED, one_formula),
    variant("tk_fully_connected_dsp_any_s8", bind_any, ANY, signed),
    near_variant("tk_fully_connected_near_dsp_s8", bind_shared, NEAR, one_formula),
    near_variant("tk_fully_connected_near_dsp_any_s8", bind_any, NEAR_ANY, signed),
    Variant(
        name="tk_fully_connected_dsp_twice_s8",
        op=FullyConnected,
        signatures=("int8",),
        bind=bind_twice,
        cost=cost_twice,
        facts=(rounds_twice, constant_weights, one_small_multiplier, small_products),
        features=frozenset({Feature.DSP}),
    ),
)

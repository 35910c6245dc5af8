# SPDX-License-Identifier: Apache-2.0
"""FULLY_CONNECTED and 1x1 convolutions of int8 whose weights are mostly 0: only the others are stored, and computed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.cmsis_nn.convolution import every_pixel, one_by_one
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.facts import rounds_twice, symmetric_weights
from tinycc.kernels.folding import once_for_all, sums_offset
from tinycc.kernels.stored.requant import is_normal, requant
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Content
from tinycc.target import Feature

RUN, BLOCK, STEP, PIXELS = 256, 16, 127, 8
"""TK_SPARSE_RUN, TK_SPARSE_BLOCK, the longest step to the next input, TK_SPARSE_PIXELS."""
Op = Conv2D | FullyConnected


@once_for_all
def rows_of(op: Op) -> Array | None:
    """int64[outputs, inputs]; None if the weights are computed."""
    weights = filters(op)
    return None if weights is None else weights.reshape(-1, weights.shape[-1]).T


def constant_operands(op: Op, context: Context) -> str | None:
    """weights and bias are constants, and multipliers have 31 bits"""
    if rows_of(op) is None or (op.bias is not None and op.bias.data is None):
        return "computed ones"
    if len(op.requantization) not in (1, op.channels):
        return f"{len(op.requantization)} multipliers"
    return None if is_normal(op.requantization) else "another multiplier"


def mostly_zeros(op: Op, context: Context) -> str | None:
    """at least half of the weights are 0, and the others take fewer bytes with their places; an output has less than 2**16"""
    weights = rows_of(op)
    if weights is None:
        return "computed ones"
    zeros = 1 - np.count_nonzero(weights) / max(weights.size, 1)
    if zeros < 0.5 or weights.shape[1] >= 1 << 16:
        return f"{zeros:.0%} of {weights.shape[1]}"
    stored = _stored(op)
    return None if stored < weights.size else f"{stored:,} bytes for {weights.size:,}"


def _stored(op: Op) -> int:
    """Bytes of what stands for the weights."""
    if isinstance(op, FullyConnected):
        words, counts = pairs_of(op)
        return words.nbytes + counts.nbytes
    return sum(2 + 2 * len(entries) for entries in entries_of(op))


def sums_of_32_bits(op: Op, context: Context) -> str | None:
    """no sum leaves 32 bits"""
    weights = rows_of(op)
    if weights is None:
        return "computed weights"
    most = int((np.abs(sums_offset(op)) + 128 * np.abs(weights).sum(1)).max(initial=0))
    return None if most < 1 << 31 else f"{most:,}"


def steps(row: Array) -> Array:
    """int64[entries, 2]: (weight, inputs further than the one before), what `entries` of tk_convolve_1x1_sparse_s8 hold for an
    output. A weight 0 stands at the end of each step of STEP that leads to no other."""
    (places,) = np.nonzero(row)
    gaps = np.diff(places, prepend=0)
    between = np.maximum(gaps - 1, 0) // STEP
    at = np.cumsum(between + 1) - 1
    made = np.stack((np.zeros(len(places) + between.sum(), np.int64), np.full(len(places) + between.sum(), STEP)), axis=1)
    made[at, 0], made[at, 1] = row[places], gaps - STEP * between
    return made


@once_for_all
def entries_of(op: Conv2D) -> list[Array]:
    weights = rows_of(op)
    assert weights is not None
    return [steps(row) for row in weights]


@once_for_all
def pairs_of(op: FullyConnected) -> tuple[Array, Array]:
    """(`entries` of tk_fully_connected_sparse_s8, words of them for each run of each output)."""
    weights = rows_of(op)
    assert weights is not None
    runs = np.pad(weights, ((0, 0), (0, -weights.shape[1] % RUN))).reshape(len(weights), -1, RUN)
    blocks = (runs[first : first + BLOCK].swapaxes(0, 1).reshape(-1, RUN) for first in range(0, len(runs), BLOCK))
    words, counts = [], []
    for run in (run for block in blocks for run in block):
        (places,) = np.nonzero(run)
        halves = places | (run[places] & 0xFF) << 8
        halves = np.pad(halves, (0, len(halves) % 2))
        words.append(halves[::2] | halves[1::2] << 16)
        counts.append(len(halves) // 2)
    return np.concatenate(words).astype(np.uint32), np.asarray(counts, np.uint8)


def _shared(op: Op) -> tuple[Struct, Struct]:
    """(`tk_requant` with the zero point in the biases, `tk_requant_clamp`)."""
    clamp = struct("tk_requant_clamp", output_offset=op.y.zero_point, min=int(op.range.min), max=int(op.range.max))
    return requant(op.requantization, sums_offset(op)), clamp


def bind_dense(op: FullyConnected, context: Context) -> tuple[Call, ...]:
    words, counts = pairs_of(op)
    packed, clamp = _shared(op)
    params = struct(
        "tk_fully_connected_sparse",
        counts=Table("counts", counts, Content.WEIGHTS),
        entries=Table("weights", words, Content.WEIGHTS),
        requant=packed,
        clamp=clamp,
        rows=op.batch,
        inputs=op.depth,
        outputs=op.channels,
    )
    return (Call("tk_fully_connected_sparse_s8", (Tensor(op.x), Tensor(op.y), params)),)


def bind_pointwise(op: Conv2D, context: Context) -> tuple[Call, ...]:
    entries = entries_of(op)
    packed, clamp = _shared(op)
    flat = np.concatenate(entries).astype(np.int8).ravel()
    params = struct(
        "tk_convolve_1x1_sparse",
        counts=Table("counts", np.asarray([len(row) for row in entries], np.uint16), Content.WEIGHTS),
        entries=Table("weights", flat, Content.WEIGHTS),
        requant=packed,
        clamp=clamp,
        pixels=op.y.type.elements // op.channels,
        inputs=op.x.shape[3],
        outputs=op.channels,
    )
    planes = Scratch("planes", 2 * PIXELS * op.x.shape[3])
    return (Call("tk_convolve_1x1_sparse_s8", (Tensor(op.x), Tensor(op.y), params, planes)),)


def some_weight(op: Op, context: Context) -> str | None:
    """not all weights are 0"""
    weights = rows_of(op)
    return None if weights is not None and weights.any() else "none that is not"


@dataclass(frozen=True)
class Counted:
    """What rounds take on a core, counted: `dense` of a call, an output, its part of a run, a word of two entries; `pointwise`
    of a call, an input of a block, an output of it, an entry."""

    dense: Mapping[str, Each]
    pointwise: Mapping[str, Each]


DSP = Counted(
    {"call": Each(100, 160), "output": Each(48, 68), "run": Each(14.9, 22.9), "two": Each(8.3, 10.6)},
    {"call": Each(100, 160), "input": Each(116, 115), "output": Each(197, 281), "entry": Each(21.8, 28.8)},
)
PLAIN = Counted(
    {"call": Each(100, 160), "output": Each(48, 71), "run": Each(13, 20.5), "two": Each(9.8, 13.1)},
    {"call": Each(100, 160), "input": Each(90, 137), "output": Each(203, 265), "entry": Each(30.9, 42.8)},
)
NARROW = Counted(
    {"call": Each(133, 226), "output": Each(123, 176), "run": Each(33.5, 45.3), "two": Each(15.9, 20)},
    {"call": Each(130, 220), "input": Each(108, 148), "output": Each(722, 1004), "entry": Each(43.8, 53.3)},
)
RISC_V = Counted(
    {"call": Each(100, 162), "output": Each(51, 73), "run": Each(15.5, 24.2), "two": Each(15.6, 18.9)},
    {"call": Each(100, 160), "input": Each(106, 146), "output": Each(214, 289), "entry": Each(37.9, 45.8)},
)
COUNTED: Mapping[str, Counted] = {"cortex-m0": NARROW, "cortex-m0plus": NARROW, "rv32imc": RISC_V}


def _cost(op: Op, context: Context, rounds: Loops) -> Cost:
    target = context.target
    known = COUNTED.get(target.name)
    counted = known or (DSP if Feature.DSP in target.features else PLAIN)
    each = counted.dense if isinstance(op, FullyConnected) else counted.pointwise
    if known is None:
        return loops_cost(rounds, each, target)
    cycles, instructions = (
        round(sum(getattr(each[name], what) * count for name, count in rounds.items())) for what in ("cycles", "instructions")
    )
    return Cost(cycles, instructions)


def cost_dense(op: FullyConnected, context: Context) -> Cost:
    words, counts = pairs_of(op)
    rows = op.batch
    return _cost(op, context, {"call": 1, "output": rows * op.channels, "run": rows * len(counts), "two": rows * len(words)})


def cost_pointwise(op: Conv2D, context: Context) -> Cost:
    blocks = -(-op.y.type.elements // op.channels // PIXELS)
    entries = sum(map(len, entries_of(op)))
    rounds = {"call": 1, "input": blocks * op.x.shape[3], "output": blocks * op.channels, "entry": blocks * entries}
    return _cost(op, context, rounds)


VARIANTS = (
    Variant(
        name="tk_fully_connected_sparse_s8",
        op=FullyConnected,
        signatures=("int8",),
        bind=bind_dense,
        cost=cost_dense,
        facts=(rounds_twice, symmetric_weights, constant_operands, mostly_zeros, some_weight, sums_of_32_bits),
        thrifty=True,
    ),
    Variant(
        name="tk_convolve_1x1_sparse_s8",
        op=Conv2D,
        signatures=("int8",),
        bind=bind_pointwise,
        cost=cost_pointwise,
        facts=(
            rounds_twice,
            symmetric_weights,
            one_by_one,
            every_pixel,
            constant_operands,
            mostly_zeros,
            some_weight,
            sums_of_32_bits,
        ),
        thrifty=True,
    ),
)

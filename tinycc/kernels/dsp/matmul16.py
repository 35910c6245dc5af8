# SPDX-License-Identifier: Apache-2.0
"""BATCH_MATMUL of int16: a row times two columns at a time; see runtime/kernels/dsp/tk_batch_matmul_dsp_s16.h."""

from __future__ import annotations

from dataclasses import replace

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Call, Struct, Tensor, struct
from tinycc.kernels.cmsis_nn.counts16 import of_turned
from tinycc.kernels.cmsis_nn.dense import transposed
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.products16 import HIGH, floor_of, plain_bounds, upper_half
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.dense import matmul_shape
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.target import Feature

LARGEST_SHIFT = 48
"""The largest right shift of a multiplier for which the shift of a high word, rounding included, has 32 bits."""


def neighbours(op: BatchMatMul) -> Struct:
    """The `tk_matmul_shape` of operands whose sums go through neighbours."""
    depth, shape = op.x_matrix[1], matmul_shape(op)
    return replace(
        shape, fields=tuple({**dict(shape.fields), "x_row": depth, "x_step": 1, "w_column": depth, "w_step": 1}.items())
    )


def high_word(multiplier: Multiplier) -> tuple[int, int, int]:
    """m, added, shift: (sum * m + added) >> (32 + shift) is what the reference makes of a sum; `added` has 64 bits."""
    reduced, right = upper_half(multiplier), 15 - multiplier.shift
    left = max(HIGH - right, 0)
    return reduced << left, 1 << (right + left - 1), right + left - HIGH


def multiplied(op: BatchMatMul, context: Context) -> str | None:
    """the multiplier, rounded to 16 bits, is one for the high word"""
    shift = op.requantization[0].shift
    return None if -LARGEST_SHIFT <= shift <= -1 else f"2**{shift} at most"


def bind(op: BatchMatMul, context: Context) -> tuple[Call, ...]:
    """What does not lie so is transposed first."""
    x, x_calls = transposed("x", op.x) if op.adj_x else (Tensor(op.x), ())
    w, w_calls = (Tensor(op.weights), ()) if op.adj_y else transposed("weights", op.weights)
    multiplier, added, shift = high_word(op.requantization[0])
    dots = struct(
        "tk_dots_s16_params",
        depth=op.x_matrix[1],
        columns=op.channels,
        multiplier=multiplier,
        low=added % 2**HIGH,
        high=added >> HIGH,
        shift=shift,
        floor=floor_of(op),
    )
    return (*x_calls, *w_calls, Call("tk_batch_matmul_dsp_s16", (x, w, Tensor(op.y), neighbours(op), dots)))


def loops(op: BatchMatMul) -> Loops:
    (rows, depth), columns = op.x_matrix, op.channels
    matrices = op.y.type.elements // (rows * columns)
    pairs = matrices * rows * -(-columns // 2)
    return {
        "call": 1,
        "matrix": matrices,
        "row": matrices * rows,
        "pair": pairs,
        "two": pairs * (depth // 2),
        "round": pairs * -(-(depth // 2) // 2),
        "odd": pairs * (depth % 2),
        **of_turned(op),
    }


ROUNDS = {
    "call": Each(73.9, 140),
    "matrix": Each(40.9, 36.2),
    "row": Each(17.8, 59),
    "pair": Each(42.7, 58.7),
    "two": Each(4.54, 3.33),
    "round": Each(3.15, 8.79),
    "odd": Each(5.32, 4.05),
    "turned": Each(91.8, 134),
    "turned row": Each(42, 52.6),
    "turned element": Each(6.77, 9.99),
}

VARIANTS = (
    Variant(
        name="tk_batch_matmul_dsp_s16",
        op=BatchMatMul,
        signatures=("int16",),
        bind=bind,
        cost=lambda op, context: loops_cost(loops(op), ROUNDS, context.target),
        facts=(rounds_twice, multiplied, plain_bounds),
        features=frozenset({Feature.DSP}),
    ),
)

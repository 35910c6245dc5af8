# SPDX-License-Identifier: Apache-2.0
"""LSTM of int16 with int8 weights on Helium: the matrix layers of int16, then the gates of the units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Struct, struct
from tinycc.kernels.dsp.products16 import WHOLE, all_high
from tinycc.kernels.folding import once
from tinycc.kernels.mve import layer
from tinycc.kernels.mve.conv16 import row_flash, row_instructions
from tinycc.kernels.mve.packing import STEP_S16, dense_stream, high_constants, octets
from tinycc.kernels.mve.recurrent import by_gate, call_of, for_all_units, short_rows, small_multipliers
from tinycc.numerics.staircase import Ints
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.target import Feature


@dataclass(frozen=True, eq=False)
class Product:
    """One of the two of a step. weights: int8[channels, K]; bias: int64[channels]; multipliers: so for the high word; None
    where a channel has none."""

    weights: Array
    bias: Ints
    multipliers: Ints | None

    @property
    def largest(self) -> int:
        """Of the magnitudes of all sums."""
        return int(((np.abs(self.weights.astype(np.int64)).sum(1) << 15) + np.abs(self.bias)).max())

    @property
    def matrix(self) -> Struct:
        """The `tk_mve_gemm` of it."""
        assert self.multipliers is not None
        packed = dense_stream(self.weights, high_constants(self.bias, self.multipliers), STEP_S16)
        channels, depth = self.weights.shape
        low, high = WHOLE
        return struct("tk_mve_gemm", weights=layer.stream(packed), depth=depth, channels=channels, min=low, max=high)


@once
def products(op: Lstm) -> tuple[Product, Product]:
    """Of x, and of the output of the step before."""
    c = op.constants
    given = (c.input, c.input_bias, op.input_multipliers), (c.recurrent, c.recurrent_bias, op.recurrent_multipliers)
    first, second = (Product(by_gate(w), by_gate(bias), all_high(for_all_units(op, m))) for w, bias, m in given)
    return first, second


def one_multiplication(op: Lstm, context: Context) -> str | None:
    """products and bias of every gate stay below 2**31, and its multiplier, rounded to 16 bits, is one for the high word"""
    if any(product.multipliers is None for product in products(op)):
        return "multipliers without one"
    largest = max(product.largest for product in products(op))
    return None if largest < 1 << 31 else f"{largest:,} at most"


def bind(op: Lstm, context: Context) -> tuple[Call, ...]:
    inputs, recurrent = products(op)
    return call_of(op, inputs.matrix, recurrent.matrix)


def cost(op: Lstm, context: Context) -> Cost:
    units, sequence = op.layer.units, op.sequence
    depths, fours, times = (sequence.inputs, units), -(-units // 4), sequence.batch * sequence.steps
    step = sum(row_instructions(depth, 4 * units) for depth in depths) + 149 * fours - 8
    scalar = 72 + 12 * octets(4 * units) + 40 * fours
    flash = sum(row_flash(depth, 4 * units) for depth in depths) + 512
    return layer.cost(130 + times * step, 80 + times * scalar, flash)


VARIANTS = (
    Variant(
        name="tk_mve_lstm_s16",
        op=Lstm,
        signatures=("int16",),
        bind=bind,
        cost=cost,
        facts=(short_rows, small_multipliers, one_multiplication),
        features=frozenset({Feature.MVE}),
    ),
)

# SPDX-License-Identifier: Apache-2.0
"""SVDF and LSTM of int8 on Helium: matrix layers, then the memory of the filters, or the gates of the units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinycc.ir import Array, DType
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.mve import layer
from tinycc.kernels.mve.packing import dense_stream, octets, signed_constants, steps, wide_constants
from tinycc.kernels.portable.lstm import tflm_layer
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.tables import sigmoid_table
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.program.types import Content
from tinycc.target import Feature

MAX_DEPTH = 1 << 16
LIMIT = 32767
"""The sigmoid less 1/2, from the last word of the table on."""


def matrix(weights: Array, bias: Array, multipliers: Sequence[Multiplier], *, wide: bool) -> Struct:
    """The `tk_mve_gemm` of a row times weights int8[O, K], rounded twice; a multiplier for each output. `wide`: to 16 bits."""
    multiplier = np.asarray([m.multiplier for m in multipliers], np.int64)
    shift = np.asarray([m.shift for m in multipliers], np.int64)
    sums = wrapped(bias)
    constants = wide_constants(sums, multiplier, shift) if wide else signed_constants(sums, multiplier, -shift)
    return struct(
        "tk_mve_gemm",
        weights=layer.stream(dense_stream(weights, constants)),
        depth=weights.shape[1],
        channels=len(weights),
        min=-128,
        max=127,
    )


def dense_instructions(depth: int, channels: int) -> int:
    """Of tk_mve_dense_signed_s8 or _s16."""
    count, wide = octets(channels), steps(depth)
    rounds = max(wide - 9 + 3, 0) // 4
    return 47 + count * (17 * wide + 42 + (2 * rounds + 2 if rounds else 0))


# SVDF


def few_inputs(op: Svdf, context: Context) -> str | None:
    """a filter has fewer than 2**16 inputs"""
    inputs = op.x.shape[1]
    return None if inputs < MAX_DEPTH else f"{inputs:,}"


def short_memory(op: Svdf, context: Context) -> str | None:
    """seven memories have fewer than 2**16 elements"""
    return None if 7 * op.memory < 1 << 16 else f"a memory of {op.memory:,}"


def scaled_down(op: Svdf, context: Context) -> str | None:
    """an int8 state's multiplier is less than 1/2, the output's less than 1"""
    state, output = op.state_multiplier.shift, op.output_multiplier.shift
    narrow = op.activation_state.dtype is DType.INT8
    return None if output <= 0 and (state < 0 or not narrow) else f"2**{state} and 2**{output} at most"


def bind_svdf(op: Svdf, context: Context) -> tuple[Call, ...]:
    feature, time, state = op.weights_feature.data, op.weights_time.data, op.activation_state
    assert feature is not None
    assert time is not None
    sums = -op.x.zero_point * feature.sum(1, dtype=np.int64)
    bias = -state.zero_point * time.reshape(op.units, -1).sum(1, dtype=np.int64)
    if op.bias is not None and op.bias.data is not None:
        bias = bias + op.bias.data.ravel()
    memory = struct(
        "tk_mve_svdf_time",
        weights=Tensor(op.weights_time),
        bias=Table("bias", wrapped(bias).astype(np.int32), Content.BIAS),
        units=op.units,
        length=op.rank * op.memory,
        filters=op.filters,
        memory=op.memory,
        multiplier=op.output_multiplier.multiplier,
        minus_shift=op.output_multiplier.shift,
        offset=op.y.zero_point,
        state_offset=state.zero_point,
    )
    described = struct(
        "tk_mve_svdf",
        feature=matrix(feature, sums, [op.state_multiplier] * op.filters, wide=state.dtype is DType.INT16),
        time=memory,
        batch=op.x.shape[0],
    )
    symbol = f"tk_mve_svdf_s{8 * state.dtype.bytes}"
    newest = Scratch("newest", op.filters * state.dtype.bytes)
    return (Call(symbol, (Tensor(op.x), Tensor(state), newest, Tensor(op.y), described)),)


def cost_svdf(op: Svdf, context: Context) -> Cost:
    size = op.activation_state.dtype.bytes
    moved = 3 * -(-op.filters * op.memory * size // 16) + 5 * -(-op.filters // 8)
    unit = 11 + 4 * -(-op.rank * op.memory * size // 16)
    total = dense_instructions(op.x.shape[1], op.filters) + 40 + moved + op.units * unit + 26 * -(-op.units // 4)
    batch = op.x.shape[0]
    flash = octets(op.filters) * 8 * (16 * steps(op.x.shape[1]) + 16) - op.filters * op.x.shape[1]
    return layer.cost(batch * total, batch * (60 + 9 * op.units), flash)


def svdf(bits: int, signature: str) -> Variant[Svdf]:
    return Variant(
        name=f"tk_mve_svdf_s{bits}",
        op=Svdf,
        signatures=(signature,),
        bind=bind_svdf,
        cost=cost_svdf,
        facts=(few_inputs, short_memory, scaled_down),
        features=frozenset({Feature.MVE}),
    )


# LSTM


def short_rows(op: Lstm, context: Context) -> str | None:
    """inputs and units are fewer than 2**16"""
    most = max(op.sequence.inputs, op.layer.units)
    return None if most < MAX_DEPTH else f"{most:,}"


def small_multipliers(op: Lstm, context: Context) -> str | None:
    """the multipliers of products of gates are less than 1/2"""
    most = max(m.shift for m in (*op.cell_multipliers, op.output_multiplier))
    return None if most < 0 else f"2**{most} at most"


def words_of_the_table() -> Array:
    """int32[256]: as tk_mve_lstm.h says it."""
    points = sigmoid_table().astype(np.int64)
    values = np.append(points[:-1], LIMIT)
    words: Array = (values + (np.diff(points, append=points[-1:]) << 16)).astype(np.int32)
    return words


def by_gate(weights: Array) -> Array:
    """[units, gates, ...] -> [channels, ...], as tk_mve_lstm.h has them."""
    swapped = weights.swapaxes(0, 1)
    return swapped.reshape(-1, *swapped.shape[2:])


def for_all_units(op: Lstm, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """One of each channel, from one of each gate."""
    return [m for m in multipliers for _ in range(op.layer.units)]


def bind_lstm(op: Lstm, context: Context) -> tuple[Call, ...]:
    constants = op.constants

    def product(weights: Array, bias: Array, multipliers: Sequence[Multiplier]) -> Struct:
        return matrix(by_gate(weights), by_gate(bias), for_all_units(op, multipliers), wide=True)

    inputs = product(constants.input, constants.input_bias, op.input_multipliers)
    recurrent = product(constants.recurrent, constants.recurrent_bias, op.recurrent_multipliers)
    return call_of(op, inputs, recurrent)


def call_of(op: Lstm, inputs: Struct, recurrent: Struct) -> tuple[Call, ...]:
    """Of tk_mve_lstm_s8, or _s16, with the matrices of the gates."""
    units, sequence = op.layer.units, op.sequence
    (keep, add), (low, high), tangent = op.cell_multipliers, op.cell_range, op.tanh_argument
    cell = struct(
        "tk_mve_lstm_cell",
        table=Table("sigmoid", words_of_the_table(), Content.TABLE),
        units=units,
        update_multiplier=add.multiplier,
        update_minus_shift=add.shift,
        forget_multiplier=keep.multiplier,
        forget_minus_shift=keep.shift,
        cell_min=low,
        cell_max=high,
        tanh_multiplier=tangent.multiplier,
        tanh_minus_shift=-tangent.shift,
        output_multiplier=op.output_multiplier.multiplier,
        output_minus_shift=op.output_multiplier.shift,
        output_offset=op.hidden.zero_point,
    )
    described = struct(
        "tk_mve_lstm",
        input=inputs,
        recurrent=recurrent,
        cell=cell,
        batch=sequence.batch,
        steps=sequence.steps,
        batch_rows=sequence.batch_rows,
        step_rows=sequence.step_rows,
    )
    gates = Scratch("gates", 2 * (8 * units + -units % 4))
    states = Tensor(op.hidden), Tensor(op.cell)
    return (Call(f"tk_mve_lstm_s{8 * op.x.dtype.bytes}", (Tensor(op.x), *states, Tensor(op.y), gates, described)),)


def cost_lstm(op: Lstm, context: Context) -> Cost:
    units, inputs, sequence = op.layer.units, op.sequence.inputs, op.sequence
    step = dense_instructions(inputs, 4 * units) + dense_instructions(units, 4 * units) + 60 + 150 * -(-units // 4)
    total = sequence.batch * sequence.steps * step
    flash = octets(4 * units) * 8 * (16 * (steps(inputs) + steps(units)) + 32) - 4 * units * (inputs + units + 4)
    return layer.cost(total, 0.1 * total, flash + 512)


VARIANTS: tuple[Variant[Any], ...] = (
    svdf(16, "int8, int16 state"),
    svdf(8, "int8"),
    Variant(
        name="tk_mve_lstm_s8",
        op=Lstm,
        signatures=("int8",),
        bind=bind_lstm,
        cost=cost_lstm,
        facts=(tflm_layer, short_rows, small_multipliers),
        features=frozenset({Feature.MVE}),
    ),
)

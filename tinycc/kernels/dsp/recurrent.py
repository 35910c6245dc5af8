# SPDX-License-Identifier: Apache-2.0
"""SVDF and LSTM of int8: matrix layers, then the memory of the filters, or the gates of the units."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.dsp.dense import codes, halved, sums_cost, sums_params
from tinycc.kernels.dsp.gemm import rounded_up
from tinycc.kernels.mve.recurrent import words_of_the_table
from tinycc.kernels.portable.lstm import tflm_layer
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.program.types import Content
from tinycc.target import Feature

NARROW = 1 << 23
"""What a sum of a matrix layer stays below."""
DOUBLINGS = 7
"""How often sums below 2**23 can be doubled, beyond the once that tk_rescale_s16 wants."""


def scale_numbers(multiplier: Multiplier) -> tuple[int, int, int, int, int]:
    """multiplier, up, below, half and right of a `tk_scale_s16`."""
    right = max(-multiplier.shift, 0)
    return multiplier.multiplier, 1 + max(multiplier.shift, 0), -1 if right else 0, (1 << right) >> 1, right


def scale_of(numbers: tuple[int, int, int, int, int]) -> Struct:
    multiplier, up, below, half, right = numbers
    return struct("tk_scale_s16", multiplier=multiplier, up=up, below=below, half=half, right=right)


def few_doublings(multipliers: list[Multiplier]) -> bool:
    """Whether sums below 2**23 have room for them."""
    return all(m.shift <= DOUBLINGS for m in multipliers)


def largest_sum(weights: Array, bias: Array) -> int:
    """Of int8 inputs times the weights of an output (axis 0), with its bias."""
    products = np.abs(weights.astype(np.int64)).reshape(len(weights), -1).sum(1) * 128
    return int((products + np.abs(bias)).max(initial=0))


# SVDF


def biases(op: Svdf) -> tuple[Array, Array]:
    """int64[filters], int64[units]: what zero points and the bias add to the sums."""
    feature, time = op.weights_feature.data, op.weights_time.data
    assert feature is not None
    assert time is not None
    bias = -op.activation_state.zero_point * time.reshape(op.units, -1).sum(1, dtype=np.int64)
    if op.bias is not None and op.bias.data is not None:
        bias = bias + op.bias.data.ravel()
    return -op.x.zero_point * feature.sum(1, dtype=np.int64), bias


def constants(op: Svdf, context: Context) -> str | None:
    """weights and bias are constants"""
    computed = [v.name for v in (op.weights_feature, op.weights_time, op.bias) if v is not None and v.data is None]
    return f"%{computed[0]} computed" if computed else None


def small_sums(op: Svdf, context: Context) -> str | None:
    """the sums of filters stay below 2**23"""
    assert op.weights_feature.data is not None
    most = largest_sum(op.weights_feature.data, biases(op)[0])
    return None if most < NARROW else f"{most:,} at most"


def scaled_down(op: Svdf, context: Context) -> str | None:
    """the multiplier of filters is less than 2**7, that of units less than 1/2"""
    state, output = op.state_multiplier, op.output_multiplier
    return None if few_doublings([state]) and halved(output) else f"2**{state.shift} and 2**{output.shift} at most"


def bind_svdf(op: Svdf, context: Context) -> tuple[Call, ...]:
    assert op.weights_feature.data is not None
    of_filters, of_units = biases(op)
    state, filters = op.activation_state, rounded_up(op.filters, 8)
    layer = struct(
        "tk_svdf_dsp",
        feature=sums_params(op.weights_feature.data, of_filters),
        newest=scale_of(scale_numbers(op.state_multiplier)),
        memory=struct("tk_remember", units=op.units, rank=op.rank, memory=op.memory, offset=state.zero_point),
        output=codes(wrapped(of_units), op.output_multiplier, op.y.zero_point),
        weights=Tensor(op.weights_time),
        batch=op.x.shape[0],
        inputs=op.x.shape[1],
    )
    sums = Scratch("sums", 4 * filters + 2 * rounded_up(op.x.shape[1], 4))
    symbol = f"tk_svdf_dsp_s{8 * state.dtype.bytes}"
    return (Call(symbol, (Tensor(op.x), Tensor(state), Tensor(op.y), layer, sums)),)


def cost_svdf(op: Svdf, context: Context) -> Cost:
    """Reckoned from the code."""
    row, size = sums_cost(op.x.shape[1], op.filters), op.activation_state.dtype.bytes
    words = -(-op.memory * size // 4)
    moved = (16 if size == 1 else 10, 11 if size == 1 else 6)
    cycles, instructions = (
        op.filters * (words * each + 20 + rest) + 30 * op.units for each, rest in zip(moved, (18, 16), strict=True)
    )
    batch = op.x.shape[0]
    return Cost(200 + batch * (row.cycles + cycles), 150 + batch * (row.instructions + instructions))


def svdf(bits: int, signature: str) -> Variant[Svdf]:
    return Variant(
        name=f"tk_svdf_dsp_s{bits}",
        op=Svdf,
        signatures=(signature,),
        bind=bind_svdf,
        cost=cost_svdf,
        facts=(constants, small_sums, scaled_down),
        features=frozenset({Feature.DSP}),
    )


# LSTM


def by_gate(weights: Array, group: int) -> Array:
    """[4 * group, inputs]: gate by gate, each with its units rounded up to `group`. weights: [units, 4, inputs]."""
    padded = np.pad(weights.transpose(1, 0, 2), ((0, 0), (0, group - len(weights)), (0, 0)))
    return padded.reshape(4 * group, -1)


def small_arguments(op: Lstm, context: Context) -> str | None:
    """the sums of gates stay below 2**23"""
    c = op.constants
    sums = [(c.input, c.input_bias), (c.recurrent, c.recurrent_bias)]
    most = max(largest_sum(weights.reshape(-1, weights.shape[2]), bias.ravel()) for weights, bias in sums)
    return None if most < NARROW else f"{most:,} at most"


def small_multipliers(op: Lstm, context: Context) -> str | None:
    """the multipliers of products of gates are less than 1/2, those of their arguments less than 2**7"""
    products = max(m.shift for m in (*op.cell_multipliers, op.output_multiplier))
    fits = products < 0 and few_doublings([*op.input_multipliers, *op.recurrent_multipliers])
    return None if fits else f"2**{products} at most"


def bind_lstm(op: Lstm, context: Context) -> tuple[Call, ...]:
    units, sequence, c = op.layer.units, op.sequence, op.constants
    group = rounded_up(units, 4)

    def matrix(weights: Array, bias: Array) -> Struct:
        return sums_params(by_gate(weights, group), by_gate(bias[:, :, None], group).ravel())

    scales = [m for multipliers in (op.input_multipliers, op.recurrent_multipliers) for m in multipliers]
    rows = [scale_numbers(m) for m in scales]
    described = struct(
        "tk_lstm_dsp",
        input=matrix(c.input, c.input_bias),
        recurrent=matrix(c.recurrent, c.recurrent_bias),
        scales=Table("scales", np.asarray(rows, np.int32), Content.REQUANT, ctype="tk_scale_s16"),
        cell=_cell(op),
        inputs=sequence.inputs,
        batch=sequence.batch,
        steps=sequence.steps,
        batch_rows=sequence.batch_rows,
        step_rows=sequence.step_rows,
    )
    gates = Scratch("gates", 8 * rounded_up(4 * group, 8) + 2 * rounded_up(max(sequence.inputs, units), 4))
    states = Tensor(op.hidden), Tensor(op.cell)
    return (Call("tk_lstm_dsp_s8", (Tensor(op.x), *states, Tensor(op.y), gates, described)),)


def _cell(op: Lstm) -> Struct:
    (keep, add), (low, high), tangent, output = op.cell_multipliers, op.cell_range, op.tanh_argument, op.output_multiplier
    return struct(
        "tk_lstm_dsp_cell",
        table=Table("sigmoid", words_of_the_table(), Content.TABLE),
        units=op.layer.units,
        update=rounded(add.multiplier, -add.shift),
        forget=rounded(keep.multiplier, -keep.shift),
        cell_min=low,
        cell_max=high,
        tanh=rounded(tangent.multiplier, tangent.shift),
        output=rounded(output.multiplier, -output.shift),
        output_offset=op.hidden.zero_point,
    )


def rounded(multiplier: int, shift: int) -> Struct:
    return struct("tk_lstm_dsp_scale", multiplier=multiplier, half=(1 << shift) >> 1, shift=shift)


def cost_lstm(op: Lstm, context: Context) -> Cost:
    """Reckoned from the code."""
    units, sequence = op.layer.units, op.sequence
    group = rounded_up(units, 4)
    matrices = [sums_cost(depth, 4 * group) for depth in (sequence.inputs, units)]
    steps = sequence.batch * sequence.steps
    cycles = sum(row.cycles for row in matrices) + 8 * (group * 11 + 30) + 175 * units + 150
    instructions = sum(row.instructions for row in matrices) + 8 * (group * 8 + 20) + 131 * units + 100
    return Cost(steps * cycles, steps * instructions, 1024)


VARIANTS: tuple[Variant[Any], ...] = (
    svdf(16, "int8, int16 state"),
    svdf(8, "int8"),
    Variant(
        name="tk_lstm_dsp_s8",
        op=Lstm,
        signatures=("int8",),
        bind=bind_lstm,
        cost=cost_lstm,
        facts=(tflm_layer, small_arguments, small_multipliers),
        features=frozenset({Feature.DSP}),
    ),
)

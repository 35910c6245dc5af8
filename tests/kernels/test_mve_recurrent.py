# SPDX-License-Identifier: Apache-2.0
"""SVDF and LSTM on Helium: the C twins on this machine and the assembly on an emulated Cortex-M55, both against numpy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from kernel_runs import Board, Call, Host
from mve_trials import KINDS, Trial, check, codes, constant, make_board, make_host

from tinycc.kernels.mve.packing import STEP_S16, dense_stream, high_constants, signed_constants, wide_constants
from tinycc.kernels.mve.recurrent import words_of_the_table
from tinycc.numerics.fixedpoint import requantize
from tinycc.ops.elementwise.activations import Logistic, Tanh
from tinycc.ops.recurrent.base import wrapped


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    return make_host(tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board | None:
    return make_board(tmp_path_factory.mktemp("board"))


def saturated(values: np.ndarray, bits: int = 16) -> np.ndarray:
    return np.clip(values, -(1 << bits - 1), (1 << bits - 1) - 1)


def drawn_matrix(
    rng: np.random.Generator, kind: str, channels: int, depth: int, shifts: np.ndarray, *, wide: bool
) -> tuple[Any, Any]:
    """(the `tk_mve_gemm` of a matrix, the function that it is: x -> requantized sums)."""
    weights, bias = codes(rng, kind, (channels, depth), -127), rng.integers(-20000, 20000, channels)
    multiplier = rng.integers(1 << 30, (1 << 31) - 1, channels)
    constants = (wide_constants(bias, multiplier, shifts)) if wide else signed_constants(bias, multiplier, -shifts)
    packed = constant(dense_stream(weights, constants))
    fields = {"weights": packed, "depth": depth, "channels": channels, "min": -128, "max": 127}

    def function(x: np.ndarray) -> np.ndarray:
        sums = wrapped(weights.astype(np.int64) @ x + bias)
        return saturated(requantize(sums, multiplier, shifts), 16 if wide else 8)

    return ("tk_mve_gemm", fields), function


@pytest.mark.parametrize("kind", KINDS)
def test_sums_of_16_bits(host: Host, board: Board | None, kind: str) -> None:
    """Without a shift, with shifts to both sides."""
    rng = np.random.default_rng(1)

    def trials() -> Iterator[Trial]:
        for depth in (1, 15, 16, 17, 28, 96, 160, 300):
            channels = int(rng.integers(1, 30))
            layer, function = drawn_matrix(rng, kind, channels, depth, rng.integers(-9, 3, channels), wide=True)
            x, y = codes(rng, kind, (depth,), -128), np.full(channels, 77, np.int16)
            call = Call("tk_mve_dense_signed_s16", (constant(x), y, layer))
            yield Trial(call, y, function(x.astype(np.int64)).astype(np.int16), f"{depth} x {channels}, {kind}")

    check(trials(), host, board)


def svdf(rng: np.random.Generator, kind: str, bits: int, units: int, rank: int, memory: int, inputs: int) -> Iterator[Trial]:
    """Two trials of one call: what it returns, and the state that it leaves."""
    dtype = np.int8 if bits == 8 else np.int16
    filters, length = units * rank, rank * memory
    batch, zero_point = int(rng.integers(1, 3)), int(rng.integers(-128, 128)) if bits == 8 else 0
    shifts = np.full(filters, int(rng.integers(-9, 0 if bits == 8 else 3)))
    feature, function = drawn_matrix(rng, kind, filters, inputs, shifts, wide=bits == 16)
    time = codes(rng, kind, (units, length), -127).astype(dtype) * (1 if bits == 8 else 200)
    bias = rng.integers(-(1 << 20), 1 << 20, units).astype(np.int32)
    multiplier, shift, offset = (
        int(rng.integers(1 << 30, (1 << 31) - 1)),
        int(rng.integers(-14, 1)),
        int(rng.integers(-128, 128)),
    )
    x = codes(rng, kind, (batch, inputs), -128)
    state = (codes(rng, kind, (batch, filters, memory), -128).astype(np.int64) << (bits - 8)).astype(dtype)
    newest = np.stack([function(row.astype(np.int64)) for row in x]) + zero_point
    after = np.concatenate((state[:, :, 1:], newest.astype(dtype)[:, :, None]), axis=2)
    sums = wrapped((after.reshape(batch, units, length).astype(np.int64) * time).sum(2) + bias)
    expected = saturated(requantize(sums, np.full(units, multiplier), np.full(units, shift)) + offset, 8).astype(np.int8)
    fields = {"weights": constant(time), "bias": constant(bias), "units": units, "length": length, "filters": filters}
    fields |= {"memory": memory, "multiplier": multiplier, "minus_shift": shift, "offset": offset, "state_offset": zero_point}
    layer = ("tk_mve_svdf", {"feature": feature, "time": ("tk_mve_svdf_time", fields), "batch": batch})
    label = f"{units} units, rank {rank}, memory {memory}, {inputs} inputs, {kind}"
    for which in range(2):
        left, y = state.copy(), np.full((batch, units), 77, np.int8)
        arguments = (constant(x), left, np.zeros(filters, dtype), y, layer)
        output, wanted = ((y, expected), (left, after))[which]
        yield Trial(Call(f"tk_mve_svdf_s{bits}", arguments), output, wanted, label)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bits", [8, 16])
def test_filters_that_remember(host: Host, board: Board | None, bits: int, kind: str) -> None:
    rng = np.random.default_rng(2)
    shapes = [(64, 1, 8, 16), (1, 1, 1, 1), (9, 1, 1, 3), (7, 2, 5, 13), (3, 3, 32, 40), (5, 1, 17, 7), (4, 2, 16, 16)]
    check((trial for shape in shapes for trial in svdf(rng, kind, bits, *shape)), host, board)


def drawn_gates(rng: np.random.Generator, kind: str, bits: int, units: int, depth: int) -> tuple[Any, Any]:
    """As `drawn_matrix`, of x with so many bits."""
    if bits == 8:
        return drawn_matrix(rng, kind, 4 * units, depth, np.repeat(rng.integers(-8, 2, 4), units), wide=True)
    weights, bias = codes(rng, kind, (4 * units, depth), -127), rng.integers(-(10**6), 10**6, 4 * units)
    multiplier = np.repeat(rng.integers(1 << 14, 1 << 15, 4) << rng.integers(0, 9, 4), units)
    packed = constant(dense_stream(weights, high_constants(bias, multiplier), STEP_S16))
    fields = {"weights": packed, "depth": depth, "channels": 4 * units, "min": -32768, "max": 32767}

    def function(x: np.ndarray) -> np.ndarray:
        return saturated(((weights.astype(np.int64) @ x + bias) * multiplier + (1 << 31)) >> 32)

    return ("tk_mve_gemm", fields), function


def lstm(rng: np.random.Generator, kind: str, bits: int, inputs: int, units: int, steps: int, batch: int) -> Iterator[Trial]:
    """Three trials of one call: what it returns, and the two states that it leaves."""
    dtype, zoom = (np.int8, 1) if bits == 8 else (np.int16, 256)
    matrices = [drawn_gates(rng, kind, bits, units, depth) for depth in (inputs, units)]
    m = {name: int(rng.integers(1 << 30, (1 << 31) - 1)) for name in ("update", "forget", "output")}
    e = {
        "update": int(rng.integers(-20, -10)),
        "forget": int(rng.integers(-16, -12)),
        "output": int(rng.integers(-24, -18)) + bits - 8,
    }
    low, high = (-32768, 32767) if rng.integers(2) else (-9000, 9000)
    tangent, power, offset = 3 << int(rng.integers(0, 4)), int(rng.integers(0, 4)), int(rng.integers(-128, 128)) * (bits == 8)
    x = codes(rng, kind, (batch, steps, inputs), -128).astype(dtype) * dtype(zoom)
    hidden, cell = (
        codes(rng, kind, (batch, units), -128).astype(dtype) * dtype(zoom),
        rng.integers(-32768, 32768, (batch, units)).astype(np.int16),
    )

    def product(name: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return requantize(a * b, np.full(units, m[name]), np.full(units, e[name]))

    y, last_cell = np.zeros((batch, steps, units), dtype), np.zeros((batch, units), np.int16)
    for b in range(batch):
        h, c = hidden[b].astype(np.int64), cell[b].astype(np.int64)
        for t in range(steps):
            argument = saturated(matrices[0][1](x[b, t].astype(np.int64)) + matrices[1][1](h)).reshape(4, units)
            gates, candidate = Logistic.interpolated(3 * argument[:3]), Tanh.interpolated(3 * argument[3])
            c = saturated(product("forget", gates[1], c)) + saturated(product("update", gates[0], candidate))
            c = np.clip(c, low, high)
            bent = Tanh.interpolated((c * tangent + ((1 << power) >> 1)) >> power)
            h = saturated(product("output", bent, gates[2]) + offset, bits)
            y[b, t] = h
        last_cell[b] = c
    fields = {"table": constant(words_of_the_table()), "units": units, "cell_min": low, "cell_max": high}
    fields |= {f"{name}_multiplier": value for name, value in m.items()}
    fields |= {f"{name}_minus_shift": value for name, value in e.items()}
    fields |= {"tanh_multiplier": tangent, "tanh_minus_shift": -power, "output_offset": offset}
    sequence = {"batch": batch, "steps": steps, "batch_rows": steps, "step_rows": 1}
    layer = (
        "tk_mve_lstm",
        {"input": matrices[0][0], "recurrent": matrices[1][0], "cell": ("tk_mve_lstm_cell", fields)} | sequence,
    )
    wanted = (y, y[:, -1], last_cell)
    for which in range(3):
        found = np.full(y.shape, 77, dtype), hidden.copy(), cell.copy()
        gates_memory = np.zeros(8 * units + -units % 4, np.int16)
        call = Call(f"tk_mve_lstm_s{bits}", (constant(x), found[1], found[2], found[0], gates_memory, layer))
        yield Trial(call, found[which], wanted[which], f"{inputs} inputs, {units} units, {steps} steps, {batch}, {kind}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bits", [8, 16])
def test_layers_with_gates(host: Host, board: Board | None, bits: int, kind: str) -> None:
    rng = np.random.default_rng(3)
    shapes = [(28, 20, 4, 1), (1, 1, 2, 2), (5, 3, 3, 1), (17, 9, 3, 2), (40, 33, 2, 1)]
    check((trial for shape in shapes for trial in lstm(rng, kind, bits, *shape)), host, board)


def test_the_words_hold_the_table_and_its_slopes() -> None:
    """What tk_mve_lstm_cell_s8 interpolates is what Logistic and Tanh do, for every argument."""
    words = words_of_the_table().astype(np.int64)
    v = np.arange(3 * 32768 + 1)
    for bits, function in ((9, lambda upper: ((1 << 24) + upper + 512) >> 10), (8, lambda upper: (128 + upper) >> 8)):
        place = np.minimum(v, 255 << bits)
        word = words[place >> bits]
        upper = ((word & 0xFFFF) << bits) + (place & ((1 << bits) - 1)) * (word >> 16)
        expected = Logistic.interpolated(v) if bits == 9 else Tanh.interpolated(v)
        np.testing.assert_array_equal(function(upper), expected)

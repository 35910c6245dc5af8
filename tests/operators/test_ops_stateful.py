# SPDX-License-Identifier: Apache-2.0
"""SVDF and the recurrent layers: what is refused, and how state lies in memory. Their arithmetic is in opcases_stateful.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder
from opcases_stateful import Layer, LstmNet, all_cases, lstm

from tinycc.compiler import compile, load
from tinycc.errors import CompileError

SEQUENCE = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def svdf(
    *,
    feature: tuple[int, ...] = (4, 3),
    time: tuple[int, ...] = (4, 2),
    state: int = 8,
    state_q: tuple[float, int] = (0.1, 0),
    state_type: str = "int8",
    rank: int = 1,
    variable: bool = True,
) -> bytes:
    m = ModelBuilder()
    x = m.input((1, 3), "int8", scale=0.1)
    weights = m.const(np.ones(feature, np.int8), scale=0.1), m.const(np.ones(time, state_type), scale=0.1)
    bias = m.const(np.zeros(4, np.int32), scale=0.01)
    memory = m.tensor((1, state), state_type, scale=state_q[0], zero_point=state_q[1], variable=variable)
    y = m.tensor((1, 4 // max(rank, 1)), "int8", scale=0.1)
    m.op("SVDF", [x, *weights, bias, memory], [y], rank=rank, fused_activation="RELU")
    return m.build(outputs=[y])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rank": 0}, "rank 0 for 4 filters"),
        ({"rank": 3}, "rank 3 for 4 filters"),
        ({"feature": (4, 5)}, "input and weights"),
        ({"feature": (4,)}, r"weights \[F,I\]"),
        ({"time": (3, 2)}, "input and weights"),
        ({"state": 9}, r"state \[1, 9\]"),
        ({"variable": False}, "found nothing that makes it"),
        ({"state_type": "int16", "state_q": (0.1, 4)}, "zero point 4"),
        ({"state_q": (1e-20, 0)}, "scale ratio"),
        ({"rank": 2}, r"bias \[4\] for 2 units"),
    ],
)
def test_svdf_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(svdf(**arguments))


def layer(dtype: str, **row: Any) -> bytes:
    return next(lstm(SEQUENCE, dtype, [Layer("refused", **row)])).model


def litert_layer(**row: Any) -> bytes:
    return next(lstm(SEQUENCE, "int8", [Layer("refused", **row)], "litert")).model


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (layer("int8", act="RELU"), "activation RELU"),
        (layer("float32", act="SIGN_BIT"), "activation SIGN_BIT"),
        (layer("int8", coupled=True), "0 intermediate tensors"),
        (layer("int16", coupled=True), "no input gate"),
        (litert_layer(coupled=True, cell_power=-6), "cell scale 0.015625"),
        (litert_layer(extra=("peephole", "projection"), width=9), "4 units, 9 outputs"),
        (litert_layer(extra=("peephole", "projection"), batch=2, time_major=True), "4 units, 3 outputs, 2 sequences"),
        (layer("int8", cell_power=3), "cell scale 8"),
        (layer("int8", gain=1e14), "scale ratio"),
    ],
)
def test_lstm_refused(model: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(model)


@pytest.mark.parametrize(
    ("position", "message"),
    [
        (1, "input gate without input weights"),
        (6, "no recurrent weights of the forget gate"),
        (14, "no bias of the cell gate"),
        (18, "no variable tensor"),
    ],
)
def test_lstm_with_a_hole_refused(position: int, message: str) -> None:
    row = Layer("hole")
    net = LstmNet(SEQUENCE, "float32", row.name)
    x = net.input((1, 3, 5), "float32")
    operands = [x, *net.layer_weights(row), *net.states(row), *net.layer_norm(row)]
    operands[position] = -1
    case = net.done(SEQUENCE, operands, net.tensor((1, 3, 4)), fused_activation_function="TANH")
    with pytest.raises(CompileError, match=message):
        load(case.model)


@pytest.mark.parametrize("count", [0, 4, 12])
def test_lstm_with_other_intermediates_refused(count: int) -> None:
    """12 are those of the layer with 8-bit results in between."""
    row = Layer("intermediates", extra=("layer_norm",))
    net = LstmNet(SEQUENCE, "int8", row.name)
    x = net.input((1, 3, 5), "int8", scale=0.1)
    operands = [x, *net.layer_weights(row), *net.states(row), *net.layer_norm(row)]
    options = {"intermediates": (net.intermediates(row) * 3)[:count], "fused_activation_function": "TANH"}
    case = net.done(SEQUENCE, operands, net.tensor((1, 3, 4), "int8", scale=0.0078), **options)
    with pytest.raises(CompileError, match=f"{count} intermediate tensors"):
        load(case.model)


def test_hybrid_weights_with_zero_point_refused() -> None:
    m = ModelBuilder()
    x = m.input((1, 3))
    weights = m.const(np.ones((2, 3), np.int8), scale=0.1), m.const(np.ones((2, 2), np.int8), scale=0.1, zero_point=4)
    state, y = m.tensor((1, 2), variable=True), m.tensor((1, 2))
    m.op("RNN", [x, *weights, m.const(np.zeros(2, np.float32)), state], [y])
    with pytest.raises(CompileError, match="weights are constants with one scale and the zero point 0"):
        load(m.build([y]))


def test_svdf_by_cmsis_nn_unless_its_state_has_a_zero_point() -> None:
    for zero_point, symbol in ((0, "arm_svdf_s8"), (3, "tk_svdf_s8")):
        (step,) = compile(svdf(state_q=(0.1, zero_point)), name="model").program.steps
        assert step.kernel == symbol


def test_state_is_updated_in_place() -> None:
    """No copy of a state, and both directions' states apart."""
    for cases in all_cases().values():
        compilation = compile(cases[0].model, name="model")
        assert len(compilation.graph.ops) == 1
        states = compilation.program.states
        assert all(state.before.buffer is state.after.buffer for state in states)
        assert len({compilation.layout.offsets[state.before.buffer] for state in states}) == len(states)


def test_integer_weights_are_stored_once() -> None:
    """The kernels' order of the weights replaces the file's."""
    row = replace(Layer("stored"), inputs=64, units=64)
    compilation = compile(next(lstm(SEQUENCE, "int8", [row])).model, name="model")
    assert compilation.report.constant_bytes < 2 * 4 * 64 * 64 + 4096

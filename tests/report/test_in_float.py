# SPDX-License-Identifier: Apache-2.0
"""What a report says of operators that compute in float32 in a quantized model."""

from __future__ import annotations

import numpy as np
from onnx_models import model, noise
from onnx_models import node as n

from tinycc.compiler import compile
from tinycc.execution.comparison import Comparison
from tinycc.report.graph import floats_text
from tinycc.report.text import in_float_lines
from tinycc.verification import verify

CODES = {"s": np.float32(0.02), "z": np.int8(3), "w": noise(5, 8), "t": np.float32(0.05)}
LAYER = [
    n("QuantizeLinear", "x s z", "q"),
    n("DequantizeLinear", "q s z", "d"),
    n("Gemm", "d w", "g", transB=1),
    n("QuantizeLinear", "g t z", "r"),
    n("DequantizeLinear", "r t z", "e"),
    n("Softmax", "e", "y"),
]


def test_each_operator_is_named_with_a_reason() -> None:
    made = compile(model(LAYER, {"x": [2, 8]}, "y", CODES), name="model")
    told = {layer.operator: layer.in_float for layer in made.report.layers if layer.in_float}
    assert set(told) == {"Gemm", "Softmax"}
    assert "no codes whose scales" in told["Gemm"]
    assert "its result %y is float32, an output of the model" in told["Softmax"]
    assert floats_text(made.graph).count("in float32: op") == 2


def test_an_operator_of_many_layers_is_named_once_by_what_is_around_it() -> None:
    """LayerNormalization becomes nine, whose reasons are not each other."""
    ends = [n("LayerNormalization", "e g", "l"), n("QuantizeLinear", "l t z", "k"), n("DequantizeLinear", "k t z", "y")]
    content = {**CODES, "g": np.ones(5, np.float32)}
    nodes = [*LAYER[:2], n("Gemm", "d w", "m", transB=1), n("QuantizeLinear", "m t z", "r"), LAYER[4], *ends]
    made = compile(model(nodes, {"x": [2, 8]}, "y", content), name="model")
    told = {layer.in_float for layer in made.report.layers if layer.operator == "LayerNormalization"}
    assert told == {"no integer operator has this function of these codes"}
    assert sum(layer.operator == "LayerNormalization" for layer in made.report.layers) > 4
    lines = list(in_float_lines(made.report))
    assert len([line for line in lines if "LayerNormalization" in line]) == 1


def test_a_model_of_floats_has_none() -> None:
    made = compile(model([n("Softmax", "x", "y")], {"x": [2, 8]}, "y"), name="model")
    assert not any(layer.in_float for layer in made.report.layers)


def test_steps_of_16_bits_are_no_differences() -> None:
    """A hundred products of float32 in another order move a code of 16 bits by a step here and there."""
    wide = {"s": np.float32(4e-5), "z": np.uint16(32000), "w": noise(64, 96), "t": np.float32(2e-4)}
    verdict = verify(model(LAYER[:-1], {"x": [16, 96]}, "e", wide), runs=6)
    assert verdict.passed, verdict
    assert all(row.worst <= max(row.spread, 2e-4) for row in verdict.outputs)
    assert not Comparison("", "", outside=1, worst=2.0, spread=1.0).passed

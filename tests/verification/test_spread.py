# SPDX-License-Identifier: Apache-2.0
"""How far right results lie apart: what rounding explains, and no more."""

from __future__ import annotations

import numpy as np
from model_builder import ModelBuilder
from onnx_models import node as n
from onnx_models import noise, proto

from tinycc import load, verify
from tinycc.execution.inputs import InputSet
from tinycc.verification.explain import explain
from tinycc.verification.references import Numpy
from tinycc.verification.spread import allowed_spread


def tflite_add() -> bytes:
    net = ModelBuilder()
    a, b = (net.input((1, 4), "int8", scale=0.5) for _ in range(2))
    y = net.tensor((1, 4), "int8", scale=0.25)
    net.op("ADD", [a, b], [y])
    return net.build(outputs=[y])


def inputs(*shape: int) -> list[InputSet]:
    return [InputSet("the same", (np.full(shape, np.float32(-3.3)),)), InputSet("drawn", (noise(*shape),))]


def test_last_bits_that_a_normalization_divides() -> None:
    """The mean of equal numbers is off by a rounding, and 1 / sqrt(epsilon) makes it a thousand times as large."""
    weights = {"s": np.ones(8, np.float32), "b": np.zeros(8, np.float32)}
    model = load(proto([n("InstanceNormalization", "x s b", "y")], {"x": [1, 8, 5, 5]}, "y", weights).SerializeToString())
    (spread,), why = allowed_spread(model, model.oracle("ort"), inputs(1, 8, 5, 5))
    assert 1e-5 < spread < 1e-3
    assert "last bits" in why
    assert verify(model).passed


def test_what_keeps_its_bits_has_next_to_none() -> None:
    model = load(proto([n("Tanh", "x", "y")], {"x": [1, 4]}, "y").SerializeToString())
    (spread,), _ = allowed_spread(model, model.oracle("ort"), inputs(1, 4))
    assert spread < 1e-6


def test_no_other_arithmetic_explains_what_the_operators_themselves_give() -> None:
    """The reference says what numpy does: then the C alone differs, by the order of its sums or by a fault."""
    floats = load(proto([n("Tanh", "x", "y")], {"x": [1, 4]}, "y").SerializeToString())
    (note,) = explain(floats, Numpy(floats), inputs(1, 4))
    assert "in another order" in note
    codes = load(tflite_add())
    (note,) = explain(codes, Numpy(codes), [InputSet("zeros", (np.zeros((1, 4), np.int8),) * 2)])
    assert "a kernel of the C has a fault" in note
    assert "--match" not in note


def test_a_code_that_only_rounded_sums_round_down_to() -> None:
    """0.5 + 2**-26 is a half in float32, whose even code is 0, and more than that in double precision."""
    constants = {"w": np.float32([[1, 100], [1, 0]]), "s": np.float32(1), "z": np.uint8(0)}
    nodes = [n("MatMul", "x w", "m"), n("QuantizeLinear", "m s z", "q"), n("DequantizeLinear", "q s z", "y")]
    model = load(proto(nodes, {"x": [1, 2]}, "y", constants).SerializeToString())
    given = [InputSet("a half and some more", (np.float32([[0.5, 2**-26]]),))]
    assert [model.oracle(name).run(given[0].arrays)[0].tolist() for name in ("ort", "reference-doubles")] == [
        [[0, 50]],
        [[1, 50]],
    ]
    (spread,), why = allowed_spread(model, model.oracle("ort"), given)
    assert spread == 1
    assert "reference-doubles lies as far from ort" in why

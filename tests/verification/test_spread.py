# SPDX-License-Identifier: Apache-2.0
"""How far right results lie apart: what rounding explains, and no more."""

from __future__ import annotations

import numpy as np
from onnx_models import node as n
from onnx_models import noise, proto

from tinycc import load, verify
from tinycc.execution.inputs import InputSet
from tinycc.verification.spread import allowed_spread


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

# SPDX-License-Identifier: Apache-2.0
"""--io-layout nhwc: images come and go with channels last, nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from onnx_models import model, noise
from onnx_models import node as n

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.interpret import Interpreter
from tinycc.ops.movement.transpose import Transpose

NET = model([n("Conv", "x w", "c"), n("Relu", "c", "y")], {"x": [1, 3, 6, 5]}, "y", {"w": noise(4, 3, 2, 2)})


def test_images_have_channels_last() -> None:
    made = compile(load(NET, io_layout="nhwc"), name="net")
    assert [value.shape for value in (*made.graph.inputs, *made.graph.outputs)] == [(1, 6, 5, 3), (1, 5, 4, 4)]
    assert [value.name for value in (*made.graph.inputs, *made.graph.outputs)] == ["x", "y"]
    assert not any(isinstance(op, Transpose) for op in made.graph.ops)


def test_results_are_the_same() -> None:
    image = noise(1, 3, 6, 5)
    (as_filed,) = Interpreter(load(NET).graph).run([image])
    changed = load(NET, io_layout="nhwc")
    (last,) = Interpreter(changed.graph).run([image.transpose(0, 2, 3, 1)])
    assert np.array_equal(last.transpose(0, 3, 1, 2), as_filed)
    (expected,) = changed.oracle("ort").run([image.transpose(0, 2, 3, 1)])
    assert np.allclose(last, expected, atol=1e-6)


def test_what_has_no_images_stays() -> None:
    """An input that is the output, and rows."""
    rows = load(model([n("Relu", "x", "y")], {"x": [2, 3]}, "y"), io_layout="nhwc")
    assert [value.shape for value in rows.graph.inputs] == [(2, 3)]
    same = compile(load(model([n("Identity", "x", "y")], {"x": [1, 2, 3, 4]}, "y"), io_layout="nhwc"), name="same")
    assert [value.shape for value in (*same.graph.inputs, *same.graph.outputs)] == [(1, 3, 4, 2)] * 2


def test_an_unknown_layout_is_told() -> None:
    with pytest.raises(CompileError, match="file or nhwc"):
        load(NET, io_layout="nchw")

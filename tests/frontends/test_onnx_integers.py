# SPDX-License-Identifier: Apache-2.0
"""QuantizeLinear and DequantizeLinear around an operator become integers: nothing is left of the floats in between."""

from __future__ import annotations

import numpy as np
import pytest
from onnx_cases import quantized

from tinycc.compiler import compile
from tinycc.ir import DType, Value

CASES = {case.name: case.data for case in quantized()}
LAYERS = [name for name in CASES if name.startswith(("Conv", "Gemm", "MaxPool", "Flatten", "table"))]


@pytest.mark.parametrize("name", LAYERS)
def test_no_float_between_the_borders(name: str) -> None:
    """Only the input before it is quantized and the output after it was dequantized are float32."""
    graph = compile(CASES[name]).graph
    floats = [value for op in graph.ops for value in op.outputs if value.dtype is DType.FLOAT32]
    assert floats
    assert all(is_border(value, graph.outputs) for value in floats)


def is_border(value: Value, outputs: tuple[Value, ...]) -> bool:
    """The output itself, as it is or in another order."""
    return any(value is output or value.type.elements == output.type.elements for output in outputs)


def test_weights_stay_small() -> None:
    constants = compile(CASES["Gemm"]).graph.constants
    assert {value.dtype for value in constants} == {DType.INT8, DType.INT32}
    assert sum(int(np.prod(value.shape)) for value in constants if value.dtype is DType.INT8) == 60

# SPDX-License-Identifier: Apache-2.0
"""Means of codes whose scale stays: in the middle between two codes what float32 loses decides, in ONNX Runtime's order."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx_models import model, node

from tinycc.compiler import load
from tinycc.execution.inputs import random_inputs
from tinycc.interpret import interpret
from tinycc.ops.pooling import AveragePool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.verification import halves, verify
from tinycc.verification.halves import Order, has_halves, order_of, with_halves

SCALE = np.float32(0.01121292)
OF_ONNX = {"int8": 3, "uint8": 2, "int16": 5}
CEIL = {"kernel_shape": [4, 4], "strides": [3, 3], "ceil_mode": 1}
PADDED = {"kernel_shape": [3, 4], "strides": [1, 2], "pads": [1, 1, 1, 1]}
COUNTED = {"kernel_shape": [4, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "count_include_pad": 1}
POOLS: dict[str, tuple[Order, int, str, list[int], str, dict[str, Any]]] = {
    "rows": (Order.ROWS, 21, "int8", [1, 3, 12, 14], "AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "rows, wide strides": (Order.ROWS, 13, "int8", [1, 3, 13, 13], "AveragePool", {"kernel_shape": [3, 4], "strides": [3, 3]}),
    "rows, rounded up": (Order.ROWS, 21, "uint8", [1, 3, 15, 15], "AveragePool", CEIL),
    "rows of one": (Order.ROWS, 21, "int16", [1, 5, 32], "AveragePool", {"kernel_shape": [4], "strides": [2]}),
    "columns": (Order.COLUMNS, 13, "int8", [1, 3, 12, 14], "AveragePool", PADDED),
    "columns, pads count": (Order.COLUMNS, 13, "uint8", [1, 3, 12, 14], "AveragePool", COUNTED),
    "lanes": (Order.LANES, 21, "int8", [4, 24, 6, 7], "GlobalAveragePool", {}),
    "lanes of a window": (Order.LANES, 13, "int8", [4, 24, 6, 6], "AveragePool", {"kernel_shape": [6, 6]}),
    "lanes of 16 bits": (Order.LANES, 21, "int16", [4, 24, 5, 4], "GlobalAveragePool", {}),
    "eights": (Order.EIGHTS, 13, "int8", [4, 24, 6, 10], "ReduceMean", {"axes": [2, 3]}),
    "eights of a row": (Order.EIGHTS, 13, "uint8", [6, 40, 20], "ReduceMean", {"axes": [-1], "keepdims": 0}),
    "rows of vectors": (Order.ROWS, 13, "int8", [1, 10, 90], "ReduceMean", {"axes": [1], "keepdims": 0}),
}


def between(opset: int, dtype: str, shape: list[int], kind: str, attributes: dict[str, Any]) -> bytes:
    zero = np.asarray(100 if dtype == "uint8" else -7, dtype)
    codes = [node("DequantizeLinear", "x s z", "d"), node(kind, "d", "m", **attributes), node("QuantizeLinear", "m s z", "y")]
    return model(codes, {"x": (OF_ONNX[dtype], shape)}, "y", {"s": SCALE, "z": zero}, opset=opset)


@pytest.mark.parametrize("name", POOLS)
def test_halves_are_the_runtimes(name: str) -> None:
    order, opset, *rest = POOLS[name]
    data = between(opset, *rest)
    graph = load(data).graph
    pools = [op for op in graph.ops if isinstance(op, (AveragePool2D, Mean))]
    assert [order_of(op, modern=opset >= 19) for op in pools] == [order]
    assert has_halves(graph)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(data, options)
    inputs = [random_inputs(graph.inputs, seed).arrays for seed in range(3)]
    expected = [session.run(None, {"x": given[0]})[0] for given in inputs]
    found = [outputs[0] for outputs in with_halves(graph, inputs, modern=opset >= 19)]
    assert all(np.array_equal(a.reshape(b.shape), b) for a, b in zip(found, expected, strict=True))
    even = [interpret(graph, given)[0] for given in inputs]
    assert any((a.reshape(b.shape) != b).any() for a, b in zip(even, expected, strict=True)), "halves are rarer than that"


@pytest.mark.parametrize(
    ("scale", "to", "found"), [(SCALE, [3, 3], False), (np.float32(2**-6), [2, 2], False), (SCALE, [2, 2], True)]
)
def test_where_there_are_halves(scale: np.float32, to: list[int], found: bool) -> None:
    """Means of an odd number of codes lie in no middle; powers of two lose nothing."""
    assert has_halves(load(pool(scale, to)).graph) is found


def pool(scale: np.float32, to: list[int], *behind: Any) -> bytes:
    codes = [node("DequantizeLinear", "x s z", "d"), node("AveragePool", "d", "m", kernel_shape=to)]
    codes += [node("QuantizeLinear", "m s z", "q"), *behind]
    last = behind[-1].output[0] if behind else "q"
    return model(codes, {"x": (OF_ONNX["int8"], [1, 2, 9, 9])}, last, {"s": scale, "z": np.int8(4)})


def test_halves_are_no_differences() -> None:
    verdict = verify(pool(SCALE, [2, 2]), runs=2)
    assert verdict.passed
    assert any("in the middle between two codes" in note for note in verdict.notes)
    assert [row.spread for row in verdict.outputs] == [1.0]


def test_halves_excuse_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the results with the runtime's halves are not its own, something else is wrong."""
    monkeypatch.setattr(halves, "order_of", lambda op, modern: halves.Order.COLUMNS)
    assert not verify(pool(SCALE, [2, 2]), runs=2).passed

# SPDX-License-Identifier: Apache-2.0
"""The pass `layout`: what it prints before and after, that nothing else changes, and what must be left of transpositions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx_cases import FAMILIES
from onnx_models import model, noise
from onnx_models import node as n

from tinycc.compiler import compile, load
from tinycc.execution.inputs import random_inputs
from tinycc.interpret import Interpreter, interpret
from tinycc.ir import Graph, TensorType, Value, print_graph
from tinycc.ops.movement.transpose import Transpose
from tinycc.passes.fold_constants import FoldConstants
from tinycc.passes.layout import Layout, moved_bytes
from tinycc.passes.views import View

NETWORK = {case.name: case.data for case in FAMILIES["networks"]()}


def laid_out(data: bytes) -> Graph:
    return Layout()(FoldConstants()(load(data).graph))


def transposed(graph: Graph) -> list[tuple[int, ...]]:
    return [op.y.shape for op in graph.ops if isinstance(op, Transpose) and not op.identity]


def test_printed_before_and_after() -> None:
    data = model([n("Conv", "x w", "a"), n("Relu", "a", "y")], {"x": [1, 2, 3, 3]}, "y", {"w": noise(2, 2, 1, 1)})
    before = [line.split(" window")[0].strip() for line in print_graph(load(data).graph).splitlines() if "=" in line]
    after = [line.split(" window")[0].strip() for line in print_graph(laid_out(data)).splitlines() if "=" in line]
    assert before == [
        "%a_: float32[1,3,3,2] = Transpose(x=%x) permutation=(0,2,3,1)",
        "%a___: float32[1,3,3,2] = Conv2D(x=%a_, weights=%a__) range=[-inf,inf] numerics=ort",
        "%a: float32[1,2,3,3] = Transpose(x=%a___) permutation=(0,3,1,2)",
        "%y: float32[1,2,3,3] = Relu(x=%a) range=[0,inf] rescaled=True numerics=ort",
    ]
    assert after == [
        "%a_: float32[1,3,3,2] = Transpose(x=%x) permutation=(0,2,3,1)",
        "%a: float32[1,3,3,2] = Conv2D(x=%a_, weights=%a__) range=[-inf,inf] numerics=ort",
        "%y_lying: float32[1,3,3,2] = Relu(x=%a) range=[0,inf] rescaled=True numerics=ort",
        "%y: float32[1,2,3,3] = Transpose(x=%y_lying) permutation=(0,3,1,2)",
    ]


@pytest.mark.parametrize("name", NETWORK)
def test_equal_results(name: str) -> None:
    graph = load(NETWORK[name]).graph
    changed = Layout()(graph)
    assert moved_bytes(changed) < moved_bytes(graph)
    for seed in range(2):
        arrays = random_inputs(graph.inputs, seed).arrays
        for before, after in zip(interpret(graph, arrays), interpret(changed, arrays), strict=True):
            np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


LEFT = {
    "residual": {"x": 90},
    "flatten": {"x": 180},
    "shuffle": {"x": 90, "t": 72, "y": 36},
    "squeeze and excite": {"x": 90, "y": 24},
    "attention": {"q": 30, "t": 30},
    "segmentation": {"x": 180},
    "temporal": {"x": 72},
}
"""What is transposed, and how many elements: the input, the output if it has channels, and what the model itself mixes."""


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left(name: str) -> None:
    left = transposed(compile(NETWORK[name]).graph)
    assert [int(np.prod(shape)) for shape in left] == list(LEFT[name].values())


def test_values_are_found_in_the_file() -> None:
    """A value that lies in another order is compared with the file's tensor all the same."""
    loaded = load(NETWORK["residual"])
    graph = Layout()(loaded.graph)
    arrays = random_inputs(graph.inputs, 0).arrays
    named = [value for op in graph.ops for value in op.outputs if value.index is not None]
    assert sum(value.order is not None for value in named) >= 4
    _, shown = loaded.oracle("reference").trace(arrays, named)
    known = Interpreter(graph).run_all(arrays)
    for value in named:
        np.testing.assert_allclose(known[value], shown[value], rtol=1e-4, atol=1e-4)


@st.composite
def movements(draw: st.DrawFn) -> tuple[tuple[int, ...], list[tuple[int, ...] | None]]:
    """A shape, and steps: a permutation, or None for a reshape drawn from `data` later."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    return shape, draw(st.lists(st.one_of(st.none(), st.just(())), min_size=1, max_size=5))


@given(movements(), st.data())
@settings(max_examples=200, deadline=None)
def test_views_are_what_numpy_does(drawn: tuple[tuple[int, ...], list[tuple[int, ...] | None]], data: st.DataObject) -> None:
    shape, steps = drawn
    array = np.arange(np.prod(shape)).reshape(shape)
    base = Value("x", TensorType(shape, load(NETWORK["residual"]).graph.inputs[0].dtype))
    view, seen = View.of(base), array
    for step in steps:
        if step is None:
            target = data.draw(st.sampled_from(_shapes(seen.size)))
            reshaped = view.reshaped(target)
            if reshaped is None:
                assert not view.identity, "a contiguous tensor takes every shape"
                continue
            view, seen = reshaped, seen.reshape(target)
        else:
            permutation = tuple(data.draw(st.permutations(range(seen.ndim))))
            view, seen = view.transposed(permutation), seen.transpose(permutation)
        assert view.shape == seen.shape
        np.testing.assert_array_equal(view.apply(array), seen)
        np.testing.assert_array_equal(replace(view.merged, shape=view.shape).apply(array), seen)
        assert view.identity == bool((seen.ravel() == array.ravel()).all())


def _shapes(size: int) -> list[tuple[int, ...]]:
    pairs = [(a, size // a) for a in range(1, size + 1) if size % a == 0]
    triples = [(a, c, b // c) for a, b in pairs for c in range(1, b + 1) if b % c == 0]
    return [(size,), *pairs, *triples]


def test_codes_that_get_their_scale_behind_a_transposition_lie_as_they_are() -> None:
    """As tf2onnx writes images of integers: transposed before they are dequantized."""
    nodes = [
        n("Transpose", "x", "t", perm=[0, 3, 1, 2]),
        n("DequantizeLinear", "t s z", "real"),
        n("DequantizeLinear", "w s zero", "weights"),
        n("Conv", "real weights", "c"),
        n("QuantizeLinear", "c s z", "q"),
        n("Transpose", "q", "y", perm=[0, 2, 3, 1]),
    ]
    constants = {
        "w": np.rint(40 * noise(4, 3, 2, 2)).astype(np.int8),
        **{"s": np.float32(0.05), "z": np.int8(3), "zero": np.int8(0)},
    }
    data = model(nodes, {"x": (onnx.TensorProto.INT8, [1, 4, 5, 3])}, "y", constants)
    graph = load(data).graph
    changed = laid_out(data)
    assert transposed(graph)
    assert transposed(changed) == []
    arrays = random_inputs(graph.inputs, 1).arrays
    np.testing.assert_array_equal(interpret(changed, arrays)[0], interpret(graph, arrays)[0])


def test_an_image_of_one_channel_keeps_its_rows() -> None:
    """What is between codes and floats lies as the image that goes in, not as the one that the node sees."""
    constants = {"s": np.float32(0.02), "z": np.int8(3), "w": noise(4, 1, 3, 3)}
    nodes = [
        n("QuantizeLinear", "x s z", "q"),
        n("DequantizeLinear", "q s z", "d"),
        n("Transpose", "d", "e", perm=[0, 3, 1, 2]),
        n("Conv", "e w", "y"),
    ]
    graph = laid_out(model(nodes, {"x": [1, 9, 8, 1]}, "y", constants))
    shapes = {op.y.shape for op in graph.ops if type(op).__name__ in ("QuantizeToEven", "Dequantize")}
    assert shapes == {(1, 9, 8, 1)}
    assert not transposed(graph)[:-1]

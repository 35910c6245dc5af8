# SPDX-License-Identifier: Apache-2.0
"""What the formats' own folders do to a whole graph, as text: printed IR in, printed IR out, and equal results.
`TINYCC_WRITE_TEXTS=1` writes the texts anew: read what changed in them.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import opcases_circular
import opcases_control
import pytest
from model_builder import GraphBuilder, ModelBuilder
from onnx_models import model
from onnx_models import node as n
from test_texts import BETWEEN, TEXTS, layout

from tinycc import frontends
from tinycc.compiler import load
from tinycc.execution.inputs import random_inputs
from tinycc.interpret import Interpreter
from tinycc.ir import Array, Graph, print_graph


@dataclass(frozen=True)
class Rewriting:
    """`name`: of a function that `module` below tinycc.frontends calls when `data` is loaded with `options`.

    `outside`: an array that enters or leaves the graph in front -> of that behind; None: in front, outputs may be lacking.
    """

    module: str
    name: str
    data: Callable[[], bytes]
    options: Mapping[str, Any] = field(default_factory=dict)
    outside: Callable[[Array], Array] | None = np.asarray


def quantized() -> bytes:
    """A sum of two dequantized inputs with a clamp behind it, quantized again."""
    scales = {"s": np.float32(0.5), "t": np.float32(4.0), "z": np.int8(3)}
    nodes = [n("DequantizeLinear", "x s z", "a"), n("DequantizeLinear", "w s z", "b"), n("Add", "a b", "c")]
    nodes += [n("Relu", "c", "d"), n("QuantizeLinear", "d t z", "y")]
    return model(nodes, {"x": (3, [1, 6])}, "y", {**scales, "w": np.arange(-3, 3, dtype=np.int8)})


def coded() -> bytes:
    """A product with weights that are dequantized, a scale for every column."""
    constants = {"w": np.arange(-6, 6, dtype=np.int8).reshape(4, 3), "s": np.array([0.5, 0.25, 2.0], np.float32)}
    nodes = [n("DequantizeLinear", "w s", "v", axis=1), n("MatMul", "x v", "y")]
    return model(nodes, {"x": [2, 4]}, "y", constants)


def unsigned() -> bytes:
    m = ModelBuilder()
    x = m.input((1, 4), "uint8", scale=0.5, zero_point=100, name="x")
    y = m.tensor((1, 4), "uint8", scale=0.5, zero_point=128, name="y")
    m.op("RELU", [x], [y])
    return m.build(outputs=[y])


def holds_back() -> bytes:
    """What is behind a buffer runs at every second inference."""
    return next(case.model for case in opcases_circular.buffers() if case.name == "every_second")


def branches() -> bytes:
    """One side gives the six numbers as a row."""
    m = ModelBuilder()
    c, x, y = opcases_control.boolean(m), m.input((2, 3), name="x"), m.tensor((2, 3), name="y")

    def row(g: GraphBuilder) -> list[int]:
        return [opcases_control.make(g, "RESHAPE", [g.input((2, 3)), g.const(np.array([1, 6], np.int32))], (1, 6))]

    sides = (opcases_control.subgraph(m, build) for build in (row, opcases_control.unary("TANH")))
    return m.build(outputs=list(opcases_control.branch(m, c, [x], [y], *sides)))


def to_uint8(array: Array) -> Array:
    return (array.astype(np.int16) + 128).astype(np.uint8)


REWRITINGS = {
    rewriting.name: rewriting
    for rewriting in (
        Rewriting("onnx.load", "with_integers", quantized),
        Rewriting("onnx.load", "with_codes", coded),
        Rewriting("onnx.source", "channels_last_outside", layout, {"io_layout": "nhwc"}, lambda x: x.transpose(0, 2, 3, 1)),
        Rewriting("tflite.load", "with_borders", unsigned, outside=to_uint8),
        Rewriting("tflite.load", "keep_outputs", holds_back, outside=None),
        Rewriting("tflite.calls", "shaped", branches, outside=lambda x: x.reshape(2, 3)),
    )
}


def around(rewriting: Rewriting, monkeypatch: pytest.MonkeyPatch) -> tuple[Graph, Graph]:
    """The first graph that it changes, in front and behind."""
    module = importlib.import_module(f"tinycc.frontends.{rewriting.module}")
    changed, rewrite = [], getattr(module, rewriting.name)

    def watched(graph: Graph, *more: Any, **named: Any) -> Graph:
        made: Graph = rewrite(graph, *more, **named)
        if made != graph:
            changed.append((graph, made))
        return made

    monkeypatch.setattr(module, rewriting.name, watched)
    assert load(rewriting.data(), name="model", **rewriting.options).graph
    return changed[0]


@pytest.mark.parametrize("name", REWRITINGS)
def test_text_before_and_after(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rewriting = REWRITINGS[name]
    before, after = around(rewriting, monkeypatch)
    text = print_graph(before) + BETWEEN + print_graph(after) + "\n"
    path = TEXTS / "formats" / f"{name.replace('_', '-')}.txt"
    if os.environ.get("TINYCC_WRITE_TEXTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    if rewriting.outside is not None:
        first, second = Interpreter(before), Interpreter(after)
        for seed in range(4):
            arrays = random_inputs(before.inputs, seed).arrays
            expected = [rewriting.outside(array) for array in first.run(arrays)]
            found = second.run([rewriting.outside(array) for array in arrays])
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-6 if one.dtype.kind == "f" else 0)


def rewritings() -> Iterator[str]:
    """Every function in the formats' folders that makes a graph of a graph."""
    for info in pkgutil.walk_packages(frontends.__path__, "tinycc.frontends."):
        for name, item in inspect.getmembers(importlib.import_module(info.name), inspect.isfunction):
            types = list(getattr(item, "__annotations__", {}).values())
            if item.__module__ == info.name and not name.startswith("_") and types[:1] == types[-1:] == ["Graph"]:
                yield name


def test_every_rewriting_has_a_text() -> None:
    assert set(rewritings()) == set(REWRITINGS) == {path.stem.replace("-", "_") for path in (TEXTS / "formats").glob("*.txt")}

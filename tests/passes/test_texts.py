# SPDX-License-Identifier: Apache-2.0
"""Every pass as text: printed IR in, printed IR out, and equal results. `TINYCC_WRITE_TEXTS=1` writes the texts anew: read what
changed in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import opcases_control
import pytest
from model_builder import ModelBuilder
from onnx_models import model, noise
from onnx_models import node as n

from tinycc.compiler import load
from tinycc.execution.inputs import random_inputs
from tinycc.interpret import Interpreter
from tinycc.ir import Array, Graph, Value, print_graph
from tinycc.passes import PIPELINE, Pass, stages

TEXTS = Path(__file__).with_name("texts")
BETWEEN = "\n\n// becomes\n\n"


class Net(ModelBuilder):
    """Images of [1,5,5,2], as int8 with a scale of 0.5 and a zero point of 3 unless something else is said."""

    def image(self, name: str = "x") -> int:
        return self.input((1, 5, 5, 2), "int8", scale=0.5, zero_point=3, name=name)

    def made(self, shape: tuple[int, ...], name: str, scale: float = 0.5, zero_point: int = 3) -> int:
        return self.tensor(shape, "int8", scale=scale, zero_point=zero_point, name=name)

    def conv(self, x: int, y: int) -> None:
        w = self.const(np.resize(np.arange(-9, 9, dtype=np.int8), (4, 3, 3, 2)), scale=[0.02], zero_point=0, name="w")
        bias = self.const(np.arange(4, dtype=np.int32), scale=[0.01], zero_point=0, name="b")
        self.op("CONV_2D", [x, w, bias], [y], stride_h=1, stride_w=1, padding="VALID", fused_activation_function="NONE")

    def pad(self, x: int, y: int) -> None:
        self.op("PAD", [x, self.const(np.array([[0, 0], [0, 1], [2, 0], [0, 0]], np.int32))], [y])


def with_constant(graph: Graph, known: Value, data: Array) -> Graph:
    """The graph where an input is a constant."""
    ops = tuple(op.with_operands({known: replace(known, data=data)}) for op in graph.ops)
    return replace(graph, inputs=tuple(value for value in graph.inputs if value is not known), ops=ops)


def fold_constants() -> Graph:
    """Constants that were none when the file was read: there they are folded at once."""
    m = ModelBuilder()
    x, c, a, y = m.input((2,), name="x"), m.input((2,), name="c"), m.tensor((2,), name="a"), m.tensor((2,), name="y")
    m.op("MUL", [c, c], [a], fused_activation_function="NONE")
    m.op("ADD", [a, x], [y], fused_activation_function="NONE")
    graph = load(m.build(outputs=[y]), name="model").graph
    return with_constant(graph, graph.inputs[1], np.array([2, 3], np.float32))


def layout() -> bytes:
    nodes = [n("Conv", "x w", "a"), n("Relu", "a", "y")]
    return model(nodes, {"x": [1, 2, 3, 3]}, "y", {"w": noise(2, 2, 1, 1)})


def resolve_control() -> Graph:
    """A condition that was not known when the file was read."""
    m = ModelBuilder()
    c, x, y = opcases_control.boolean(m), m.input((2, 3), name="x"), m.tensor((2, 3), name="y")
    sides = (opcases_control.subgraph(m, opcases_control.unary(kind)) for kind in ("TANH", "EXP"))
    graph = load(m.build(outputs=list(opcases_control.branch(m, c, [x], [y], *sides))), name="model").graph
    return with_constant(graph, graph.inputs[0], np.array([False]))


def settle_control() -> bytes:
    m = ModelBuilder()
    return m.build(outputs=list(opcases_control.swaps_its_operands(m)))


def centre_weights() -> bytes:
    m = ModelBuilder()
    x, y = (m.tensor((1, 2), "int8", scale=0.5, zero_point=0, name=name) for name in "xy")
    m.inputs.append(x)
    weights = m.const(np.array([[1, -2], [3, 9]], np.int8), scale=[0.5], zero_point=5, name="w")
    m.op("FULLY_CONNECTED", [x, weights, -1], [y], fused_activation_function="NONE")
    return m.build(outputs=[y])


def fuse_activation() -> bytes:
    """One RELU goes into the convolution; the other would change the scale."""
    m = Net()
    a, b, y = (m.made((1, 3, 3, 4), name, 2.0, -128) for name in ("a", "b", "y"))
    other = m.made((1, 3, 3, 4), "other", 1.5, -128)
    m.conv(m.image(), a)
    m.op("RELU", [a], [b])
    m.op("MAX_POOL_2D", [b], [y], stride_h=1, stride_w=1, filter_height=1, filter_width=1, padding="VALID")
    m.op("RELU", [y], [other])
    return m.build(outputs=[other])


def tabulate() -> bytes:
    m = Net()
    x, y = m.image(), m.made((1, 5, 5, 2), "y", 1 / 256, -128)
    m.op("LOGISTIC", [x], [y])
    return m.build(outputs=[y])


def simplify() -> bytes:
    """Two changes of shape are one; what gives the shape that there was is none."""
    m = ModelBuilder()
    x, a, b = m.input((2, 3), name="x"), m.tensor((6,), name="a"), m.tensor((3, 2), name="b")
    c, y = m.tensor((3, 2), name="c"), m.tensor((3, 2), name="y")
    for read, made, shape in ((x, a, [6]), (a, b, [3, 2]), (b, c, [3, 2])):
        m.op("RESHAPE", [read, m.const(np.array(shape, np.int32))], [made])
    m.op("TANH", [c], [y])
    return m.build(outputs=[y])


def fuse_pad() -> bytes:
    m = Net()
    p, y = m.made((1, 6, 7, 2), "p"), m.made((1, 4, 5, 4), "y", 2.0)
    m.pad(m.image(), p)
    m.conv(p, y)
    return m.build(outputs=[y])


def prune_channels() -> bytes:
    """Weights of zeros and a low bias: the clamp makes constants of four channels."""
    m = Net()
    a, y = m.made((1, 3, 3, 8), "a", 2.0, -128), m.made((1, 3, 3, 4), "y", 9.0)
    x = m.image()
    weights = np.zeros((8, 3, 3, 2), np.int8)
    weights[::2] = np.resize(np.arange(-9, 9), (4, 3, 3, 2))
    w = m.const(weights, scale=[0.02], zero_point=0, name="w")
    bias = m.const(np.array([20, -90000] * 4, np.int32), scale=[0.01], zero_point=0, name="b")
    m.op("CONV_2D", [x, w, bias], [a], stride_h=1, stride_w=1, padding="VALID", fused_activation_function="RELU")
    second = m.const(np.resize(np.arange(-9, 9, dtype=np.int8), (4, 1, 1, 8)), scale=[0.03], zero_point=0, name="v")
    m.op("CONV_2D", [a, second, -1], [y], stride_h=1, stride_w=1, padding="VALID", fused_activation_function="NONE")
    return m.build(outputs=[y])


def remove_dead() -> bytes:
    m = ModelBuilder()
    x, y, unread = m.input((3,), name="x"), m.tensor((3,), name="y"), m.tensor((3,), name="unread")
    m.op("TANH", [x], [y])
    m.op("EXP", [x], [unread])
    return m.build(outputs=[y])


def order_branches() -> bytes:
    """The shortcut comes first in the file."""
    m = ModelBuilder()
    names = ("x", "short", "first", "second", "y")
    x, short, first, second, y = m.input((3,), name=names[0]), *(m.tensor((3,), name=name) for name in names[1:])
    for kind, operand, result in (("TANH", x, short), ("LOGISTIC", x, first), ("EXP", first, second)):
        m.op(kind, [operand], [result])
    m.op("ADD", [short, second], [y], fused_activation_function="NONE")
    return m.build(outputs=[y])


def copy_constant_outputs() -> bytes:
    m = ModelBuilder()
    c, x, y = m.const(np.array([1, 2], np.float32), name="c"), m.input((2,), name="x"), m.tensor((2,), name="y")
    m.op("TANH", [x], [y])
    return m.build(outputs=[y, c])


def write_back() -> bytes:
    """The state's old content is read after the new one is made."""
    m = ModelBuilder()
    x, handle, old = m.input((1, 3), name="x"), m.tensor((1,), "resource"), m.tensor((1, 3), name="old")
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    setup = m.subgraph("setup")
    inner = setup.tensor((1,), "resource")
    setup.op("VAR_HANDLE", [], [inner], container="", shared_name="s")
    setup.op("ASSIGN_VARIABLE", [inner, setup.const(np.zeros((1, 3), np.float32))], [])
    setup.outputs = []
    m.op("CALL_ONCE", [], [], init_subgraph_index=setup.index)
    m.op("READ_VARIABLE", [handle], [old])
    new, y = m.tensor((1, 3), name="new"), m.tensor((1, 3), name="y")
    m.op("ADD", [old, x], [new], fused_activation_function="NONE")
    m.op("MUL", [old, new], [y], fused_activation_function="NONE")
    m.op("ASSIGN_VARIABLE", [handle, new], [])
    return m.build(outputs=[y])


def windows(m: Net, x: int, name: str, rows: int, *, dropped_first: bool) -> int:
    """x behind a state of `rows` rows: all of it, and what is kept of it is a slice, or behind a slice of the state, and all is
    kept."""
    handle, old = m.tensor((1,), "resource"), m.tensor((1, rows, 2), name=f"{name}_old")
    setup = m.subgraph(f"setup_{name}")
    inner = setup.tensor((1,), "resource")
    setup.op("VAR_HANDLE", [], [inner], container="", shared_name=name)
    initial = np.arange(rows * 2, dtype=np.float32).reshape(1, rows, 2)
    setup.op("ASSIGN_VARIABLE", [inner, setup.const(initial)], [])
    setup.outputs = []
    m.op("CALL_ONCE", [], [], init_subgraph_index=setup.index)
    m.op("VAR_HANDLE", [], [handle], container="", shared_name=name)
    m.op("READ_VARIABLE", [handle], [old])

    def last(of: int, size: int, kept: int) -> int:
        y = m.tensor((1, kept, 2), name=f"{name}_last")
        bounds = [m.const(np.array(bound, np.int32)) for bound in ([0, size - kept, 0], [1, size, 2], [1, 1, 1])]
        m.op("STRIDED_SLICE", [of, *bounds], [y])
        return y

    kept = last(old, rows, rows - 2) if dropped_first else old
    size = rows if dropped_first else rows + 2
    window = m.tensor((1, size, 2), name=f"{name}_window")
    m.op("CONCATENATION", [kept, x], [window], axis=1)
    m.op("ASSIGN_VARIABLE", [handle, window if dropped_first else last(window, size, rows)], [])
    return window


def shift_states() -> bytes:
    m = Net()
    x = m.input((1, 2, 2), name="x")
    return m.build(outputs=[windows(m, x, "s", 3, dropped_first=False), windows(m, x, "t", 5, dropped_first=True)])


MODELS: dict[str, Callable[[], bytes | Graph]] = {
    build.__name__.replace("_", "-"): build
    for build in (
        *(fold_constants, resolve_control, layout, centre_weights, fuse_activation, tabulate, simplify, fuse_pad),
        *(prune_channels, remove_dead, order_branches, copy_constant_outputs),
        *(settle_control, shift_states, write_back),
    )
}


def around(step: Pass, made: bytes | Graph) -> tuple[Graph, Graph]:
    """The graph in front of a pass and behind it; of a file, after the passes in front."""
    if isinstance(made, Graph):
        return made, step(made)
    before = None
    for name, graph in stages(load(made, name="model").graph):
        if name == step.name:
            assert before is not None
            return before, graph
        before = graph
    raise AssertionError(step.name)


@pytest.mark.parametrize("step", PIPELINE, ids=lambda step: step.name)
def test_text_before_and_after(step: Pass) -> None:
    before, after = around(step, MODELS[step.name]())
    text = print_graph(before) + BETWEEN + print_graph(after) + "\n"
    path = TEXTS / f"{step.name}.txt"
    if os.environ.get("TINYCC_WRITE_TEXTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert print_graph(before) != print_graph(after)
    first, second = Interpreter(before), Interpreter(after)
    for seed in range(4):
        arrays = random_inputs(before.inputs, seed).arrays
        for found, expected in zip(second.run(arrays), first.run(arrays), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_every_pass_has_a_text() -> None:
    assert {path.stem for path in TEXTS.glob("*.txt")} == {step.name for step in PIPELINE} == set(MODELS)

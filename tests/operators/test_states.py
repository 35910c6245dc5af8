# SPDX-License-Identifier: Apache-2.0
"""State: resource variables keep their content from one inference to the next, and reset brings the beginning back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import Interpreter
from tinycc.ir import check
from tinycc.verification import verify


def accumulator(initial: list[float] | None = None, *, swap: bool = False) -> bytes:
    """y = s + x; s <- y. With `swap`, two variables that also take over each other's content."""
    m = ModelBuilder()
    calls = []
    if initial is not None:
        setup = m.subgraph("setup")
        handle = setup.tensor((1,), "resource")
        setup.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
        setup.op("ASSIGN_VARIABLE", [handle, setup.const(np.array([initial], np.float32))], [])
        setup.outputs = []
        calls = [setup.index]
    x = m.input((1, 3), "float32", name="x")
    for index in calls:
        m.op("CALL_ONCE", [], [], init_subgraph_index=index)
    names = ["s", "t"] if swap else ["s"]
    handles = [m.tensor((1,), "resource") for _ in names]
    contents = [m.tensor((1, 3), "float32", name=f"read_{name}") for name in names]
    for name, handle, content in zip(names, handles, contents, strict=True):
        m.op("VAR_HANDLE", [], [handle], container="", shared_name=name)
        m.op("READ_VARIABLE", [handle], [content])
    y = m.tensor((1, 3), "float32", name="y")
    m.op("ADD", [contents[0], x], [y], fused_activation_function="NONE")
    if swap:
        m.op("ASSIGN_VARIABLE", [handles[0], contents[1]], [])
        m.op("ASSIGN_VARIABLE", [handles[1], y], [])
    else:
        m.op("ASSIGN_VARIABLE", [handles[0], y], [])
    return m.build(outputs=[y])


def test_state_goes_from_one_inference_to_the_next(runtime_archive: Path) -> None:
    compilation = compile(accumulator([10, 20, 30]), name="model")
    ones = [np.ones((1, 3), np.float32)]
    with HostModel(compilation, archive=runtime_archive) as host:
        assert [host.run(ones).outputs[0].tolist() for _ in range(3)] == [[[11, 21, 31]], [[12, 22, 32]], [[13, 23, 33]]]
        host.reset()
        assert host.run(ones).outputs[0].tolist() == [[11, 21, 31]]
    assert "model_reset" in compilation.files["model.h"]


def test_states_that_take_over_each_others_content(runtime_archive: Path) -> None:
    compilation = compile(accumulator(swap=True), name="model")
    reference = Interpreter(compilation.model.graph)
    with HostModel(compilation, archive=runtime_archive) as host:
        for step in range(5):
            x = [np.full((1, 3), step + 1, np.float32)]
            np.testing.assert_array_equal(host.run(x).outputs[0], reference.run(x)[0])


@pytest.mark.parametrize("swap", [False, True])
def test_verified_over_sequences(swap: bool) -> None:
    verdict = verify(accumulator([1, 2, 3], swap=swap), runs=3, layers=True)
    assert verdict.passed
    assert verdict.runs == 24
    assert all(row.values for row in verdict.layers)


def test_printed() -> None:
    graph = check(load(accumulator([1, 2, 3])).graph)
    (state,) = graph.states
    assert state.before.name == "read_s"
    assert state.after is graph.outputs[0]
    assert state.initial.tolist() == [[1, 2, 3]]


def test_a_variable_that_is_no_handle_is_refused() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 3), "float32"), m.tensor((1, 3), "float32")
    m.op("READ_VARIABLE", [x], [y])
    with pytest.raises(CompileError, match="expected the result of a VAR_HANDLE"):
        load(m.build(outputs=[y]))


def test_states_that_take_over_views_of_each_other(runtime_archive: Path) -> None:
    """s, t = s + x, reshaped s: the old s must be kept until t has it, and both are there for two more variables."""
    m = ModelBuilder()
    x = m.input((2, 3), "float32")
    names = ("s", "t", "u", "v")
    handles = [m.tensor((1,), "resource") for _ in names]
    contents = [m.tensor((2, 3), "float32") for _ in names]
    for name, handle, content in zip(names, handles, contents, strict=True):
        m.op("VAR_HANDLE", [], [handle], container="", shared_name=name)
        m.op("READ_VARIABLE", [handle], [content])
    turned, back, total, y = m.tensor((3, 2)), m.tensor((2, 3)), m.tensor((2, 3)), m.tensor((2, 3))
    m.op("RESHAPE", [contents[0], m.const(np.array([3, 2], np.int32))], [turned])
    m.op("RESHAPE", [turned, m.const(np.array([2, 3], np.int32))], [back])
    m.op("ADD", [contents[0], x], [total], fused_activation_function="NONE")
    m.op("SUB", [contents[1], contents[3]], [y], fused_activation_function="NONE")
    for handle, value in zip(handles, (total, back, contents[1], contents[1]), strict=True):
        m.op("ASSIGN_VARIABLE", [handle, value], [])
    compilation = compile(m.build(outputs=[y]), name="model")
    reference = Interpreter(compilation.model.graph)
    with HostModel(compilation, archive=runtime_archive) as host:
        for step in range(5):
            inputs = [np.full((2, 3), step + 1, np.float32)]
            np.testing.assert_array_equal(host.run(inputs).outputs[0], reference.run(inputs)[0])

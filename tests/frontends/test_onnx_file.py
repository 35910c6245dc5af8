# SPDX-License-Identifier: Apache-2.0
"""ONNX files as they come: damaged, hostile, unusual. Every refusal is one message; nothing outside the folder is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, external_data_helper, helper
from onnx_models import model, noise, proto
from onnx_models import node as n

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.frontends import open_source
from tinycc.frontends.onnx.wire import check_wire
from tinycc.interpret import interpret
from tinycc.numerics.rules import INTEGER, ORT

RELU = model([n("Relu", "x", "y")], {"x": [2, 3]}, "y")


def refusal(data: bytes | Path, **options: Any) -> str:
    with pytest.raises(CompileError) as caught:
        compile(data, **options)
    return str(caught.value)


def varint(number: int) -> bytes:
    return bytes([number & 127 | 128]) + varint(number >> 7) if number > 127 else bytes([number])


def tagged(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def nested(depth: int) -> bytes:
    """Graphs in attributes of nodes in graphs."""
    graph = b""
    for _ in range(depth):
        graph = tagged(1, tagged(5, tagged(6, graph)))
    return b"\x08\x08" + tagged(7, graph)


def unchecked(nodes: list[Any]) -> bytes:
    """A model from x to y, both of two elements."""
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xy")
    return helper.make_model(helper.make_graph(nodes, "g", [x], [y])).SerializeToString()


CIRCLE = [n("Add", "x b", "a"), n("Relu", "a", "b"), n("Neg", "b", "y")]
BROKEN = {
    "header": (b"\x08\x08\x12\x07pytorch", "no graph"),
    "truncated": (RELU[: len(RELU) // 2], "beyond the end"),
    "depth": (nested(100), "messages inside each other"),
    "empty_nodes": (b"\x08\x08" + tagged(7, tagged(1, b"") * 2**20), "more than 1,048,576 fields"),
    "wire_type": (b"\x08\x08\x0f", "wire type 7"),
    "endless": (b"\x08\x08" + b"\xff" * 20, "a number without end"),
    "circle": (
        helper.make_model(
            helper.make_graph(
                CIRCLE, "g", [helper.make_tensor_value_info("x", 1, [2])], [helper.make_tensor_value_info("y", 1, [2])]
            )
        ).SerializeToString(),
        'op 0 Add "a": found a circle',
    ),
    "twice": (unchecked([n("Relu", "x", "y"), n("Neg", "x", "y")]), 'op 1 Neg "y": found result y, which op 0 Relu "y" makes'),
    "nowhere": (unchecked([n("Add", "a x", "b"), n("Mul", "b c", "y")]), "2 problems"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file(name: str) -> None:
    data, fragment = BROKEN[name]
    assert fragment in refusal(data)


def test_packed_integers_are_counted() -> None:
    tensor = tagged(7, bytes(2**24 + 1))
    with pytest.raises(CompileError, match="packed integers"):
        check_wire(b"\x08\x08" + tagged(7, tagged(5, tensor)))


def test_every_problem_at_once() -> None:
    nodes = [
        n("RandomNormalLike", "x", "a"),
        n("RandomUniformLike", "x", "d"),
        n("Conv", "x w", "c", group=2),
        n("Relu", "d", "y"),
    ]
    message = refusal(model(nodes, {"x": [1, 3, 4, 4]}, "y c", {"w": noise(4, 3, 1, 1)}))
    assert "3 problems" in message
    assert 'op 0 RandomNormalLike "a": found RandomNormalLike' in message
    assert "random numbers cannot be verified" in message
    assert 'op 1 RandomUniformLike "d"' in message
    assert 'op 2 Conv "c": found 3 input channels, weights [4, 3, 1, 1], 2 groups' in message


def test_unknown_attribute_is_refused() -> None:
    """What no row asks for may mean anything."""
    data = proto([n("Relu", "x", "y")], {"x": [2, 3]}, "y")
    data.graph.node[0].attribute.append(helper.make_attribute("alpha", 1.0))
    assert "alpha" in refusal(data.SerializeToString())


def with_external(folder: Path, location: str, **entries: int) -> Path:
    made = proto([n("Add", "x w", "y")], {"x": [2, 3]}, "y", {"w": noise(2, 3)})
    tensor = made.graph.initializer[0]
    external_data_helper.set_external_data(tensor, location, **entries)
    tensor.ClearField("raw_data")
    path = folder / "model.onnx"
    path.write_bytes(made.SerializeToString())
    return path


def test_external_data(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(8) + noise(2, 3).tobytes())
    path = with_external(tmp_path, "w.bin", offset=8, length=24)
    (found,) = interpret(load(path).graph, [np.ones((2, 3), np.float32)])
    np.testing.assert_array_equal(found, noise(2, 3) + 1)
    assert "A model given as bytes has no folder" in refusal(path.read_bytes())


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "", "none.bin", "link"])
def test_external_data_outside_the_folder(tmp_path: Path, location: str) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(24))
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "w.bin")
    assert "a file in the model's folder" in refusal(with_external(folder, location))


def test_external_data_that_is_too_short(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(20))
    assert "The data file is truncated" in refusal(with_external(tmp_path, "w.bin", length=24))
    assert "24 bytes required" in refusal(with_external(tmp_path, "w.bin"))


def test_dynamic_dimensions() -> None:
    data = model([n("Relu", "x", "y")], {"x": ["batch", 3]}, "y")
    assert load(data).graph.outputs[0].shape == (1, 3)
    assert load(data, shapes={"x": (4, 3)}).graph.outputs[0].shape == (4, 3)
    assert "sizes as in ['?', 3]" in refusal(data, shapes={"x": (4, 4)})
    assert "input z" in refusal(data, shapes={"z": (4, 4)})


def test_initializers_as_inputs_are_constants() -> None:
    made = proto([n("Add", "x w", "y")], {"x": [2, 3], "w": [2, 3]}, "y", {"w": noise(2, 3)})
    graph = load(made.SerializeToString()).graph
    assert [value.name for value in graph.inputs] == ["x"]


def test_functions_are_inlined() -> None:
    made = proto([n("twice", "x", "y", domain="mine")], {"x": [2, 3]}, "y", domains={"mine": 1})
    body = [n("Add", "a a", "b")]
    made.functions.append(helper.make_function("mine", "twice", ["a"], ["b"], body, [helper.make_opsetid("", 21)]))
    (found,) = interpret(load(made.SerializeToString()).graph, [np.full((2, 3), 2, np.float32)])
    assert found.tolist() == [[4.0] * 3] * 2


def test_functions_that_multiply() -> None:
    """Thirty functions that call the next one twice are a thousand million nodes."""
    made = proto([n("f0", "x", "y", domain="mine")], {"x": [2, 3]}, "y", domains={"mine": 1})
    versions = [helper.make_opsetid("", 21), helper.make_opsetid("mine", 1)]
    for level in range(30):
        kind = (f"f{level + 1}", "mine") if level < 29 else ("Relu", "")
        body = [n(kind[0], "a", "c", domain=kind[1]), n(kind[0], "c", "b", domain=kind[1])]
        made.functions.append(helper.make_function("mine", f"f{level}", ["a"], ["b"], body, versions))
    assert "where all are called" in refusal(made.SerializeToString())


def test_nodes_in_any_order() -> None:
    made = proto([n("Neg", "a", "y"), n("Relu", "x", "a")], {"x": [2, 3]}, "y")
    assert [op.origin.kind for op in load(made.SerializeToString()).graph.ops] == ["Relu", "Neg"]


def test_old_operator_sets_are_converted() -> None:
    data = model([n("Add", "x w", "y", broadcast=1)], {"x": [2, 3, 4]}, "y", {"w": noise(4)}, opset=6)
    (found,) = interpret(load(data).graph, [np.zeros((2, 3, 4), np.float32)])
    np.testing.assert_array_equal(found, np.broadcast_to(noise(4), (2, 3, 4)))


def test_newer_operator_sets_are_refused() -> None:
    made = proto([n("Relu", "x", "y")], {"x": [2, 3]}, "y")
    made.opset_import[0].version = onnx.defs.onnx_opset_version() + 1
    assert "Update the package onnx" in refusal(made.SerializeToString())


def test_element_types_of_inputs() -> None:
    data = model([n("Neg", "x", "y")], {"x": (TensorProto.DOUBLE, [2])}, "y")
    assert "input x: found elements of double" in refusal(data)


def test_constants_alone_have_a_budget() -> None:
    nodes = [n("ConstantOfShape", "s", "c"), n("ReduceSum", "c", "r"), n("Add", "x r", "y")]
    message = refusal(model(nodes, {"x": [1]}, "y", {"s": np.asarray([2**15, 2**15], np.int64)}))
    assert "to compute in the whole model" in message


def test_face() -> None:
    source = open_source(RELU)
    assert (source.format, source.runtimes, source.oracles) == ("ONNX", (ORT, INTEGER), ("ort", "reference"))

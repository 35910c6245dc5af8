# SPDX-License-Identifier: Apache-2.0
"""What is said of operators that are not supported, and of results whose shape depends on the data."""

from __future__ import annotations

import re

import numpy as np
import pytest
from model_builder import ModelBuilder
from onnx import TensorProto
from onnx_models import model, node, noise

from tinycc.compiler import load
from tinycc.errors import CompileError, Problem
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.types import in_words_of_onnx
from tinycc.ir import Origin
from tinycc.ops.base import operators, paragraphs


@pytest.mark.parametrize(
    ("custom", "reason", "hint"),
    [
        ("FlexErf", "converted with SELECT_TF_OPS", r"Convert without tf.lite.OpsSet.SELECT_TF_OPS"),
        ("ethos-u", "a program for an accelerator", "before Vela"),
        ("edgetpu-custom-op", "a program for an accelerator", "before edgetpu_compiler"),
        ("DISPATCH_OP", "a program for an accelerator", "before it was compiled ahead of time"),
        ("MyFilter", "known to its makers alone", "allow_custom_ops"),
    ],
)
def test_custom_operators(custom: str, reason: str, hint: str) -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4), "int8", scale=0.1), m.tensor((1, 4), "int8", scale=0.1)
    m.custom(custom, [x, m.tensor((64,), "uint8", name="scratch")], [y])
    with pytest.raises(CompileError) as error:
        load(m.build([y]))
    (problem,) = error.value.problems  # none of the scratch memory, which nothing makes
    assert problem.found == f"CUSTOM:{custom}(int8[1,4], uint8[64]) -> int8[1,4]"
    assert reason in problem.expected
    assert hint in problem.hint


def test_custom_operator_of_a_writer_that_leaves_the_builtin_code_out() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.custom("DISPATCH_OP", [x, x], [y])
    ((_, name, version),) = m._file.codes
    m._file.codes = [(0, name, version)]
    with pytest.raises(CompileError, match=r"CUSTOM:DISPATCH_OP.*accelerator"):
        load(m.build([y]))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("UNIQUE", "depends on the data"),
        ("HASHTABLE_LOOKUP", "hash table"),
        ("MULTINOMIAL", "random numbers"),
        ("STABLEHLO_ADD", "StableHLO"),
        ("CONCAT_EMBEDDINGS", "a supported operator"),
    ],
)
def test_builtin_operators(kind: str, reason: str) -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.op(kind, [x], [y])
    with pytest.raises(CompileError, match=reason):
        load(m.build([y]))


@pytest.mark.parametrize(
    ("kind", "position", "hint"),
    [
        ("BROADCAST_TO", 1, "tf.broadcast_to"),
        ("FILL", 0, "tf.fill"),
        ("ONE_HOT", 1, "tf.one_hot"),
        ("RANGE", 1, "tf.range"),
        ("RESHAPE", 1, "tf.reshape"),
        ("TILE", 1, "tf.tile"),
        ("TOPK_V2", 1, "tf.math.top_k"),
        ("WHERE", 0, "three operands"),
    ],
)
def test_shapes_that_depend_on_the_data(kind: str, position: int, hint: str) -> None:
    m = ModelBuilder()
    scalar, vector = np.int32(1), np.array([1, 2], np.int32)
    operands = {
        "BROADCAST_TO": [m.const(np.ones((1, 2), np.float32)), vector],
        "FILL": [vector, m.const(np.float32(1))],
        "ONE_HOT": [m.const(vector), scalar, m.const(np.float32(1)), m.const(np.float32(0))],
        "RANGE": [m.const(scalar), scalar, m.const(scalar)],
        "RESHAPE": [m.const(np.ones(6, np.float32)), vector],
        "TILE": [m.const(np.ones((1, 2), np.float32)), vector],
        "TOPK_V2": [m.const(np.ones(6, np.float32)), scalar],
        "WHERE": [vector],
    }[kind]
    at_run_time = np.asarray(operands[position])
    operands[position] = m.input(at_run_time.shape, "int32", name="late")
    outputs = [m.tensor((1, 1), "int64" if kind == "WHERE" else "float32")]
    outputs += [m.tensor((1,), "int32")] if kind == "TOPK_V2" else []
    m.op(kind, operands, outputs)
    with pytest.raises(CompileError) as error:
        load(m.build(outputs))
    (problem,) = error.value.problems
    assert problem.found == f"operand {position} %late computed at run time"
    assert "depends on the data" in problem.expected
    assert hint in problem.hint


@pytest.mark.parametrize("condition", [[[True, False, True], [False, True, True]], [False, False], 0.5, [0, 3, -1]])
def test_where_of_a_constant(condition: object) -> None:
    array = np.asarray(condition)
    array = array.astype(np.float32) if array.dtype == np.float64 else array
    m = ModelBuilder()
    y = m.tensor((1, 1), "int64", signature=(-1, max(array.ndim, 1)))
    m.op("WHERE", [m.const(array)], [y])
    (value,) = load(m.build([y])).graph.outputs
    assert value.data is not None
    assert np.array_equal(value.data, np.argwhere(array))


def test_text() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4), "string"), m.tensor((1, 4), "string")
    m.op("RELU", [x], [y])
    with pytest.raises(CompileError, match="begin with the numbers"):
        load(m.build([y]))


@pytest.mark.parametrize(
    ("kind", "types", "found"),
    [
        ("Conv", (TensorProto.FLOAT, TensorProto.INT8), "W: tensor(int8)"),
        ("Exp", (TensorProto.INT8,), "input: tensor(int8)"),
        ("MatMul", (TensorProto.INT32, TensorProto.FLOAT), "A: tensor(int32), B: tensor(float)"),
    ],
)
def test_types_that_onnx_does_not_have_for_an_operator(kind: str, types: tuple[int, ...], found: str) -> None:
    inputs = {f"x{number}": (type, [1, 1, 4, 4]) for number, type in enumerate(types)}
    with pytest.raises(CompileError) as error:
        load(model([node(kind, " ".join(inputs), "y")], inputs, "y"))
    (problem,) = error.value.problems
    assert problem.found == found
    assert "QuantizeLinear" in problem.hint


def test_hints_for_a_model_of_onnx_name_no_converter_to_tflite() -> None:
    told = Node(Origin(0, "Add", "a"), "Add", 14, (), (), {})
    hints = {paragraphs(condition)[1] for cls in operators() for condition in cls.conditions}
    hints = {in_words_of_onnx(Problem("", "", hint=hint), told, "").hint for hint in hints}
    assert len(hints) > 10
    assert not [hint for hint in hints if re.search(r"onver|TFLite|keras|representative", hint)]


RECURRENT = {"w": noise(1, 16, 3), "r": noise(1, 16, 4)}


@pytest.mark.parametrize(
    ("steps", "lengths", "attributes", "found"),
    [
        (0, None, {}, "0 steps"),
        (6, [3, 7], {}, "sequence_lens [3, 7]"),
        (6, [-1, 6], {}, "sequence_lens [-1, 6]"),
        (6, None, {"activations": ["Sigmoid", "Sine", "Tanh"]}, "activation Sine"),
        (6, None, {"activations": ["Sigmoid", "Tanh"]}, "2 activations"),
        (6, None, {"activations": ["Sigmoid", "Tanh", "ScaledTanh"], "activation_alpha": [1.0]}, "without activation_beta"),
        (6, None, {"clip": -1.0}, "clip -1"),
    ],
)
def test_recurrent_layers(steps: int, lengths: list[int] | None, attributes: dict[str, object], found: str) -> None:
    constants = {**RECURRENT, **({} if lengths is None else {"l": np.asarray(lengths, np.int32)})}
    layer = node("LSTM", "x w r - l" if lengths else "x w r", "y", hidden_size=4, **attributes)
    with pytest.raises(CompileError) as error:
        load(model([layer], {"x": [steps, 2, 3]}, "y", constants))
    (problem,) = error.value.problems
    assert found in problem.found
    assert "report" not in problem.hint


@pytest.mark.parametrize(("lengths", "clip"), [([0, 6], 0.0), ([6, 6], 0.5)])
def test_recurrent_layers_at_the_edge(lengths: list[int], clip: float) -> None:
    constants = {**RECURRENT, "l": np.asarray(lengths, np.int32)}
    layer = node("LSTM", "x w r - l", "y", hidden_size=4, clip=clip)
    assert load(model([layer], {"x": [6, 2, 3]}, "y", constants)).graph.ops

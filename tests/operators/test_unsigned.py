# SPDX-License-Identifier: Apache-2.0
"""uint8 models: int8 inside, uint8 at the border; weights with zero points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from harness import agree
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.frontends.tflite.oracle import litert_ref
from tinycc.interpret import interpret
from tinycc.ir import DType, Graph
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.passes.centre_weights import CentreWeights
from tinycc.verification import verify

Q = {"scale": 0.1, "zero_point": 131}


def kinds(graph: Graph) -> list[str]:
    return [type(op).__name__ for op in graph.ops]


def convolution(weights_zero_point: int, dtype: str = "uint8") -> bytes:
    """1x1, 3 -> 2 channels; weights 120 to 125 in uint8, -8 to -3 in int8."""
    m = ModelBuilder()
    offset = 0 if dtype == "uint8" else 128
    x = m.input((1, 2, 2, 3), dtype, scale=0.1, zero_point=131 - offset)
    codes = (np.arange(6).reshape(2, 1, 1, 3) + 120 - offset).astype(dtype)
    w = m.const(codes, scale=0.02, zero_point=weights_zero_point - offset)
    bias = m.const(np.array([10, -20], np.int32), scale=0.002)
    y = m.tensor((1, 2, 2, 2), dtype, scale=0.3, zero_point=121 - offset)
    m.op("CONV_2D", [x, w, bias], [y], stride_h=1, stride_w=1, padding="VALID")
    return m.build([y])


def test_inputs_and_outputs_keep_their_type_and_names() -> None:
    graph = load(convolution(128)).graph
    assert kinds(graph) == ["Lookup", "Conv2D", "Lookup"]
    (x,), (y,) = graph.inputs, graph.outputs
    assert (x.dtype, x.zero_point, x.name, x.index) == (DType.UINT8, 131, "t0", 0)
    assert (y.dtype, y.zero_point, y.name, y.index) == (DType.UINT8, 121, "t3", 3)
    assert (graph.ops[1].y.dtype, graph.ops[1].y.zero_point) == (DType.INT8, -7)


@pytest.mark.parametrize(
    ("zero_point", "centred", "kernel"),
    [(128, 0, "arm_convolve"), (120, 0, "arm_convolve"), (0, 0, "arm_convolve"), (255, 127, "tk_conv_asymmetric_s8")],
)
def test_weights_are_centred_where_they_fit(zero_point: int, centred: int, kernel: str) -> None:
    graph = load(convolution(zero_point)).graph
    after = CentreWeights()(graph)
    op = after.ops[1]
    assert isinstance(op, Conv2D)
    assert op.weights.zero_point == centred
    array = np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3) * 20
    np.testing.assert_array_equal(interpret(after, [array])[0], interpret(graph, [array])[0])
    assert compile(convolution(zero_point)).program.steps[1].kernel.startswith(kernel)


def test_a_general_kernel_is_told_and_borders_have_names() -> None:
    (note,) = load(convolution(255)).notes
    assert note.startswith('op 0 CONV_2D "t3": weights of uint8 with a zero point that does not go into int8')
    assert load(convolution(120)).notes == ()
    assert [layer.operator.split()[0] for layer in compile(convolution(120)).report.layers] == ["input", "CONV_2D", "output"]


def test_int8_weights_must_be_symmetric() -> None:
    with pytest.raises(CompileError, match=r"weights with zero points \[5\]; expected int8 weights that are symmetric"):
        load(convolution(133, "int8"))


def test_layers_are_compared() -> None:
    verdict = verify(convolution(7), match="litert", layers=True, runs=1)
    assert verdict.passed
    assert len(verdict.layers) == 1


def test_a_table_takes_the_border_in() -> None:
    m = ModelBuilder()
    x = m.input((7,), "uint8", **Q)
    y = m.tensor((7,), "uint8", scale=1 / 256, zero_point=0)
    m.op("LOGISTIC", [x], [y])
    (op,) = compile(m.build([y])).graph.ops
    assert isinstance(op, Lookup)
    assert (op.x.dtype, op.y.dtype) == (DType.UINT8, DType.UINT8)


def test_an_input_that_is_an_output_stays() -> None:
    m = ModelBuilder()
    x, y = m.input((7,), "uint8", **Q), m.tensor((7,), "uint8", scale=1 / 256, zero_point=0)
    m.op("LOGISTIC", [x], [y])
    graph = load(m.build([y, x])).graph
    assert graph.outputs[1] is graph.inputs[0]


def test_a_constant_output_is_uint8() -> None:
    m = ModelBuilder()
    x, c = m.input((2,), "uint8", **Q), m.const(np.array([3, 200], np.uint8), **Q)
    a, y = m.tensor((2,), "uint8", **Q), m.tensor((4,), "uint8", **Q)
    m.op("RESHAPE", [c], [a], new_shape=(2,))
    m.op("CONCATENATION", [a, x], [y])
    (constant, joined) = interpret(compile(m.build([a, y])).graph, [np.array([0, 255], np.uint8)])
    np.testing.assert_array_equal(constant, np.array([3, 200], np.uint8))
    np.testing.assert_array_equal(joined, np.array([3, 200, 0, 255], np.uint8))


def test_tensors_without_quantization_go_along() -> None:
    m = ModelBuilder()
    x, y = m.input((2, 3), "uint8"), m.tensor((6,), "uint8", **Q)
    m.op("RESHAPE", [x], [y], new_shape=(6,))
    graph = load(m.build([y])).graph
    array = np.arange(6, dtype=np.uint8).reshape(2, 3) * 50
    np.testing.assert_array_equal(interpret(graph, [array])[0], array.ravel())


def test_without_any_quantization_nothing_changes() -> None:
    m = ModelBuilder()
    x, y = m.input((2, 3), "uint8"), m.tensor((6,), "uint8")
    m.op("RESHAPE", [x], [y], new_shape=(6,))
    assert kinds(load(m.build([y])).graph) == ["Reshape"]


@pytest.mark.parametrize("constant", [False, True])
def test_cast_reads_and_writes_the_codes_of_the_file(runtime_archive: object, constant: bool) -> None:
    m = ModelBuilder()
    x = m.input((4,), "uint8", **Q)
    c = m.const(np.array([0, 127, 128, 255], np.uint8), **Q)
    a, b, y, back = (m.tensor((4,), kind, **q) for kind, q in (("uint8", Q), ("float32", {}), ("uint8", Q), ("uint8", Q)))
    m.op("RELU", [x], [a])
    m.op("CAST", [c if constant else a], [b])
    m.op("CAST", [b], [y])
    m.op("RELU", [y], [back])
    data = m.build([b, y, back])
    agree(data, litert_ref(data), runtime_archive, match="litert")  # type: ignore[arg-type]


def test_a_pool_with_a_stride_beyond_its_window_goes_row_by_row(runtime_archive: Path) -> None:
    """Its last rows see less than there is."""
    m = ModelBuilder()
    x, y, z = m.input((1, 6, 3, 1), "uint8", **Q), m.tensor((1, 3, 3, 1), "uint8", **Q), m.tensor((1, 3, 3, 1), "uint8", **Q)
    m.op("AVERAGE_POOL_2D", [x], [y], padding="SAME", stride_h=2, stride_w=1, filter_height=1, filter_width=1)
    m.op("MAXIMUM", [y, y], [z])
    model = m.build([z])
    agree(model, litert_ref(model), runtime_archive, match="litert")

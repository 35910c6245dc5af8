# SPDX-License-Identifier: Apache-2.0
"""Files as unusual converters, quantizers and exporters write them: what is right in them compiles, the rest is named.

Long: a file for each habit of a writer.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tflite
from click.testing import CliRunner
from model_builder import GraphBuilder, ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.frontends.tflite.oracle import tflm
from tinycc.interpret import interpret
from tinycc.verification import verify

TENSOR_SHAPE, TENSOR_BUFFER, QUANTIZATION_ZERO_POINT, MODEL_BUFFERS = 4, 8, 10, 12
"""Slots of the vtables."""


def without_field(data: bytes, table: Callable[[Any], Any], slot: int) -> bytes:
    """The file with a table's field left out."""
    changed = bytearray(data)
    root = table(tflite.Model.GetRootAs(data, 0))._tab
    (back,) = struct.unpack_from("<i", data, root.Pos)
    struct.pack_into("<H", changed, root.Pos - back + slot, 0)
    return bytes(changed)


def new_codes_only(data: bytes) -> bytes:
    """The file as ai-edge-quantizer writes operators: the old 8-bit code stays at its default, 0."""
    model = tflite.Model.GetRootAs(data, 0)
    for number in range(model.OperatorCodesLength()):
        data = without_field(data, lambda model, number=number: model.OperatorCodes(number), 4)
    return data


@pytest.mark.parametrize("kind", ["MUL", "SUB", "MAXIMUM", "SQUARED_DIFFERENCE", "FLOOR_MOD"])
def test_operator_code_in_the_new_field_alone(kind: str) -> None:
    """Codes on both sides of 127, of operators that all take what ADD takes."""
    m = ModelBuilder()
    a, b, y = m.input((1, 4), "float32"), m.input((1, 4), "float32"), m.tensor((1, 4), "float32")
    options = {"fused_activation": "NONE"} if kind in ("MUL", "SUB") else {}
    m.op(kind, [a, b], [y], **options)
    whole = m.build([y])
    data = new_codes_only(whole)
    assert data != whole
    inputs = [np.array([[1.0, -2, 3, 7]], np.float32), np.array([[5.0, 4, -2, 3]], np.float32)]
    expected = tflm(data).run(inputs)[0]
    np.testing.assert_array_equal(interpret(load(data).graph, inputs)[0], expected)
    assert not np.array_equal(expected, inputs[0] + inputs[1])


def test_custom_operator_code_in_the_new_field_alone() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.custom("MyFilter", [x], [y])
    with pytest.raises(CompileError, match="found CUSTOM:MyFilter"):
        load(new_codes_only(m.build([y])))


def relu(dtype: str = "int8", out: str = "", **quantization: Any) -> bytes:
    m = ModelBuilder()
    x, y = m.input((1, 4), dtype, name="x", **quantization), m.tensor((1, 4), out or dtype, name="y", **quantization)
    m.op("RELU", [x], [y])
    return m.build([y])


def test_custom_operator_is_named_where_the_file_has_no_buffers() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.custom("MyFilter", [x], [y])
    with pytest.raises(CompileError, match="found CUSTOM:MyFilter"):
        load(without_field(m.build([y]), lambda model: model, MODEL_BUFFERS))


def test_a_buffer_in_a_file_that_has_none() -> None:
    m = ModelBuilder()
    x, c, y = m.input((1, 4)), m.const(np.ones((1, 4), np.float32)), m.tensor((1, 4))
    m.op("ADD", [x, c], [y], fused_activation="NONE")
    with pytest.raises(CompileError, match="tensor 1: found buffer 1; expected none, as the file has none"):
        load(without_field(m.build([y]), lambda model: model, MODEL_BUFFERS))


def test_scale_without_zero_point_refused() -> None:
    """LiteRT refuses it; TFLM takes the tensor for one that is not quantized and computes something else."""
    data = relu(scale=0.5, zero_point=0)
    for tensor in (0, 1):
        broken = without_field(
            data, lambda model, tensor=tensor: model.Subgraphs(0).Tensors(tensor).Quantization(), QUANTIZATION_ZERO_POINT
        )
        with pytest.raises(CompileError, match="a quantization scale without a zero point"):
            load(broken)


@pytest.mark.parametrize(("dtype", "out"), [("int8", "uint8"), ("uint8", "int8")])
@pytest.mark.parametrize("kind", ["HARD_SWISH", "RELU", "LOGISTIC"])
def test_int8_and_uint8_in_one_operator_refused(kind: str, dtype: str, out: str) -> None:
    m = ModelBuilder()
    q = {"scale": 0.1, "zero_point": 3}
    x, y = m.input((1, 4), dtype, **q), m.tensor((1, 4), out, **q)
    m.op(kind, [x], [y])
    with pytest.raises(CompileError, match=rf"found {dtype}\[1,4\] -> {out}\[1,4\]; expected uint8 or int8 alone"):
        load(m.build([y]))


def test_quantize_between_int8_and_uint8_compiles() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4), "int8", scale=0.1, zero_point=3), m.tensor((1, 4), "uint8", scale=0.1, zero_point=131)
    m.op("QUANTIZE", [x], [y])
    compile(m.build([y]))


def test_shape_of_a_refused_tensor_is_that_of_the_file() -> None:
    m = ModelBuilder()
    x, y = m.input((2, 3), "string"), m.tensor((2, 3), "string")
    m.custom("MyFilter", [x], [y])
    with pytest.raises(CompileError, match=r"CUSTOM:MyFilter\(string\[2,3\]\) -> string\[2,3\]"):
        load(m.build([y]))


# -- scales of what is all zero ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.0, 1e-45, 1e-40, 1e-33])
@pytest.mark.parametrize("dtype", ["int8", "int16"])
@pytest.mark.parametrize("kind", ["FULLY_CONNECTED", "ADD", "MUL", "SUB"])
def test_constant_of_zeros_with_a_scale_next_to_nothing(kind: str, dtype: str, scale: float) -> None:
    """The initial state of an unrolled layer: zeros, which quantizers give scale 0 or a denormal one. TFLM runs it, but for an
    operand of ADD and SUB with scale 0: what it gives for the next larger scale is right then, too."""
    expected = tflm(with_zeros(kind, dtype, scale or 1e-45)).run(inputs := [np.array([[-128, -3, 5, 127]], dtype)])[0]
    data = with_zeros(kind, dtype, scale)
    np.testing.assert_array_equal(interpret(load(data).graph, inputs)[0], expected)
    compile(data)


def with_zeros(kind: str, dtype: str, scale: float) -> bytes:
    m = ModelBuilder()
    x = m.input((1, 4), dtype, scale=0.05, zero_point=0)
    zeros = m.const(np.zeros((1, 4), dtype), scale=scale)
    total = m.tensor((1, 4), dtype, scale=0.1, zero_point=0)
    if kind == "FULLY_CONNECTED":
        weights = m.const(np.arange(-8, 8, dtype=np.int8).reshape(4, 4) * 7, scale=0.02)
        first = m.tensor((1, 4), dtype, scale=0.1, zero_point=0)
        m.op("FULLY_CONNECTED", [zeros, weights, -1], [first], fused_activation="NONE")
        m.op("ADD", [x, first], [total], fused_activation="NONE")
    else:
        m.op(kind, [x, zeros], [total], fused_activation="NONE")
    return m.build([total])


@pytest.mark.parametrize("scale", [0.0, 1e-45, 1e-33])
def test_moved_and_dequantized_constants_with_a_scale_next_to_nothing(scale: float) -> None:
    """Whatever the scale, codes are numbers: a reshape, a slice and their real values."""
    m = ModelBuilder()
    codes = m.const(np.array([[1, -2, 3, 0]], np.int8), scale=scale)
    shaped, real, x, y = m.tensor((4, 1), "int8", scale=scale), m.tensor((4, 1)), m.input((4, 1)), m.tensor((4, 1))
    m.op("RESHAPE", [codes, m.const(np.array([4, 1], np.int32))], [shaped])
    m.op("DEQUANTIZE", [shaped], [real])
    m.op("ADD", [x, real], [y], fused_activation="NONE")
    data = m.build([y])
    inputs = [np.zeros((4, 1), np.float32)]
    expected = (np.array([[1], [-2], [3], [0]]) * np.float32(scale)).astype(np.float32)
    np.testing.assert_array_equal(interpret(load(data).graph, inputs)[0], expected)
    compile(data)


@pytest.mark.parametrize("scale", [0.0, 1e-45])
def test_result_with_a_scale_next_to_nothing_refused(scale: float) -> None:
    """A convolution divides by it. Both what is computed at run time and what folding would compute."""
    for fold in (False, True):
        m = ModelBuilder()
        x = m.const(np.ones((1, 4), np.int8), scale=0.5) if fold else m.input((1, 4), "int8", scale=0.5)
        weights, y = m.const(np.ones((4, 4), np.int8), scale=0.5), m.tensor((1, 4), "int8", name="y", scale=scale)
        m.op("FULLY_CONNECTED", [x, weights, -1], [y], fused_activation="NONE")
        with pytest.raises(CompileError, match=r"scale"):
            compile(m.build([y]))


@pytest.mark.parametrize("scales", [(0.5, 0.0), (0.0, 0.0)])
def test_division_by_a_constant_of_scale_0(scales: tuple[float, float]) -> None:
    m = ModelBuilder()
    x, c = m.input((1, 4), "int8", scale=0.5), m.const(np.zeros((1, 4), np.int8), scale=scales[1])
    y = m.tensor((1, 4), "int8", scale=0.5)
    m.op("DIV", [x, c], [y], fused_activation="NONE")
    with pytest.raises(CompileError):
        compile(m.build([y]))


# -- variables that nothing sets -----------------------------------------------------------------------------------------


def read(g: GraphBuilder, name: str, shape: tuple[int, ...] = (1, 4), dtype: str = "float32") -> int:
    handle, content = g.tensor((1,), "resource"), g.tensor(shape, dtype)
    g.op("VAR_HANDLE", [], [handle], container="", shared_name=name)
    g.op("READ_VARIABLE", [handle], [content])
    return content


def test_variables_that_nothing_sets_refused() -> None:
    m = ModelBuilder()
    x = m.input((1, 4))
    product, y = m.tensor((1, 4)), m.tensor((1, 4))
    m.op("MUL", [x, read(m, "scale")], [product], fused_activation="NONE")
    m.op("ADD", [product, read(m, "offset")], [y], fused_activation="NONE")
    with pytest.raises(CompileError) as error:
        load(m.build([y]))
    assert [problem.found for problem in error.value.problems] == [
        "variable scale, which nothing assigns",
        "variable offset, which nothing assigns",
    ]
    assert "not in the file" in error.value.problems[0].hint


def test_variable_that_nothing_sets_in_a_branch_refused() -> None:
    m = ModelBuilder()
    c, x, y = m.input((1,), "bool"), m.input((1, 4)), m.tensor((1, 4))
    branches = []
    for named in (True, False):
        g = m.subgraph(f"branch_{named}")
        given, result = g.input((1, 4)), g.tensor((1, 4))
        g.op("ADD", [given, read(g, "offset") if named else given], [result], fused_activation="NONE")
        g.outputs = [result]
        branches.append(g.index)
    m.op("IF", [c, x], [y], then_subgraph_index=branches[0], else_subgraph_index=branches[1])
    with pytest.raises(CompileError, match=r"subgraph 1, op 1 READ_VARIABLE.*variable offset, which nothing assigns"):
        load(m.build([y]))


def test_container_left_out_is_the_empty_one() -> None:
    """One variable, whether its handles name the empty container or none."""
    m = ModelBuilder()
    x = m.input((1, 4))
    content = read(m, "s")
    y, handle = m.tensor((1, 4)), m.tensor((1,), "resource")
    m.op("ADD", [x, content], [y], fused_activation="NONE")
    m.op("VAR_HANDLE", [], [handle], shared_name="s")
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    assert len(load(m.build([y])).graph.states) == 1


def test_variable_tensor_that_nothing_sets_refused() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.op("MUL", [x, m.tensor((1, 4), name="w", variable=True)], [y], fused_activation="NONE")
    with pytest.raises(CompileError, match=r'tensor 2 "w".*a variable that nothing sets'):
        load(m.build([y]))


def svdf(m: ModelBuilder, state: int) -> int:
    x, y = m.input((1, 2)), m.tensor((1, 3))
    feature, time = m.const(np.ones((3, 2), np.float32)), m.const(np.ones((3, 4), np.float32))
    m.op("SVDF", [x, feature, time, -1, state], [y], rank=1, fused_activation_function="NONE")
    return y


def test_state_that_another_operator_reads_refused() -> None:
    m = ModelBuilder()
    state, z = m.tensor((1, 12), name="state", variable=True), m.tensor((1, 12))
    y = svdf(m, state)
    m.op("NEG", [state], [z])
    with pytest.raises(CompileError, match=r'"state".*which op 1 NEG.*reads, too'):
        load(m.build([y, z]))


def test_state_as_a_model_output() -> None:
    """What the operator leaves there, not what it found."""
    m = ModelBuilder()
    state = m.tensor((1, 12), name="state", variable=True)
    y = svdf(m, state)
    data = m.build([y, state])
    inputs = [np.array([[1.0, 2.0]], np.float32)]
    y, left = interpret(load(data).graph, inputs)
    np.testing.assert_array_equal(left, [[0, 0, 0, 3] * 3])
    np.testing.assert_array_equal(y, [[3, 3, 3]])


# -- weights that are no numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("operand", [1, 2])
@pytest.mark.parametrize("kind", ["FULLY_CONNECTED", "CONV_2D", "RNN"])
def test_weights_that_are_no_numbers_refused(kind: str, operand: int, gap: float) -> None:
    m = ModelBuilder()
    weights = np.ones((4, 4), np.float32)
    operands = {
        "FULLY_CONNECTED": [weights, np.ones(4, np.float32)],
        "CONV_2D": [weights.reshape(4, 1, 1, 4), np.ones(4, np.float32)],
        "RNN": [weights, weights.copy(), np.ones(4, np.float32)],
    }[kind]
    broken = operands[operand - 1].copy()
    broken.flat[3] = gap
    operands[operand - 1] = broken
    x = m.input((1, 1, 1, 4) if kind == "CONV_2D" else (1, 4))
    y = m.tensor((1, 1, 1, 4) if kind == "CONV_2D" else (1, 4))
    inputs = [x, *(m.const(array) for array in operands)]
    if kind == "RNN":
        inputs.append(m.tensor((1, 4), variable=True))
    m.op(kind, inputs, [y], **({"stride_h": 1, "stride_w": 1} if kind == "CONV_2D" else {}))
    with pytest.raises(CompileError, match=r"NaN or infinity in \w+ %t\d; expected weights and biases that are numbers"):
        load(m.build([y]))


def test_infinity_where_it_means_something() -> None:
    """Masks and paddings hold it."""
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.op("ADD", [x, m.const(np.array([[0, -np.inf, 0, -np.inf]], np.float32))], [y], fused_activation="NONE")
    compile(m.build([y]))


# -- shapes that are computed --------------------------------------------------------------------------------------------


def test_shape_arithmetic_folds() -> None:
    """What tf.broadcast_dynamic_shape and the like leave: SHAPE, GATHER, EQUAL, WHERE, SELECT, products, casts."""
    m = ModelBuilder()
    x = m.input((2, 1, 6), "float32", signature=(-1, 1, 6))

    def make(kind: str, inputs: list[int], shape: tuple[int, ...], dtype: str = "int32", **options: Any) -> int:
        y = m.tensor(shape, dtype)
        m.op(kind, inputs, [y], **options)
        return y

    def ints(*items: int) -> int:
        return m.const(np.array(items, np.int32))

    shape = make("SHAPE", [x], (3,), out_type="INT32")
    ones = make("EQUAL", [shape, ints(1)], (3,), "bool")
    places = make("WHERE", [ones], (1, 1), "int64")
    place = make("CAST", [make("RESHAPE", [places, ints(1)], (1,), "int64")], (1,), in_data_type="INT64", out_data_type="INT32")
    last = make("GATHER", [shape, m.const(np.int32(2))], ())
    halved = make("FLOOR_DIV", [last, m.const(np.int32(2))], ())
    first = make("GATHER", [shape, place], (1,))
    chosen = make("SELECT_V2", [ones, shape, make("MUL", [shape, first], (3,), fused_activation="NONE")], (3,))
    count = make("REDUCE_PROD", [chosen, ints(0)], (), keep_dims=False)
    rows = make("FLOOR_DIV", [count, halved], ())
    target = make("PACK", [rows, halved], (2,), values_count=2, axis=0)
    y = m.tensor((1, 1), signature=(-1, -1))
    m.op("RESHAPE", [x, target], [y])
    graph = load(m.build([y])).graph
    assert graph.outputs[0].shape == (4, 3)
    assert [type(op).__name__ for op in graph.ops] == ["Reshape"]


def test_reshape_to_sizes_that_nothing_says_refused() -> None:
    m = ModelBuilder()
    x, shape = m.input((2, 6)), m.input((2,), "int32")
    y = m.tensor((1, 12), signature=(-1, -1))
    m.op("RESHAPE", [x, shape], [y])
    with pytest.raises(CompileError, match=r"operand 1 .*computed at run time"):
        load(m.build([y]))


def test_reshape_to_a_size_that_follows_from_the_others() -> None:
    m = ModelBuilder()
    x, shape = m.input((2, 6)), m.input((2,), "int32")
    y = m.tensor((1, 3), signature=(-1, 3))
    m.op("RESHAPE", [x, shape], [y])
    assert load(m.build([y])).graph.outputs[0].shape == (4, 3)


@pytest.mark.parametrize("shapes", [{}, {"x": (2, 5, 7, 2)}])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_transpose_conv_of_dynamic_size(padding: str, shapes: dict[str, tuple[int, ...]]) -> None:
    """The size is computed from the input's; what the file says of the output is a stand-in."""
    m = ModelBuilder()
    x = m.input((1, 1, 1, 2), name="x", signature=(-1, -1, -1, 2))
    weights = m.const(np.random.default_rng(0).standard_normal((3, 2, 2, 2)).astype(np.float32))
    shape, parts = m.tensor((4,), "int32"), []
    m.op("SHAPE", [x], [shape], out_type="INT32")
    for axis in range(4):
        part = m.tensor((), "int32")
        m.op("GATHER", [shape, m.const(np.int32(axis))], [part])
        if axis in (1, 2):
            doubled = m.tensor((), "int32")
            m.op("MUL", [part, m.const(np.int32(2))], [doubled], fused_activation="NONE")
            part = doubled
        parts.append(part if axis < 3 else m.const(np.int32(3)))
    size, y = m.tensor((4,), "int32"), m.tensor((1, 1, 1, 3), signature=(-1, -1, -1, 3))
    m.op("PACK", parts, [size], values_count=4, axis=0)
    m.op("TRANSPOSE_CONV", [size, weights, x], [y], stride_h=2, stride_w=2, padding=padding)
    verdict = verify(load(m.build([y]), shapes=shapes), runs=2)
    assert verdict.passed
    n, h, w, _ = shapes.get("x", (1, 1, 1, 2))
    assert f"[{n},{2 * h},{2 * w},3]" in verdict.outputs[0].type


@pytest.mark.parametrize("match", ["tflm", "litert"])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("declared", ["INT32", "INT64", "FLOAT32"])
def test_bias_types_of_transpose_conv(declared: str, bias: bool, match: str) -> None:
    """`quantized_bias_type` says whether sums of int16 activations have 32 bits, with bias and without."""
    if bias and declared == "FLOAT32":
        return
    rng = np.random.default_rng(1)
    m = ModelBuilder()
    x = m.input((1, 3, 3, 2), "int16", scale=1e-3)
    weights = m.const(rng.integers(-100, 100, (3, 2, 2, 2), dtype=np.int8), scale=[0.01, 0.02, 0.007])
    y = m.tensor((1, 6, 6, 3), "int16", scale=3e-3)
    shape = m.const(np.array([1, 6, 6, 3], np.int32))
    more = [m.const(rng.integers(-5000, 5000, 3).astype(declared.lower()))] if bias else []
    options = {"stride_h": 2, "stride_w": 2, "padding": "VALID", "quantized_bias_type": declared}
    m.op("TRANSPOSE_CONV", [shape, weights, x, *more], [y], **options)
    assert verify(m.build([y]), match=match, runs=20).passed


def test_note_on_dimensions_that_became_1() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 1, 4), name="x", signature=(-1, -1, 4)), m.tensor((1, 1, 4), signature=(-1, -1, 4))
    m.op("ABS", [x], [y])
    data = m.build([y])
    (note,) = load(data).notes
    assert note == "input x [1,1,4]: dimensions 0 and 1, open in the file, set to 1; --input-shape x=N,N,4 sets it"
    assert not load(data, shapes={"x": (1, 3, 4)}).notes


# -- several entry points ------------------------------------------------------------------------------------------------


def two_signatures(*, calls: bool = False) -> bytes:
    """`double` is 2 x, `negate` is -x, by way of a branch that calls subgraphs if asked for."""
    m = ModelBuilder()
    x, y = m.input((1, 4), name="x"), m.tensor((1, 4))
    m.op("ADD", [x, x], [y], fused_activation="NONE")
    g = m.subgraph("negate")
    given = g.input((1, 4), name="x")
    result = g.tensor((1, 4))
    if calls:
        c, numbers = g.input((1,), "bool"), []
        for kind in ("NEG", "ABS"):
            branch = m.subgraph(kind)
            inner, made = branch.input((1, 4)), branch.tensor((1, 4))
            branch.op(kind, [inner], [made])
            branch.outputs = [made]
            numbers.append(branch.index)
        g.op("IF", [c, given], [result], then_subgraph_index=numbers[0], else_subgraph_index=numbers[1])
    else:
        g.op("NEG", [given], [result])
    g.outputs = [result]
    m._file.signatures = {"double": 0, "negate": g.index}
    return m.build([y])


def test_other_signatures_are_told() -> None:
    data = two_signatures()
    (note,) = load(data).notes
    rest = "; --signature all makes a package of all of them"
    assert note == f"signature double is compiled; the file has others, which --signature NAME compiles: negate{rest}"
    assert load(data, signature="negate").notes == ()


@pytest.mark.parametrize("asked", ["all", "double,negate"])
def test_all_signatures_in_one_package(asked: str, tmp_path: Path) -> None:
    """Each is a model of its own, with one runtime; the header says which signature it is."""
    (tmp_path / "two.tflite").write_bytes(two_signatures())
    arguments = ["compile", str(tmp_path / "two.tflite"), "--signature", asked, "-o", str(tmp_path / "out"), "--quiet"]
    assert CliRunner().invoke(cli, arguments, catch_exceptions=False).exit_code == 0
    for name in ("double", "negate"):
        headers = (tmp_path / "out").rglob(f"two_{name}.h")
        assert any(f"signature={name}" in header.read_text() for header in headers)
    assert CliRunner().invoke(cli, [*arguments, "--share-arena", "--replace"], catch_exceptions=False).exit_code == 0
    refused = CliRunner().invoke(cli, [*arguments[:3], "double,half", *arguments[4:]])
    assert "expected double or negate" in str(refused.exception)
    several = CliRunner().invoke(cli, [*arguments, "--ram", "4K"])
    assert "one model with it" in str(several.exception)


def test_the_header_names_the_signature() -> None:
    """Where there are several, also of one that was not asked for by name."""
    assert "signature=double" in compile(two_signatures(), name="model").files["model.h"]


@pytest.mark.parametrize("match", ["tflm", "litert"])
@pytest.mark.parametrize("calls", [False, True])
def test_signature(calls: bool, match: str) -> None:
    data = two_signatures(calls=calls)
    x = np.array([[1.0, -2, 3, -4]], np.float32)
    (found,) = interpret(load(data, signature="double").graph, [x])
    np.testing.assert_array_equal(found, 2 * x)
    model = load(data, signature="negate", match=match)
    (found,) = interpret(model.graph, [x, np.array([True])] if calls else [x])
    np.testing.assert_array_equal(found, -x)
    verdict = verify(model, runs=3)
    assert verdict.passed
    assert verdict.oracle == ("tflm" if match == "tflm" else "litert-ref")
    assert "signature=negate" in "".join(compile(model, name="model").files.values())


def test_unknown_signature() -> None:
    with pytest.raises(CompileError, match=r"--signature: found 'half'; expected double or negate"):
        load(two_signatures(), signature="half")
    with pytest.raises(CompileError, match=r"expected none, as the file names no signatures"):
        load(relu("float32"), signature="half")

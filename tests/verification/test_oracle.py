# SPDX-License-Identifier: Apache-2.0
"""The reference runtimes, asked through tinycc's interface, against values computed by hand; and the cases built for them."""

from __future__ import annotations

import importlib.util
import os
import signal
from collections.abc import Callable

import numpy as np
import opcases
import pytest
import tflite
from model_builder import ModelBuilder

from tinycc.frontends.tflite.oracle import FileOracle, litert_ref, tflm
from tinycc.frontends.tflite.patch import PatchError, patch_model, readable_tensors
from tinycc.oracles import OracleUnavailable, worker
from tinycc.oracles import process as oracle_module

Open = Callable[..., FileOracle]

_PACKAGES = {"tflm": "tflite_micro", "litert": "ai_edge_litert"}


def _needs(name: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(_PACKAGES[name]) is None
    return pytest.mark.skipif(missing, reason=f"{_PACKAGES[name]} is not installed")


needs_tflm = _needs("tflm")
each_runtime = pytest.mark.parametrize(
    "runtime",
    [pytest.param(tflm, marks=_needs("tflm"), id="tflm"), pytest.param(litert_ref, marks=_needs("litert"), id="litert")],
)

WEIGHTS = np.array([[1, -2, 3], [-4, 5, 6]], np.float32)
BIAS = np.array([0.5, -1], np.float32)
X = np.array([[1, 2, -1]], np.float32)


def dense_relu() -> tuple[bytes, dict[str, int]]:
    """y = relu(x W^T + b): floats small enough to be exact."""
    m = ModelBuilder()
    at = {"x": m.input((1, 3), signature=(-1, 3)), "w": m.const(WEIGHTS), "b": m.const(BIAS)}
    at |= {"h": m.tensor((1, 2), signature=(-1, 2)), "y": m.tensor((1, 2), signature=(-1, 2))}
    m.op("FULLY_CONNECTED", [at["x"], at["w"], at["b"]], [at["h"]])
    m.op("RELU", [at["h"]], [at["y"]])
    return m.build(outputs=[at["y"]]), at


def dense_int8(bias_axis: int = 0) -> bytes:
    """Scales are powers of two that cancel: the accumulator, halved, is the output, so rounding shows."""
    m = ModelBuilder()
    x = m.input((1, 3), "int8", scale=0.5, zero_point=-1)
    w = m.const(WEIGHTS.astype(np.int8), scale=0.25)
    b = m.const(np.array([7, -100], np.int32), scale=0.125, axis=bias_axis)
    y = m.tensor((1, 2), "int8", scale=0.25, zero_point=10)
    m.op("FULLY_CONNECTED", [x, w, b], [y])
    return m.build(outputs=[y])


def counter() -> bytes:
    """y = v + x; v = y: a resource variable that starts at (10, 20)."""
    m = ModelBuilder()
    init = m.subgraph("init")
    handle, start = init.tensor((), "resource"), init.const(np.array([10, 20], np.float32))
    init.op("VAR_HANDLE", [], [handle], shared_name="v")
    init.op("ASSIGN_VARIABLE", [handle, start], [])
    x, handle, v, y = m.input((2,)), m.tensor((), "resource"), m.tensor((2,)), m.tensor((2,))
    m.op("CALL_ONCE", [], [], init_subgraph_index=init.index)
    m.op("VAR_HANDLE", [], [handle], shared_name="v")
    m.op("READ_VARIABLE", [handle], [v])
    m.op("ADD", [v, x], [y])
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    return m.build(outputs=[y])


def endless() -> bytes:
    """WHILE x: x = x or x."""
    m = ModelBuilder()
    x, y = m.input((1,), "bool"), m.tensor((1,), "bool")
    called = []
    for name in ("cond", "body"):
        graph = m.subgraph(name)
        a, b = graph.input((1,), "bool"), graph.tensor((1,), "bool")
        graph.op("LOGICAL_OR", [a, a], [b])
        graph.outputs = [b]
        called.append(graph.index)
    m.op("WHILE", [x], [y], cond_subgraph_index=called[0], body_subgraph_index=called[1])
    return m.build(outputs=[y])


@each_runtime
def test_float_model(runtime: Open) -> None:
    model, _ = dense_relu()
    (y,) = runtime(model).run([X])
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, np.maximum(X @ WEIGHTS.T + BIAS, 0))


@each_runtime
def test_int8_model(runtime: Open) -> None:
    x = np.array([[101, -1, -31]], np.int8)
    accumulators = (x.astype(np.int32) + 1) @ WEIGHTS.astype(np.int32).T + np.array([7, -100])
    assert accumulators.tolist() == [[19, -688]]
    (y,) = runtime(dense_int8()).run([x])
    assert y.tolist() == [[20, -128]], "9.5 + 10 is rounded, -344 + 10 saturates"


@each_runtime
def test_intermediate_tensors(runtime: Open) -> None:
    model, at = dense_relu()
    values = runtime(model).tensors([X], [at["h"], at["x"], at["b"]])
    hidden = X @ WEIGHTS.T + BIAS
    assert (hidden < 0).any(), "RELU would show"
    assert list(values) == [at["h"], at["x"], at["b"]]
    np.testing.assert_array_equal(values[at["h"]], hidden)
    np.testing.assert_array_equal(values[at["x"]], X)
    np.testing.assert_array_equal(values[at["b"]], BIAS)


@needs_tflm
def test_a_tensor_that_nothing_computes() -> None:
    m = ModelBuilder()
    x, unused, y = m.input((2,)), m.tensor((2,)), m.tensor((2,))
    m.op("RELU", [x], [y])
    model = m.build(outputs=[y])
    assert readable_tensors(model) == {x, y}
    with pytest.raises(ValueError, match=rf"\[{unused}\].*never computed"):
        tflm(model).tensors([np.zeros(2, np.float32)], [y, unused])


@each_runtime
def test_another_batch_size(runtime: Open) -> None:
    model, at = dense_relu()
    batch = np.arange(12, dtype=np.float32).reshape(4, 3) - 5
    oracle = runtime(model, {at["x"]: (4, 3), at["h"]: (4, 2), at["y"]: (4, 2)})
    np.testing.assert_array_equal(oracle.run([batch])[0], np.maximum(batch @ WEIGHTS.T + BIAS, 0))
    np.testing.assert_array_equal(runtime(model).run([X])[0].shape, (1, 2))


def test_shapes_are_patched_with_their_signatures() -> None:
    model, at = dense_relu()
    patched = patch_model(model, {at["x"]: (4, 3)})
    assert len(patched) == len(model)
    graph = tflite.Model.GetRootAs(patched, 0).Subgraphs(0)
    assert graph.Tensors(at["x"]).ShapeAsNumpy().tolist() == [4, 3]
    assert graph.Tensors(at["x"]).ShapeSignatureAsNumpy().tolist() == [4, 3]
    assert graph.Tensors(at["h"]).ShapeAsNumpy().tolist() == [1, 2]
    assert patch_model(model, {}) == model


def test_shapes_of_another_rank() -> None:
    model, at = dense_relu()
    patched = patch_model(model, {at["x"]: (5, 1, 3), at["y"]: (7,)})
    graph = tflite.Model.GetRootAs(patched, 0).Subgraphs(0)
    assert graph.Tensors(at["x"]).ShapeAsNumpy().tolist() == [5, 1, 3]
    assert graph.Tensors(at["x"]).ShapeSignatureAsNumpy().tolist() == [5, 1, 3]
    assert graph.Tensors(at["y"]).ShapeAsNumpy().tolist() == [7]
    assert graph.Tensors(at["h"]).ShapeAsNumpy().tolist() == [1, 2]


def test_impossible_shapes() -> None:
    with pytest.raises(PatchError, match="has 5 tensors"):
        patch_model(dense_relu()[0], {99: (1,)})


def test_a_shape_stored_for_two_tensors() -> None:
    model, at = dense_relu()
    data = bytearray(model)
    graph = tflite.Model.GetRootAs(data, 0).Subgraphs(0)
    tables = [graph.Tensors(at[name])._tab for name in ("h", "y")]
    own, other = (table.Pos + table.Offset(4) for table in tables)
    shared = own + int.from_bytes(data[own : own + 4], "little")
    assert shared > other, "offsets point forward"
    data[other : other + 4] = (shared - other).to_bytes(4, "little")
    with pytest.raises(PatchError, match=f"tensor {at['y']}.*stored together"):
        patch_model(bytes(data), {at["h"]: (4, 2)})
    both = patch_model(bytes(data), {at["h"]: (4, 2), at["y"]: (4, 2)})
    assert tflite.Model.GetRootAs(both, 0).Subgraphs(0).Tensors(at["y"]).Shape(0) == 4


@each_runtime
def test_quantized_dimension_of_a_bias(runtime: Open) -> None:
    x = np.array([[101, -1, -31]], np.int8)
    odd = dense_int8(bias_axis=3)
    patched = tflite.Model.GetRootAs(patch_model(odd, {}), 0).Subgraphs(0)
    assert [patched.Tensors(i).Quantization().QuantizedDimension() for i in range(4)] == [0, 0, 0, 0]
    assert runtime(odd).run([x])[0].tolist() == [[20, -128]]


@_needs("litert")
def test_litert_refuses_such_a_bias() -> None:
    with pytest.raises(ValueError, match="quantized_dimension"):
        worker.RUNTIMES["litert-ref"](dense_int8(bias_axis=3))


@each_runtime
def test_state_and_reset(runtime: Open) -> None:
    oracle = runtime(counter())
    x = np.array([1, 2], np.float32)
    for _ in range(2):
        assert oracle.run([x])[0].tolist() == [11, 22]
        assert oracle.tensors([x], [3])[3].tolist() == [12, 24]
        assert oracle.run([x])[0].tolist() == [13, 26]
        oracle.reset()


@each_runtime
def test_oracles_do_not_disturb_each_other(runtime: Open) -> None:
    first, second = runtime(counter()), runtime(dense_relu()[0])
    x = np.array([1, 2], np.float32)
    assert first.run([x])[0].tolist() == [11, 22]
    second.run([X])
    assert first.run([x])[0].tolist() == [12, 24]


@each_runtime
@pytest.mark.parametrize("data", [b"", b"\0\0\0\0TFL3", b"PK\3\4" * 9, b"\7\0\0\0TFL3" + b"\xff" * 64])
def test_files_that_are_no_models(runtime: Open, data: bytes) -> None:
    with pytest.raises(OracleUnavailable, match=r"\.tflite file"):
        runtime(data)


@each_runtime
def test_refusal_gives_the_runtimes_reason(runtime: Open) -> None:
    m = ModelBuilder()
    x, y = m.input((2,)), m.tensor((2,))
    m.custom("NoSuchOperator", [x], [y])
    with pytest.raises(OracleUnavailable, match=r"NoSuchOperator|op code CUSTOM"):
        runtime(m.build(outputs=[y]))


@each_runtime
def test_inputs_that_do_not_fit(runtime: Open) -> None:
    oracle = runtime(dense_relu()[0])
    for wrong in ([X.astype(np.int8)], [X[0]], [X, X], []):
        with pytest.raises(OracleUnavailable):
            oracle.run(wrong)
    assert oracle.run([X])[0].shape == (1, 2)


@each_runtime
def test_a_runtime_that_dies(runtime: Open) -> None:
    oracle, other = runtime(counter()), runtime(dense_relu()[0])
    os.kill(oracle._remote._child._process.pid, signal.SIGSEGV)  # type: ignore[attr-defined]
    x = np.array([1, 2], np.float32)
    with pytest.raises(OracleUnavailable, match="SIGSEGV"):
        oracle.run([x])
    assert other.run([X])[0].shape == (1, 2)
    oracle.reset()
    assert oracle.run([x])[0].tolist() == [11, 22]


@each_runtime
def test_a_model_without_end(runtime: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    oracle = runtime(endless())
    assert oracle.run([np.array([False])])[0].tolist() == [False]
    monkeypatch.setattr(oracle_module, "TIMEOUT_S", 0.3)
    with pytest.raises(OracleUnavailable, match=r"no answer after 0\.3 s"):
        oracle.run([np.array([True])])


def test_misspelt_option() -> None:
    m = ModelBuilder()
    x = m.input((2,))
    with pytest.raises(TypeError, match="SoftmaxOptions has no field betta"):
        m.op("SOFTMAX", [x], [x], betta=1.0)
    with pytest.raises(TypeError, match="without options has no field beta"):
        m.op("RELU", [x], [x], beta=1.0)


def test_int4_constants_are_packed() -> None:
    m = ModelBuilder()
    w = m.const(np.array([[1, -2, 7]]), dtype="int4", scale=0.5)
    root = tflite.Model.GetRootAs(m.build(outputs=[w]), 0)
    tensor = root.Subgraphs(0).Tensors(w)
    assert tensor.Type() == tflite.TensorType.INT4
    assert tensor.ShapeAsNumpy().tolist() == [1, 3]
    assert root.Buffers(tensor.Buffer()).DataAsNumpy().tolist() == [0xE1, 0x07]


def test_cases_are_unique_and_always_the_same() -> None:
    first, second = opcases.all_cases(), opcases.all_cases.__wrapped__()
    assert first == second
    ids = [case.id for cases in first.values() for case in cases]
    assert len(set(ids)) == len(ids)
    assert all(cases for cases in first.values())


@pytest.mark.parametrize("op", list(opcases.all_cases()))
def test_cases_run(op: str) -> None:
    """Each runs on the runtime that settles it, and the output is of the declared shape."""
    for case in opcases.all_cases()[op]:
        if importlib.util.find_spec(_PACKAGES[case.oracle]) is None:
            pytest.skip(f"{_PACKAGES[case.oracle]} is not installed")
        oracle = {"tflm": tflm, "litert": litert_ref}[case.oracle](case.model)
        graph = tflite.Model.GetRootAs(case.model, 0).Subgraphs(0)
        declared = graph.Tensors(graph.Outputs(0))
        (y,) = oracle.run(case.inputs(0))
        assert y.shape == tuple(declared.Shape(i) for i in range(declared.ShapeLength())), case.id

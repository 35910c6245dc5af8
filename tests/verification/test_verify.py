# SPDX-License-Identifier: Apache-2.0
"""Verification finds what is wrong, and says what explains it."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

import tinycc
from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.execution.comparison import Comparison, tolerance
from tinycc.ir import Array
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.verification import verify

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
ANOMALY = ROOT / "examples" / "anomaly" / "anomaly_int8.tflite"


def tanh_model(shape: tuple[int, ...] = (1, 4), signature: tuple[int, ...] | None = None) -> bytes:
    m = ModelBuilder()
    x = m.input(shape, "float32", name="x", **({"signature": signature} if signature else {}))
    y = m.tensor(shape, "float32", name="y")
    m.op("TANH", [x], [y])
    return m.build(outputs=[y])


@pytest.mark.parametrize("oracle", ["tflm", "litert-ref", "litert", "numpy"])
def test_digits_against_every_oracle(oracle: str) -> None:
    verdict = tinycc.verify(DIGITS, oracle=oracle, runs=3, layers=True)
    assert verdict.passed
    assert verdict.oracle == oracle
    assert verdict.runs == 6
    assert len(verdict.layers) == 9
    assert all(row.different == 0 and row.values for row in verdict.outputs + verdict.layers)


def test_litert_difference_is_found_and_explained() -> None:
    verdict = verify(ANOMALY, oracle="litert-ref", runs=20, layers=True)
    assert not verdict.passed
    assert verdict.first_difference is not None
    assert "FULLY_CONNECTED" in verdict.first_difference.operator
    assert any("FULLY_CONNECTED" in note and "--match litert" in note for note in verdict.notes)
    assert verify(ANOMALY, match="litert", runs=20, layers=True).passed


def test_a_wrong_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The C computes with a zero point that is off by one: the verdict names the layer."""
    right = FullyConnected.requantization.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(
        FullyConnected,
        "requantization",
        property(lambda op: [replace(m, multiplier=m.multiplier - m.multiplier // 16) for m in right(op)]),
    )
    verdict = verify(DIGITS, runs=2, layers=True)
    assert not verdict.passed
    assert verdict.first_difference is not None
    assert verdict.first_difference.operator.startswith("op 8 FULLY_CONNECTED")


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """As if the packages were not installed."""
    found = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *rest: None if name in packages else found(name, *rest))


def test_without_tflm_numpy_decides_and_the_headline_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "tflite_micro")
    verdict = verify(DIGITS, runs=1)
    assert verdict.passed
    assert verdict.oracle == "numpy"
    assert [other.oracle for other in verdict.beside] == ["litert-ref"]
    assert verdict.headline.startswith("PASS: ")
    assert "against numpy (tinycc's own)" in verdict.headline
    assert "since the package tflite-micro is not installed (pip install 'tflite-micro')" in verdict.headline


def test_without_any_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "tflite_micro", "ai_edge_litert")
    for match in ("tflm", "litert"):
        verdict = verify(DIGITS, match=match, runs=1)
        assert verdict.passed
        assert (verdict.oracle, verdict.beside) == ("numpy", ())
        assert "is not installed" in verdict.headline


@pytest.mark.parametrize("option", ["oracle", "require"])
@pytest.mark.parametrize(
    ("name", "package"), [("tflm", "tflite-micro"), ("litert-ref", "ai-edge-litert"), ("litert", "ai-edge-litert")]
)
def test_runtime_asked_for_and_not_there(monkeypatch: pytest.MonkeyPatch, option: str, name: str, package: str) -> None:
    """Exit status 2, with what would install it."""
    without(monkeypatch, package.replace("-", "_"))
    with pytest.raises(CompileError, match=rf"--{option} {name}: found the package {package} is not .*pip install '{package}'"):
        verify(DIGITS, runs=1, **{option: name})  # type: ignore[arg-type]
    monkeypatch.undo()
    assert verify(DIGITS, runs=1, require=name).oracle == "tflm"


def unset_state() -> bytes:
    """A variable that is read before it is assigned, without initializer: TFLM begins with 0, LiteRT refuses it."""
    m = ModelBuilder()
    x, handle = m.input((1, 4)), m.tensor((1,), "resource")
    content, y = m.tensor((1, 4)), m.tensor((1, 4))
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    m.op("READ_VARIABLE", [handle], [content])
    m.op("ADD", [x, content], [y], fused_activation="NONE")
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    return m.build([y])


def test_model_that_the_runtime_refuses_is_not_verified() -> None:
    verdict = verify(unset_state(), runs=1, oracle="litert-ref")
    assert verdict.equal
    assert not verdict.passed
    assert verdict.headline.startswith("NOT VERIFIED: ")
    assert "does not run the model" in verdict.headline
    assert any("variable" in note for note in verdict.notes)


def test_next_runtime_decides_where_one_lacks_the_operator() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.op("GELU", [x], [y], approximate=False)
    verdict = verify(m.build([y]), runs=1)
    assert verdict.passed
    assert verdict.oracle == "litert-ref"
    assert verdict.instead == "tflm does not run the model"
    assert [other.oracle for other in verdict.beside] == ["numpy"]


@pytest.mark.parametrize("layers", [False, True])
def test_output_that_is_a_variable(layers: bool) -> None:
    """What a branch makes of a variable is an output."""
    m = ModelBuilder()
    setup = m.subgraph("setup")
    handle = setup.tensor((1,), "resource")
    setup.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    setup.op("ASSIGN_VARIABLE", [handle, setup.const(np.ones((1, 4), np.float32))], [])
    setup.outputs = []
    c, x = m.input((1,), "bool"), m.input((1, 4))
    handle, result, y = m.tensor((1,), "resource"), m.tensor((1, 4)), m.tensor((1, 4), name="y")
    branches = []
    for kind in ("ADD", "SUB"):
        g = m.subgraph(kind)
        inner, given = g.input((1,), "resource"), g.input((1, 4))
        content, changed = g.tensor((1, 4)), g.tensor((1, 4))
        g.op("READ_VARIABLE", [inner], [content])
        g.op(kind, [content, given], [changed], fused_activation="NONE")
        g.op("ASSIGN_VARIABLE", [inner, changed], [])
        g.outputs = [changed]
        branches.append(g.index)
    m.op("CALL_ONCE", [], [], init_subgraph_index=setup.index)
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    m.op("IF", [c, handle, x], [result], then_subgraph_index=branches[0], else_subgraph_index=branches[1])
    m.op("READ_VARIABLE", [handle], [y])
    verdict = verify(m.build([y]), runs=2, layers=layers)
    assert verdict.passed
    assert verdict.outputs[0].values == 4 * verdict.runs


def int16_mul() -> bytes:
    m = ModelBuilder()
    a, b, y = (
        m.input((1, 200), "int16", scale=1.1e-4),
        m.input((1, 200), "int16", scale=3.3e-5),
        m.tensor((1, 200), "int16", scale=7.7e-5),
    )
    m.op("MUL", [a, b], [y], fused_activation="NONE")
    return m.build([y])


def test_difference_by_rounding_is_explained() -> None:
    data = int16_mul()
    verdict = verify(data, oracle="litert-ref", runs=40)
    if not verdict.equal:
        assert any("op 0 MUL" in note and "`--match litert` reproduces it" in note for note in verdict.notes)
    assert verify(data, match="litert", runs=40).passed


def test_difference_that_nothing_explains_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    right = FullyConnected.requantization.fget  # type: ignore[attr-defined]
    wrong = property(lambda op: [replace(m, multiplier=m.multiplier - m.multiplier // 16) for m in right(op)])
    monkeypatch.setattr(FullyConnected, "requantization", wrong)
    for oracle in ("tflm", "litert-ref"):
        verdict = verify(DIGITS, runs=2, oracle=oracle)
        assert not verdict.passed
        assert verdict.notes


def test_another_batch_size() -> None:
    data = tanh_model((1, 4), (-1, 4))
    verdict = verify(load(data, shapes={"x": (3, 4)}), runs=2, layers=True)
    assert verdict.passed
    assert verdict.outputs[0].values == 5 * 12


def test_inputs_from_a_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", in0=np.zeros((7, 1, 4), np.float32))
    assert verify(tanh_model(), inputs=tmp_path / "in.npz").runs == 7
    np.savez(tmp_path / "named.npz", x=np.zeros((1, 4), np.float32))
    assert verify(tanh_model(), inputs=tmp_path / "named.npz").runs == 1
    np.savez(tmp_path / "wrong.npz", in0=np.zeros((1, 5), np.float32))
    with pytest.raises(CompileError, match=r"in0: float32\[1, 5\]; expected float32\[1, 4\]"):
        verify(tanh_model(), inputs=tmp_path / "wrong.npz")


@pytest.mark.parametrize("found", [np.zeros(2, np.int8), np.zeros(0, np.int8), np.zeros(3, np.int16)])
def test_arrays_that_are_not_alike_differ(found: Array) -> None:
    row = Comparison("y", "int8[3]", spread=1.0)
    row.add(found, np.zeros(3, np.int8), "set 0")
    assert not row.passed


def test_comparison_counts() -> None:
    row = Comparison("y", "int8[3]")
    row.add(np.array([1, 2, 3], np.int8), np.array([1, 2, 5], np.int8), "run")
    assert (row.values, row.different, row.outside, row.worst) == (3, 1, 1, 2.0)
    assert "element 2 is 3, expected 5" in row.first
    floats = Comparison("y", "float32[3]")
    floats.add(np.array([0.0, 1.0, np.nan], np.float32), np.array([0.0, 1.000001, np.nan], np.float32), "run")
    assert floats.passed
    assert floats.different == 1
    floats.add(np.array([np.nan], np.float32), np.array([1.0], np.float32), "run")
    assert not floats.passed
    assert tolerance(np.array([-1.0, 3.0], np.float32)) == pytest.approx(4e-5)


@pytest.mark.parametrize("cc", ["no-such-cc -O2", "'gcc", "   "])
def test_compiler_that_was_asked_for_and_is_none(monkeypatch: pytest.MonkeyPatch, cc: str) -> None:
    monkeypatch.setenv("CC", cc)
    with pytest.raises(CompileError, match=r"\$CC: found .*; expected a"):
        verify(tanh_model(), runs=1)


def test_compiler_that_cannot_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cc").write_text("no program")
    (tmp_path / "cc").chmod(0o755)
    monkeypatch.setenv("CC", str(tmp_path / "cc"))
    with pytest.raises(CompileError, match=r"host compiler: found .*cc: Exec format error"):
        verify(tanh_model(), runs=1)


def test_compiler_with_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "gcc -DSOMETHING=1 -O1")
    assert verify(tanh_model(), runs=1).passed

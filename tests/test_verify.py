# SPDX-License-Identifier: Apache-2.0
"""Verification finds what is wrong, and says what explains it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

import tinycc
from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.frontends.tflite.oracle import litert
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.oracles import OracleUnavailable
from tinycc.verification import verify
from tinycc.verification.verdict import Comparison, tolerance

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
ANOMALY = ROOT / "examples" / "anomaly" / "anomaly_int8.tflite"


def tanh_model(shape: tuple[int, ...] = (1, 4), signature: tuple[int, ...] | None = None) -> bytes:
    m = ModelBuilder()
    x = m.input(shape, "float32", name="x", **({"signature": signature} if signature else {}))
    y = m.tensor(shape, "float32", name="y")
    m.op("TANH", [x], [y])
    return m.build(outputs=[y])


@pytest.mark.parametrize("oracle", ["tflm", "litert", "numpy"])
def test_digits_against_every_oracle(oracle: str) -> None:
    verdict = tinycc.verify(DIGITS, oracle=oracle, runs=3, layers=True)
    assert verdict.passed
    assert verdict.oracle == oracle
    assert verdict.runs == 6
    assert len(verdict.layers) == 9
    assert all(row.different == 0 and row.values for row in verdict.outputs + verdict.layers)


def test_litert_difference_is_found_and_explained() -> None:
    verdict = verify(ANOMALY, oracle="litert", runs=20, layers=True)
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


def test_without_tflm_numpy_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*args: object) -> None:
        raise OracleUnavailable("tflite-micro is not installed")

    monkeypatch.setattr("tinycc.frontends.tflite.oracle.RUNTIMES", {"tflm": unavailable, "litert": litert})
    verdict = verify(DIGITS, runs=1)
    assert verdict.passed
    assert verdict.oracle == "numpy"
    assert len(verdict.beside) == 1
    assert "tflite-micro is not installed" in verdict.notes[0]


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

# SPDX-License-Identifier: Apache-2.0
"""Infinities, NaN, huge and denormal numbers: what the runtimes define, and the rules of docs/numbers.md for the rest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from case_batches import ORACLES, all_cases
from harness import Subject, build_many, prefix_of, subject
from model_builder import ModelBuilder

from tinycc.compiler import compile
from tinycc.execution.comparison import Comparison
from tinycc.execution.host import HostModel
from tinycc.ir import Array, DType, Value

FLT_MAX = float(np.finfo(np.float32).max)
NUMBERS = np.array([np.inf, -np.inf, np.nan, 1e30, -1e30, FLT_MAX, -FLT_MAX, 1e-40], np.float32)
UNDEFINED = frozenset({"QUANTIZE", "TFLite_Detection_PostProcess", "SignalRfft", "SignalIrfft", "RFFT2D", "CONV_3D_TRANSPOSE"})
"""Operators that the runtimes leave undefined, or whose sums overflow by their order."""
ORDERS = frozenset({"BIDIRECTIONAL_SEQUENCE_LSTM", "LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM", "CONV_3D"})
"""Long sums, which are not tried with the largest numbers."""


def one_of_each() -> list[Subject]:
    """A case of every operator with float32 operands alone, and of every oracle that it has."""
    found: dict[tuple[str, str, str], Subject] = {}
    for case in all_cases():
        key = (case.op, case.dtype, case.oracle)
        if key in found or case.op in UNDEFINED or case.dtype != "float32":
            continue
        name = f"case{len(found)}"
        found[key] = subject(case.model, partial(ORACLES[case.oracle], case.model), case.oracle, name=name, label=case.id)
    return list(found.values())


def sets(values: tuple[Value, ...], moderate: bool) -> Iterator[list[Array]]:
    """Each number alone, and all of them among others."""
    numbers = NUMBERS[np.abs(NUMBERS) != FLT_MAX] if moderate else NUMBERS
    for number in numbers:
        yield [np.full(value.shape, number if value.dtype is DType.FLOAT32 else 0, value.dtype.numpy) for value in values]
    rng = np.random.default_rng(0)
    for share in (0.1, 0.5):
        mixed = []
        for value in values:
            usual = rng.standard_normal(value.shape)
            other = numbers[rng.integers(0, len(numbers), value.shape)]
            array = np.where(rng.random(value.shape) < share, other, usual)
            mixed.append((array if value.dtype is DType.FLOAT32 else np.zeros(value.shape)).astype(value.dtype.numpy))
        yield mixed


def wrong(item: Subject, host: HostModel) -> Iterator[str]:
    oracle, graph = item.oracle(), item.model.graph
    for inputs in sets(graph.inputs, item.label.split("-")[0] in ORDERS):
        if graph.states:
            host.reset()
            oracle.reset()
        for found, expected in zip(host.run(inputs).outputs, oracle.run(inputs), strict=True):
            row = Comparison(item.label, "")
            row.add(found, expected, item.label)
            if not row.passed:
                yield f"{row.first} of {inputs[0].ravel()[:8]}"


def test_as_the_runtimes_have_it(runtime_archive: Path) -> None:
    pytest.importorskip("tflite_micro")
    pytest.importorskip("ai_edge_litert")
    subjects = one_of_each()
    assert len(subjects) > 80
    differences = []
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        library = build_many([item.compilation for item in subjects], Path(folder), runtime_archive)
        for item in subjects:
            with HostModel(item.compilation, library=library, prefix=prefix_of(item.compilation)) as host:
                differences += list(wrong(item, host))
    assert not differences, "\n".join(differences)


def one(op: str, y: str, **options: object) -> HostModel:
    """A model that converts NUMBERS."""
    m = ModelBuilder()
    quantized = {"scale": 0.5, "zero_point": 3} if op == "QUANTIZE" else {}
    x, result = m.input((len(NUMBERS),)), m.tensor((len(NUMBERS),), y, **quantized)
    m.op(op, [x], [result])
    return HostModel(compile(m.build([result]), name="model", **options))  # type: ignore[arg-type]


def test_what_does_not_fit_saturates_and_nan_is_the_zero_point() -> None:
    with one("QUANTIZE", "int8") as host:
        assert host.run([NUMBERS]).outputs[0].tolist() == [127, -128, 3, 127, -128, 127, -128, 3]


@pytest.mark.parametrize(("match", "of_nan"), [("tflm", 0), ("litert", 127)])
def test_cast_saturates(match: str, of_nan: int) -> None:
    with one("CAST", "int8", match=match) as host:
        assert host.run([NUMBERS]).outputs[0].tolist() == [127, -128, of_nan, 127, -128, 127, -128, 0]


def test_hybrid_rows_leave_nan_out() -> None:
    m = ModelBuilder()
    x, w = m.input((2, 2)), m.const(np.array([[1, 100]], np.int8), scale=0.01)
    y = m.tensor((2, 1))
    m.op("FULLY_CONNECTED", [x, w, -1], [y])
    with HostModel(compile(m.build([y]), name="model")) as host:
        found = host.run([np.array([[np.nan, 2], [np.inf, 1]], np.float32)]).outputs[0].ravel()
    assert found[0] == pytest.approx(2)
    assert not np.isfinite(found[1])

# SPDX-License-Identifier: Apache-2.0
"""Sums that leave their type come out as the runtimes' do, and without undefined behaviour.

That they come out so is `test_operators.py`'s to say, of the same cases; here the C is built to stop at what is undefined.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from harness import build_archive, build_many, prefix_of, subject
from model_builder import ModelBuilder
from opcases_overflow import all_cases

from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import edge_inputs, random_inputs
from tinycc.frontends.tflite.oracle import tflm
from tinycc.interpret import Interpreter

FLAGS = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")


@pytest.fixture(scope="module")
def checked_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_archive(tmp_path_factory.mktemp("checked"), FLAGS)


@pytest.mark.parametrize(("op", "match"), [*((op, "tflm") for op in all_cases()), ("FULLY_CONNECTED", "litert")])
def test_nothing_is_undefined(op: str, match: str, checked_archive: Path, tmp_path: Path) -> None:
    """The process would end at the first overflow of a signed number."""
    models = [subject(case.model, lambda: tflm(b""), match, name=f"case{i}") for i, case in enumerate(all_cases()[op])]
    library = build_many([item.compilation for item in models], tmp_path, checked_archive, FLAGS)
    for item in models:
        graph = item.model.graph
        inputs = [*edge_inputs(graph.inputs), random_inputs(graph.inputs, 0)]
        with HostModel(item.compilation, library=library, prefix=prefix_of(item.compilation)) as host:
            for one in inputs:
                expected = Interpreter(graph).run(one.arrays)
                for found, wanted in zip(host.run(one.arrays).outputs, expected, strict=True):
                    assert (found == wanted).all()


def dense(weights: int, depth: int = 70_000) -> bytes:
    m = ModelBuilder()
    x = m.input((1, depth), "int8", scale=0.1)
    w = m.const(np.full((1, depth), weights, np.int8), scale=0.01)
    y = m.tensor((1, 1), "int8", scale=10.0)
    m.op("FULLY_CONNECTED", [x, w, -1], [y])
    return m.build([y])


def test_products_that_leave_32_bits_are_refused() -> None:
    with pytest.raises(CompileError, match="cannot leave 32 bits"):
        load(dense(127, 140_000))
    load(dense(127))
    load(dense(8, 140_000))


def test_products_of_computed_weights_are_bounded_by_their_types() -> None:
    m = ModelBuilder()
    x, w = (m.input((1, size, size2), "int8", scale=0.1) for size, size2 in ((1, 40_000), (40_000, 1)))
    y = m.tensor((1, 1, 1), "int8", scale=10.0)
    m.op("BATCH_MATMUL", [x, w], [y])
    with pytest.raises(CompileError, match="cannot leave 32 bits"):
        load(m.build([y]))

# SPDX-License-Identifier: Apache-2.0
"""BATCH_MATMUL with weights that have a scale per column: no runtime computes it, so FULLY_CONNECTED says what is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from harness import agree
from model_builder import ModelBuilder

from tinycc.compiler import load
from tinycc.frontends.tflite.oracle import litert_ref
from tinycc.interpret import Interpreter

ROWS, DEPTH, COLUMNS = 3, 6, 4


def model(op: str, *, adj_y: bool = True) -> bytes:
    rng = np.random.default_rng(1)
    weights = rng.integers(-127, 127, (COLUMNS, DEPTH), dtype=np.int8, endpoint=True)
    scales = 0.001 + 0.01 * rng.random(COLUMNS)
    m = ModelBuilder()
    x = m.input((ROWS, DEPTH), "int16", scale=1e-4)
    w = m.const(weights if adj_y else weights.T, scale=scales, axis=0 if adj_y else 1)
    y = m.tensor((ROWS, COLUMNS), "int16", scale=4e-4)
    if op == "BATCH_MATMUL":
        m.op(op, [x, w], [y], adj_y=adj_y)
    else:
        m.op(op, [x, w, -1], [y])
    return m.build([y])


@pytest.mark.parametrize("adj_y", [False, True])
def test_scales_of_columns(adj_y: bool) -> None:
    x = np.random.default_rng(2).integers(-(2**15), 2**15, (ROWS, DEPTH)).astype(np.int16)
    expected = Interpreter(load(model("FULLY_CONNECTED")).graph).run([x])[0]
    found = Interpreter(load(model("BATCH_MATMUL", adj_y=adj_y)).graph).run([x])[0]
    np.testing.assert_array_equal(found, expected)
    assert len(np.unique(found)) > COLUMNS


def test_litert_takes_several_scales_for_zero(runtime_archive: Path) -> None:
    """`--match litert` reproduces it."""
    file = model("BATCH_MATMUL")
    agree(file, litert_ref(file), runtime_archive, match="litert")


@pytest.mark.parametrize("dtype", ["int8", "int16"])
def test_litert_has_fixed_point_for_computed_weights(dtype: str, runtime_archive: Path) -> None:
    """Unlike in FULLY_CONNECTED."""
    m = ModelBuilder()
    zero = 0 if dtype == "int16" else 3
    x, w = m.input((2, 5, 9), dtype, scale=0.01, zero_point=zero), m.input((2, 9, 7), dtype, scale=0.02, zero_point=zero)
    y = m.tensor((2, 5, 7), dtype, scale=0.06, zero_point=zero)
    m.op("BATCH_MATMUL", [x, w], [y])
    data = m.build([y])
    agree(data, litert_ref(data), runtime_archive, match="litert")

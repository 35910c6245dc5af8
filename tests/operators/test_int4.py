# SPDX-License-Identifier: Apache-2.0
"""int4 constants: packed in flash, folded where no kernel takes them, kept symmetric for those that do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import Compilation, compile, load
from tinycc.interpret import Interpreter
from tinycc.ir import DType, packed, unpacked

CODES = np.array([[1, -2, 7], [-8, 0, 3], [5, -1, -7]], np.int8)
Q = {"scale": 0.5, "zero_point": 3}


@pytest.mark.parametrize("count", range(6))
def test_packed(count: int) -> None:
    codes = np.resize(CODES, count)
    assert packed(codes).size == -(-count // 2)
    np.testing.assert_array_equal(unpacked(packed(codes), (count,)), codes)


def test_first_element_is_the_low_half() -> None:
    assert packed(np.array([1, -2, 7], np.int8)).view(np.uint8).tolist() == [0xE1, 0x07]


def dense(**weights: Any) -> Compilation:
    m = ModelBuilder()
    w = m.const(CODES, "int4", **({"scale": 0.25} | weights))
    y = m.tensor((1, 3), "int8", **Q)
    m.op("FULLY_CONNECTED", [m.input((1, 3), "int8", **Q), w, -1], [y])
    return compile(load(m.build(outputs=[y])), name="model")


def test_weights_are_packed_in_flash() -> None:
    compilation = dense()
    assert compilation.report.layers[0].kernel == "arm_fully_connected_s4"
    assert compilation.report.layers[0].constant_bytes == compilation.report.constant_bytes == 5
    text = compilation.files["model_weights.c"]
    assert "int4[3,3]" in text
    assert "const int8_t model_fully_connected_1_weights[5]" in text


@pytest.mark.parametrize(("zero_point", "dtype"), [(0, DType.INT4), (-1, DType.INT8), (1, DType.INT8)])
def test_a_zero_point_is_taken_out(zero_point: int, dtype: DType) -> None:
    """Into int8 where it must be."""
    (weights,) = dense(zero_point=zero_point).graph.constants
    assert weights.dtype is dtype
    assert weights.data is not None
    np.testing.assert_array_equal(weights.data, CODES - zero_point)


def dequantize(m: ModelBuilder, w: int) -> int:
    y = m.tensor((3, 3))
    m.op("DEQUANTIZE", [w], [y])
    return y


def cast(m: ModelBuilder, w: int) -> int:
    y = m.tensor((3, 3))
    m.op("CAST", [w], [y], in_data_type="INT4", out_data_type="FLOAT32")
    return y


def gather(m: ModelBuilder, w: int) -> int:
    y = m.tensor((3, 3), "int4", scale=0.25)
    m.op("GATHER", [w, m.const(np.array([2, 0, 1], np.int32))], [y], axis=0)
    return dequantize(m, y)


def reshape(m: ModelBuilder, w: int) -> int:
    y, z = m.tensor((9,), "int4", scale=0.25), m.tensor((3, 3), "int4", scale=0.25)
    m.op("RESHAPE", [w, m.const(np.array([9], np.int32))], [y])
    m.op("RESHAPE", [y, m.const(np.array([3, 3], np.int32))], [z])
    return dequantize(m, z)


FOLDED = {dequantize: 0.25 * CODES, cast: CODES, gather: 0.25 * CODES[[2, 0, 1]], reshape: 0.25 * CODES}


@pytest.mark.parametrize("make", FOLDED, ids=lambda make: make.__name__)
def test_constants_fold(make: Any) -> None:
    m = ModelBuilder()
    x, y = m.input((3, 3)), m.tensor((3, 3))
    w = m.const(CODES, "int4", scale=0.25)
    m.op("ADD", [x, make(m, w)], [y], fused_activation="NONE")
    model = load(m.build(outputs=[y]))
    assert len(model.graph.ops) == 1
    (found,) = Interpreter(model.graph).run([np.zeros((3, 3), np.float32)])
    np.testing.assert_array_equal(found, FOLDED[make].astype(np.float32))

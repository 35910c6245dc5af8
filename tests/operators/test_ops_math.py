# SPDX-License-Identifier: Apache-2.0
"""Arithmetic operators beyond the tables: how close floats are, what no runtime defines, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder
from numpy.typing import NDArray
from opcases import Case
from opcases_math import all_cases

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.frontends.tflite.oracle import litert_ref, tflm
from tinycc.interpret import interpret
from tinycc.oracles import OracleUnavailable

Array = NDArray[Any]

# GELU: LiteRT computes with approximations of its own. The rows are sums.
ROUGH = ("GELU", "LOG_SOFTMAX", "L2_NORMALIZATION")
CLOSE = [
    next(case for case in cases if case.dtype == "float32" and case.name in ("2x300", "same_shape", "plain_5"))
    for op, cases in all_cases().items()
    if op not in ROUGH and any(case.dtype == "float32" for case in cases)
]


def in_order(x: Array) -> Array:
    """float32 numbers as integers whose differences count the float32 numbers between them."""
    bits = x.view(np.int32).astype(np.int64)
    return np.where(bits < 0, -(bits & 0x7FFFFFFF), bits)


@pytest.mark.parametrize("case", CLOSE, ids=[case.id for case in CLOSE])
def test_within_four_ulp(case: Case, runtime_archive: Path) -> None:
    try:
        oracle = {"tflm": tflm, "litert": litert_ref}[case.oracle](case.model)
    except OracleUnavailable as error:
        pytest.skip(f"{case.oracle}: {error}")
    model = load(case.model, match=case.oracle)
    inputs = case.inputs(0)
    (expected,) = oracle.run(inputs)
    with HostModel(compile(model, name="model"), archive=runtime_archive) as host:
        for found in (host.run(inputs).outputs[0], interpret(model.graph, inputs)[0]):
            if expected.dtype == np.bool_:
                assert np.array_equal(found, expected)
                continue
            np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
            number = ~np.isnan(expected)
            assert np.abs(in_order(found)[number] - in_order(expected)[number]).max() <= 4


Row = tuple[str, Sequence[Array], Array]
INT32 = np.iinfo(np.int32)


def whole(*items: int) -> Array:
    return np.array(items, np.int32)


def real(*items: float) -> Array:
    return np.array(items, np.float32)


DEFINED: list[Row] = [
    ("DIV", [whole(INT32.min, 7, -7, 7, -7, 0), whole(-1, 2, 2, -2, 0, 0)], whole(INT32.min, 3, -3, -3, 0, 0)),
    ("FLOOR_DIV", [whole(INT32.min, 7, -7, 7, -7, 5), whole(-1, 2, 2, -2, 0, -5)], whole(INT32.min, 3, -4, -4, 0, -1)),
    ("FLOOR_MOD", [whole(INT32.min, 7, -7, 7, -7, 5), whole(-1, 2, 2, -2, 0, -5)], whole(0, 1, 1, -1, 0, 0)),
    ("POW", [whole(3, -2, 65536, 7, 0), whole(4, 3, 2, -1, 0)], whole(81, -8, 0, 1, 1)),
    ("ADD", [whole(INT32.max, INT32.min), whole(1, -1)], whole(INT32.min, INT32.max)),
    ("SUB", [whole(INT32.min, 5), whole(1, INT32.min)], whole(INT32.max, INT32.min + 5)),
    ("MUL", [whole(INT32.max, 65536), whole(2, 65536)], whole(-2, 0)),
    ("SQUARED_DIFFERENCE", [whole(INT32.max, 65536), whole(-1, 0)], whole(0, 0)),
    ("ABS", [whole(INT32.min, -5)], whole(INT32.min, 5)),
    ("NEG", [whole(INT32.min, -5)], whole(INT32.min, 5)),
    ("DIV", [real(1, -1, 1), real(0, 0, np.inf)], real(np.finfo(np.float32).max, -np.finfo(np.float32).max, 0)),
    ("FLOOR_DIV", [real(5, -5), real(0, 0)], real(np.inf, -np.inf)),
    ("MAXIMUM", [real(np.nan, 2), real(1, np.nan)], real(1, np.nan)),
    ("MINIMUM", [real(np.nan, 2), real(1, np.nan)], real(1, np.nan)),
    ("ROUND", [real(0.5, 1.5, -2.5, 8388609.5, np.inf, 3e9)], real(0, 2, -2, 8388610, np.inf, 3e9)),
    ("SIGN", [real(np.nan, -0.0, np.inf)], real(np.nan, 0, 1)),
    ("NOT_EQUAL", [real(np.nan, 1), real(np.nan, 1)], np.array([True, False])),
    ("LESS_EQUAL", [real(np.nan, 1, 0.0), real(1, np.nan, -0.0)], np.array([False, False, True])),
    ("GREATER", [real(np.nan, 2, np.inf), real(1, np.nan, 1)], np.array([False, False, True])),
]


@pytest.mark.parametrize("row", DEFINED, ids=[f"{row[0]}-{row[2].dtype}-{i}" for i, row in enumerate(DEFINED)])
def test_every_input_has_a_result(row: Row, runtime_archive: Path) -> None:
    """Overflow, division by zero, NaN and infinities: numpy and C agree on what the documentation says."""
    op, operands, expected = row
    builder = ModelBuilder()
    inputs = [builder.input(operand.shape, operand.dtype.name) for operand in operands]
    y = builder.tensor(expected.shape, expected.dtype.name)
    builder.op(op, inputs, [y])
    model = load(builder.build([y]), match="litert")
    with HostModel(compile(model, name="model"), archive=runtime_archive) as host:
        np.testing.assert_array_equal(host.run(operands).outputs[0], expected)
    np.testing.assert_array_equal(interpret(model.graph, operands)[0], expected)


def test_int8_division_by_zero_and_by_much(runtime_archive: Path) -> None:
    """All pairs of codes: the quotient, within one code; the bound on the dividend's side where the divisor is 0."""
    a, b = np.meshgrid(*[np.arange(-128, 128).astype(np.int8)] * 2)
    builder = ModelBuilder()
    inputs = [builder.input(a.shape, "int8", scale=scale, zero_point=3) for scale in (0.1, 0.07)]
    y = builder.tensor(a.shape, "int8", scale=0.15, zero_point=2)
    builder.op("DIV", inputs, [y])
    model = load(builder.build([y]))
    with HostModel(compile(model, name="model"), archive=runtime_archive) as host:
        found = host.run([a, b]).outputs[0]
    np.testing.assert_array_equal(interpret(model.graph, [a, b])[0], found)
    dividend, divisor = 0.1 * (a.astype(float) - 3), 0.07 * (b.astype(float) - 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.nan_to_num(dividend / divisor / 0.15, nan=0.0, posinf=1e6, neginf=-1e6)
    assert np.abs(found - np.clip(exact + 2, -128, 127)).max() < 0.51


S8 = {"scale": 0.1, "zero_point": 3}


def model(op: str, operands: Sequence[tuple[Any, ...]], y: tuple[Any, ...], **options: Any) -> bytes:
    """`operands` and `y`: (shape, dtype, quantization)."""
    builder = ModelBuilder()
    inputs = [builder.input(shape, dtype, **dict(*rest)) for shape, dtype, *rest in operands]
    output = builder.tensor(y[0], y[1], **dict(*y[2:]))
    builder.op(op, inputs, [output], **options)
    return builder.build([output])


F, W, B = "float32", "int32", "bool"
REFUSED = [
    (model("MAXIMUM", [((2, 3), F), ((2, 4), F)], ((2, 3), F)), "stretch to each other"),
    (model("MAXIMUM", [((2,), F), ((2,), W)], ((2,), F)), "types"),
    (model("MAXIMUM", [((2,), F)], ((2,), F)), "at least 2 operands"),
    (model("PRELU", [((2,), "int8", S8), ((2,), "int8")], ((2,), "int8", S8)), "quantization"),
    (model("DIV", [((2,), "int8", {"scale": 1e9}), ((2,), "int8", S8)], ((2,), "int8", S8)), "2**23"),
    (model("EQUAL", [((2,), "int8", {"scale": 1e9}), ((2,), "int8", S8)], ((2,), B)), "2**14"),
    (model("LESS", [((2,), B), ((2,), B)], ((2,), B)), "types"),
    (model("LOGICAL_AND", [((2,), F), ((2,), F)], ((2,), F)), "types"),
    (model("ADD_N", [((2,), F)], ((2,), F)), "at least 2 operands"),
    (model("ADD_N", [((2,), F), ((3,), F)], ((2,), F)), "one shape"),
    (model("ADD_N", [((2,), "int8", S8), ((2,), "int8", {"scale": 0.2})], ((2,), "int8", S8)), "one scale"),
    (model("SELECT", [((3,), B), ((2, 3), F), ((2, 3), F)], ((2, 3), F)), "stretch to each other"),
    (model("SELECT_V2", [((2,), F), ((2,), F), ((2,), F)], ((2,), F)), "types"),
    (model("LOG_SOFTMAX", [((), F)], ((), F)), "at least one dimension"),
    (model("LOG_SOFTMAX", [((2, 3), "int8", S8)], ((2, 3), "int8", S8)), "1/16"),
    (model("L2_NORMALIZATION", [((), F)], ((), F)), "at least one dimension"),
    (model("L2_NORMALIZATION", [((2,), F)], ((2,), F), fused_activation="RELU"), "NONE"),
    (model("L2_NORMALIZATION", [((2,), "int8", S8)], ((2,), "int8", S8)), "1/128"),
    (model("RSQRT", [((2,), "int8", {"scale": 1e-20})], ((2,), "int8", {"scale": 1e-20})), "2**30"),
    (model("EXP", [((2,), W)], ((2,), W)), "types"),
    (model("ATAN2", [((2, 1), F), ((1, 2), F)], ((2, 2), F)), "equal shapes"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED, ids=[f"{index}" for index in range(len(REFUSED))])
def test_refused(data: bytes, words: str) -> None:
    for match in ("tflm", "litert"):
        with pytest.raises(CompileError) as error:
            load(data, match=match)
        assert words in str(error.value)


@pytest.mark.parametrize("op", ["FLOOR_MOD", "SELECT_V2", "LOGICAL_OR", "SQRT", "EQUAL"])
def test_constants_fold(op: str) -> None:
    """An operator on constants leaves no step."""
    builder = ModelBuilder()
    x = builder.input((3,), F)
    boolean = op == "LOGICAL_OR"
    values = [builder.const(np.array([0, 1, 1], np.bool_) if boolean else real(1, 2, 4)) for _ in range(2)]
    if op == "SELECT_V2":
        values.insert(0, builder.const(np.array([True, False, True])))
    folded = builder.tensor((3,), "bool" if boolean or op == "EQUAL" else F)
    builder.op(op, values[:1] if op == "SQRT" else values, [folded])
    y = builder.tensor((3,), F)
    if boolean or op == "EQUAL":
        builder.op("SELECT_V2", [folded, x, x], [y])
    else:
        builder.op("ADD", [x, folded], [y], fused_activation="NONE")
    graph = load(builder.build([y])).graph
    assert [type(step).__name__ for step in graph.ops] in (["Add"], ["Select"])

# SPDX-License-Identifier: Apache-2.0
"""Single-operator models of arithmetic: functions of one element, of two, comparisons, selection, normalization.

What TFLM lacks, as an operator or for a type, is settled by LiteRT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from opcases import Q_HIGH, Q_LOW, Q_MID, Q_OUT, Q_SECOND, Case, Net, Q, Shape

# -- one operand -------------------------------------------------------------------------------------------------

_SHAPES: tuple[Shape, ...] = ((1, 3, 4, 5), (7,), (), (2, 300))
_ANY = (
    ("mid", Q_MID, Q(0.05, -20)),
    ("same", Q_MID, Q_MID),
    ("low", Q(0.02, -128), Q(0.03, -128)),
    ("high", Q(0.02, 127), Q(0.01, 127)),
    ("saturating", Q(0.03, 1), Q(0.003, -3)),
    ("vanishing", Q(0.0001, 7), Q(0.5, -3)),
)
_POSITIVE = (
    ("unit", Q(1 / 255, -128), Q(0.02, -128)),
    ("wide", Q(0.3, -128), Q(0.05, 0)),
    ("odd", Q(0.0123, -128), Q(0.0071, 100)),
    ("saturating", Q(0.9, -128), Q(0.001, -100)),
    ("vanishing", Q(1e-5, -128), Q(3.0, 9)),
    *((f"scales{i}", Q(0.7**i, -128), Q(0.9 ** (i * i % 11) / 100, 5)) for i in range(1, 12)),
)
"""int8 codes that are all numbers from 0 on."""

_RELU_CODES = (("same", Q_MID, Q_MID), ("fine", Q(0.01, 3), Q(0.01, 3)), ("low", Q(0.004, -128), Q(0.004, -128)))


@dataclass(frozen=True)
class Function:
    """A row of the functions of one element: its types, which of them TFLM has, and what int8 is tried with."""

    op: str
    dtypes: tuple[str, ...] = ("float32",)
    tflm: tuple[str, ...] = ("float32",)
    codes: Sequence[tuple[str, Q, Q]] = _ANY
    options: tuple[tuple[str, Any], ...] = ()
    name: str = ""


_FUNCTIONS = (
    Function("ABS", ("float32", "int8", "int32"), ("float32", "int8")),
    Function("CEIL"),
    Function("COS"),
    Function("ELU", ("float32", "int8"), ("float32", "int8")),
    Function("EXP", ("float32", "int8")),
    Function("FLOOR"),
    Function("GELU", ("float32", "int8"), ()),
    Function("GELU", ("float32", "int8"), (), options=(("approximate", True),), name="approximate_"),
    Function("LOG", ("float32", "int8")),
    Function("LOGICAL_NOT", ("bool",), ("bool",)),
    Function("NEG", ("float32", "int32", "int64")),
    Function("RELU_0_TO_1", ("float32", "int8"), (), _RELU_CODES, (("version", 1),)),
    Function("ROUND"),
    Function("RSQRT", ("float32", "int8"), ("float32", "int8"), codes=_POSITIVE),
    Function("SIGN", ("float32", "int32"), ()),
    Function("SIN"),
    Function("SQRT", ("float32", "int8"), codes=_POSITIVE),
    Function("SQUARE"),
)


def functions(row: Function) -> Iterator[Case]:
    for dtype in row.dtypes:
        oracle = "tflm" if dtype in row.tflm else "litert"
        cases = [(key, (2, 300), q) for key, *q in row.codes] if dtype == "int8" else []
        shapes = [("x".join(map(str, shape)) or "scalar", shape, row.codes[0][1:]) for shape in _SHAPES]
        for key, shape, (q_in, q_out) in shapes + cases:
            net = Net(row.op, dtype, row.name + key)
            yield replace(net.done(row.op, [net.x(shape, q_in)], net.y(shape, q_out), **dict(row.options)), oracle=oracle)


# -- two operands ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A row of the functions of two elements. `const`: which operand is a constant, if any."""

    name: str
    a: Shape = (2, 3, 4, 5)
    b: Shape = (2, 3, 4, 5)
    const: int | None = None
    qa: Q = Q_MID
    qb: Q = Q_SECOND
    y: Q = Q_OUT


_PAIRS = (
    Pair("same_shape"),
    Pair("scalar_second", b=()),
    Pair("scalar_first", a=(1,)),
    Pair("channels_second", b=(5,)),
    Pair("channels_first", a=(1, 1, 5)),
    Pair("both_ways", a=(1, 3, 1, 5), b=(2, 1, 4, 5)),
    Pair("outer", a=(3, 1), b=(1, 7)),
    Pair("rank5", a=(2, 1, 2, 3, 2), b=(2, 3, 2, 1, 2)),
    Pair("one_element", a=(1, 1), b=()),
    Pair("const_second", b=(4, 5), const=1),
    Pair("const_scalar_second", b=(), const=1),
    Pair("const_first", a=(5,), const=0),
)
_CODES = (
    Pair("equal_scales", qa=Q_MID, qb=Q_MID, y=Q_MID),
    Pair("zero_points_low_high", qa=Q_LOW, qb=Q_HIGH, y=Q(0.1, 60)),
    Pair("zero_points_high_low", qa=Q_HIGH, qb=Q_LOW, y=Q_HIGH),
    Pair("zero_points_low", qa=Q_LOW, qb=Q(0.03, -128), y=Q(0.2, -128)),
    Pair("unlike_scales", qa=Q(0.9, 1), qb=Q(0.0005, -2), y=Q(3.0, 0)),
    Pair("saturating", qa=Q(0.2, -3), qb=Q(0.3, 9), y=Q(0.002, 10)),
    Pair("vanishing", qa=Q(1e-5, 5), qb=Q(1e-5, 1), y=Q(1.0, -1)),
)
_DIVISIONS = (
    Pair("fine", qa=Q(0.1, 3), qb=Q(0.07, -9), y=Q(0.02, 2)),
    Pair("finer", qa=Q(0.5, -128), qb=Q(0.01, 127), y=Q(0.3, -128)),
    Pair("large_ratio", qa=Q(2.0, 5), qb=Q(0.001, 1), y=Q(0.01, -1)),
    Pair("broadcast", b=(1, 3, 1, 1), qa=Q(0.9, -7), qb=Q(0.01, -128), y=Q(0.9, 33)),
)
"""int8: the results are so large that no shift of TFLM exceeds 31 bits."""


def pair(op: str, dtype: str, row: Pair, oracle: str = "tflm", result: str = "", **options: Any) -> Case:
    """A function of two elements; `result` is the type of y if it is not that of the operands."""
    net = Net(op, dtype, row.name)
    operands = [
        (net.random if row.const == position else net.x)(shape, q)
        for position, (shape, q) in enumerate(((row.a, row.qa), (row.b, row.qb)))
    ]
    shape = np.broadcast_shapes(row.a, row.b)
    y = net.tensor(shape, result) if result else net.y(shape, row.y)
    return replace(net.done(op, operands, y, **options), oracle=oracle)


def divided(op: str, dtype: str, row: Pair, oracle: str = "tflm", **options: Any) -> Case:
    """The same by a constant without zeros, by which the runtimes do not divide."""
    net = Net(op, dtype, row.name)
    numbers = net.rng.integers(-9, 9, row.b)
    if dtype == "int8":
        numbers = numbers * 7 + row.qb.zero_point
        numbers = np.where((numbers == row.qb.zero_point) | (abs(numbers) > 127), row.qb.zero_point // 2 + 8, numbers)
    divisors = np.where(numbers == 0, 5, numbers) if dtype != "int8" else numbers
    by = net.const(np.asarray(divisors, dtype) * (np.float32(0.37) if dtype == "float32" else 1), **net.quantization(row.qb))
    y = net.y(np.broadcast_shapes(row.a, row.b), row.y)
    return replace(net.done(op, [net.x(row.a, row.qa), by], y, **options), oracle=oracle)


@dataclass(frozen=True)
class Binary:
    """A function of two elements: its types, and which of them TFLM has."""

    op: str
    dtypes: tuple[str, ...]
    tflm: tuple[str, ...]
    result: str = ""


_NUMBERS = ("float32", "int8", "int32", "int64")
_BINARIES = (
    Binary("EQUAL", (*_NUMBERS, "int16", "bool"), (*_NUMBERS, "bool"), "bool"),
    Binary("GREATER", (*_NUMBERS, "int16"), _NUMBERS, "bool"),
    Binary("GREATER_EQUAL", (*_NUMBERS, "int16"), _NUMBERS, "bool"),
    Binary("LESS", (*_NUMBERS, "int16"), _NUMBERS, "bool"),
    Binary("LESS_EQUAL", (*_NUMBERS, "int16"), _NUMBERS, "bool"),
    Binary("LOGICAL_AND", ("bool",), ("bool",)),
    Binary("LOGICAL_OR", ("bool",), ("bool",)),
    Binary("MAXIMUM", (*_NUMBERS, "int16"), (*_NUMBERS, "int16")),
    Binary("MINIMUM", (*_NUMBERS, "int16"), (*_NUMBERS, "int16")),
    Binary("NOT_EQUAL", (*_NUMBERS, "bool"), (*_NUMBERS, "bool"), "bool"),
    Binary("PRELU", ("float32", "int8"), ("float32", "int8")),
    Binary("SQUARED_DIFFERENCE", ("float32", "int8", "int32"), ("float32", "int8", "int32")),
)


def binaries(row: Binary) -> Iterator[Case]:
    for dtype in row.dtypes:
        oracle = "tflm" if dtype in row.tflm else "litert"
        for case in _PAIRS + (_CODES if dtype == "int8" else ()):
            if (row.op, case.name) != ("PRELU", "rank5"):  # It kills TFLM.
                yield pair(row.op, dtype, case, oracle, row.result)


def sums(op: str) -> Iterator[Case]:
    """ADD, SUB, MUL of whole numbers: TFLM has int32, LiteRT int64 too."""
    for dtype, oracle in (("int32", "tflm"), ("int32", "litert"), ("int64", "litert")):
        for row in _PAIRS:
            named = replace(row, name=f"{oracle}_{row.name}")
            yield pair(op, dtype, named, oracle)
            if row.name in ("same_shape", "const_second", "channels_second"):
                for act in ("RELU", "RELU6", "RELU_N1_TO_1"):
                    yield pair(op, dtype, replace(named, name=f"{named.name}_{act.lower()}"), oracle, fused_activation=act)


def div(op: str) -> Iterator[Case]:
    for row in _PAIRS:
        yield pair(op, "float32", row)
    for act in ("RELU", "RELU6", "RELU_N1_TO_1"):
        yield pair(op, "float32", Pair(act.lower()), fused_activation=act)
        yield divided(op, "int32", Pair(act.lower()), fused_activation=act)
        yield divided(op, "int8", replace(_DIVISIONS[0], name=act.lower()), fused_activation=act)
    for row in _PAIRS:
        yield divided(op, "int32", row)
    for row in _DIVISIONS:
        yield divided(op, "int8", row)


def floor_division(op: str) -> Iterator[Case]:
    whole = ("int32", "int64") if op == "FLOOR_MOD" else ("int32",)
    for dtype in ("float32", *whole):
        for row in _PAIRS:
            yield divided(op, dtype, row, "tflm" if dtype == "float32" else "litert")
    if op == "FLOOR_MOD":
        yield pair(op, "float32", Pair("two_inputs"))


def atan2(op: str) -> Iterator[Case]:
    for row in (*_PAIRS[:1], Pair("vector", (7,), (7,)), Pair("scalar", (), ()), Pair("const_first", const=0)):
        yield pair(op, "float32", row, "litert")


def power(op: str) -> Iterator[Case]:
    """int32: exponents from 0 to 3, and results that fit."""
    for row in _PAIRS:
        yield pair(op, "float32", row, "litert")
        if row.const is None:
            yield pair(op, "int32", row, "litert")
    net = Net(op, "int32", "base_const")
    bases = net.const(np.array([0, 1, -1, 2, -2, 1000, -1000], np.int32))
    yield replace(net.done(op, [bases, net.x((7,))], net.y((7,))), oracle="litert")


# -- any number of operands --------------------------------------------------------------------------------------

_SUM_CODES = (
    ("zero_point_0", Q(0.1, 0), Q(0.2, 0)),
    ("zero_point_5", Q(0.1, 5), Q(0.1, 5)),
    ("low", Q(0.02, -128), Q(0.07, -128)),
    ("high", Q(0.02, 127), Q(0.03, 11)),
    ("saturating", Q(0.2, 1), Q(0.003, -3)),
)


def add_n(op: str) -> Iterator[Case]:
    for dtype, oracle in (("float32", "tflm"), ("int8", "tflm"), ("int32", "litert")):
        for count, shape in ((2, (1, 3, 4, 5)), (3, (7,)), (5, (2, 300))):
            for key, q_in, q_out in _SUM_CODES if dtype == "int8" else (("plain", Q_MID, Q_MID),):
                net = Net(op, dtype, f"{key}_{count}")
                operands = [net.x(shape, q_in) for _ in range(count - 1)] + [net.random(shape, q_in)]
                yield replace(net.done(op, operands, net.y(shape, q_out)), oracle=oracle)


_SELECTIONS: tuple[tuple[str, Shape, Shape, Shape], ...] = (
    ("same_shape", (2, 3, 4, 5), (2, 3, 4, 5), (2, 3, 4, 5)),
    ("scalar_condition", (), (2, 3), (2, 3)),
    ("scalar_second", (2, 3, 4), (2, 3, 4), ()),
    ("scalars", (7,), (), ()),
    ("three_ways", (3, 1, 1), (1, 4, 1), (1, 1, 5)),
    ("channels", (1, 1, 5), (2, 4, 5), (5,)),
    ("rows", (4, 1), (2, 4, 3), (2, 1, 3)),
    ("one_element", (1,), (1, 1), ()),
    ("rank5", (2, 1, 2, 1, 2), (1, 3, 2, 3, 2), (2, 3, 1, 1, 1)),
)
_ROWS: tuple[tuple[str, Shape, Shape, Shape], ...] = (
    ("same_shape", (2, 3, 4), (2, 3, 4), (2, 3, 4)),
    ("leading", (4,), (4, 2, 3), (4, 2, 3)),
    ("scalar", (), (4, 3), (4, 3)),
    ("vector", (5,), (5,), (5,)),
)


def select(op: str) -> Iterator[Case]:
    in_tflm = ("float32", "int8") if op == "SELECT_V2" else ()
    for dtype in (*_NUMBERS, "bool"):
        for name, condition, a, b in _SELECTIONS if op == "SELECT_V2" else _ROWS:
            net = Net(op, dtype, name)
            operands = [net.input(condition, "bool"), net.x(a), net.x(b)]
            y = net.y(np.broadcast_shapes(a, b) if op == "SELECT" else np.broadcast_shapes(condition, a, b))
            yield replace(net.done(op, operands, y, version=1), oracle="tflm" if dtype in in_tflm else "litert")


# -- rows --------------------------------------------------------------------------------------------------------

_ROW_SHAPES: tuple[Shape, ...] = ((10,), (1, 10), (3, 7), (2, 3, 5), (1, 2, 3, 4), (1, 1), (2, 200))
_ROW_CODES = (
    Q(0.001, 0),
    Q(0.02, -128),
    Q(0.1, 127),
    Q(0.5, 1),
    Q(2.0, 4),
    Q(9.0, 0),
)


def rows(op: str, output: Q) -> Iterator[Case]:
    for dtype in ("float32", "int8"):
        for shape in _ROW_SHAPES:
            net = Net(op, dtype, "x".join(map(str, shape)))
            yield net.done(op, [net.x(shape)], net.y(shape, output))
        for q in _ROW_CODES if dtype == "int8" else ():
            net = Net(op, dtype, f"scale{q.scale:g}_zp{q.zero_point}")
            yield net.done(op, [net.x((3, 50), q)], net.y((3, 50), output))


# -- all of them -------------------------------------------------------------------------------------------------

_OPERATORS: dict[str, Callable[[str], Iterator[Case]]] = {
    "ADD": sums,
    "SUB": sums,
    "MUL": sums,
    "DIV": div,
    "FLOOR_DIV": floor_division,
    "FLOOR_MOD": floor_division,
    "POW": power,
    "ATAN2": atan2,
    "ADD_N": add_n,
    "SELECT": select,
    "SELECT_V2": select,
    "LOG_SOFTMAX": lambda op: rows(op, Q(1 / 16, 127)),
    "L2_NORMALIZATION": lambda op: rows(op, Q(1 / 128, 0)),
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    cases: dict[str, list[Case]] = {op: list(make(op)) for op, make in _OPERATORS.items()}
    for function in _FUNCTIONS:
        cases.setdefault(function.op, []).extend(functions(function))
    for binary in _BINARIES:
        cases.setdefault(binary.op, []).extend(binaries(binary))
    return cases

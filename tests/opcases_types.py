# SPDX-License-Identifier: Apache-2.0
"""Single-operator models of further element types: int16 beside int8, bool and whole numbers, mixtures of types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
from opcases import Case, Net, Q
from opcases_math import _CODES, _PAIRS, Pair, pair

WIDE = "int16x8"

# -- one operand -------------------------------------------------------------------------------------------------

_FUNCTIONS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "ABS": (("same", 1e-3, 1e-3), ("finer", 1e-3, 3e-4), ("coarser", 1e-4, 7e-3), ("saturating", 0.5, 1e-4)),
    "RSQRT": (
        ("unit", 1e-4, 1e-3),
        ("fine", 1e-5, 0.01),
        ("coarse", 3.0, 1e-5),
        ("saturating", 1e-6, 1e-3),
        ("vanishing", 1e6, 1.0),
    ),
    "SQRT": (("unit", 1e-4, 1e-4), ("fine", 1e-6, 1e-5), ("coarse", 3.0, 0.01), ("saturating", 1.0, 1e-4)),
    "EXP": (("unit", 1e-4, 1e-3), ("wide", 2e-3, 1e-3), ("steep", 2.6e-3, 1.0), ("flat", 1e-6, 1e-4)),
    "LOG": (("unit", 1e-4, 2e-4), ("wide", 2.0, 1e-3), ("saturating", 1e-7, 1e-4)),
    "GELU": (("unit", 1e-4, 1e-4), ("wide", 1e-3, 1e-3), ("saturating", 0.1, 1e-4)),
    "NEG": (("same", 1e-3, 1e-3), ("other", 1e-3, 5e-3)),
}
"""int16: name, scales of x and y."""


def functions16(op: str) -> Iterator[Case]:
    positive = op in ("RSQRT", "SQRT")
    for (name, x_scale, y_scale), shape in product(_FUNCTIONS[op], ((4, 3000), (7,), ())):
        for oracle in ("tflm", "litert") if op in ("ABS", "RSQRT") else ("litert",):
            net = Net(op, "int16", f"{name}_rank{len(shape)}_{oracle}")
            x = net.input(shape, "int16", scale=x_scale)
            if positive:  # Below 0 the runtimes stop.
                finite, x = x, net.tensor(shape, "int16", scale=x_scale)
                net.op("MAXIMUM", [finite, net.const(np.int16(0), scale=x_scale)], [x])
            yield replace(net.done(op, [x], net.tensor(shape, "int16", scale=y_scale)), oracle=oracle)
    if op in ("ABS", "NEG"):
        net = Net(op, "int16", "plain")
        yield replace(net.done(op, [net.input((3, 700), "int16")], net.tensor((3, 700), "int16")), oracle="litert")


# -- two operands ------------------------------------------------------------------------------------------------


def int16_pairs(op: str) -> Iterator[Case]:
    for row in (*_PAIRS, *_CODES):
        yield pair(op, WIDE, row)


def scaled(op: str) -> Iterator[Case]:
    """int16 that is rescaled before it is compared. (TFLM's GREATER does so with parameters that it does not set.)"""
    for row in (*_PAIRS, *_CODES):
        for scale in (1.0, 100.0, 250.0):
            fine = replace(row, name=f"{row.name}_{scale:g}", qa=Q(row.qa.scale * scale), qb=Q(row.qb.scale * scale))
            yield pair(op, WIDE, fine, "litert", "bool")


_SLOPES = (
    *(row for row in _PAIRS if row.name != "rank5"),  # It kills TFLM.
    *_CODES,
    Pair("channels", a=(3, 4, 5, 7), b=(7,), const=1),
    Pair("rows", a=(2, 5, 3), b=(5, 1), const=1),
    Pair("wrapping", qa=Q(0.1 * 2**28), y=Q(0.1)),
)


def prelu(op: str) -> Iterator[Case]:
    """int16 with int8 slopes, zero points in all three."""
    for row, zero_point in product(_SLOPES, (0, 5, -32768, 32767)):
        net = Net(op, "int16", f"{row.name}_{zero_point}")
        x = net.input(row.a, "int16", scale=row.qa.scale / 256, zero_point=zero_point)
        shape, scale, slope_zero = row.b, row.qb.scale, row.qb.zero_point
        values = net.rng.integers(-128, 127, shape, dtype=np.int8, endpoint=True)
        if row.const == 1:
            slopes = net.const(values, scale=scale, zero_point=slope_zero)
        else:
            slopes = net.input(shape, "int8", scale=scale, zero_point=slope_zero)
        y = net.tensor(np.broadcast_shapes(row.a, row.b), "int16", scale=row.y.scale / 256, zero_point=-(zero_point // 3))
        yield net.done(op, [x, slopes], y)


# -- all of them -------------------------------------------------------------------------------------------------

_OPERATORS: dict[str, Callable[[str], Iterator[Case]]] = {
    **dict.fromkeys(_FUNCTIONS, functions16),
    "EQUAL": scaled,
    "NOT_EQUAL": scaled,
    "PRELU": prelu,
    "SQUARED_DIFFERENCE": int16_pairs,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(make(op)) for op, make in _OPERATORS.items()}

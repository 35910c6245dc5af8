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
    "EQUAL": scaled,
    "NOT_EQUAL": scaled,
    "PRELU": prelu,
    "SQUARED_DIFFERENCE": int16_pairs,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(make(op)) for op, make in _OPERATORS.items()}

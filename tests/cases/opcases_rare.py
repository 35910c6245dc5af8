# SPDX-License-Identifier: Apache-2.0
"""Single-operator models of what few networks have, and TFLM lacks: LiteRT settles them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product

import numpy as np
from opcases import Case, Shape
from opcases_movement import ints
from opcases_spectrum import net_of

NUMBERS = ("float32", "int8", "uint8", "int16", "int32", "int64")


def matrix_diag() -> Iterator[Case]:
    for dtype, shape in product(NUMBERS, ((4,), (2, 3), (2, 1, 5))):
        net = net_of("MATRIX_DIAG", dtype, "x".join(map(str, shape)))
        yield net.done("MATRIX_DIAG", [net.input(shape, dtype)], net.tensor((*shape, shape[-1]), dtype), version=1)


def matrix_set_diag() -> Iterator[Case]:
    for dtype, shape in product(NUMBERS, ((3, 3), (2, 3, 4), (1, 2, 5, 2))):
        net = net_of("MATRIX_SET_DIAG", dtype, "x".join(map(str, shape)))
        values = net.input((*shape[:-2], min(shape[-2:])), dtype)
        yield net.done("MATRIX_SET_DIAG", [net.input(shape, dtype), values], net.tensor(shape, dtype), version=1)


def dilate() -> Iterator[Case]:
    rows: tuple[tuple[Shape, Shape], ...] = (((5,), (3,)), ((2, 3), (1, 2)), ((2, 3, 2), (2, 1, 4)), ((2, 2), (1, 1)))
    for dtype, (shape, steps) in product(("float32", "int8", "uint8", "int16", "int32", "int64"), rows):
        net = net_of("DILATE", dtype, f"{'x'.join(map(str, shape))}_by_{'x'.join(map(str, steps))}")
        y = net.tensor([(size - 1) * step + 1 for size, step in zip(shape, steps, strict=True)], dtype)
        yield net.done("DILATE", [net.input(shape, dtype), ints(net, steps), net.const(np.array(7, dtype))], y, version=1)


def rank() -> Iterator[Case]:
    for dtype, shape in product(NUMBERS, ((), (3,), (1, 2, 3, 4))):
        net = net_of("RANK", dtype, f"rank{len(shape)}")
        yield net.done("RANK", [net.input(shape, dtype)], net.tensor((), "int32"), version=1)


def bit_cast() -> Iterator[Case]:
    for x, y in (("float32", "int32"), ("int32", "float32"), ("int8", "uint8"), ("uint32", "int32"), ("int16", "int16")):
        net = net_of("BITCAST", x, f"to_{y}")
        yield net.done("BITCAST", [net.input((2, 3), x)], net.tensor((2, 3), y), version=1)


def segments(op: str) -> Iterator[Case]:
    """Indices that are constants: of those that come from outside LiteRT refuses what is too large."""
    rows: tuple[tuple[Shape, Shape, int], ...] = (((6,), (6,), 3), ((6, 4), (6,), 5), ((2, 3, 2), (2, 3), 4), ((4, 3), (4,), 1))
    for dtype, (shape, places, count) in product(("float32", "int32"), rows):
        net = net_of(op, dtype, f"{'x'.join(map(str, shape))}_into_{count}")
        indices = net.rng.integers(-1, count, places).astype(np.int32)
        operands = [net.input(shape, dtype), net.const(indices), ints(net, count)]
        yield net.done(op, operands, net.tensor((count, *shape[len(places) :]), dtype))
    net = net_of(op, "float32", "run_time_indices")
    flags, indices = net.input((4,), "bool"), net.tensor((4,), "int32")
    net.op("CAST", [flags], [indices])
    operands = [net.input((4, 2), "float32"), indices, ints(net, 2)]
    yield net.done(op, operands, net.tensor((2, 2), "float32"))


def segment_sum() -> Iterator[Case]:
    for dtype, (shape, places) in product(("float32", "int32"), (((5,), (0, 0, 1, 2, 2)), ((3, 2, 2), (0, 0, 0)))):
        net = net_of("SEGMENT_SUM", dtype, "x".join(map(str, shape)))
        y = net.tensor((places[-1] + 1, *shape[1:]), dtype)
        yield net.done("SEGMENT_SUM", [net.input(shape, dtype), ints(net, places)], y)


def local_response() -> Iterator[Case]:
    for (shape, radius), (bias, alpha, beta) in product(
        (((1, 2, 3, 7), 2), ((2, 1, 1, 5), 9), ((1, 3, 3, 1), 1), ((1, 2, 2, 4), 0)), ((1.0, 1.0, 0.5), (2.0, 1e-4, 0.75))
    ):
        net = net_of("LOCAL_RESPONSE_NORMALIZATION", "float32", f"{'x'.join(map(str, shape))}_radius{radius}_beta{beta}")
        options = {"radius": radius, "bias": bias, "alpha": alpha, "beta": beta}
        yield net.done("LOCAL_RESPONSE_NORMALIZATION", [net.input(shape, "float32")], net.tensor(shape, "float32"), **options)


def bucketize() -> Iterator[Case]:
    for dtype, boundaries in product(("float32", "int32", "int64"), ((0.0,), (-2.0, -0.5, 1.0, 1.0, 3.0))):
        net = net_of("BUCKETIZE", dtype, f"{len(boundaries)}_boundaries")
        yield net.done("BUCKETIZE", [net.input((3, 20), dtype)], net.tensor((3, 20), "int32"), boundaries=boundaries)


def fake_quant() -> Iterator[Case]:
    for low, high, bits in ((-1.0, 2.0, 8), (0.0, 6.0, 8), (-3.1, 0.0, 4), (-0.01, 0.013, 16), (-1e30, 1e30, 2)):
        net = net_of("FAKE_QUANT", "float32", f"{low:g}_{high:g}_{bits}")
        x, y = net.input((3, 70), "float32"), net.tensor((3, 70), "float32")
        yield net.done("FAKE_QUANT", [x], y, min=low, max=high, num_bits=bits)


_WINDOWS = (
    ((5,), (2,), (1,), (3,)),
    ((4, 6), (2, 3), (2, 1), (1, 2)),
    ((2, 5, 5, 3), (1, 3, 3, 1), (1, 2, 2, 1), (1, 1, 1, 1)),
    ((2, 1, 3, 2, 3, 2), (2, 1, 2, 1, 3, 2), (1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 1, 1)),
)
_FUNCTIONS = ("ADD", "MUL", "MINIMUM", "MAXIMUM", "ALL", "ANY")


def reduce_window() -> Iterator[Case]:
    types = ("float32", "int8", "uint8", "int16", "int32", "int64", "bool")
    for dtype, (function, (shape, *window)) in product(types, zip(_FUNCTIONS * 2, _WINDOWS * 3, strict=True)):
        if dtype == "bool" and function in ("ADD", "MUL"):  # LiteRT adds the bytes
            continue
        net = net_of("REDUCE_WINDOW", dtype, f"{'x'.join(map(str, shape))}_{function}")
        dtypes = {"float32": np.float32, "bool": np.bool_}
        initial = net.const(np.array(1, dtypes.get(dtype, np.dtype(dtype))))
        size, stride, dilation = (np.array(row, np.int64) for row in window)
        result = (np.array(shape) - 1 - (size - 1) * dilation) // stride + 1
        q = {"scale": 0.1, "zero_point": 7} if dtype == "uint8" and len(shape) > 1 else {}
        operands = [net.input(shape, dtype, **q), initial, *map(net.const, (size, stride, dilation))]
        y = net.tensor(tuple(result.tolist()), dtype, **q)
        yield net.done("REDUCE_WINDOW", operands, y, reduce_function=function, version=1)


_OPERATORS: dict[str, Callable[[], Iterator[Case]]] = {
    "MATRIX_DIAG": matrix_diag,
    "MATRIX_SET_DIAG": matrix_set_diag,
    "DILATE": dilate,
    "RANK": rank,
    "BITCAST": bit_cast,
    **{op: partial(segments, op) for op in (f"UNSORTED_SEGMENT_{name}" for name in ("SUM", "PROD", "MAX", "MIN"))},
    "SEGMENT_SUM": segment_sum,
    "LOCAL_RESPONSE_NORMALIZATION": local_response,
    "BUCKETIZE": bucketize,
    "FAKE_QUANT": fake_quant,
    "REDUCE_WINDOW": reduce_window,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(cases()) for op, cases in _OPERATORS.items()}

# SPDX-License-Identifier: Apache-2.0
"""Single-operator models with int4 weights and int16 activations, and with int2 weights; LiteRT settles what TFLM lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import product

import numpy as np
import opcases
import tflite
from opcases import Case, Dense, Net, Q

INT32 = int(tflite.TensorType.INT32)
MORE = tuple(Dense(f"{depth}_to{units}", (2, depth), depth, units) for depth, units in product((1, 2, 3, 5, 8, 33), (1, 3, 4)))
"""Rows that begin and end anywhere in a byte."""


def net_of(op: str, x: str, bits: int, name: str) -> Net:
    """`x`: "int8", "int16x8" or "float32"."""
    net = Net(op, x, name)
    net.case = replace(net.case, dtype=f"{net.dtype}x{bits}", oracle="litert")
    return net


def weights(net: Net, shape: tuple[int, ...], bits: int, per_channel: bool) -> tuple[int, tuple[float, ...]]:
    """Weights with the scales that make their products as large as those of int8."""
    scales = tuple(2 ** (8 - bits) * (0.002 + 0.01 * net.rng.random(shape[0] if per_channel else 1)))
    codes = net.rng.integers(-(1 << (bits - 1)), 1 << (bits - 1), shape)
    return net.const(codes, f"int{bits}", scale=scales), scales


def bias_type(net: Net, number: int) -> dict[str, int]:
    """The option that says that the bias has 32 bits, of every third int16 case."""
    return {"quantized_bias_type": INT32} if net.wide and number % 3 == 0 else {}


def bias(net: Net, channels: int, q: Q, scales: tuple[float, ...], bits: int, narrow: bool) -> int:
    if not net.quantized:
        return net.const(net.rng.standard_normal(channels).astype(np.float32))
    unit = 256 if net.wide else 1
    limit = 150 * unit << (bits - 1)
    dtype = np.int64 if net.wide and not narrow else np.int32
    return net.const(net.rng.integers(-limit, limit, channels).astype(dtype), scale=[q.scale / unit * s for s in scales])


def conv_2d() -> Iterator[Case]:
    for number, row in enumerate((*opcases._FILTERS, *opcases._CONV_ONLY)):
        if not row.bias:
            continue  # LiteRT requires it.
        net = net_of("CONV_2D", "int16x8", 4, row.name)
        x = net.x(row.shape, row.x)
        w, scales = weights(net, (row.out_c, *row.kernel, row.shape[3] // row.groups), 4, row.per_channel)
        operands = [x, w, bias(net, row.out_c, row.x, scales, 4, bool(bias_type(net, number)))]
        y = net.y(row.out_shape(row.out_c), row.y)
        yield net.done("CONV_2D", operands, y, **row.options, **opcases._dilation(row), **bias_type(net, number))


def fully_connected(x_type: str, bits: int) -> Iterator[Case]:
    for number, row in enumerate((*opcases._DENSE, *MORE)):
        if row.weights == "dynamic":
            continue  # packed types are types of constants
        net = net_of("FULLY_CONNECTED", x_type, bits, row.name)
        x = net.x(row.shape, row.x)
        w, scales = weights(net, (row.units, row.depth), bits, row.weights == "per_channel")
        b = bias(net, row.units, row.x, scales, bits, bool(bias_type(net, number))) if row.bias else -1
        rows = int(np.prod(row.shape)) // row.depth
        y = net.y((*row.shape[:-1], row.units) if row.keep_num_dims else (rows, row.units), row.y)
        options = {"keep_num_dims": row.keep_num_dims, "fused_activation": row.act}
        options |= {"asymmetric_quantize_inputs": number % 2 == 0} if x_type == "float32" else {}
        yield net.done("FULLY_CONNECTED", [x, w, b], y, **options, **bias_type(net, number))


_OPERATORS: dict[str, Callable[[], Iterator[Case]]] = {
    "CONV_2D int16x4": conv_2d,
    "FULLY_CONNECTED int16x4": partial(fully_connected, "int16x8", 4),
    "FULLY_CONNECTED int16x2": partial(fully_connected, "int16x8", 2),
    "FULLY_CONNECTED int8x2": partial(fully_connected, "int8", 2),
    "FULLY_CONNECTED hybrid int2": partial(fully_connected, "float32", 2),
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(cases()) for op, cases in _OPERATORS.items()}

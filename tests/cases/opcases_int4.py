# SPDX-License-Identifier: Apache-2.0
"""Single-operator models with packed int4 weights; see opcases.py, whose tables most of them share.

TFLM takes them with int8 activations; LiteRT settles what it lacks (FULLY_CONNECTED per channel, float32 activations).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import opcases
from opcases import Case, Dense, Net, Q, Window

INT4 = "int8x4"
HYBRID = "hybrid_int4"

# -- int8 activations ----------------------------------------------------------------------------------------------------

_ALIGNMENTS = tuple(
    Window(f"{h}x{w}x{depth}_to{channels}{suffix}", (1, 4, 5, depth), channels, (h, w), **options)
    for (h, w), depth, channels in product(((1, 1), (1, 3), (3, 2)), (1, 3, 4, 7), (1, 9, 20))
    for suffix, options in (("", {}), ("_strided", {"stride": (2, 2)}), ("_dilated", {"dilation": (2, 2)}))
    if not (h == w == 1 and suffix == "_dilated")
)
"""Filters that begin and end in either half of a byte, in every position of a block of channels."""

_DEPTHS = tuple(
    Window(f"{channels}_times{multiplier}_{h}x{w}{suffix}", (1, 5, 4, channels), multiplier, (h, w), **options)
    for channels, multiplier, (h, w) in product((1, 2, 3, 6, 17, 128), (1, 2, 3), ((1, 1), (2, 3), (3, 3)))
    for suffix, options in (("", {}), ("_dilated", {"dilation": (1, 2)}))
    if channels < 128 or multiplier == 1
)


def conv_2d() -> Iterator[Case]:
    yield from opcases.conv_2d(INT4)
    for row in _ALIGNMENTS:
        net = Net("CONV_2D", INT4, row.name)
        x = net.x(row.shape, row.x)
        w, scales = net.weights((row.out_c, *row.kernel, row.shape[3]), row.out_c, 0, row.per_channel)
        y = net.y(row.out_shape(row.out_c), row.y)
        yield net.done("CONV_2D", [x, w, net.bias(row.out_c, row.x, scales)], y, **row.options, **opcases._dilation(row))


def depthwise_conv_2d() -> Iterator[Case]:
    yield from opcases.depthwise_conv_2d(INT4)
    for row in _DEPTHS:
        net = Net("DEPTHWISE_CONV_2D", INT4, row.name)
        channels = row.shape[3] * row.out_c
        x = net.x(row.shape, row.x)
        w, scales = net.weights((1, *row.kernel, channels), channels, 3, row.per_channel)
        operands = [x, w, net.bias(channels, row.x, scales)]
        y = net.y(row.out_shape(channels), row.y)
        yield net.done("DEPTHWISE_CONV_2D", operands, y, depth_multiplier=row.out_c, **row.options, **opcases._dilation(row))


def fully_connected() -> Iterator[Case]:
    for case in opcases.fully_connected(INT4):
        yield replace(case, oracle="litert") if "per_channel" in case.name else case
    for depth, units in product((1, 2, 7, 32, 33), (1, 3, 8, 18)):
        net = Net("FULLY_CONNECTED", INT4, f"{depth}_to{units}")
        w, scales = net.weights((units, depth), units, 0, per_channel=False)
        yield net.done("FULLY_CONNECTED", [net.x((2, depth)), w, net.bias(units, opcases.Q_MID, scales)], net.y((2, units)))
    for zero_point in (-8, 1, 7):  # TFLM alone takes them.
        net = Net("FULLY_CONNECTED", INT4, f"zero_point{zero_point}")
        w = net.const(net.rng.integers(-8, 8, (5, 9)), "int4", scale=0.1, zero_point=zero_point)
        yield net.done("FULLY_CONNECTED", [net.x((2, 9)), w, net.bias(5, opcases.Q_MID, (0.1,))], net.y((2, 5), Q(0.5, 3)))


# -- float32 activations -------------------------------------------------------------------------------------------------


def hybrid(op: str, name: str) -> Net:
    net = Net(op, "float32", name)
    net.case = replace(net.case, dtype=HYBRID, oracle="litert")
    return net


def hybrid_weights(net: Net, shape: tuple[int, ...], per_channel: bool) -> int:
    scales = 0.03 + 0.1 * net.rng.random(shape[0] if per_channel else 1)
    return net.const(net.rng.integers(-8, 8, shape), "int4", scale=scales.tolist())


def hybrid_conv_2d() -> Iterator[Case]:
    for row in (*opcases._FILTERS, *opcases._CONV_ONLY, *_ALIGNMENTS[::5]):
        if not row.bias:
            continue  # LiteRT requires it.
        net = hybrid("CONV_2D", row.name)
        w = hybrid_weights(net, (row.out_c, *row.kernel, row.shape[3] // row.groups), row.per_channel)
        operands = [net.x(row.shape), w, net.bias(row.out_c, row.x, ())]
        yield net.done("CONV_2D", operands, net.y(row.out_shape(row.out_c)), **row.options, **opcases._dilation(row))


def hybrid_fully_connected() -> Iterator[Case]:
    rows = (row for row in (*opcases._DENSE, Dense("odd_many", (3, 33), 33, 18)) if row.weights != "dynamic")
    for row, asymmetric in product(rows, (False, True)):
        net = hybrid("FULLY_CONNECTED", row.name + ("_asymmetric" if asymmetric else ""))
        w = hybrid_weights(net, (row.units, row.depth), row.weights == "per_channel")
        x, b = net.x(row.shape), net.bias(row.units, row.x, ()) if row.bias else -1
        y = net.y((*row.shape[:-1], row.units) if row.keep_num_dims else (int(np.prod(row.shape)) // row.depth, row.units))
        options = {"keep_num_dims": row.keep_num_dims, "fused_activation": row.act}
        yield net.done("FULLY_CONNECTED", [x, w, b], y, asymmetric_quantize_inputs=asymmetric, **options)


def blockwise_fully_connected() -> Iterator[Case]:
    """LiteRT's kernel needs 4 units and a depth of 32, and forgets the activation."""
    rows = ((1, 32, 4, 32), (3, 64, 8, 32), (2, 96, 7, 16), (1, 40, 5, 10), (2, 66, 9, 33), (1, 64, 6, 64), (1, 34, 4, 1))
    for (batch, depth, units, block), bias in product(rows, (True, False)):
        net = hybrid("FULLY_CONNECTED", f"blocks{batch}x{depth}_to{units}_of{block}" + ("" if bias else "_no_bias"))
        x = net.x((batch, depth))
        values = (0.001 + 0.1 * net.rng.random((units, depth // block))).astype(np.float16)
        values[0, 0] = 3e-6  # subnormal
        w = net.const(net.rng.integers(-8, 8, (units, depth)), "int4", blocks=(net.const(values), block))
        b = net.bias(units, opcases.Q_MID, ()) if bias else -1
        yield net.done("FULLY_CONNECTED", [x, w, b], net.y((batch, units)))


_OPERATORS: dict[str, Callable[[], Iterator[Case]]] = {
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "FULLY_CONNECTED": fully_connected,
    "CONV_2D hybrid": hybrid_conv_2d,
    "FULLY_CONNECTED hybrid": hybrid_fully_connected,
    "FULLY_CONNECTED in blocks": blockwise_fully_connected,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(cases()) for op, cases in _OPERATORS.items()}

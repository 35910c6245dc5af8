# SPDX-License-Identifier: Apache-2.0
"""Single-operator models with float32 activations and int8 weights, settled by LiteRT; see opcases.py for the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import opcases
from opcases import Case, Net

HYBRID = "hybrid"


def net_of(op: str, name: str) -> Net:
    net = Net(op, "float32", name)
    net.case = replace(net.case, dtype=HYBRID, oracle="litert")
    return net


def weights(net: Net, shape: tuple[int, ...], channels: int, axis: int, per_channel: bool) -> int:
    scales = 0.002 + 0.01 * net.rng.random(channels if per_channel else 1)
    values = net.rng.integers(-127, 127, shape, dtype=np.int8, endpoint=True)
    return net.const(values, scale=scales.tolist(), axis=axis if per_channel else 0)


def conv_2d() -> Iterator[Case]:
    for row in (*opcases._FILTERS, *opcases._CONV_ONLY):
        if not row.bias:
            continue  # LiteRT requires it.
        net = net_of("CONV_2D", row.name)
        w = weights(net, (row.out_c, *row.kernel, row.shape[3] // row.groups), row.out_c, 0, row.per_channel)
        operands = [net.x(row.shape), w, net.bias(row.out_c, row.x, ())]
        y = net.y(row.out_shape(row.out_c))
        yield net.done("CONV_2D", operands, y, **row.options, **opcases._dilation(row))


def depthwise_conv_2d() -> Iterator[Case]:
    for row in (*opcases._FILTERS, *opcases._DEPTHWISE_ONLY):
        if not row.per_channel:
            continue  # LiteRT takes scales per channel only.
        net = net_of("DEPTHWISE_CONV_2D", row.name)
        channels = row.shape[3] * row.out_c
        w = weights(net, (1, *row.kernel, channels), channels, 3, per_channel=True)
        operands = [net.x(row.shape), w, net.bias(channels, row.x, ())] if row.bias else [net.x(row.shape), w]
        y = net.y(row.out_shape(channels))
        yield net.done("DEPTHWISE_CONV_2D", operands, y, depth_multiplier=row.out_c, **row.options, **opcases._dilation(row))


def transpose_conv() -> Iterator[Case]:
    rows = (
        ("same", (1, 3, 4, 5), 4, (3, 3), 1, "SAME", True),
        ("stride2", (2, 3, 4, 5), 3, (3, 3), 2, "SAME", True),
        ("valid", (1, 2, 3, 4), 2, (4, 2), 3, "VALID", True),
        ("per_tensor", (2, 4, 3, 2), 6, (2, 5), 2, "SAME", False),
    )
    for name, shape, channels, kernel, stride, padding, per_channel in rows:
        net = net_of("TRANSPOSE_CONV", name)
        valid = padding == "VALID"
        sizes = [(n - 1) * stride + k if valid else n * stride for n, k in zip(shape[1:3], kernel, strict=True)]
        size = (shape[0], *sizes, channels)
        w = weights(net, (channels, *kernel, shape[3]), channels, 0, per_channel)
        operands = [net.const(np.array(size, np.int32)), w, net.x(shape), net.bias(channels, opcases.Q_MID, ())]
        options = {"stride_h": stride, "stride_w": stride, "padding": padding}
        yield net.done("TRANSPOSE_CONV", operands, net.y(size), version=4, **options)


def fully_connected() -> Iterator[Case]:
    for row in opcases._DENSE:
        if row.weights == "dynamic":
            continue
        for asymmetric in (False, True):
            net = net_of("FULLY_CONNECTED", row.name + ("_asymmetric" if asymmetric else ""))
            x = net.x(row.shape)
            w = weights(net, (row.units, row.depth), row.units, 0, row.weights == "per_channel")
            b = net.bias(row.units, row.x, ()) if row.bias else -1
            rows = int(np.prod(row.shape)) // row.depth
            y = net.y((*row.shape[:-1], row.units) if row.keep_num_dims else (rows, row.units))
            options = {"keep_num_dims": row.keep_num_dims, "fused_activation": row.act}
            yield net.done("FULLY_CONNECTED", [x, w, b], y, asymmetric_quantize_inputs=asymmetric, **options)


_OPERATORS: dict[str, Callable[[], Iterator[Case]]] = {
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "TRANSPOSE_CONV": transpose_conv,
    "FULLY_CONNECTED": fully_connected,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(cases()) for op, cases in _OPERATORS.items()}

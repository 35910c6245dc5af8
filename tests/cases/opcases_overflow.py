# SPDX-License-Identifier: Apache-2.0
"""Single-operator models whose sums leave their type: biases at the ends of theirs, and output scales far too small.

No converter writes them; a damaged file may hold them. The runtimes' sums wrap around, and so must numpy's and the C's, without
undefined behaviour.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
import opcases
from opcases import Case, Net, Q, Window
from opcases_int4 import INT4
from opcases_int16 import INT32, WIDE

X = Q(0.05, -7)
_ROWS = (
    Window("3x3", (1, 4, 5, 3), 8),
    Window("1x1", (1, 4, 3, 7), 8, (1, 1)),
    Window("1x1_even", (1, 4, 3, 8), 8, (1, 1)),
    Window("dilated", (1, 5, 5, 2), 8, dilation=(2, 1)),
)
_SCALES = {"": 0.4, "_saturating": 1e-8}
"""Of the output: one that fits, and one by which the rescaled sum leaves 32 bits."""
_WIDE_SCALES = {"": 0.4, "_saturating": 1e-5}


def bias(net: Net, channels: int, kind: str, scale: float = 1.0) -> int:
    """At and near the ends of the type, beyond what 64-bit accumulators are rescaled from, and ordinary."""
    if kind == "int64":
        ends = np.array([2**63 - 1, -(2**63), 2**47, -(2**47) - 1, 2**62 + 12345, -(2**55), 77, 2**31], np.int64)
    else:
        ends = np.array([2**31 - 1, -(2**31), 2**31 - 9000, -(2**31) + 9000, 2**30, -(2**30), 77, -77], np.int32)
    return net.const(np.resize(ends, channels), scale=scale)


def convolutions(op: str, dtype: str, kind: str) -> Iterator[Case]:
    for row, (suffix, scale) in product(_ROWS, (_WIDE_SCALES if dtype == WIDE else _SCALES).items()):
        net = Net(op, dtype, f"{kind}_bias_{row.name}{suffix}_overflow")
        depthwise = op == "DEPTHWISE_CONV_2D"
        channels = 2 * row.shape[3] if depthwise else row.out_c
        filters = (1, *row.kernel, channels) if depthwise else (channels, *row.kernel, row.shape[3])
        x = net.x(row.shape, X)
        w, _ = net.weights(filters, channels, 3 if depthwise else 0, per_channel=True)
        y = net.y(row.out_shape(channels), Q(scale * (256 if dtype == WIDE else 1), 5))
        options = {"depth_multiplier": 2} if depthwise else {"quantized_bias_type": INT32} if kind == "int32" else {}
        yield net.done(op, [x, w, bias(net, channels, kind)], y, **row.options, **opcases._dilation(row), **options)


def transposed(dtype: str, kind: str) -> Iterator[Case]:
    for (suffix, scale), stride in product((_WIDE_SCALES if dtype == WIDE else _SCALES).items(), (1, 2)):
        net = Net("TRANSPOSE_CONV", dtype, f"{kind}_bias_stride{stride}{suffix}_overflow")
        shape = (1, 3 * stride, 4 * stride, 8)
        x = net.x((1, 3, 4, 5), X)
        w, _ = net.weights((8, 3, 3, 5), 8, 0, per_channel=True)
        y = net.y(shape, Q(scale * (256 if dtype == WIDE else 1), 5))
        options = {"quantized_bias_type": INT32} if kind == "int32" else {}
        operands = [net.const(np.array(shape, np.int32)), w, x, bias(net, 8, kind)]
        yield net.done("TRANSPOSE_CONV", operands, y, stride_h=stride, stride_w=stride, padding="SAME", **options)


def fully_connected(dtype: str, kind: str) -> Iterator[Case]:
    for (suffix, scale), units in product((_WIDE_SCALES if dtype == WIDE else _SCALES).items(), (8, 3)):
        net = Net("FULLY_CONNECTED", dtype, f"{kind}_bias_to{units}{suffix}_overflow")
        x = net.x((2, 33), X)
        w, scales = net.weights((units, 33), units, 0, per_channel=False)
        y = net.y((2, units), Q(scale * (256 if dtype == WIDE else 1), 5))
        options = {"quantized_bias_type": INT32} if kind == "int32" else {}
        b = bias(net, units, kind, X.scale * scales[0] / (256 if dtype == WIDE else 1))
        yield net.done("FULLY_CONNECTED", [x, w, b], y, **options)


# TFLM reads the int32 biases of TRANSPOSE_CONV as if they were int64.
KINDS = (("int8", "int32"), (INT4, "int32"), (WIDE, "int64"), (WIDE, "int32"))


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {
        "CONV_2D": [case for kind in KINDS for case in convolutions("CONV_2D", *kind)],
        "DEPTHWISE_CONV_2D": [case for kind in KINDS[:3] for case in convolutions("DEPTHWISE_CONV_2D", *kind)],
        "TRANSPOSE_CONV": [case for kind in (KINDS[0], KINDS[2]) for case in transposed(*kind)],
        "FULLY_CONNECTED": [case for kind in KINDS for case in fully_connected(*kind)],
    }

# SPDX-License-Identifier: Apache-2.0
"""Single-operator models with int16 activations; see opcases.py, whose tables most of them share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import tflite
from opcases import (
    Case,
    Net,
    Q,
    Shape,
    binary,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    leaky_relu,
    mean,
    pool_2d,
    unary,
)

WIDE = "int16x8"
INT32 = int(tflite.TensorType.INT32)
UNIT = Q(256 / 2**15)
"""What Net makes the scale 2**-15 of."""


# -- biases and long sums ----------------------------------------------------------------------------------------


def convolution(name: str, shape: Shape, filters: Shape, bias: str, *, limit: int = 127, per_channel: bool = True) -> Case:
    """A convolution, stride 1, SAME. `bias`: a type, "none", or "none_int32" where the option asks for int32 all the same."""
    net = Net("CONV_2D", WIDE, name)
    x = net.x(shape, Q(0.1))
    w, scales = net.weights(filters, filters[0], 0, per_channel, limit)
    operands = [x, w]
    if not bias.startswith("none"):
        values = net.rng.integers(-30000 * limit, 30000 * limit, filters[0]).astype(bias)
        operands.append(net.const(values, scale=[0.1 / 256 * scale for scale in scales]))
    y = net.y((*shape[:3], filters[0]), Q(0.1 * np.sqrt(np.prod(filters[1:]))))
    options = {"quantized_bias_type": INT32} if bias.endswith("int32") else {}
    return net.done("CONV_2D", operands, y, stride_h=1, stride_w=1, dilation_h_factor=1, dilation_w_factor=1, **options)


def biases() -> Iterator[Case]:
    for bias in ("int32", "int64", "none", "none_int32"):
        yield convolution(f"bias_{bias}", (1, 5, 4, 3), (5, 3, 3, 3), bias, limit=60)
        yield convolution(f"bias_{bias}_per_tensor", (2, 3, 3, 4), (6, 1, 1, 4), bias, limit=60, per_channel=False)
        yield convolution(f"bias_{bias}_grouped", (1, 3, 3, 4), (6, 3, 3, 2), bias, limit=60)
    for channels, depth, limit in product((2, 3), (57, 64, 130), (30, 127)):
        yield convolution(
            f"long{9 * depth}_limit{limit}_to{channels}", (1, 3, 3, depth), (channels, 3, 3, depth), "int64", limit=limit
        )


def dense() -> Iterator[Case]:
    """FULLY_CONNECTED with the biases that `fully_connected` has not."""
    for bias, per_channel, units in product(("int32", "none_int32", "int64"), (False, True), (4, 7)):
        net = Net("FULLY_CONNECTED", WIDE, f"bias_{bias}_{'per_channel' if per_channel else 'per_tensor'}_{units}")
        x = net.x((3, 600), Q(0.1))
        w, scales = net.weights((units, 600), units, 0, per_channel, 20)
        operands = [x, w]
        if bias != "none_int32":
            values = net.rng.integers(-(10**6), 10**6, units).astype(bias)
            operands.append(net.const(values, scale=[0.1 / 256 * scale for scale in scales]))
        options = {"quantized_bias_type": INT32} if bias.endswith("int32") else {}
        yield net.done("FULLY_CONNECTED", operands, net.y((3, units), Q(0.4)), **options)


# -- functions of one element ------------------------------------------------------------------------------------


def sigmoids(op: str) -> Iterator[Case]:
    """Input scales: the usual ones, powers of two exactly and nearly, coarse, fine."""
    scales = (0.0002, 8 / 32767, 2**-12, 2**-12 * 1.0006, 2**-12 * 1.002, 2**-11, 2**-13, 2.5, 0.1, 1e-3, 1e-5, 1e-7)
    for scale in scales:
        net = Net(op, WIDE, f"scale{scale:g}")
        yield net.done(op, [net.x((4, 2000), Q(256 * scale))], net.y((4, 2000), UNIT))


def softmax(dtype: str) -> Iterator[Case]:
    """To int16, from int16 or int8."""
    shapes: tuple[Shape, ...] = ((10,), (3, 7), (2, 3, 5), (1, 1), (2, 200), (1, 3000))
    rows = [(f"{'x'.join(map(str, s))}_beta{beta:g}", s, 1e-3, beta) for s in shapes for beta in (1.0, 0.5)]
    rows += [(f"scale{scale:g}", (4, 50), scale, 1.0) for scale in (1e-6, 1e-5, 1e-4, 3e-4, 5e-3, 0.1, 3.0)]
    for name, shape, scale, beta in rows:
        net = Net("SOFTMAX", dtype, f"{name}_to_int16")
        x = net.x(shape, Q(256 * scale, 0))
        low = dtype == "int8"
        y = net.tensor(shape, "int16", scale=2**-16 if low else 2**-15, zero_point=-(2**15) if low else 0)
        yield net.done("SOFTMAX", [x], y, beta=beta)


# -- conversions -------------------------------------------------------------------------------------------------

_PAIRS = (
    *(("int8", "int16"), ("int8", "int32"), ("int16", "int8"), ("int16", "int16"), ("int16", "int32")),
    *(("int32", "int8"), ("int32", "int16"), ("float32", "int16")),
)
_SCALES = {
    "same": (0.1, 0.1),
    "finer": (0.1, 0.03),
    "coarser": (0.01, 0.7),
    "saturating": (3.0, 1e-4),
    "vanishing": (1e-6, 5.0),
}
_ZERO_POINTS = {"int8": (-128, 0, 127), "int16": (0, -300), "int32": (0,)}


def litert(cases: Iterator[Case]) -> Iterator[Case]:
    """The same with LiteRT's arithmetic."""
    for case in cases:
        yield replace(case, oracle="litert", name=f"{case.name}_litert")


def quantize() -> Iterator[Case]:
    for (source, target), (name, (x_scale, y_scale)) in product(_PAIRS, _SCALES.items()):
        zero_points = product(_ZERO_POINTS.get(source, (0,)), _ZERO_POINTS[target])
        for x_zero, y_zero in zero_points:
            net = Net("QUANTIZE", source, f"{target}_{name}_{x_zero}_{y_zero}")
            quantization = {} if source == "float32" else {"scale": x_scale, "zero_point": x_zero}
            x = net.input((2, 300), source, **quantization)
            yield net.done("QUANTIZE", [x], net.tensor((2, 300), target, scale=y_scale, zero_point=y_zero))


def through_int32() -> Iterator[Case]:
    """Large int32 values, which inputs of that type do not have: from int16 by a finer scale."""
    for target, middle, scale in product(("int8", "int16"), (3e-6, 1e-8), (0.1, 1e-3)):
        net = Net("QUANTIZE", "int16", f"int32_{target}_{middle:g}_{scale:g}")
        x, wide = net.input((2, 300), "int16", scale=0.01), net.tensor((2, 300), "int32", scale=middle)
        net.op("QUANTIZE", [x], [wide])
        yield net.done("QUANTIZE", [wide], net.tensor((2, 300), target, scale=scale, zero_point=5))


def dequantize() -> Iterator[Case]:
    for scale, zero_point in product((1e-5, 0.1, 7.3), (0, -77, 32767)):
        net = Net("DEQUANTIZE", "int16", f"scale{scale:g}_{zero_point}")
        x = net.input((3, 400), "int16", scale=scale, zero_point=zero_point)
        yield net.done("DEQUANTIZE", [x], net.tensor((3, 400)))


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {
        "CONV_2D": [*conv_2d(WIDE), *biases()],
        "DEPTHWISE_CONV_2D": list(depthwise_conv_2d(WIDE)),
        "FULLY_CONNECTED": [*fully_connected(WIDE), *dense(), *litert(dense())],
        "AVERAGE_POOL_2D": list(pool_2d("AVERAGE_POOL_2D", WIDE)),
        "MAX_POOL_2D": list(pool_2d("MAX_POOL_2D", WIDE)),
        "MEAN": list(mean(WIDE)),
        "ADD": list(binary("ADD", WIDE)),
        "SUB": list(binary("SUB", WIDE)),
        "MUL": list(binary("MUL", WIDE)),
        "RELU": list(unary("RELU", WIDE)),
        "RELU6": list(unary("RELU6", WIDE)),
        "LEAKY_RELU": list(leaky_relu(WIDE)),
        "LOGISTIC": list(sigmoids("LOGISTIC")),
        "TANH": list(sigmoids("TANH")),
        "SOFTMAX": [*softmax(WIDE), *softmax("int8")],
        "QUANTIZE": [*quantize(), *through_int32()],
        "DEQUANTIZE": list(dequantize()),
    }

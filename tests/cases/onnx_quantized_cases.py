# SPDX-License-Identifier: Apache-2.0
"""Single operators between DequantizeLinear and QuantizeLinear: what becomes integers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from onnx_cases import integers
from onnx_models import Case, case, noise
from onnx_models import node as n

OTHER = {"s2": np.float32(0.0217), "z2": np.int8(9)}
SECOND = [n("QuantizeLinear", "x s2 z2", "q2"), n("DequantizeLinear", "q2 s2 z2", "d2")]
"""The input in another quantization."""
HALVES = {"s": np.float32(0.25), "s2": np.float32(0.25), "t": np.float32(0.5)}
"""Scales with which results lie in the middle between two codes."""


def codes(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).integers(-127, 128, shape).astype(np.int8)


def between(name: str, nodes: list[Any], x: list[int], **constants: np.ndarray) -> Case:
    return integers(name, nodes, x, [1], constants={**OTHER, **constants})


def pairs() -> Iterator[Case]:
    shape = [2, 3, 5, 6]
    for kind in ("Add", "Sub", "Mul"):
        yield between(kind, [*SECOND, n(kind, "d d2", "c")], shape)
        yield between(f"{kind} ties", [*SECOND, n(kind, "d d2", "c")], shape, **HALVES)
        yield between(f"{kind} Relu", [*SECOND, n(kind, "d d2", "e"), n("Relu", "e", "c")], shape)
        constant = {"k": noise(3, 1, 1, seed=4)}
        quantized = [n("QuantizeLinear", "k s2 z2", "kq"), n("DequantizeLinear", "kq s2 z2", "kd"), n(kind, "kd d", "c")]
        yield between(f"{kind} constant", quantized, shape, **constant)
    for kind in ("Max", "Min"):
        yield between(kind, [*SECOND, n(kind, "d d2", "c")], shape)


def windows() -> Iterator[Case]:
    for scales in ({}, {"s": np.float32(0.03125), "t": np.float32(0.03125), "o": np.int8(-5)}):
        rest = "" if not scales else " same scale"
        pool = [n("AveragePool", "d", "c", kernel_shape=[3, 3], strides=[2, 2])]
        yield between(f"AveragePool{rest}", pool, [1, 3, 7, 9], **scales)
        padded = [n("AveragePool", "d", "c", kernel_shape=[3, 2], pads=[1, 1, 1, 0])]
        yield between(f"AveragePool pads{rest}", padded, [2, 3, 5, 6], **scales)
        yield between(f"GlobalAveragePool{rest}", [n("GlobalAveragePool", "d", "c")], [2, 3, 5, 7], **scales)
        yield between(
            f"MaxPool{rest}", [n("MaxPool", "d", "c", kernel_shape=[2, 2], pads=[1, 0, 0, 1])], [1, 3, 6, 5], **scales
        )
    for name, constants in (("fours", {}), ("fours ties", HALVES)):
        pool = [n("AveragePool", "d", "c", kernel_shape=[2, 2], strides=[2, 1])]
        yield between(f"AveragePool {name}", pool, [1, 5, 4, 6], **constants)
    yield between("GlobalAveragePool ties", [n("GlobalAveragePool", "d", "c")], [1, 5, 4, 4], **HALVES)
    deconvolution = [n("ConvTranspose", "d g b2", "c", strides=[2, 2])]
    yield between(
        "ConvTranspose",
        [n("DequantizeLinear", "v vs", "g"), *deconvolution],
        [1, 3, 4, 5],
        v=codes(3, 2, 3, 3),
        vs=np.float32(0.011),
        b2=noise(2, seed=3),
    )


def rows() -> Iterator[Case]:
    yield between(
        "ReduceSum", [n("ReduceSum", "d axes", "c", keepdims=0)], [3, 7, 4], axes=np.asarray([1]), t=np.float32(0.131)
    )
    yield between("ReduceMean", [n("ReduceMean", "d axes", "c", keepdims=0)], [3, 7, 4], axes=np.asarray([1]))
    probabilities = {"t": np.float32(1 / 256), "o": np.int8(-128)}
    yield between("Softmax", [n("Softmax", "d", "c", axis=-1)], [6, 10], **probabilities)
    yield between("Softmax other scale", [n("Softmax", "d", "c", axis=-1)], [2, 3, 33], t=np.float32(1 / 255), o=np.int8(-128))
    attention = [n("Transpose", "d2", "k", perm=[0, 2, 1]), n("MatMul", "d k", "c")]
    yield between("MatMul", [*SECOND, *attention], [2, 5, 12])


def moves() -> Iterator[Case]:
    shape = [1, 3, 4, 6]
    for name, move in (
        ("Pad", n("Pad", "d pads", "c")),
        ("Pad value", n("Pad", "d pads v", "c")),
        ("Pad edge", n("Pad", "d pads", "c", mode="reflect")),
        (
            "Resize",
            n("Resize", "d - scales", "c", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
        ),
        ("Gather", n("Gather", "d at", "c", axis=3)),
        ("Clip", n("Clip", "d low high", "c")),
        ("DepthToSpace", n("DepthToSpace", "e2", "c", blocksize=1)),
    ):
        constants = {
            **{"pads": np.asarray([0, 0, 1, 2, 0, 0, 0, 1]), "v": np.float32(0.7), "at": np.asarray([3, 0, 5, 1])},
            **{"scales": np.asarray([1.0, 1.0, 2.0, 2.0], np.float32), "low": np.float32(-0.5), "high": np.float32(1.2)},
        }
        before = [n("Relu", "d", "e2")] if name == "DepthToSpace" else []
        used = {key: value for key, value in constants.items() if key in list(move.input)}
        yield between(name, [*before, move], shape, **used)
    yield between("Where", [*SECOND, n("Where", "m d d2", "c")], shape, m=codes(4, 6) > 0)
    yield between("Where constant", [n("Where", "m d v", "c")], shape, m=codes(4, 6) > 0, v=np.float32(-1e9))
    yield between("Concat", [*SECOND, n("Concat", "d d2", "c", axis=1)], shape)
    yield between("Split", [n("Split", "d", "c1 c2", axis=1, num_outputs=2), n("Concat", "c2 c1", "c", axis=3)], [1, 4, 3, 5])


def float_bias() -> Iterator[Case]:
    """A bias that nothing quantized, as PT2E exports it."""
    for group in (1, 3):
        weights = {"w": codes(3, 3 // group, 3, 3), "b2": noise(3, seed=6), "ws": np.float32(0.009)}
        nodes = [n("Conv", "d f b2", "c", group=group, pads=[1, 1, 1, 1])]
        yield integers(
            f"float bias, {group} groups", nodes, [1, 3, 6, 6], [3, 3 // group, 3, 3], single=True, constants=weights
        )


MICROSOFT = "com.microsoft"
SCALES = {"as": np.float32(0.0313), "bs": np.float32(0.0217), "ys": np.float32(0.0519)}


def coded(dtype: str) -> Iterator[Case]:
    """Operators on codes, with the ends of the graph quantized."""
    unsigned = dtype == "uint8"
    zeros = {name: np.asarray(zero + (128 if unsigned else 0), dtype) for name, zero in (("az", -5), ("bz", 9), ("yz", 11))}
    before = [n("QuantizeLinear", "x as az", "a"), n("QuantizeLinear", "x bs bz", "b")]

    def one(name: str, nodes: list[Any], x: list[int], **constants: np.ndarray) -> Case:
        known = {**SCALES, **zeros, "flat": np.asarray([-1]), **constants}
        after = [n("DequantizeLinear", "c ys yz", "e"), n("Reshape", "e flat", "y")]
        domains = {MICROSOFT: 1} if any(node.domain for node in nodes) else None
        return case(f"{name} {dtype}", [*before, *nodes, *after], {"x": x}, known, domains=domains)

    def filters(*shape: int) -> dict[str, np.ndarray]:
        """The runtime of the comparison adds pairs of products in 16 bits where the input is unsigned."""
        w = codes(*shape) // 2
        return {
            "w": w,
            "ws": np.random.default_rng(3).uniform(0.02, 0.04, shape[0]).astype(np.float32),
            "wz": w[:, 0, 0, 0] * 0,
        }

    bias = np.random.default_rng(4).integers(-900, 900, 4).astype(np.int32)
    convolution = [n("QLinearConv", "a as az w ws wz ys yz bi", "c", pads=[1, 1, 1, 1])]
    yield one("QLinearConv", convolution, [1, 3, 5, 6], **filters(4, 3, 3, 3), bi=bias)
    last = n("QLinearConv", "t as az w ws wz ys yz bi", "u", MICROSOFT, pads=[1, 1, 1, 1], channels_last=1)
    turned = [n("Transpose", "a", "t", perm=[0, 2, 3, 1]), last, n("Transpose", "u", "c", perm=[0, 3, 1, 2])]
    yield one("QLinearConv channels last", turned, [1, 3, 5, 6], **filters(4, 3, 3, 3), bi=bias)
    depthwise = [n("QLinearConv", "a as az w ws wz ys yz", "c", group=4, strides=[2, 1])]
    yield one("QLinearConv depthwise", depthwise, [1, 4, 7, 6], **filters(4, 1, 3, 3))
    matrix = {"w": codes(12, 5) // 2, "ws": np.float32(0.013), "wz": np.int8(0)}
    yield one("QLinearMatMul", [n("QLinearMatMul", "a as az w ws wz ys yz", "c")], [3, 12], **matrix)
    two = [n("Transpose", "b", "t", perm=[1, 0]), n("QLinearMatMul", "a as az t bs bz ys yz", "c")]
    yield one("QLinearMatMul of two", two, [3, 12])
    gemm = {"w": codes(5, 12) // 2, "ws": np.float32(0.013), "wz": np.int8(0), "bi": codes(5).astype(np.int32)}
    yield one("QGemm", [n("QGemm", "a as az w ws wz bi ys yz", "c", MICROSOFT, transB=1)], [3, 12], **gemm)
    for kind in ("Add", "Mul"):
        yield one(f"QLinear{kind}", [n(f"QLinear{kind}", "a as az b bs bz ys yz", "c", MICROSOFT)], [2, 3, 17])
    choice = [n("Greater", "x least", "g"), n("QLinearWhere", "g a as az b bs bz ys yz", "c", MICROSOFT)]
    yield one("QLinearWhere", choice, [2, 3, 7], least=np.float32(0.2))
    concat = [n("QLinearConcat", "ys yz a as az b bs bz", "c", MICROSOFT, axis=1)]
    yield one("QLinearConcat", concat, [2, 3, 7])
    for kind, shape, attributes in (
        ("Sigmoid", [2, 30], {}),
        ("LeakyRelu", [2, 30], {"alpha": 0.2}),
        ("AveragePool", [1, 3, 6, 6], {"kernel_shape": [3, 3]}),
        ("GlobalAveragePool", [1, 3, 5, 5], {}),
        ("Softmax", [4, 10], {"axis": -1, "opset": 13}),
    ):
        scales = {"ys": np.float32(1 / 255)} if kind in ("Sigmoid", "Softmax") else {}
        function = n(f"QLinear{kind}", "a as az ys yz", "c", MICROSOFT, **attributes)
        yield one(f"QLinear{kind}", [function], shape, **scales)
    pool = [n("MaxPool", "a", "c", kernel_shape=[2, 2])]
    yield one("MaxPool of codes", pool, [1, 3, 6, 5])
    pool = [n("NhwcMaxPool", "a", "c", MICROSOFT, kernel_shape=[2, 2], strides=[2, 1])]
    yield one("NhwcMaxPool", pool, [1, 6, 5, 3])


def on_codes() -> Iterator[Case]:
    yield from coded("int8")
    yield from coded("uint8")


def between_codes() -> Iterator[Case]:
    for family in (pairs, windows, rows, moves, float_bias):
        yield from family()


def dynamic() -> Iterator[Case]:
    """Quantized by the range of the moment."""
    quantize = n("DynamicQuantizeLinear", "x", "q qs qz")
    yield case("DynamicQuantizeLinear", [quantize, n("Cast", "q", "c", to=1), n("Mul", "c qs", "y")], {"x": [3, 17]})
    for dtype in ("int8", "uint8"):
        w = codes(12, 5).astype(np.int64) + (128 if dtype == "uint8" else 0)
        zeros = np.asarray(131 if dtype == "uint8" else 0, dtype)
        matrix = {"w": w.astype(dtype), "wz": zeros, "ws": np.float32(0.013)}
        sums = [n("MatMulInteger", "q w qz wz", "m"), n("Cast", "m", "c", to=1), n("Mul", "qs ws", "s"), n("Mul", "c s", "y")]
        yield case(f"MatMulInteger {dtype}", [quantize, *sums], {"x": [3, 12]}, matrix)
    filters = {"w": codes(4, 3, 3, 3), "ws": np.float32(0.013)}
    sums = [n("ConvInteger", "q w qz", "m", pads=[1, 1, 1, 1], strides=[2, 1]), n("Cast", "m", "c", to=1)]
    yield case("ConvInteger", [quantize, *sums, n("Mul", "qs ws", "s"), n("Mul", "c s", "y")], {"x": [1, 3, 5, 6]}, filters)


FAMILIES = {"between codes": between_codes, "on codes": on_codes, "dynamic": dynamic}

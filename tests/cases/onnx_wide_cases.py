# SPDX-License-Identifier: Apache-2.0
"""Codes of 16 bits around operators that have integers for them, alone and beside codes of 8 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from onnx_cases import integers
from onnx_models import Case, noise
from onnx_models import node as n

X, Y = np.float32(1.3e-4), np.float32(2.1e-3)
CENTRED = {"s": X, "z": np.int16(0), "t": Y, "o": np.int16(0)}
SIGNED = {"s": X, "z": np.int16(-300), "t": Y, "o": np.int16(1100)}
UNSIGNED = {"s": X, "z": np.uint16(31000), "t": Y, "o": np.uint16(40000)}
SECOND = [n("QuantizeLinear", "x s2 z2", "q2"), n("DequantizeLinear", "q2 s2 z2", "d2")]
"""The input in another quantization."""


def codes(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).integers(-127, 128, shape).astype(np.int8)


def layers() -> Iterator[Case]:
    for name, q in (("int16", CENTRED), ("int16 zero points", SIGNED), ("uint16", UNSIGNED)):
        pads, weights = {"pads": [1, 0, 1, 2]}, {"b2": noise(4, seed=3)}

        def one(
            kind: str, nodes: list[Any], x: list[int], w: list[int], name: str = name, q: Any = q, **constants: Any
        ) -> Case:
            return integers(f"{kind} {name}", nodes, x, w, constants={**q, **constants})

        yield one("Conv", [n("Conv", "d f b2", "c", strides=[2, 1], **pads)], [2, 3, 5, 6], [4, 3, 3, 2], **weights)
        groups = [n("Conv", "d f", "e", group=2, dilations=[1, 2]), n("Relu", "e", "c")]
        yield one("Conv groups", groups, [1, 4, 5, 7], [6, 2, 3, 3])
        depthwise = [n("Conv", "d f b2", "c", group=2, auto_pad="SAME_UPPER")]
        yield one("Conv depthwise", depthwise, [1, 2, 5, 5], [4, 1, 3, 3], **weights)
        yield one("Gemm", [n("Gemm", "d f b2", "c", transB=1)], [3, 12], [4, 12], **weights)
        yield one("MatMul", [n("Transpose", "d", "k", perm=[0, 2, 1]), n("MatMul", "d k", "c")], [2, 5, 12], [1])
        up = [n("DequantizeLinear", "v vs", "g"), n("ConvTranspose", "d g b3", "c", strides=[2, 2])]
        filters = {"v": codes(3, 2, 3, 3), "vs": np.float32(0.011), "b3": noise(2, seed=3)}
        yield one("ConvTranspose", up, [1, 3, 4, 5], [1], **filters)
    long = integers("Gemm long sums", [n("Gemm", "d f", "c", transB=1)], [2, 2000], [3, 2000], single=True, constants=SIGNED)
    yield long


def mixed() -> Iterator[Case]:
    """8 bits on one side, 16 on the other."""
    narrow = {"s2": np.float32(0.031), "z2": np.int8(-5)}
    wide = {"s2": np.float32(3e-4), "z2": np.int16(70)}
    for name, ends in (
        ("8 to 16", {**CENTRED, "s": np.float32(0.031), "z": np.int8(-5)}),
        ("16 to 8", {**SIGNED, "t": np.float32(0.31), "o": np.int8(9)}),
    ):
        layer = [n("Conv", "d f", "e"), n("Relu", "e", "c")]
        yield integers(f"Conv {name}", layer, [1, 3, 5, 6], [4, 3, 3, 2], constants=ends)
        yield integers(f"codes {name}", [n("Relu", "d", "c")], [2, 9, 9], [1], constants=ends)
        yield integers(f"Mean {name}", [n("ReduceMean", "d a", "c")], [2, 9, 9], [1], constants={**ends, "a": np.asarray([1])})
    for name, other in (("8", narrow), ("16", wide)):
        for kind in ("Add", "Mul"):
            pair = [*SECOND, n(kind, "d d2", "c")]
            yield integers(f"{kind} with {name}", pair, [2, 5, 6], [1], constants={**SIGNED, **other})
        join = [*SECOND, n("Concat", "d d2", "c", axis=1)]
        yield integers(f"Concat with {name}", join, [2, 5, 6], [1], constants={**SIGNED, **other})
    scale = [n("QuantizeLinear", "k s2 z2", "kq"), n("DequantizeLinear", "kq s2 z2", "kd"), n("Mul", "d kd", "c")]
    yield integers("Mul constant", scale, [2, 3, 6], [1], constants={**SIGNED, **wide, "k": noise(3, 1)})
    table = [n("DequantizeLinear", "kq s2 z2", "kd"), n("Add", "d kd", "c")]
    row = {"s2": np.float32(0.00113), "z2": np.uint16(32768), "kq": (codes(6).astype(np.int32) + 33000).astype(np.uint16)}
    yield integers("Add constant", table, [2, 3, 6], [1], constants={**SIGNED, **row})


def functions() -> Iterator[Case]:
    """Of one element: a curve, whatever number of operators there are between the codes."""
    half, root = {"half": np.float32(0.5)}, {"root": np.float32(2**0.5), "one": np.float32(1), **{"half": np.float32(0.5)}}
    gelu = [
        n("Div", "d root", "e"),
        n("Erf", "e", "f1"),
        n("Add", "f1 one", "g"),
        n("Mul", "d g", "h"),
        n("Mul", "h half", "c"),
    ]
    made: dict[str, tuple[list[Any], dict[str, Any]]] = {
        "Sigmoid": ([n("Sigmoid", "d", "c")], {}),
        "Gelu": (gelu, root),
        "HardSwish": ([n("HardSwish", "d", "c")], {}),
        "Exp below a half": ([n("Mul", "d half", "e"), n("Exp", "e", "f1"), n("Min", "f1 half", "c")], half),
        "Reciprocal": ([n("Reciprocal", "d", "c")], {}),
        "Sqrt": ([n("Abs", "d", "e"), n("Sqrt", "e", "c")], {}),
    }
    ends = {
        "int16": {"s": X, "z": np.int16(0), "t": X, "o": np.int16(0)},
        "uint16": {"s": np.float32(2.4e-4), "z": np.uint16(31000), "t": np.float32(1.2e-4), "o": np.uint16(20000)},
        "16 to 8": {"s": X, "z": np.int16(-300), "t": np.float32(0.031), "o": np.int8(-7)},
        "8 to 16": {"s": np.float32(0.031), "z": np.int8(-7), "t": X, "o": np.int16(900)},
    }
    for name, (nodes, constants) in made.items():
        for kind in ("int16", "uint16") if name != "Sigmoid" else ends:
            yield integers(f"{name} {kind}", nodes, [2, 7, 9], [1], constants={**ends[kind], **constants})


FAMILIES = {"layers of 16 bits": layers, "16 bits beside 8": mixed, "functions of 16 bits": functions}

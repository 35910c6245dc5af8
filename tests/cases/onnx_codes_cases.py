# SPDX-License-Identifier: Apache-2.0
"""Codes beyond one scale a tensor: of channels and blocks of what is computed, 16 bits without sign, blocks of weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from onnx import TensorProto, helper
from onnx_cases import integers
from onnx_models import Case, case, noise
from onnx_models import node as n

MICROSOFT = {"com.microsoft": 1}


def positive(*shape: int) -> np.ndarray:
    drawn: np.ndarray = (np.abs(noise(*shape)) + 0.05).astype(np.float32)
    return drawn


def conversions() -> Iterator[Case]:
    """Scales of channels, of blocks, and computed at run time."""
    channels = {"s": positive(3), "z": np.array([-4, 0, 9], np.int8)}
    back = [n("QuantizeLinear", "x s z", "q", axis=1), n("DequantizeLinear", "q s z", "y", axis=1)]
    yield case("channels", back, {"x": [2, 3, 4]}, channels, outputs="q y")
    blocks = {"s": positive(2, 3, 2), "z": np.arange(12).reshape(2, 3, 2).astype(np.uint8)}
    back = [
        n(kind, inputs, to, axis=2, block_size=2)
        for kind, inputs, to in (
            ("QuantizeLinear", "x s z", "q"),
            ("DequantizeLinear", "q s z", "y"),
        )
    ]
    yield case("blocks", back, {"x": [2, 3, 4]}, blocks, outputs="q y")
    given = [n("Abs", "w", "v"), n("Add", "v e", "s"), n("QuantizeLinear", "x s z", "q"), n("DequantizeLinear", "q s z", "y")]
    yield case("run time", given, {"x": [2, 5], "w": []}, {"e": np.float32(0.1), "z": np.int8(3)}, outputs="q y")
    for dtype, zero in ((np.uint16, 31000), (np.int16, -7)):
        scale = {"s": np.float32(0.00031), "z": dtype(zero), "t": np.float32(0.0011), "b": np.float32(0.2)}
        nodes = [n("QuantizeLinear", "x s z", "q"), n("DequantizeLinear", "q s z", "d"), n("Mul", "d b", "m")]
        nodes += [n("QuantizeLinear", "m t z", "r"), n("DequantizeLinear", "r t z", "y")]
        yield case(f"16 bits {dtype.__name__}", nodes, {"x": [3, 7]}, scale, outputs="q y")
    wide = [n("Cast", "x", "c", to=TensorProto.INT32), n("DequantizeLinear", "c s", "y", axis=1)]
    yield case("32 bits", wide, {"x": [2, 3]}, {"s": positive(3)})


def weights() -> Iterator[Case]:
    """A scale for each block of a row."""
    for kind, low, high in (("INT4", -8, 7), ("UINT4", 0, 15), ("INT8", -128, 127)):
        for transposed, axis, shape in ((0, 0, (12, 5)), (1, 1, (5, 12))):
            codes = np.random.default_rng(5).integers(low, high + 1, shape)
            scales = [size // 4 if at == axis else size for at, size in enumerate(shape)]
            held = helper.make_tensor("w", getattr(TensorProto, kind), shape, codes.ravel())
            zeros = helper.make_tensor("z", getattr(TensorProto, kind), scales, (codes.ravel()[:15] // 2))
            nodes = [
                n("Constant", "", "w", value=held),
                n("Constant", "", "z", value=zeros),
                n("DequantizeLinear", "w s z", "d", axis=axis, block_size=4),
                n("Gemm", "x d b", "y", transB=transposed),
            ]
            yield case(f"Gemm {kind} {axis}", nodes, {"x": [3, 12]}, {"s": positive(*scales), "b": noise(5)})
    for bits, depth in ((4, 48), (4, 40), (8, 32)):
        rng, blocks = np.random.default_rng(bits), -(-depth // 16)
        packed = rng.integers(0, 256, (6, blocks, 16 * bits // 8)).astype(np.uint8)
        given = {"w": packed, "s": positive(6 * blocks), "b": noise(6)}
        for zeros in (False, True):
            more = {"z": rng.integers(0, 256, 6 * -(-blocks * bits // 8)).astype(np.uint8)} if zeros else {}
            sizes = {"K": depth, "N": 6, "bits": bits, "block_size": 16}
            product = n("MatMulNBits", f"x w s {'z' if zeros else '-'} - b", "y", domain="com.microsoft", **sizes)
            yield case(
                f"MatMulNBits {bits} {depth} {zeros}", [product], {"x": [2, 3, depth]}, {**given, **more}, domains=MICROSOFT
            )


def between() -> Iterator[Case]:
    """Weights of four bits and of blocks, inputs and results of eight."""

    def held(kind: str, shape: list[int]) -> Any:
        low, high = (0, 15) if kind == "UINT4" else (-8, 7)
        drawn = np.random.default_rng(shape).integers(low, high + 1, shape)
        return n("Constant", "", "v", value=helper.make_tensor("v", getattr(TensorProto, kind), shape, drawn.ravel()))

    def zero(kind: str, shape: list[int], other: int = 0) -> Any:
        points = np.full(shape, (8 if kind == "UINT4" else 0) + other)
        return n("Constant", "", "vz", value=helper.make_tensor("vz", getattr(TensorProto, kind), shape, points.ravel()))

    known = {"t": np.float32(0.31), "b2": noise(6, seed=2)}
    for kind in ("INT4", "UINT4"):
        for name, group, depth in (("Conv", 1, 3), ("Conv groups", 3, 1), ("Conv of two", 1, 1)):
            filters = [6, depth, 3, 3]
            dequantized = n("DequantizeLinear", "v vs vz", "g", axis=0)
            layer = n("Conv", "d g b2", "c", group=group, pads=[1, 0, 1, 1])
            nodes = [held(kind, filters), zero(kind, [6]), dequantized, layer]
            yield integers(f"{name} {kind}", nodes, [1, depth * group, 5, 6], [1], constants={**known, "vs": positive(6) / 9})
        for other in (0, 2):
            filters = [6, 13]
            nodes = [held(kind, filters), zero(kind, [], other), n("DequantizeLinear", "v vs vz", "g")]
            nodes += [n("Gemm", "d g b2", "c", transB=1)]
            given = {**known, "vs": np.float32(0.07)}
            yield integers(f"Gemm {kind} {other}", nodes, [3, 13], [1], constants=given)
        nodes = [held(kind, [20, 6]), zero(kind, [3, 6], 1), n("DequantizeLinear", "v vs vz", "g", axis=0, block_size=8)]
        nodes += [n("MatMul", "d g", "m"), n("Add", "m b2", "e"), n("Relu", "e", "c")]
        yield integers(f"blocks {kind}", nodes, [3, 20], [1], constants={**known, "vs": positive(3, 6) / 9})
    for bits in (4, 8):
        packed = np.random.default_rng(bits).integers(0, 256, (6, 3, 16 * bits // 8)).astype(np.uint8)
        sizes = {"K": 40, "N": 6, "bits": bits, "block_size": 16}
        product = n("MatMulNBits", "d wp vs", "c", domain="com.microsoft", **sizes)
        given = {"t": np.float32(1.7 * bits), "wp": packed, "vs": positive(18) / 9}
        yield integers(f"MatMulNBits {bits}", [product], [2, 40], [1], constants=given, domains=MICROSOFT)


FAMILIES = {"conversions": conversions, "weights in blocks": weights, "packed weights of codes": between}

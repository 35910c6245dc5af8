# SPDX-License-Identifier: Apache-2.0
"""Kernels without SIMD that round as ONNX does, with constants or weights in fewer bytes: bit for bit."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from harness import build_many, prefix_of
from onnx import TensorProto
from onnx_models import model
from onnx_models import node as n

from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.ir import Array
from tinycc.kernels.stored import once, scalar
from tinycc.kernels.stored.coding import CODINGS
from tinycc.kernels.stored.nominal import requant_of
from tinycc.kernels.stored.requant import is_short

UNDEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")
SCALES = {"as": np.float32(0.0625), "az": np.int8(-128), "ys": np.float32(0.04), "yz": np.int8(-128)}
VALUES = {
    "mask": (0, 0, 0, 0, 1, -127, 99),
    "palette2": (-3, 0, 5, 127),
    "palette4": tuple(range(-120, 120, 15)),
    "widths": tuple(range(-7, 8)),
    "huffman": (0, 0, 0, 0, 0, 1, -1, *range(-20, 20)),
}


def linear(
    shape: list[int], weights: Array, rng: np.random.Generator, *, per_channel: bool = True, finest: int = 1, **more: Any
) -> bytes:
    """Conv, or of matrices Gemm, between codes, whose sums fill their range. `finest`: how much finer the first scale is."""
    channels, depth = len(weights), weights[0].size
    scales = (rng.uniform(1, 3, channels if per_channel else 1) * 0.0005 * (64 / depth) ** 0.5).astype(np.float32)
    scales[0] /= finest
    constants = {
        **SCALES,
        "w": weights,
        "ws": scales if per_channel else scales[0],
        "b": rng.integers(-9000, 9000, channels).astype(np.int32),
        "bs": SCALES["as"] * scales if per_channel else SCALES["as"] * scales[0],
    }
    axis = {"axis": 0} if per_channel else {}
    nodes = [
        n("DequantizeLinear", "a as az", "x"),
        n("DequantizeLinear", "w ws", "wr", **axis),
        n("DequantizeLinear", "b bs", "br", **axis),
        n("Gemm", "x wr br" if per_channel else "x wr", "r", transB=1)
        if weights.ndim == 2
        else n("Conv", "x wr br", "r", **more),
        n("QuantizeLinear", "r ys yz", "y"),
    ]
    return model(nodes, {"a": (TensorProto.INT8, shape)}, "y", constants)


def matrix(rows: int, depth: int, outputs: int, values: tuple[int, ...] = (), *, per_channel: bool = False) -> bytes:
    rng = np.random.default_rng(depth)
    drawn = rng.choice(values, (outputs, depth)) if values else rng.integers(-127, 128, (outputs, depth))
    return linear([rows, depth], drawn.astype(np.int8), rng, per_channel=per_channel)


def equal(made: dict[str, Compilation], archive: Path, folder: Path) -> None:
    library, wrong = build_many(list(made.values()), folder, archive, UNDEFINED), []
    for label, compilation in made.items():
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            (x,) = compilation.graph.inputs
            rng = np.random.default_rng(1)
            arrays = [np.full(x.shape, 127, np.int8), np.full(x.shape, -128, np.int8)]
            for array in (*arrays, *rng.integers(-128, 128, (4, *x.shape), np.int8)):
                if (host.run([array]).outputs[0] != interpret(compilation.graph, [array])[0]).any():
                    wrong.append(label)
    assert not wrong


def pinned(data: bytes, kernel: str, target: str, name: str) -> Compilation:
    made = compile(load(data, io_layout="nhwc"), name=name, target=target, pinned=[(step, kernel) for step in range(4)])
    assert made.program.steps[0].kernel == kernel
    return made


@pytest.mark.parametrize("target", ["cortex-m0", "cortex-m3", "rv32imc"])
def test_packed_constants_where_sums_round_once(target: str, runtime_archive: Path, tmp_path: Path) -> None:
    """With channels among them that have constants of their own, as few as there may be."""
    rng, made, others = np.random.default_rng(0), {}, 0
    kind = {"cortex-m0": "paired", "cortex-m3": "long", "rv32imc": "paired_wide"}[target]
    for i, (name, weights, more) in enumerate(
        [
            ("conv", (48, 32, 1, 1), {}),
            ("conv", (24, 3, 3, 3), {"pads": [1, 1, 1, 1], "strides": [2, 1]}),
            ("depthwise3", (48, 1, 3, 3), {"pads": [1, 1, 1, 1], "group": 48}),
        ]
    ):
        shape = [1, weights[0] if "group" in more else weights[1], 6, 5]
        data = linear(shape, rng.integers(-60, 61, weights).astype(np.int8), rng, **more)
        compilation = pinned(data, f"tk_{name}_packed_{kind}_s8", target, f"m{i}")
        (op,) = (op for op in compilation.graph.ops if hasattr(op, "window"))
        found = scalar.halved(op) if kind == "paired" else scalar.folded(op)  # type: ignore[arg-type]
        assert found is not None
        others += len(found.others)
        made[f"{name} {weights}"] = compilation
    assert others
    equal(made, runtime_archive, tmp_path)


def test_packed_constants_read_where_they_are(runtime_archive: Path, tmp_path: Path) -> None:
    """Some channels have words of their own, others a word and half a word, or more; padding, strides, dilation, groups,
    several images."""
    rng, made, others, short = np.random.default_rng(3), {}, 0, set()
    for i, (kernel, weights, more) in enumerate(
        [
            ("tk_convolve_folded_s8", (50, 32, 1, 1), {}),
            ("tk_convolve_folded_s8", (50, 32, 1, 1), {"finest": 32}),
            ("tk_depthwise_3x3_folded_s8", (48, 1, 3, 3), {"group": 48, "finest": 32}),
            ("tk_convolve_folded_s8", (24, 3, 3, 3), {"pads": [1, 1, 1, 1], "strides": [2, 1], "dilations": [1, 2]}),
            ("tk_convolve_folded_s8", (36, 5, 3, 2), {"pads": [1, 0, 1, 1], "group": 3}),
            ("tk_depthwise_3x3_folded_s8", (48, 1, 3, 3), {"pads": [1, 1, 1, 1], "group": 48}),
            ("tk_depthwise_folded_s8", (37, 1, 5, 4), {"pads": [2, 1, 2, 2], "group": 37, "strides": [1, 2]}),
            ("tk_depthwise_folded_s8", (34, 1, 3, 3), {"group": 17}),
        ]
    ):
        images = 1 if "3x3" in kernel else 2 - i % 2
        shape = [images, weights[1] * more.get("group", 1), 7, 6]
        data = linear(shape, rng.integers(-60, 61, weights).astype(np.int8), rng, **more)
        made[f"{kernel} {weights}"] = compilation = pinned(data, kernel, "generic", f"m{i}")
        (op,) = (op for op in compilation.graph.ops if hasattr(op, "window"))
        found = once.constants(op)  # type: ignore[arg-type]
        assert found is not None
        others += len(found.others)
        short.add((op.weights.shape[0] == 1, is_short(requant_of(found.constants))))
    assert others
    assert len(short) == 4  # matrices and depthwise, either way
    equal(made, runtime_archive, tmp_path)


def test_matrix_products(runtime_archive: Path, tmp_path: Path) -> None:
    """Outputs that are no multiple of four, one row and several, constants of all outputs and of each."""
    kernel, made = "tk_dense_folded_s8", {}
    for outputs, per_channel in ((1, False), (2, False), (7, False), (12, False), (1, True), (6, True)):
        data = matrix(1 + outputs % 2, 30 + outputs, outputs, per_channel=per_channel)
        made[f"{outputs} {per_channel}"] = pinned(data, kernel, "cortex-m3", f"m{outputs}_{per_channel:d}")
    equal(made, runtime_archive, tmp_path)


def test_constants_that_all_outputs_have_in_common() -> None:
    """They take 4 bytes for each output, for where its sum begins; 12 where scales differ."""
    made = [pinned(matrix(1, 20, 40, per_channel=each), "tk_dense_folded_s8", "cortex-m0", "m") for each in (False, True)]
    sizes = [sum(constant.data.nbytes for constant in compilation.program.constants) for compilation in made]
    assert sizes == [40 * 20 + 40 * 4 + 12, 40 * 20 + 40 * 12]


@pytest.mark.parametrize("coding", [coding.name for coding in CODINGS])
def test_coded_weights(coding: str, runtime_archive: Path, tmp_path: Path) -> None:
    made = {
        f"{rows} {outputs}": pinned(
            matrix(rows, 300, outputs, VALUES[coding], per_channel=each),
            f"tk_dense_coded_s8 by {coding}",
            "cortex-m0",
            f"m{rows}",
        )
        for rows, outputs, each in ((1, 23, False), (2, 40, True))
    }
    equal(made, runtime_archive, tmp_path)


def test_channels_that_are_too_many() -> None:
    """With more than one in four no constants are packed."""
    proved = np.asarray([True, True, False, False])

    class Nearest:
        def __call__(self, op: Any, form: Any) -> Any:
            return SimpleNamespace(), proved

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scalar, "nearest_constants", Nearest())
        assert scalar.packed(SimpleNamespace(channels=4), None, 1, None) is None  # type: ignore[arg-type]

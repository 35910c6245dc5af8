# SPDX-License-Identifier: Apache-2.0
"""Means of ONNX on cores with the DSP extension: one form for the code of every sum, found and tried on all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from harness import STRICT
from onnx import TensorProto
from onnx_models import model
from onnx_models import node as n

from tinycc.compiler import compile, load
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.dsp.pooling import line_of
from tinycc.ops.pooling import AveragePool2D

NAME = "tk_avg_pool_line_dsp_s8"


def pool(window: tuple[int, int], scales: tuple[float, float], zeros: tuple[int, int], channels: int = 6, **more: Any) -> bytes:
    nodes = [
        n("DequantizeLinear", "x xs xz", "real"),
        n("AveragePool", "real", "mean", kernel_shape=window, strides=window, **more),
        n("QuantizeLinear", "mean ys yz", "y"),
    ]
    constants = {
        **{"xs": np.float32(scales[0]), "xz": np.int8(zeros[0])},
        **{"ys": np.float32(scales[1]), "yz": np.int8(zeros[1])},
    }
    shape = [1, channels, 2 * window[0], 2 * window[1]]
    return model(nodes, {"x": (TensorProto.INT8, shape)}, "y", constants)


LINES = {
    "halves to even": ((2, 2), (0.05, 0.05), (-128, -128)),
    "halves, odd zero points": ((4, 2), (0.05, 0.05), (3, -7)),
    "another scale": ((3, 3), (0.05, 0.031), (7, -20)),
    "a smaller scale that saturates": ((5, 5), (0.05, 0.011), (0, 1)),
    "a large window": ((16, 16), (0.02, 0.02), (-5, -5)),
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("channels", [4, 6, 7])
def test_codes_of_all_kinds_of_sums(name: str, channels: int) -> None:
    compilation = compile(load(pool(*LINES[name], channels)), target="cortex-m4", optimize="speed")
    assert NAME in compilation.symbols
    (x,) = compilation.graph.inputs
    rng = np.random.default_rng(channels)
    with HostModel(compilation, flags=[*STRICT, "-fsanitize=undefined", "-fno-sanitize-recover"]) as host:
        for low, high in ((-128, 127), (-128, -128), (127, 127), (-3, 4), (100, 127)):
            codes = rng.integers(low, high, x.shape, np.int8, endpoint=True)
            np.testing.assert_array_equal(host.run([codes]).outputs[0], interpret(compilation.graph, [codes])[0])


def test_the_form_has_the_code_of_every_sum() -> None:
    for window, scales, zeros in LINES.values():
        (op,) = (op for op in compile(load(pool(window, scales, zeros))).graph.ops if isinstance(op, AveragePool2D))
        line, count = line_of(op), window[0] * window[1]
        assert line is not None
        sums = np.arange(-128 * count, 127 * count + 1)
        real = np.float32(scales[0] / scales[1] / count) * (sums - count * zeros[0]).astype(np.float32)
        np.testing.assert_allclose(np.clip(line.codes(sums), -128, 127), np.clip(np.rint(real) + zeros[1], -128, 127), atol=1)


def test_windows_of_several_sizes_have_no_form() -> None:
    data = pool((2, 2), (0.05, 0.05), (-128, -128), pads=[1, 1, 1, 1])
    assert NAME not in compile(load(data), target="cortex-m4").symbols

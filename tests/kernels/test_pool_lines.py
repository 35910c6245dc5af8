# SPDX-License-Identifier: Apache-2.0
"""Means of ONNX with the DSP extension or Helium: one form for the code of every sum, found and tried on all of them."""

from __future__ import annotations

from dataclasses import replace
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
from tinycc.kernels.base import Context
from tinycc.kernels.dsp.pooling import has_line, line_of, lines
from tinycc.kernels.mve.pooling import has_short_line, short_line
from tinycc.numerics.rules import TFLM
from tinycc.ops.pooling import AveragePool2D
from tinycc.target import TARGETS

NAME = "tk_avg_pool_line_dsp_s8"
NAMES = {"cortex-m4": NAME, "cortex-m55": "tk_mve_avg_pool_line_s8"}


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
@pytest.mark.parametrize(("target", "channels"), [("cortex-m4", 4), ("cortex-m4", 6), ("cortex-m4", 7), ("cortex-m55", 7)])
def test_codes_of_all_kinds_of_sums(name: str, target: str, channels: int) -> None:
    compilation = compile(load(pool(*LINES[name], channels)), target=target, optimize="speed")
    assert NAMES[target] in compilation.symbols
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


def mean(window: tuple[int, int], scale: float = 0.05, **more: Any) -> AveragePool2D:
    graph = load(pool(window, (0.05, scale), (-128, -128), **more)).graph
    return next(op for op in graph.ops if isinstance(op, AveragePool2D))


def test_which_means_have_a_form() -> None:
    """Of at least two and at most 256 codes, all windows alike; halves go to the even code where nothing else is rounded."""
    forms = {window: line_of(mean(window)) for window in ((2, 1), (2, 2), (3, 1), (16, 16))}
    assert {window: form and form.even for window, form in forms.items()} == {(2, 1): 1, (2, 2): 1, (3, 1): 0, (16, 16): 1}
    for window, scale in (((2, 2), 0.031), ((3, 1), 0.05)):
        assert not any(line.even for line in lines(mean(window, scale), window[0] * window[1]))
    several = mean((4, 2), pads=[2, 0, 2, 0])
    for op in (several, mean((1, 1), 0.031), mean((257, 1), 0.031), replace(mean((2, 2)), numerics=TFLM)):
        assert line_of(op) is None
        assert short_line(op) is None
    assert short_line(mean((3, 1), 0.031)) is not None


def test_means_that_are_those_of_tflite_have_its_kernels() -> None:
    context = Context(TARGETS["cortex-m4"])
    assert has_line(mean((3, 1)), context) == "none"
    assert has_line(mean((3, 1), 0.031), context) is None
    assert has_short_line(mean((3, 1)), context) == "none"
    assert has_short_line(mean((3, 1), 0.031), context) is None

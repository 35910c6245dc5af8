# SPDX-License-Identifier: Apache-2.0
"""QuantizeLinear and DequantizeLinear around an operator become integers: nothing is left of the floats in between."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from harness import build_many, prefix_of
from onnx_cases import quantized
from onnx_models import model
from onnx_models import node as n
from onnx_quantized_cases import between_codes
from onnx_wide_cases import layers, mixed

from tinycc.compiler import compile, load
from tinycc.device.bench import bench
from tinycc.device.toolchains import find_emulator, has_compiler
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import random_inputs
from tinycc.interpret import interpret
from tinycc.ir import DType, Value
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize_even, requantize_even_long, requantize_single
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.target import find_target

CASES = {case.name: case.data for case in (*quantized(), *between_codes(), *layers(), *mixed())}
LAYERS = [name for name in CASES if not name.startswith(("Q", "DQ"))]
TARGETS = ("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m55", "rv32imc")


@pytest.mark.parametrize("name", LAYERS)
def test_no_float_between_the_borders(name: str) -> None:
    """Only the input before it is quantized and the output after it was dequantized are float32."""
    graph = compile(CASES[name]).graph
    floats = [value for op in graph.ops for value in op.outputs if value.dtype is DType.FLOAT32]
    assert floats
    assert all(is_border(value, graph.outputs) for value in floats)


def is_border(value: Value, outputs: tuple[Value, ...]) -> bool:
    """The output itself, as it is or in another order."""
    return any(value is output or value.type.elements == output.type.elements for output in outputs)


def test_weights_stay_small() -> None:
    constants = compile(CASES["Gemm"]).graph.constants
    assert {value.dtype for value in constants} == {DType.INT8, DType.INT32}
    assert sum(int(np.prod(value.shape)) for value in constants if value.dtype is DType.INT8) == 60


@pytest.mark.parametrize("target", TARGETS)
def test_every_core_has_the_same_codes(target: str, runtime_archive: Path, tmp_path: Path) -> None:
    """What a kernel folds into its own form are the codes of numpy's exact products, ties to even."""
    made = [compile(CASES[name], name=f"m{i}", target=target) for i, name in enumerate(LAYERS)]
    library = build_many(made, tmp_path, runtime_archive)
    for name, compilation in zip(LAYERS, made, strict=True):
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for seed in range(3):
                arrays = random_inputs(compilation.graph.inputs, seed).arrays
                found, expected = host.run(arrays).outputs, interpret(compilation.graph, arrays)
                assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True)), name


def test_the_fast_kernels_serve_them() -> None:
    """A layer has the kernel that it would have in a TFLite model; with ties, which have no linear form, the one in plain C."""
    for name, target, kernel in (
        ("Conv", "cortex-m4", "tk_conv_dsp_s8"),
        ("Gemm", "cortex-m55", "tk_mve_gemm_s8"),
        ("Conv depthwise", "cortex-m3", "tk_depthwise3_long_s8"),
        ("Conv", "cortex-m0", "tk_conv_paired_s8"),
        ("Conv", "generic", "tk_conv_even_s8"),
        ("Conv ties", "cortex-m4", "tk_conv_even_s8"),
        ("Conv depthwise ties", "cortex-m4", "tk_depthwise_conv_even_s8"),
    ):
        assert kernel in {step.kernel for step in compile(CASES[name], target=target).program.steps}, (name, target)


def dead(bias: int, weight: int) -> bytes:
    """A convolution, of whose first channel one weight at most is not 0."""
    w = np.full((4, 3, 1, 1), 7, np.int8)
    w[0] = 0
    w[0, 0] = weight
    scales = {"s": np.float32(0.0313), "z": np.int8(-5), "t": np.float32(0.0519), "o": np.int8(11), "ws": np.float32(3e-10)}
    constants = {**scales, "w": w, "wz": np.int8(0), "bs": scales["s"] * scales["ws"]}
    constants["b"] = np.asarray([bias, 0, 0, 0], np.int32)
    nodes = [
        n("QuantizeLinear", "x s z", "q"),
        n("DequantizeLinear", "q s z", "d"),
        n("DequantizeLinear", "w ws wz", "f"),
        n("DequantizeLinear", "b bs", "g"),
        n("Conv", "d f g", "c"),
        n("QuantizeLinear", "c t o", "y"),
    ]
    return model(nodes, {"x": [1, 3, 4, 4]}, "y", constants)


@pytest.mark.parametrize(
    ("bias", "weight", "whole"),
    [(-(2**30), 0, True), (2**30 + 128, 0, True), (2**31 - 1, 0, True), (2**31 - 1 - 256, 1, True), (2**31 - 256, 1, False)],
)
def test_a_bias_as_large_as_sums_leave_room_for(bias: int, weight: int, whole: bool) -> None:
    """Converters clip what channels have whose weights are all zero."""
    graph = load(dead(bias, weight)).graph
    assert any(isinstance(op, Conv2D) and op.x.dtype is DType.INT8 for op in graph.ops) == whole


def tied(scale: float) -> bytes:
    """A layer whose products lie in the middle between two codes at sums that are far from each other: up, down, and up.
    `scale`: of the codes before and behind it."""
    constants = {"s": np.float32(scale), "z": np.int8(0), "t": np.float32(scale), "o": np.int8(-100), "wz": np.int8(0)}
    drawn = np.random.default_rng(1).integers(-127, 128, (4, 60, 1, 1))
    constants |= {"ws": np.float32(87 / 2**15), "w": drawn.astype(np.int8)}
    nodes = [
        n("QuantizeLinear", "x s z", "q"),
        n("DequantizeLinear", "q s z", "d"),
        n("DequantizeLinear", "w ws wz", "f"),
        n("Conv", "d f", "c"),
        n("QuantizeLinear", "c t o", "y"),
    ]
    return model(nodes, {"x": [1, 60, 2, 2]}, "y", constants)


@pytest.mark.parametrize("target", TARGETS)
def test_ties_go_one_way_where_they_have_no_line_else(target: str) -> None:
    """Sums of floats lie beside them: no layer is slow on account of a few. Where these are exact, so are ties."""
    for scale, exact in ((6 / 255, False), (2**-7 / 5, False), (2.0**-5, True)):
        kernels = {step.kernel for step in compile(tied(scale), target=target).program.steps}
        assert ("tk_conv_even_s8" in kernels) == exact, scale


SUMS = np.concatenate([np.arange(-3000, 3000), [-(2**23), 2**23 - 1, 987654]])


@pytest.mark.parametrize("entry", [Multiplier(1 << 30, -4), Multiplier(1518500250, -9), Multiplier((1 << 31) - 1, 2)])
def test_halves_go_to_the_even_neighbour(entry: Multiplier) -> None:
    scale = Fraction(entry.multiplier) * Fraction(2) ** (entry.shift - 31)
    assert requantize_even(SUMS, entry.multiplier, entry.shift).tolist() == [round(int(acc) * scale) for acc in SUMS]


@pytest.mark.parametrize("entry", [Multiplier(1 << 30, -4), Multiplier(1518500250, -20), Multiplier((1 << 31) - 1, 14)])
def test_long_sums_are_rounded_once(entry: Multiplier) -> None:
    """Below the upper bits of a product is one bit for all the others, which tells a half from what lies next to it."""
    scale = Fraction(entry.multiplier) * Fraction(2) ** (entry.shift - 31)
    sums = np.concatenate([SUMS, (SUMS[:-3] << 33) + np.arange(len(SUMS) - 3), [-(2**46) + 1, 2**46 - 1]])
    rest = 12345 * np.arange(-1, 2)[:, None]
    expected = [
        [round(int(acc) * scale + Fraction(int(r)) * Fraction(2) ** (entry.shift - 31)) for acc in sums] for r in rest.ravel()
    ]
    assert requantize_even_long(sums, entry.multiplier, entry.shift, rest).tolist() == expected


@pytest.mark.parametrize("scale", np.array([0.25, 0.0123, 1 / 1507, 0.7, 3.3e-5, 1.9], np.float32))
def test_integers_round_as_float32_has_it(scale: np.float32) -> None:
    entry = quantize_multiplier(float(scale))
    found = np.clip(requantize_single(SUMS, entry.multiplier, entry.shift), -300, 300)
    assert (found == np.clip(np.rint(SUMS.astype(np.float32) * scale), -300, 300)).all()


def test_counts_on_an_emulated_core() -> None:
    """`bench` takes ONNX files, and compares what the core computes with numpy."""
    target = find_target("cortex-m4")
    if not has_compiler(target) or find_emulator(target) is None:
        pytest.skip("no compiler or emulator for cortex-m4")
    found = bench(CASES["Conv bias, strides"], on="cortex-m4")
    assert found.instructions > 0
    assert "tk_conv_dsp_s8" in {step.kernel for step in compile(CASES["Conv bias, strides"], target="cortex-m4").program.steps}

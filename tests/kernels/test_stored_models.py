# SPDX-License-Identifier: Apache-2.0
"""Kernels whose constants take less flash, bit for bit: in C here, some in the emulator; and when they are taken unasked."""

from __future__ import annotations

from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from boards import absent
from dsp_models import LAYERS, Drawn, Layer, extreme
from harness import build_many, prefix_of
from hypothesis import given
from hypothesis import strategies as st
from model_builder import ModelBuilder

from tinycc.compiler import Compilation, compile
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.stored.requant import halves_of, words_of
from tinycc.kernels.stored.sparse import steps
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.shrink.tflite import TfliteWeights

UNDEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")
DRAWN = 16
PACKED = {
    "tk_convolve_packed_s8": ("CONV_2D", "generic"),
    "tk_convolve_1x1_packed_s8": ("CONV_2D", "generic"),
    "tk_depthwise_packed_s8": ("DEPTHWISE_CONV_2D", "generic"),
    "tk_depthwise_3x3_packed_s8": ("DEPTHWISE_CONV_2D", "generic"),
    "tk_depthwise3_packed_dsp_s8": ("DEPTHWISE_CONV_2D", "cortex-m4"),
    "tk_depthwise3_nominal_dsp_s8": ("DEPTHWISE_CONV_2D", "cortex-m4"),
    "tk_conv_packed_dsp_s8": ("CONV_2D", "cortex-m4"),
    "tk_conv_packed_dsp_any_s8": ("CONV_2D", "cortex-m4"),
    "tk_conv_packed_dsp_any_s8 of a matrix": ("FULLY_CONNECTED", "cortex-m4"),
    "tk_conv_packed_long_s8": ("CONV_2D", "cortex-m3"),
    "tk_conv_packed_paired_wide_s8": ("CONV_2D", "rv32imc"),
    "tk_conv_packed_paired_s8": ("CONV_2D", "cortex-m0"),
    "tk_depthwise3_packed_long_s8": ("DEPTHWISE_CONV_2D", "cortex-m3"),
    "tk_depthwise3_packed_paired_wide_s8": ("DEPTHWISE_CONV_2D", "rv32imc"),
    "tk_depthwise3_packed_paired_s8": ("DEPTHWISE_CONV_2D", "cortex-m0"),
    "tk_fully_connected_sparse_s8": ("FULLY_CONNECTED", "cortex-m4"),
    "tk_convolve_1x1_sparse_s8": ("CONV_2D", "cortex-m4"),
}
"""Kernel -> the operator, and a core on which it may be taken."""


def pinned(model: bytes, kernel: str, target: str, name: str = "model") -> Compilation | None:
    """Compiled with that kernel; None where it cannot be."""
    try:
        return compile(model, name=name, target=target, pinned=[(1, kernel)], without=["stream"])
    except CompileError:
        return None


def sparse_dense(seed: int) -> Drawn:
    d = Layer(seed)
    rows, depth, outputs = d.one_of(1, 1, 2), d.one_of(4, 30, 256, 257, 600), d.number(1, 40)
    x = d.x((rows, depth))
    w, scales = d.weights((outputs, depth), outputs, 0, per_channel=bool(d.one_of(0, 1)))
    y = d.y((rows, outputs), depth)
    label = f"seed {seed}: {rows}x{depth} -> {outputs}"
    return d.done(label, "FULLY_CONNECTED", [x, w, d.bias(outputs, scales)], y, fused_activation=d.activation())


def sparse_pointwise(seed: int) -> Drawn:
    d = Layer(seed)
    size, depth, outputs = (d.number(1, 5), d.number(1, 5)), d.one_of(2, 20, 128, 400), d.number(1, 24)
    x = d.x((d.one_of(1, 2), *size, depth))
    w, scales = d.weights((outputs, 1, 1, depth), outputs, 0)
    y = d.y((1, *size, outputs), depth)
    label = f"seed {seed}: {size}x{depth} -> {outputs}"
    operands = [x, w, d.bias(outputs, scales)]
    return d.done(label, "CONV_2D", operands, y, stride_h=1, stride_w=1, fused_activation=d.activation())


def zeroed(drawn: Drawn, seed: int) -> Drawn:
    """With half or more of the weights pruned."""
    file, rng = TfliteWeights(drawn.model), np.random.default_rng(seed)
    share = (0.5, 0.8, 0.97)[seed % 3]
    arrays = {item.name: np.where(rng.random(item.array.shape) < share, 0, item.array) for item in file.weights}
    return drawn._replace(model=file.replaced(arrays), label=f"{drawn.label}, {share} zeros")


def drawn_for(kernel: str, seed: int) -> Drawn:
    if kernel == "tk_fully_connected_sparse_s8":
        return zeroed(sparse_dense(seed), seed)
    if kernel == "tk_convolve_1x1_sparse_s8":
        return zeroed(sparse_pointwise(seed), seed)
    return LAYERS[PACKED[kernel][0]](seed)


def name_of(kernel: str) -> str:
    return kernel.partition(" ")[0]


def layers(kernel: str, number: int) -> list[tuple[Drawn, Compilation]]:
    target, drawn = PACKED[kernel][1], (drawn_for(kernel, seed) for seed in count())
    made = ((item, pinned(item.model, name_of(kernel), target, f"m{i}")) for i, item in enumerate(drawn))
    return list(islice(((item, found) for item, found in made if found is not None), number))


@pytest.mark.parametrize("kernel", PACKED)
def test_drawn_layers_equal_numpy(kernel: str, runtime_archive: Path, tmp_path: Path) -> None:
    drawn = layers(kernel, DRAWN)
    library = build_many([compilation for _, compilation in drawn], tmp_path, runtime_archive, UNDEFINED)
    wrong = []
    for item, compilation in drawn:
        assert compilation.program.steps[0].kernel == name_of(kernel)
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, i) for i, value in enumerate(compilation.graph.inputs)]
                if (host.run(arrays).outputs[0] != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{item.label} inputs {how}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kernel", [name for name, (_, target) in PACKED.items() if target != "generic"])
def test_layers_in_the_emulator(kernel: str) -> None:
    _, target = PACKED[kernel]
    if why := absent(target):
        pytest.skip(why)
    for item, _ in layers(kernel, 2):
        assert bench(item.model, on=target, pinned=[(1, name_of(kernel))]).instructions > 0


@given(st.lists(st.tuples(st.integers(1 << 30, (1 << 31) - 1), st.integers(-31, 30)), min_size=1))
def test_words_tell_multipliers_and_shifts(entries: list[tuple[int, int]]) -> None:
    words, shifts, base = words_of([Multiplier(*entry) for entry in entries])
    for i, (multiplier, shift) in enumerate(entries):
        word = int(words[i])
        found = (word >> 2 | 1 << 30, base + (word & 3)) if shifts is None else (word, int(shifts[i]))
        assert found == (multiplier, shift)


@given(st.lists(st.integers(-(1 << 25), (1 << 25) - 1), min_size=1), st.integers(1, 25))
def test_halves_tell_biases(biases: list[int], bits: int) -> None:
    bias = np.asarray([number >> bits for number in biases], np.int32)
    halves = halves_of(bias)
    if halves is None:
        assert np.abs(bias).max() > (1 << 23) - (1 << 16)
        return
    low, high = halves
    np.testing.assert_array_equal(low.astype(np.int64) + (0 if high is None else high.astype(np.int64) << 16), bias)
    assert high is not None or np.abs(bias).max() <= 1 << 15


def chain(channels: int, depth: int) -> bytes:
    """1x1 convolutions with a scale for each channel."""
    rng, net = np.random.default_rng(0), ModelBuilder()
    x = net.input((1, 8, 8, channels), "int8", scale=0.05, zero_point=0)
    for _ in range(depth):
        scales = list(0.002 * (1 + rng.random(channels)))
        weights = net.const(rng.integers(-127, 128, (channels, 1, 1, channels)).astype(np.int8), scale=scales, axis=0)
        bias = net.const(rng.integers(-9999, 9999, channels).astype(np.int32), scale=[0.05 * scale for scale in scales])
        y = net.tensor((1, 8, 8, channels), "int8", scale=0.05, zero_point=0)
        net.op("CONV_2D", [x, weights, bias], [y], padding="SAME", stride_w=1, stride_h=1)
        x = y
    return net.build([x])


def test_flash_is_saved_unasked_for_next_to_no_cycles() -> None:
    fast, usual = (compile(chain(48, 3), optimize=goal) for goal in ("speed", "balanced"))
    assert {step.kernel for step in usual.program.steps} == {"tk_convolve_1x1_packed_s8"}
    assert usual.program.flash() <= fast.program.flash() - 3 * 48 * 5
    cycles = [sum(step.cycles for step in compilation.program.steps) for compilation in (fast, usual)]
    assert cycles[0] < cycles[1] <= cycles[0] * 1.02
    assert "bytes of constants" in usual.program.steps[0].reason


def test_code_for_few_channels_is_not_worth_it() -> None:
    assert {step.kernel for step in compile(chain(8, 1)).program.steps} == {"arm_convolve_1x1_s8_fast"}


@given(st.lists(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 1, -127]), min_size=1, max_size=600))
def test_steps_lead_to_all_weights(row: list[int]) -> None:
    found, at = np.zeros(len(row), int), 0
    for weight, step in steps(np.asarray(row)):
        assert 0 <= step <= 127
        at += step
        found[at] += weight
    np.testing.assert_array_equal(found, row)

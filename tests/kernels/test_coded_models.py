# SPDX-License-Identifier: Apache-2.0
"""Layers with coded weights equal plain ones bit for bit: in C here, and in emulators; and when they are taken."""

from __future__ import annotations

from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from boards import absent
from dsp_models import Drawn, conv, extreme, fully_connected
from harness import build_many, prefix_of
from model_builder import ModelBuilder

from tinycc.budget import Budget, BudgetError, check_budget
from tinycc.compiler import Compilation, compile
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.code import flash_estimate
from tinycc.kernels.stored import helium
from tinycc.kernels.stored.coded import FORMS
from tinycc.kernels.stored.coding import CODINGS
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Stream
from tinycc.shrink.tflite import TfliteWeights

UNDEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")
FULLY = "FULLY_CONNECTED by "
CODED = (*FORMS, *helium.FORMS)
NAMES = [f"{FULLY}{form.name}" if form.op is FullyConnected and "conv" in form.name else form.name for form in CODED]
"""Of kernels; those of convolutions are for matrix products, too."""
VALUES = {
    "mask": (0, 0, 0, 0, 1, -127, 99),
    "palette2": (-3, 0, 5, 127),
    "palette4": tuple(range(-120, 120, 15)),
    "widths": tuple(range(-7, 8)),
    "huffman": (0, 0, 0, 0, 0, 1, -1, *range(-20, 20)),
}
EACH = 2
TARGETS = {
    "tk_conv_coded_dsp_s8": "cortex-m4",
    "tk_conv_coded_dsp_any_s8": "cortex-m4",
    "tk_conv_coded_paired_wide_s8": "rv32imc",
    "tk_conv_coded_paired_s8": "cortex-m0",
    **dict.fromkeys((form.name for form in helium.FORMS), "cortex-m55"),
}
"""Cores on which a form may be taken; else Cortex-M3."""


def drawn(form: str, coding: str, seed: int) -> Drawn:
    """A layer whose weights the coding makes smaller."""
    layer = (fully_connected if "fully" in form.lower() else conv)(seed)
    file, rng = TfliteWeights(layer.model), np.random.default_rng(seed)
    arrays = {item.name: rng.choice(np.asarray(VALUES[coding], np.int8), item.array.shape) for item in file.weights}
    return layer._replace(model=file.replaced(arrays), label=f"{layer.label} {coding}")


def pinned(model: bytes, kernel: str, target: str, name: str = "model") -> Compilation | None:
    try:
        return compile(model, name=name, target=target, pinned=[(1, kernel)], without=["stream"])
    except CompileError:
        return None


def layers(form: str, coding: str, number: int) -> list[tuple[Drawn, Compilation]]:
    name, items = form.removeprefix(FULLY), (drawn(form, coding, seed) for seed in count())
    target = TARGETS.get(name, "cortex-m3")
    made = ((item, pinned(item.model, f"{name} by {coding}", target, f"{coding}{i}")) for i, item in enumerate(items))
    return list(islice(((item, found) for item, found in made if found is not None), number))


@pytest.mark.parametrize("form", NAMES)
def test_drawn_layers_equal_numpy(form: str, runtime_archive: Path, tmp_path: Path) -> None:
    found = [item for coding in CODINGS for item in layers(form, coding.name, EACH)]
    library = build_many([compilation for _, compilation in found], tmp_path, runtime_archive, UNDEFINED)
    wrong = []
    for item, compilation in found:
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, i) for i, value in enumerate(compilation.graph.inputs)]
                if (host.run(arrays).outputs[0] != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{item.label} inputs {how}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("form", "coding", "target"),
    [
        ("tk_convolve_coded_s8", "palette4", "cortex-m0"),
        ("tk_conv_coded_paired_s8", "mask", "cortex-m0"),
        ("tk_conv_coded_long_s8", "palette2", "cortex-m3"),
        ("tk_conv_coded_dsp_s8", "mask", "cortex-m4"),
        ("tk_conv_coded_dsp_any_s8", "huffman", "cortex-m4"),
        ("tk_conv_coded_dsp_s8", "palette4", "cortex-m55"),
        ("tk_convolve_coded_s8", "huffman", "cortex-m55"),
        ("tk_mve_gemm_coded_s8", "palette4", "cortex-m55"),
        ("tk_mve_gemm_coded_signed_s8", "mask", "cortex-m55"),
        ("tk_mve_conv_coded_s8", "huffman", "cortex-m55"),
        ("tk_mve_conv_coded_signed_s8", "widths", "cortex-m55"),
        ("tk_conv_coded_paired_wide_s8", "widths", "rv32imc"),
    ],
)
def test_layers_in_emulators(form: str, coding: str, target: str) -> None:
    if why := absent(target):
        pytest.skip(why)
    ((item, _),) = layers(form, coding, 1)
    assert bench(item.model, on=target, pinned=[(1, f"{form} by {coding}")]).instructions > 0


def chain(values: int, size: int = 16, channels: int = 48) -> bytes:
    """Three 1x1 convolutions whose weights have so many different values."""
    rng, net = np.random.default_rng(0), ModelBuilder()
    x = net.input((1, size, size, channels), "int8", scale=0.05, zero_point=0)
    known = rng.permutation(np.arange(-127, 128))[:values].astype(np.int8)
    for _ in range(3):
        scales = list(0.002 * (1 + rng.random(channels)))
        weights = net.const(rng.choice(known, (channels, 1, 1, channels)), scale=scales, axis=0)
        bias = net.const(rng.integers(-9999, 9999, channels).astype(np.int32), scale=[0.05 * scale for scale in scales])
        y = net.tensor((1, size, size, channels), "int8", scale=0.05, zero_point=-128)
        net.op("CONV_2D", [x, weights, bias], [y], padding="SAME", stride_w=1, stride_h=1, fused_activation="RELU")
        x = y
    return net.build([x])


def codes_of(compilation: Compilation) -> list[str]:
    return [step.kernel for step in compilation.program.steps if "coded" in step.kernel]


def cycles(compilation: Compilation) -> int:
    return sum(step.cycles for step in compilation.program.steps)


@pytest.mark.parametrize("target", ["cortex-m3", "cortex-m4"])
def test_few_values_are_coded_unasked_where_images_are_large(target: str) -> None:
    fast, usual = (
        compile(chain(16, size=32), target=target, optimize=goal, without=["stream"]) for goal in ("speed", "balanced")
    )
    assert codes_of(usual)
    assert not codes_of(fast)
    assert flash_estimate(usual.program) <= 0.98 * flash_estimate(fast.program)
    assert cycles(usual) <= 1.02 * cycles(fast)


def test_rows_decode_their_weights_again() -> None:
    usual = compile(chain(16, size=32), target="cortex-m0", flash=6000)
    streams = [region for region in usual.program.body if isinstance(region, Stream)]
    kernels = [stage.step.kernel for stream in streams for stage in stream.stages]
    assert any("coded" in kernel for kernel in kernels), kernels
    with HostModel(usual) as host:
        arrays = [extreme(value.shape, 1, i) for i, value in enumerate(usual.graph.inputs)]
        np.testing.assert_array_equal(host.run(arrays).outputs[0], interpret(usual.graph, arrays)[0])


def test_weights_of_all_values_are_not_coded() -> None:
    model = chain(255, size=4)
    smallest = compile(model, target="cortex-m3", optimize="size")
    assert not codes_of(smallest)
    assert not codes_of(compile(model, target="cortex-m3", flash=0))


def test_flash_that_is_asked_for_is_reached_for_few_cycles() -> None:
    """The smaller the budget, the more cycles; beyond the least there is an error."""
    model = chain(16, size=4)
    whole = compile(model, target="cortex-m4")
    most = flash_estimate(whole.program)
    found = [compile(model, target="cortex-m4", flash=most * percent // 100) for percent in (100, 90, 80, 70)]
    assert [step.kernel for step in found[0].program.steps] == [step.kernel for step in whole.program.steps]
    for percent, compilation in zip((90, 80, 70), found[1:], strict=True):
        assert flash_estimate(compilation.program) <= most * percent // 100
        assert codes_of(compilation)
    times = [cycles(compilation) for compilation in found]
    assert times == sorted(times)
    with pytest.raises(BudgetError, match="--flash"):
        check_budget(compile(model, target="cortex-m4", flash=2000), Budget(flash=2000))

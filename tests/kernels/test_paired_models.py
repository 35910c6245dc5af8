# SPDX-License-Identifier: Apache-2.0
"""Layers on cores without SIMD, two outputs in one multiplication: the twins in C here, the assembly in the emulator."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from case_batches import BATCHES, ORACLES
from dsp_models import LAYERS, Drawn, Layer, Shape, conv, depthwise, extreme
from harness import agree_on_all, build_archive, build_many, prefix_of, subject

from tinycc.compiler import compile
from tinycc.device.bench import bench
from tinycc.device.toolchains import find_emulator, has_compiler
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.portable.paired import fits
from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.numerics.staircase import double_rounding, staircase
from tinycc.numerics.two_products import fold_two
from tinycc.target import find_target

TARGETS = ("cortex-m0", "cortex-m3", "rv32imc")
OPERATORS = ("CONV_2D", "DEPTHWISE_CONV_2D")
DRAWN = 80
KERNELS = {
    "cortex-m0": {"tk_conv_paired_s8", "tk_depthwise3_paired_s8", "tk_conv_paired_any_s8", "tk_depthwise3_paired_any_s8"},
    "cortex-m3": {"tk_conv_long_s8", "tk_depthwise3_long_s8", "tk_conv_long_any_s8", "tk_depthwise3_long_any_s8"},
    "rv32imc": {
        "tk_conv_paired_wide_s8",
        "tk_depthwise3_paired_wide_s8",
        "tk_conv_paired_wide_any_s8",
        "tk_depthwise3_paired_any_s8",
    },
}
CASES = sorted(name for name in BATCHES if name.split("-")[1] == "int8" and name.split("-")[0] in OPERATORS)


UNDEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")


@pytest.fixture(scope="module")
def checked_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_archive(tmp_path_factory.mktemp("checked"), UNDEFINED)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CASES)
def test_cases_equal_the_oracle(name: str, target: str, runtime_archive: Path) -> None:
    pytest.importorskip("tflite_micro")
    subjects = []
    for i, case in enumerate(BATCHES[name]):
        oracle = partial(ORACLES[case.oracle], case.model)
        subjects.append(subject(case.model, oracle, case.oracle, name=f"case{i}", label=case.id, target=target))
    agree_on_all(subjects, runtime_archive)


class BothSigns(Layer):
    """Without a clamp at zero: two roundings are seldom one."""

    def zero_point(self) -> int:
        return self.number(-100, 100)

    def y(self, shape: Shape, products: int) -> int:
        scale = 0.05 * 0.004 * 60 * products**0.5 / self.one_of(10, 40)
        return self.net.tensor(shape, self.dtype, scale=float(np.float32(scale)), zero_point=self.zero_point())

    def weights(self, shape: Shape, channels: int, axis: int, per_channel: bool = True) -> tuple[int, list[float]]:
        """Half of them so small that four products stay within 16 bits."""
        codes = self.rng.integers(-127, 128, shape) // self.one_of(1, 3)
        scales = list((0.002 * 4 ** self.rng.random(channels)).astype(np.float32).astype(float))
        return self.net.const(codes.astype(np.int8), scale=scales, axis=axis), scales

    def activation(self) -> str:
        return "NONE"


PLAIN = "*1 k(3, 3) s(1, 1) d(1, 1)"


def drawn_layers(operator: str) -> list[Drawn]:
    """So many of which half at least may have such kernels: of depthwise layers those of 3x3, every other one. The last quarter
    has results of both signs."""
    drawn = map(LAYERS[operator], count())
    kept = (item for i, item in enumerate(drawn) if operator == "CONV_2D" or i % 8 == 0 or PLAIN in item.label)
    signed = ((conv if operator == "CONV_2D" else depthwise)(seed, BothSigns) for seed in count())
    suited = (item for item in signed if (PLAIN if operator == "DEPTHWISE_CONV_2D" else "*1 k") in item.label)
    return [*islice(kept, DRAWN - DRAWN // 4), *islice(suited, DRAWN // 4)]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("operator", OPERATORS)
def test_drawn_layers_equal_numpy(operator: str, target: str, checked_archive: Path, tmp_path: Path) -> None:
    drawn = drawn_layers(operator)
    compilations = [compile(item.model, name=f"m{i}", target=target) for i, item in enumerate(drawn)]
    library = build_many(compilations, tmp_path, checked_archive, UNDEFINED)
    wrong = []
    for item, compilation in zip(drawn, compilations, strict=True):
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, i) for i, value in enumerate(compilation.graph.inputs)]
                found = host.run(arrays).outputs[0]
                if (found != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{item.label} inputs {how}: {compilation.program.steps[0].kernel}")
    assert not wrong, "\n".join(wrong)
    taken = Counter(step.kernel for compilation in compilations for step in compilation.program.steps)
    assert sum(count for name, count in taken.items() if name.startswith("tk_")) > DRAWN / 16, taken
    assert KERNELS[target] & set(taken), taken


@pytest.mark.parametrize("target", TARGETS)
def test_layers_in_the_emulator(target: str) -> None:
    """Every kernel up to three times, at least once; what comes out is compared with numpy's there."""
    core = find_target(target)
    if not has_compiler(core) or find_emulator(core) is None:
        pytest.skip(f"no compiler or emulator for {target}")
    left = dict.fromkeys(KERNELS[target], 3)
    for model in (item.model for operator in OPERATORS for item in drawn_layers(operator)):
        kernel = compile(model, target=target).program.steps[0].kernel
        if left.get(kernel, 0) > 0:
            assert bench(model, on=target).instructions > 0
            left[kernel] -= 1
    assert max(left.values()) < 3, left


def test_two_products_have_the_steps_of_the_rule() -> None:
    """For every sum there is, with drawn scales, offsets and bounds."""
    rng = np.random.default_rng(5)
    proved = 0
    for number in range(60):
        scales = 2.0 ** rng.uniform(-13, -3, 3)
        low, high = -(rng.integers(1, 60_000, 3)), rng.integers(1, 60_000, 3)
        zero_point = int(rng.choice([-128, -128, 0, 17, 127]))
        rule = double_rounding([quantize_multiplier(float(scale)) for scale in scales], zero_point, zero_point, 127)
        stairs = staircase(rule, low, high).after(rng.integers(-5000, 5000, 3)).saturating()
        formula = fold_two(stairs)
        if formula is None:
            continue
        proved += 1
        for c in range(3):
            acc = np.arange(int(stairs.low[c]), int(stairs.high[c]) + 1)
            at = np.broadcast_to(acc, (3, len(acc)))
            clipped = np.clip(at, stairs.low[:, None], stairs.high[:, None])
            np.testing.assert_array_equal(formula(clipped)[c], stairs(clipped)[c], err_msg=f"{number}, {c}")
    assert proved > 40


def test_groups_fit_where_no_input_leaves_16_bits() -> None:
    assert fits(np.array([[127, -127, 127, 127]]), 2)
    assert fits(np.array([[-128, 127]]), 2)
    assert not fits(np.array([[-128, -128]]), 2)
    assert fits(np.array([[60, -60, 60, 75]]), 4)
    assert not fits(np.array([[60, -60, 60, 76]]), 4)

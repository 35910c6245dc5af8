# SPDX-License-Identifier: Apache-2.0
"""Layers as they are computed on cores with the DSP extension: the twins in C here, the assembly in the emulator."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from case_batches import BATCHES, ORACLES
from dsp_models import LAYERS, extreme
from harness import agree_on_all, build_many, prefix_of, subject
from model_builder import ModelBuilder

from tinycc.compiler import compile
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret

DRAWN = 120
"""Models of an operator."""
OTHERS = "SVDF-int8", "UNIDIRECTIONAL_SEQUENCE_LSTM-int8", "QUANTIZE-int16", "MEAN-int8", "SUM-int8"
OF_16_BITS = "BATCH_MATMUL", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D"
NAMES = (*(f"{operator}-int8" for operator in LAYERS), *(f"{operator}-int16x8" for operator in OF_16_BITS), *OTHERS)
OPERATORS = sorted(name for name in BATCHES if name.startswith(NAMES))


def kernels_of(model: bytes) -> list[str]:
    return [step.kernel for step in compile(model, target="cortex-m4").program.steps]


@pytest.mark.parametrize("name", OPERATORS)
def test_cases_equal_the_oracle(name: str, runtime_archive: Path) -> None:
    pytest.importorskip("tflite_micro")
    subjects = [
        subject(
            case.model,
            partial(ORACLES[case.oracle], case.model),
            case.oracle,
            name=f"case{i}",
            label=case.id,
            target="cortex-m4",
        )
        for i, case in enumerate(BATCHES[name])
    ]
    agree_on_all(subjects, runtime_archive)


@pytest.mark.parametrize(
    ("operator", "goal", "wanted"),
    [
        *((name, "speed", "tk_wino_" if name == "WINOGRAD" else "tk_") for name in LAYERS),
        ("CONV_2D", "ram", "_dsp_"),
        ("DEPTHWISE_CONV_2D", "ram", "_dsp_"),
        ("FULLY_CONNECTED", "ram", "_near_dsp_"),
    ],
)
def test_drawn_layers_equal_numpy(operator: str, goal: str, wanted: str, runtime_archive: Path, tmp_path: Path) -> None:
    count = DRAWN // 4 if operator in ("TRANSPOSE_CONV", "WINOGRAD") or goal == "ram" else DRAWN
    drawn = [LAYERS[operator](seed) for seed in range(count)]
    options = {"target": "cortex-m4", "optimize": goal, "without": ["stream"]}
    compilations = [compile(item.model, name=f"m{i}", **options) for i, item in enumerate(drawn)]  # type: ignore[arg-type]
    library = build_many(compilations, tmp_path, runtime_archive, ["-fsanitize=undefined", "-fno-sanitize-recover"])
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
    assert sum(number for name, number in taken.items() if wanted in name) > count / (8 if goal == "ram" else 4), taken


@pytest.mark.parametrize("code", ["MEAN", "SUM"])
def test_means_of_images_equal_numpy(code: str, runtime_archive: Path, tmp_path: Path) -> None:
    """Several images; more pixels than a halfword sums up."""
    shapes = {(1, 20, 20, 12): (1, 2), (3, 5, 2, 4): (1, 2), (300, 8): (0,), (2, 3, 4, 5, 8): (2, 3)}
    compilations = []
    for i, (shape, axes) in enumerate(shapes.items()):
        net = ModelBuilder()
        x = net.input(shape, "int8", scale=0.05, zero_point=-4)
        y_shape = tuple(size for axis, size in enumerate(shape) if axis not in axes)
        y = net.tensor(y_shape, "int8", scale=0.02 if code == "MEAN" else 0.9, zero_point=3)
        net.op(code, [x, net.const(np.asarray(axes, np.int32))], [y], keep_dims=False)
        compilations.append(compile(net.build([y]), target="cortex-m4", name=f"m{i}", without=["stream"]))
        assert compilations[-1].program.steps[0].kernel == "tk_mean_dsp_s8"
    library = build_many(compilations, tmp_path, runtime_archive, [])
    for compilation in compilations:
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, how) for value in compilation.graph.inputs]
                assert (host.run(arrays).outputs[0] == interpret(compilation.graph, arrays)[0]).all()

# SPDX-License-Identifier: Apache-2.0
"""Layers of int16 as they are computed on cores with the DSP extension: drawn shapes, weights and biases, the twins in C."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from dsp_models import LAYERS16, extreme
from harness import build_many, prefix_of

from tinycc.compiler import compile
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret

DRAWN = 80
"""Models of an operator."""
KERNELS = {
    "BATCH_MATMUL": {"tk_batch_matmul_dsp_s16"},
    "CONV_2D": {"tk_conv_dsp_s16", "tk_conv_dsp_any_s16"},
    "DEPTHWISE_CONV_2D": {"tk_depthwise_dsp_s16", "tk_conv_dsp_any_s16"},
    "FULLY_CONNECTED": {"tk_conv_dsp_s16", "tk_conv_dsp_any_s16"},
    "POOL_2D": {"tk_avg_pool_dsp_s16", "tk_max_pool_dsp_s16"},
}
"""What the draws of an operator take, each of them."""


@pytest.mark.parametrize("operator", LAYERS16)
def test_drawn_layers_equal_numpy(operator: str, runtime_archive: Path, tmp_path: Path) -> None:
    drawn = [LAYERS16[operator](seed) for seed in range(DRAWN)]
    compilations = [
        compile(item.model, name=f"m{i}", target="cortex-m4", optimize="speed", without=["stream"])
        for i, item in enumerate(drawn)
    ]
    library = build_many(compilations, tmp_path, runtime_archive, ["-fsanitize=undefined", "-fno-sanitize-recover"])
    wrong = []
    for item, compilation in zip(drawn, compilations, strict=True):
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, i, np.int16) for i, value in enumerate(compilation.graph.inputs)]
                found = host.run(arrays).outputs[0]
                if (found != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{item.label} inputs {how}: {compilation.program.steps[0].kernel}")
    assert not wrong, "\n".join(wrong)
    taken = Counter(step.kernel for compilation in compilations for step in compilation.program.steps)
    assert KERNELS[operator] <= set(taken), taken

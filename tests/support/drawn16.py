# SPDX-License-Identifier: Apache-2.0
"""Drawn layers of int16 through the compiler, their twins in C beside numpy."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from dsp_models import LAYERS16, extreme
from harness import build_many, prefix_of

from tinycc.compiler import compile
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret


def check_drawn(operator: str, count: int, target: str, kernels: set[str], archive: Path, folder: Path) -> None:
    """`count` layers of an operator give numpy's codes, with undefined behaviour looked for, and take each of `kernels`."""
    drawn = [LAYERS16[operator](seed) for seed in range(count)]
    compilations = [
        compile(item.model, name=f"m{i}", target=target, optimize="speed", without=["stream"]) for i, item in enumerate(drawn)
    ]
    library = build_many(compilations, folder, archive, ["-fsanitize=undefined", "-fno-sanitize-recover"])
    wrong = []
    for item, compilation in zip(drawn, compilations, strict=True):
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as model:
            for how in range(3):
                arrays = [extreme(value.shape, how, i, np.int16) for i, value in enumerate(compilation.graph.inputs)]
                if (model.run(arrays).outputs[0] != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{item.label} inputs {how}: {compilation.program.steps[0].kernel}")
    assert not wrong, "\n".join(wrong)
    taken = Counter(step.kernel for compilation in compilations for step in compilation.program.steps)
    assert kernels <= set(taken), taken

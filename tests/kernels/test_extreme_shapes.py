# SPDX-License-Identifier: Apache-2.0
"""Packed, sparse and coded constants at shapes of which there is no smaller, and beyond the runs and tiles that they lie in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from dsp_models import extreme
from harness import build_many, prefix_of
from model_builder import ModelBuilder

from tinycc.compiler import Compilation, compile
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.ir import Op
from tinycc.kernels.base import Context
from tinycc.kernels.choice import candidates
from tinycc.ops.base import Operator
from tinycc.target import TARGETS

UNDEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")
CORES = ("cortex-m4", "cortex-m0")
SHAPES = ((1, 1), (1, 1025), (17, 131))
"""Outputs and inputs."""
FILLED = (0.0, 0.05, 1.0)
"""Shares of weights that are not zero."""


def layer(outputs: int, inputs: int, filled: float, pointwise: bool) -> bytes:
    rng, net = np.random.default_rng(outputs + inputs), ModelBuilder()
    values = rng.choice(np.asarray([-127, -3, 1, 90], np.int8), (outputs, inputs))
    weights = np.where(rng.random(values.shape) < filled, values, 0).astype(np.int8)
    scales = list(0.002 * (1 + rng.random(outputs if pointwise else 1)))
    before, after = ((1, 1, 1, size) if pointwise else (1, size) for size in (inputs, outputs))
    x = net.input(before, "int8", scale=0.05, zero_point=3)
    w = net.const(weights.reshape((outputs, 1, 1, inputs) if pointwise else weights.shape), scale=scales, axis=0)
    bias = net.const(rng.integers(-9999, 9999, outputs).astype(np.int32), scale=[0.05 * scale for scale in scales])
    y = net.tensor(after, "int8", scale=0.1, zero_point=-5)
    net.op(
        "CONV_2D" if pointwise else "FULLY_CONNECTED",
        [x, w, bias],
        [y],
        **({"stride_h": 1, "stride_w": 1} if pointwise else {}),
    )
    return net.build([y])


def stored(op: Op, core: str) -> list[str]:
    """The kernels of stored constants that can compute it."""
    assert isinstance(op, Operator)
    context = Context(TARGETS[core])
    return [item.name for item in candidates(op) if item.thrifty and item.refusal(op, context) is None]


def layers() -> list[tuple[str, Compilation]]:
    found: dict[tuple[str, str], Compilation] = {}
    for outputs, inputs in SHAPES:
        for filled in FILLED:
            for pointwise in (False, True):
                model = layer(outputs, inputs, filled, pointwise)
                label = f"{outputs} x {inputs}, {filled}, {'CONV_2D' if pointwise else 'FULLY_CONNECTED'}"
                for core in CORES:
                    (op,) = compile(model, target=core).graph.ops
                    for name in stored(op, core):
                        if (label, name) not in found:
                            made = f"m{len(found)}"
                            found[label, name] = compile(model, name=made, target=core, pinned=[(1, name)], without=["stream"])
    return [(f"{label}: {name}", compilation) for (label, name), compilation in found.items()]


def test_extreme_shapes_equal_numpy(runtime_archive: Path, tmp_path: Path) -> None:
    found = layers()
    kernels = {compilation.program.steps[0].kernel.partition(" ")[0] for _, compilation in found}
    assert {"tk_fully_connected_sparse_s8", "tk_convolve_1x1_sparse_s8", "tk_fully_connected_coded_s8"} <= kernels
    library = build_many([compilation for _, compilation in found], tmp_path, runtime_archive, UNDEFINED)
    wrong = []
    for label, compilation in found:
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, i) for i, value in enumerate(compilation.graph.inputs)]
                if (host.run(arrays).outputs[0] != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{label}, inputs {how}")
    assert not wrong, "\n".join(wrong)

# SPDX-License-Identifier: Apache-2.0
"""int4 weights as bytes in flash under --optimize speed alone, or by a palette, and with the same results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dsp_models import extreme
from harness import build_many, prefix_of
from model_builder import ModelBuilder

from tinycc.compiler import compile
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.ir import DType
from tinycc.program.types import Content

KINDS = "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"
CORES = {"cortex-m4": "tk_", "cortex-m55": "tk_mve_", "cortex-m0": "tk_"}
CODED = {"cortex-m4": "tk_conv_coded_dsp_", "cortex-m55": "tk_mve_conv_coded_", "cortex-m0": "tk_conv_coded_paired_"}


def layer(kind: str) -> bytes:
    rng, net = np.random.default_rng(len(kind)), ModelBuilder()
    x_shape, shape, channels = {
        "CONV_2D": ((1, 6, 5, 12), (8, 3, 3, 12), 8),
        "DEPTHWISE_CONV_2D": ((1, 6, 8, 60), (1, 3, 3, 60), 60),
        "FULLY_CONNECTED": ((1, 50), (12, 50), 12),
    }[kind]
    scales = [0.03] if kind == "FULLY_CONNECTED" else [0.03 + 0.001 * c for c in range(channels)]
    weights = net.const(rng.integers(-7, 8, shape), "int4", scale=scales, axis=3 if kind.startswith("DEPTH") else 0)
    bias = net.const(rng.integers(-900, 900, channels).astype(np.int32), scale=[0.05 * scale for scale in scales])
    x = net.input(x_shape, "int8", scale=0.05, zero_point=-4)
    y = net.tensor((*x_shape[:-1], channels), "int8", scale=0.2, zero_point=-128)
    strides = {} if kind == "FULLY_CONNECTED" else {"padding": "SAME", "stride_h": 1, "stride_w": 1}
    strides |= {"depth_multiplier": 1} if kind.startswith("DEPTH") else {}
    net.op(kind, [x, weights, bias], [y], fused_activation="RELU", **strides)  # type: ignore[arg-type]
    return net.build([y])


@pytest.mark.parametrize("core", CORES)
def test_layers_equal_numpy(core: str, runtime_archive: Path, tmp_path: Path) -> None:
    models = [layer(kind) for kind in KINDS]
    fast = [compile(model, target=core, optimize="speed", name=f"m{i}") for i, model in enumerate(models)]
    kernels = [compilation.program.steps[0].kernel for compilation in fast]
    wanted = kernels[:2] if core == "cortex-m0" else kernels  # which has none of its own for FULLY_CONNECTED
    assert all(kernel.startswith(CORES[core]) for kernel in wanted), kernels
    fast.append(compile(models[0], target=core, name="palette"))
    coded = fast[-1].program.steps[0].kernel
    assert coded.startswith(CODED[core]), coded
    assert coded.endswith("by palette4"), coded
    library = build_many(fast, tmp_path, runtime_archive, [])
    for compilation in fast:
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, how) for value in compilation.graph.inputs]
                assert (host.run(arrays).outputs[0] == interpret(compilation.graph, arrays)[0]).all()


def test_few_weights_become_bytes() -> None:
    """Where they are a tenth of all constants at most: those of the first layer, not of the second."""
    rng, net = np.random.default_rng(0), ModelBuilder()
    x = net.input((1, 6, 6, 32), "int8", scale=0.05, zero_point=0)
    for kind, shape, options in (
        ("DEPTHWISE_CONV_2D", (1, 3, 3, 32), {"depth_multiplier": 1}),
        ("CONV_2D", (100, 1, 1, 32), {}),
    ):
        axis = 3 if kind.startswith("DEPTH") else 0
        weights = net.const(rng.integers(-7, 8, shape), "int4", scale=[0.04] * shape[axis], axis=axis)
        y = net.tensor((1, 6, 6, shape[axis]), "int8", scale=0.2, zero_point=0)
        net.op(kind, [x, weights], [y], padding="SAME", stride_h=1, stride_w=1, **options)  # type: ignore[arg-type]
        x = y
    found = [step.kernel for step in compile(net.build([x]), target="cortex-m4", without=["stream"]).program.steps]
    assert found == ["tk_depthwise3_dsp_s8", "tk_conv_coded_dsp_any_s8 by palette4"]


@pytest.mark.parametrize("goal", ["balanced", "size", "ram"])
def test_weights_stay_at_four_bits(goal: str) -> None:
    for kind in KINDS:
        compilation = compile(layer(kind), target="cortex-m4", optimize=goal)
        (weights,) = (value for value in compilation.graph.constants if value.dtype is DType.INT4)
        stored = sum(constant.bytes for constant in compilation.program.constants if constant.content is Content.WEIGHTS)
        assert stored <= weights.type.elements / 2 * 1.1, (kind, compilation.program.steps[0].kernel)

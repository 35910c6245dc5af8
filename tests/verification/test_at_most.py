# SPDX-License-Identifier: Apache-2.0
"""The bound on instructions: never exceeded by what the emulator counts, near it, and not there where nothing is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.codegen.files import workspace
from tinycc.compiler import compile, variations
from tinycc.device.bench import bench
from tinycc.device.build import build
from tinycc.device.count import count
from tinycc.execution import BOARD_NAME
from tinycc.execution.inputs import InputSet, edge_inputs, random_inputs
from tinycc.ir import Array
from tinycc.kernels.steady import branching, steady
from tinycc.kernels.varying import VARYING
from tinycc.target import TARGETS

needs_qemu = pytest.mark.skipif(
    not shutil.which("qemu-system-arm") or not shutil.which("arm-none-eabi-gcc"), reason="no emulator of Arm cores"
)
CORE = "cortex-m4"
Q = {"scale": 0.1, "zero_point": 0}


def softmax() -> bytes:
    m = ModelBuilder()
    y = m.tensor((1, 24), "int8", name="y", scale=1 / 256, zero_point=-128)
    m.op("SOFTMAX", [m.input((1, 24), "int8", name="x", **Q)], [y], beta=1.0)
    return m.build(outputs=[y])


def largest(op: str, last: int) -> bytes:
    m = ModelBuilder()
    kind = "int32" if op == "ARG_MAX" else "int8"
    y = m.tensor((1, last), kind, name="y", **({} if kind == "int32" else Q))
    axis = m.const(np.array(1, np.int32), name="axis")
    x = m.input((1, 40, last), "int8", name="x", **Q)
    options = {"output_type": "INT32"} if op == "ARG_MAX" else {"keep_dims": False}
    m.op(op, [x, axis], [y], **options)
    return m.build(outputs=[y])


MODELS: dict[str, Path | bytes] = {
    "digits": ROOT / "examples" / "digits" / "digits_int8.tflite",
    "wine": ROOT / "examples" / "wine" / "wine_int8.tflite",
    "softmax": softmax(),
    "reduce_max": largest("REDUCE_MAX", 3),
}
NEAR = {"digits": 1.06, "wine": 1.6}
"""The bound, of the largest count; a softmax alone is mostly what depends on the data."""


def tried(compilation_inputs: tuple[object, ...], shape: tuple[int, ...], values: object) -> list[InputSet]:
    """Edges, noise, ramps both ways, and one value far below the largest by each of many differences."""
    graph_inputs = values
    elements = int(np.prod(shape))
    ramp = np.linspace(-128, 127, elements).astype(np.int8)
    apart: list[Array] = []
    for difference in (1, 3, 15, 31, 63, 127, 155, 190, 255):
        array = np.full(elements, 127 - difference, np.int8)
        array[0] = 127
        apart.append(array)
    arrays = [ramp, ramp[::-1], *apart]
    sets = [InputSet("tried", (array.reshape(shape),)) for array in arrays]
    return [*edge_inputs(graph_inputs), random_inputs(graph_inputs, 0), *sets]  # type: ignore[arg-type]


@needs_qemu
@pytest.mark.parametrize("name", MODELS)
def test_no_count_exceeds_the_bound(name: str) -> None:
    at_most = bench(MODELS[name], on=CORE).instructions_at_most
    assert at_most is not None
    compilation = compile(MODELS[name], target=CORE, name=BOARD_NAME, watched=True)
    (value,) = compilation.graph.inputs
    with workspace() as folder:
        firmware = build(compilation, TARGETS[CORE], folder, marked=True)
        layers = len(compilation.program.results)
        sets = tried((), value.shape, compilation.graph.inputs)
        counts = [count(firmware, item, layers)[1].total.instructions for item in sets]
    assert max(counts) <= at_most <= NEAR.get(name, 3) * max(counts)
    if name == "softmax":
        assert max(counts) > 1.2 * min(counts), "it does depend on the data"


def test_why_is_told() -> None:
    found = {one.why: one.most for one in variations(compile(MODELS["digits"], target=CORE)).values()}
    why = "exponentials go by the bits of how far a value is below the largest"
    assert found == {"": 0, why: 2 * 10 * 150}


def test_nothing_is_said_of_what_is_not_known() -> None:
    floats = ROOT / "examples" / "wine" / "wine_float32.tflite"
    (why,) = {one.why for one in variations(compile(floats, target="cortex-m0")).values()} - {""}
    assert why == "floats are computed by a library"
    arms = variations(compile(MODELS["digits"], target=CORE, provider="cmsis-nn"))
    assert {one.why for one in arms.values() if one.most is None} == {"Arm's library was not looked at"}
    assert None in {one.most for one in variations(compile(softmax(), target="cortex-m0")).values()}


def test_what_is_bounded_branches() -> None:
    """No entry for a kernel that never needed one."""
    assert set(VARYING) <= branching() | {"tk_softmax_s8"}
    assert not steady("generic") & branching()

# SPDX-License-Identifier: Apache-2.0
"""CIRCULAR_BUFFER: what an inference that it ends early leaves behind. Its arithmetic is in opcases_circular.py."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flatbuffers import flexbuffers
from harness import STRICT
from model_builder import ModelBuilder
from opcases_circular import CIRCULAR, all_cases

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import Interpreter
from tinycc.verification import verify

Q = {"scale": 0.1, "zero_point": 5}
MODELS = {case.name: case.model for case in all_cases()[CIRCULAR]}


def network(*, dtype: str = "int8", behind: str = "RESHAPE") -> bytes:
    """A layer, a buffer of every second call, a layer; outputs: the last result (of `behind`), the first, a constant."""
    m = ModelBuilder()
    quantized = {"scale": 0.1, "zero_point": 5 + 128 * (dtype == "uint8")}

    def tensor(*shape: int, **more: Any) -> int:
        return m.tensor(shape, dtype, **quantized, **more)

    def layer(x: int, shape: tuple[int, ...]) -> int:
        y = tensor(*shape)
        m.op("RELU6", [x], [y])
        return y

    x = m.input((1, 1, 1, 4), dtype, **quantized)
    first = layer(x, (1, 1, 1, 4))
    held = tensor(1, 3, 1, 4, variable=True)
    m.custom(CIRCULAR, [first], [held], bytes(flexbuffers.Dumps({"cycles_max": 2})))
    last = layer(held, (1, 3, 1, 4))
    if behind == "RESHAPE":
        flat = tensor(1, 12)
        m.op("RESHAPE", [last, m.const(np.array([1, 12], np.int32))], [flat])
        last = flat
    elif behind == "MAXIMUM":  # one operand is there before the buffer, so it might be computed in its place
        more = tensor(1, 3, 1, 4)
        m.op("MAXIMUM", [last, first], [more])
        last = more
    return m.build([last, first, m.const(np.arange(3, dtype=np.int32))])


@pytest.mark.parametrize("behind", ["RESHAPE", "MAXIMUM", "nothing"])
def test_outputs_stay(behind: str) -> None:
    verdict = verify(network(behind=behind), runs=3)
    assert verdict.passed, verdict
    assert verdict.oracle == "tflm", verdict.notes


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
def test_numpy_and_c(dtype: str) -> None:
    """TFLM has no uint8 here."""
    verdict = verify(network(dtype=dtype), oracle="numpy", runs=3)
    assert verdict.passed, verdict


@pytest.mark.parametrize("name", ["two_buffers", "every_third"])
def test_layers_and_a_core(name: str) -> None:
    verdict = verify(MODELS[name], layers=True, runs=2)
    assert verdict.passed, verdict
    assert len(verdict.layers) > 1
    verdict = verify(MODELS[name], on="cortex-m4", runs=2)
    assert verdict.passed, verdict


def test_many_calls_and_reset(runtime_archive: Path) -> None:
    """Every fourth call gives new outputs."""
    compilation = compile(MODELS["two_buffers"], name="model")
    assert "#define MODEL_PERIOD 4" in compilation.files["model.h"]
    reference = Interpreter(compilation.model.graph)
    shape = compilation.graph.inputs[0].shape
    with HostModel(compilation, archive=runtime_archive) as host:
        for calls in (6, 13):
            host.reset()
            reference.reset()
            seen = []
            for call in range(calls):
                x = [np.full(shape, 10 + call, np.int8)]
                found = host.run(x).outputs
                for array, expected in zip(found, reference.run(x), strict=True):
                    np.testing.assert_array_equal(array, expected)
                seen.append(found[0].tobytes())
            changes = [call + 1 for call in range(calls) if seen[call] != (seen[call - 1] if call else bytes(len(seen[0])))]
            assert changes == list(range(4, calls + 1, 4))


def test_no_period_in_other_models() -> None:
    header = compile(MODELS["every_time"], name="model").files["model.h"]
    assert "PERIOD" not in header


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_no_warnings(compiler: str, tmp_path: Path) -> None:
    compile(MODELS["two_buffers"], name="model", self_test=True).write(tmp_path)
    command = [compiler, "-std=c99", "-O2", *STRICT, "-DMODEL_SELFTEST", "-c", "-I.", "-Ikernels", "model.c"]
    subprocess.run([*command, "model_selftest.c"], cwd=tmp_path, check=True)


def buffer(x: tuple[int, ...], y: tuple[int, ...], cycles: int = 2, *, dtype: str = "int8") -> bytes:
    m = ModelBuilder()
    made = m.tensor(y, dtype, variable=True, **Q)
    m.custom(CIRCULAR, [m.input(x, dtype, **Q)], [made], bytes(flexbuffers.Dumps({"cycles_max": cycles})))
    return m.build([made])


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (buffer((1, 2, 1, 3), (1, 4, 1, 3)), r"\[1, 2, 1, 3\] -> \[1, 4, 1, 3\]"),
        (buffer((2, 1, 1, 3), (2, 4, 1, 3)), r"expected \[1,1,w,c\]"),
        (buffer((1, 1, 1, 3), (1, 4, 1, 2)), r"expected \[1,1,w,c\]"),
        (buffer((1, 3), (4, 3)), "one operand"),
        (buffer((1, 1, 2, 96), (1, 4, 2, 96), 0), "cycles_max 0.*guesses"),
        (buffer((1, 1, 1, 3), (1, 4, 1, 3), 2**30), "cycles_max 1073741824"),
        (buffer((1, 1, 1, 3), (1, 4, 1, 3), dtype="int16"), "types x=int16"),
    ],
)
def test_refused(model: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(model)


def test_a_state_that_an_early_end_would_lose() -> None:
    """A variable takes over another one's content: that needs a copy, which stands behind everything."""
    m = ModelBuilder()
    x = m.input((1, 1, 1, 3), "int8", **Q)
    handles = [m.tensor((1,), "resource") for _ in range(2)]
    contents = [m.tensor((1, 1, 1, 3), "int8", **Q) for _ in handles]
    for name, handle, content in zip("st", handles, contents, strict=True):
        m.op("VAR_HANDLE", [], [handle], container="", shared_name=name)
        m.op("READ_VARIABLE", [handle], [content])
    m.op("ASSIGN_VARIABLE", [handles[0], contents[1]], [])
    m.op("ASSIGN_VARIABLE", [handles[1], x], [])
    y = m.tensor((1, 4, 1, 3), "int8", variable=True, **Q)
    m.custom(CIRCULAR, [contents[0]], [y], bytes(flexbuffers.Dumps({"cycles_max": 2})))
    with pytest.raises(CompileError, match="which needs a copy"):
        compile(m.build([y]))

# SPDX-License-Identifier: Apache-2.0
"""Operators over streams of samples: many steps, reset, chains, what is refused. Single ones are in opcases_streams.py."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flatbuffers import flexbuffers
from harness import STRICT
from model_builder import ModelBuilder
from opcases import Case
from opcases_streams import all_cases

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import random_inputs
from tinycc.frontends.tflite.oracle import tflm
from tinycc.interpret import Interpreter
from tinycc.ir import Array
from tinycc.oracles import OracleUnavailable
from tinycc.verification import verify
from tinycc.verification.gaps import Gaps

CASES = [case for cases in all_cases().values() for case in cases]


@pytest.mark.parametrize("case", CASES[::4], ids=[case.id for case in CASES[::4]])
def test_many_steps_and_reset(case: Case, runtime_archive: Path) -> None:
    try:
        oracle = tflm(case.model)
    except OracleUnavailable as error:
        pytest.skip(str(error))
    model = load(case.model)
    numpy, gaps = Interpreter(model.graph), Gaps(model.graph)
    with HostModel(compile(model, name="model"), archive=runtime_archive) as host:
        for steps in (5, 23):
            for stateful in (oracle, host, numpy, gaps):
                stateful.reset()
            for step in range(steps):
                x = random_inputs(model.graph.inputs, steps, step).arrays
                expected, found, again = oracle.run(x), host.run(x).outputs, numpy.run(x)
                written = gaps.find(x, found)
                for value, *arrays in zip(model.graph.outputs, expected, found, again, strict=True):
                    where = written.get(value, np.array(True))
                    for array in arrays[1:]:
                        np.testing.assert_array_equal(np.where(where, array, 0), np.where(where, arrays[0], 0))


def chain(prefill: bool, step: int) -> bytes:
    """Samples -> frames -> their sum again, later; the frames also stacked."""
    m = ModelBuilder()

    def custom(name: str, x: int, outputs: list[int], **options: Any) -> int:
        m.custom(name, [x], outputs, bytes(flexbuffers.Dumps(options)))
        return outputs[0]

    def tensor(*shape: int) -> int:
        return m.tensor(shape, "int16")

    x = m.input((1, 12), "int16")
    valid = [m.tensor((), "bool") for _ in range(2)]
    frames = custom("SignalFramer", x, [tensor(1, 3, 6), valid[0]], frame_size=6, frame_step=4, prefill=prefill)
    total = custom("SignalOverlapAdd", frames, [tensor(1, 12)], T=7, frame_step=4)
    later = custom("SignalDelay", total, [tensor(1, 12)], delay_length=5)
    flat = m.tensor((18,), "int16")
    m.op("RESHAPE", [frames, m.const(np.array([18], np.int32))], [flat])
    context = {"stacker_left_context": 1, "stacker_right_context": 1, "stacker_step": step}
    stack = custom("SignalStacker", flat, [tensor(54), valid[1]], num_channels=18, **context)
    doubled = tensor(54)
    m.op("RESHAPE", [stack, m.const(np.array([54], np.int32))], [doubled])
    return m.build([later, doubled, *valid])


@pytest.mark.parametrize("prefill", [False, True])
@pytest.mark.parametrize("step", [1, 3])
def test_chain(prefill: bool, step: int) -> None:
    verdict = verify(chain(prefill, step), runs=3)
    assert verdict.passed, verdict
    assert all(row.values for row in verdict.outputs)


def test_chain_on_a_core() -> None:
    verdict = verify(chain(True, 2), runs=2, on="cortex-m4")
    assert verdict.passed, verdict


def test_what_follows_from_unwritten_frames_is_not_compared() -> None:
    """Without prefill a frame of the first inference is missing in TFLM; sums and delays carry that on, and then it is over."""
    model = load(chain(False, 1))
    gaps, reference = Gaps(model.graph), Interpreter(model.graph)
    later, _, *valid = model.graph.outputs
    x: list[Array] = [np.ones((1, 12), np.int16)]
    for _ in range(2):
        found = gaps.find(x, reference.run(x))
        assert found[later].tolist() == [[True] * 5 + [False] * 7]
        assert valid[0] not in found
        assert gaps.find(x, reference.run(x))[later].tolist() == [[False] * 7 + [True] * 5]
        assert later not in gaps.find(x, reference.run(x))
        gaps.reset()
        reference.reset()


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_no_warning_for_an_empty_history(compiler: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.id == "SignalDelay-int16-5_by_0")
    compile(case.model, name="model").write(tmp_path)
    command = [compiler, "-std=c99", "-O2", *STRICT, "-c", "-I.", "-Ikernels", "model.c"]
    subprocess.run(command, cwd=tmp_path, check=True)


def one(name: str, shape: tuple[int, ...], outputs: int, dtype: str = "int16", **options: Any) -> bytes:
    m = ModelBuilder()
    made = [m.tensor((), dtype), m.tensor((), "bool")][:outputs]
    m.custom(name, [m.input(shape, dtype)], made, bytes(flexbuffers.Dumps(options)))
    return m.build(made)


def framer(shape: tuple[int, ...] = (8,), dtype: str = "int16", outputs: int = 2, **options: Any) -> bytes:
    given = {"frame_size": 4, "frame_step": 2, "prefill": False} | options
    return one("SignalFramer", shape, outputs, dtype, **given)


def stacker(shape: tuple[int, ...] = (8,), **options: Any) -> bytes:
    given = {"num_channels": 8, "stacker_left_context": 1, "stacker_right_context": 1, "stacker_step": 2} | options
    return one("SignalStacker", shape, 2, **given)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (one("SignalDelay", (4,), 1, delay_length=-1), "delay_length -1"),
        (one("SignalDelay", (4,), 1, delay_length=2**40), "delay_length 1099511627776"),
        (one("SignalDelay", (4, 2**20), 1, delay_length=2**24), "a state int16"),
        (one("SignalDelay", (4,), 1), "no option delay_length"),
        (one("SignalDelay", (), 1, delay_length=1), "at least 1 dimensions"),
        (one("SignalDelay", (4,), 1, "float32", delay_length=1), "types x=float32"),
        (framer(frame_step=3), "frames of 4, 3 apart, of 8 samples"),
        (framer(frame_step=0), "frame_step 0"),
        (framer(frame_size=0), "frame_size 0"),
        (framer(frame_size=2, frame_step=4, prefill=True), "with prefill none longer"),
        (framer(dtype="int8"), "types x=int8"),
        (framer(outputs=1), "found 1 outputs; expected 2"),
        (one("SignalOverlapAdd", (2, 4), 1, frame_step=5), "5 apart"),
        (one("SignalOverlapAdd", (4,), 1, frame_step=2), "at least 2 dimensions"),
        (one("SignalOverlapAdd", (2, 4), 1, "int8", frame_step=2), "types x=int8"),
        (stacker(stacker_step=4), "every 4"),
        (stacker(num_channels=9), "of 9 channels"),
        (stacker((1, 8)), r"input \[1, 8\]"),
        (stacker(stacker_left_context=-1), "stacker_left_context -1"),
        (stacker(stacker_left_context=2**24, num_channels=2), "a state int16"),
    ],
)
def test_refused(model: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(model)

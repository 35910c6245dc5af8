# SPDX-License-Identifier: Apache-2.0
"""float32 operators compiled for cores with a floating-point unit: the kernels are taken, and the results are the oracles'.

Every case of the operators that have such kernels runs on this machine, with the C twins; a network runs on the boards.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from boards import needs
from case_types import all_cases
from conftest import ROOT
from harness import agree_on_all, subject

from tinycc import verify
from tinycc.compiler import compile
from tinycc.frontends.tflite.oracle import litert_ref, tflm

ORACLES = {"tflm": tflm, "litert": litert_ref}
OPERATORS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
UNITS = {"cortex-m4": "tk_fpu_", "cortex-m55": "tk_mve_"}
DIGITS = ROOT / "examples" / "digits" / "digits_float32.tflite"


@pytest.mark.parametrize("target", UNITS)
def test_equals_oracle(target: str, runtime_archive: Path) -> None:
    for package in ("tflite_micro", "ai_edge_litert"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    cases = [case for case in all_cases() if case.op in OPERATORS and case.dtype == "float32"]
    subjects = [
        subject(case.model, partial(ORACLES[case.oracle], case.model), case.oracle, name=f"m{i}", label=case.id, target=target)
        for i, case in enumerate(cases)
    ]
    taken = Counter(step.kernel for item in subjects for step in item.compilation.program.steps)
    for kind in ("gemm", "conv", "depthwise"):
        assert taken[f"{UNITS[target]}{kind}_f32"] >= 2, taken
    agree_on_all(subjects, runtime_archive)


@pytest.mark.parametrize("target", [needs(target) for target in UNITS])
def test_a_network_on_the_board(target: str) -> None:
    kernels = {step.kernel for step in compile(DIGITS, target=target).program.steps}
    assert any(kernel.startswith(UNITS[target]) for kernel in kernels)
    assert verify(DIGITS, on=target, oracle="numpy", runs=2, layers=True).passed

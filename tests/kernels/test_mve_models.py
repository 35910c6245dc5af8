# SPDX-License-Identifier: Apache-2.0
"""Models compiled for Helium: the kernels are taken, and the results are those of the oracles.

Every int8 case of the operators that have such kernels runs on this machine, with the C twins; networks run on the board.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from boards import DIGITS, needs
from case_types import all_cases
from harness import agree_on_all, subject
from opcases import Case

from tinycc import verify
from tinycc.compiler import compile
from tinycc.frontends.tflite.oracle import litert_ref, tflm

ORACLES = {"tflm": tflm, "litert": litert_ref}
OPERATORS = (
    *("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "SUB", "AVERAGE_POOL_2D", "MAX_POOL_2D"),
    *("SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM"),
)
TARGET = "cortex-m55"


def cases(op: str) -> Iterator[Case]:
    return (case for case in all_cases() if case.op == op and case.dtype in ("int8", "uint8"))


@pytest.mark.parametrize("op", OPERATORS)
def test_equals_oracle(op: str, runtime_archive: Path) -> None:
    for package in ("tflite_micro", "ai_edge_litert"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    subjects = [
        subject(case.model, partial(ORACLES[case.oracle], case.model), case.oracle, name=f"m{i}", label=case.id, target=TARGET)
        for i, case in enumerate(cases(op))
    ]
    taken = Counter(step.kernel for item in subjects for step in item.compilation.program.steps)
    mine = sum(count for kernel, count in taken.items() if kernel.startswith("tk_mve_"))
    assert mine >= 6, taken
    agree_on_all(subjects, runtime_archive)


@pytest.mark.parametrize("target", [needs(TARGET)])
def test_a_network_on_the_board(target: str) -> None:
    kernels = {step.kernel for step in compile(DIGITS, target=target).program.steps}
    assert any(kernel.startswith("tk_mve_") for kernel in kernels)
    assert verify(DIGITS, on=target, oracle="numpy", runs=2, layers=True).passed


@pytest.mark.parametrize("target", [needs(TARGET)])
def test_cmake_assembles(target: str, tmp_path: Path) -> None:
    """The library that CMake makes with a cross compiler has the assembly in it, and asks for nothing that the folder lacks."""
    if shutil.which("cmake") is None:
        pytest.skip("not installed: cmake")
    compile(DIGITS, tmp_path, name="net", target=target)
    core = "-mthumb -mcpu=cortex-m55 -mfloat-abi=hard"
    tools = {"C_COMPILER": "arm-none-eabi-gcc", "ASM_COMPILER": "arm-none-eabi-gcc", "C_FLAGS": core, "ASM_FLAGS": core}
    settings = {"SYSTEM_NAME": "Generic", "TRY_COMPILE_TARGET_TYPE": "STATIC_LIBRARY", **tools}
    options = [f"-DCMAKE_{name}={value}" for name, value in settings.items()]
    for command in (["cmake", "-S", ".", "-B", "build", *options], ["cmake", "--build", "build", "--target", "net"]):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    listed = subprocess.run(["arm-none-eabi-nm", "build/libnet.a"], cwd=tmp_path, check=True, capture_output=True, text=True)
    symbols = [line.split()[-2:] for line in listed.stdout.splitlines() if " " in line]
    defined = {name for kind, name in symbols if kind in "TtRrDdBb"}
    wanted = {name for kind, name in symbols if kind == "U" and name.startswith(("tk_", "arm_"))}
    assert any(name.startswith("tk_mve_") for name in defined)
    assert wanted <= defined

# SPDX-License-Identifier: Apache-2.0
"""Examples from a sensor to a decision: as their READMEs run them, and on an emulated Cortex-M4, with the same words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from board_programs import printed_on_m4
from boards import absent
from conftest import ROOT
from emitted import SENSOR_EXAMPLES
from harness import STRICT

from tinycc.compiler import compile

FOLDER = ROOT / "examples"
LARGEST = 310_000
"""Bytes of a file that the repository holds for an example."""


def expected(task: str) -> str:
    return (FOLDER / task / "expected.txt").read_text(encoding="ascii")


@pytest.mark.parametrize("task", SENSOR_EXAMPLES)
def test_as_the_readme_says(task: str, tmp_path: Path) -> None:
    readme = (FOLDER / task / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    (block,) = (text for language, text in blocks if language == "sh")
    for language, shown in blocks:
        assert language == "sh" or "->" in shown or shown in expected(task), "what it prints"
    (tmp_path / "examples").symlink_to(FOLDER)
    script = tmp_path / "bin" / "tinycc"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tinycc "$@"\n')
    script.chmod(0o755)
    environment = {**os.environ, "PATH": f"{script.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-ec", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == expected(task)


@pytest.mark.skipif(bool(absent("cortex-m4")), reason=f"not installed: {absent('cortex-m4')}")
@pytest.mark.parametrize("task", SENSOR_EXAMPLES)
def test_in_the_emulator(task: str, tmp_path: Path) -> None:
    sources, flags = [], [*STRICT, f"-I{FOLDER / task}"]
    for model in sorted((FOLDER / task).glob("*.tflite")):
        made = compile(model, tmp_path / model.stem, target="cortex-m4")
        flags += [f"-I{model.stem}/{part}" for part in (".", "kernels", "cmsis_nn")]
        sources += [tmp_path / model.stem / path for path in made.sources]
    once = {path.name: path for path in sources}  # kernels that both have
    assert printed_on_m4(tmp_path, [*once.values(), *sorted((FOLDER / task).glob("*.c"))], flags) == expected(task)


def test_files_are_small() -> None:
    found = {str(path.relative_to(ROOT)): path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()}
    assert {path: size for path, size in found.items() if size > LARGEST} == {}

# SPDX-License-Identifier: Apache-2.0
"""Every example as its README runs it: the generated C with the example's main.c, over the real test set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from emitted import EXAMPLES, SENSOR_EXAMPLES, run, tool
from harness import STRICT


@pytest.mark.parametrize("dtype", ["int8", "float32"])
@pytest.mark.parametrize("task", EXAMPLES)
def test_counts_what_tflite_micro_counts(task: str, dtype: str, tmp_path: Path) -> None:
    source = ROOT / "examples" / task
    model, out = source / f"{task}_{dtype}.tflite", tmp_path / "out"
    command = [sys.executable, "-m", "tinycc", str(model), "-o", str(out), "--name", task, "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True)
    sources = [str(path) for path in sorted(out.rglob("*.c")) if path.name != "example_main.c"]
    includes = [f"-I{path}" for path in (source, out, out / "kernels", out / "cmsis_nn")]
    flags = ["-std=c99", "-O2", *STRICT, *includes]
    run([tool("gcc"), *flags, str(source / "main.c"), *sources, "-lm", "-o", "example"], tmp_path)
    printed = run(["./example"], tmp_path).stdout.decode().splitlines()

    expected = json.loads((source / "expected.json").read_text())
    answers = expected["models"][model.name]["runtimes"]["tflite_micro"]
    correct, rows = answers["correct"], expected["rows"]
    assert printed[-1] == f"correct: {correct} of {rows} ({100 * correct / rows:.2f} %)"
    first = [int(line.split("predicted ")[1].split()[0]) for line in printed if line.startswith("row ")]
    assert first == answers["first_predictions"]


def test_a_camera_pushes_its_lines_into_the_network(tmp_path: Path) -> None:
    """Without a frame in memory, frames given up half way now and then, the count is that of whole images."""
    source, out = ROOT / "examples" / "digits", tmp_path / "out"
    model = source / "digits_int8.tflite"
    command = [sys.executable, "-m", "tinycc", str(model), "-o", str(out), "--name", "digits", "--quiet"]
    subprocess.run([*command, "--optimize", "ram", "--stream-input"], cwd=ROOT, check=True)
    sources = [str(path) for path in sorted(out.rglob("*.c")) if path.name != "example_main.c"]
    includes = [f"-I{path}" for path in (source, out, out / "kernels", out / "cmsis_nn")]
    flags = ["-std=c99", "-O2", *STRICT, *includes]
    run([tool("gcc"), *flags, str(source / "camera.c"), *sources, "-lm", "-o", "camera"], tmp_path)
    printed = run(["./camera"], tmp_path).stdout.decode()
    answers = json.loads((source / "expected.json").read_text())["models"][model.name]["runtimes"]["tflite_micro"]
    assert printed.startswith(f"correct: {answers['correct']} of 540, ")


def test_every_example_is_tested() -> None:
    assert {path.parent.name for path in (ROOT / "examples").glob("*/main.c")} == {*EXAMPLES, *SENSOR_EXAMPLES}

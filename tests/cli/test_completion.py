# SPDX-License-Identifier: Apache-2.0
"""What the shell is told when the tab key is pressed, and the scripts that ask."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import ROOT

START = "import sys; from tinycc.cli import main; sys.argv[0] = 'tinycc'; main()"


def told(*words: str) -> list[str]:
    """(type, value) of each completion of the last word, in the protocol of bash."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_TINYCC_COMPLETE": "bash_complete"}
    environment |= {"COMP_WORDS": " ".join(("tinycc", *words)), "COMP_CWORD": str(len(words))}
    command = [sys.executable, "-c", START]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert not result.stderr
    return result.stdout.split()


COMPLETIONS = [
    (("ver",), "plain,verify"),
    (("mod",), "file,mod"),
    (("verify", "mod"), "file,mod"),
    (("compile", "m.tflite", "-o", "ou"), "dir,ou"),
    (("compile", "m.tflite", "--target", "cortex-m5"), "plain,cortex-m55"),
    (("compile", "m.tflite", "--target", "m8"), "plain,m85"),
    (("bench", "m.tflite", "--on", "m4,cortex-m5"), "plain,m4,cortex-m55"),
    (("verify", "m.tflite", "--on", "rv"), "plain,rv32imc"),
    (("verify", "m.tflite", "--inputs", "in"), "file,in"),
    (("quan",), "plain,quantize"),
    (("quantize", "m.onnx", "--calibration", "da"), "file,da"),
    (("quantize", "m.onnx", "--calibration", "d.npz", "-o", "ou"), "file,ou"),
]


@pytest.mark.parametrize(("words", "expected"), COMPLETIONS, ids=lambda value: str(value)[:40])
def test_completions(words: tuple[str, ...], expected: str) -> None:
    found = told(*words)
    assert expected in found
    assert len(found) < 5, "those that begin with the word alone"


def test_a_core_is_named_once() -> None:
    assert "plain,cortex-m4,cortex-m4" not in told("bench", "m.tflite", "--on", "cortex-m4,cortex-m4")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_TINYCC_COMPLETE": f"{shell}_source"}
    result = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "_tinycc_completion" in result.stdout

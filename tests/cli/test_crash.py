# SPDX-License-Identifier: Apache-2.0
"""When something goes wrong inside: one message that asks for a report, exit status 70, no traceback without --debug."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from refusals import good

import tinycc
from tinycc import cli

BROKEN = """
import sys
from tinycc import cli, ir
import tinycc.compiler
def broken(graph):
    raise ir.InvalidGraphError("op 3 is read before it is made")
tinycc.compiler.check = broken
sys.argv = ["tinycc", *sys.argv[1:]]
cli.main()
"""


def run(tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "model.tflite"
    path.write_bytes(good())
    command = [sys.executable, "-c", BROKEN, "compile", str(path), "-o", str(tmp_path / "out"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_one_message_that_makes_a_report(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.returncode == 70
    assert "Traceback" not in result.stderr
    assert "internal error: InvalidGraphError: op 3 is read before it is made at " in result.stderr
    assert f"defect of tinycc {tinycc.__version__}" in result.stderr
    assert f"model.tflite: sha256 {hashlib.sha256(good()).hexdigest()}" in result.stderr
    assert str(tmp_path) not in result.stderr
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    result = run(tmp_path, "--debug")
    assert "Traceback" in result.stderr
    assert "InvalidGraphError" in result.stderr


def test_debug_changes_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(good())
    monkeypatch.setattr(sys, "argv", ["tinycc", str(path), "-o", str(tmp_path / "out"), "--debug", "--quiet"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert (tmp_path / "out" / "model.c").is_file()

# SPDX-License-Identifier: Apache-2.0
"""When something goes wrong inside: one message that asks for a report, exit status 70, no traceback without --debug."""

from __future__ import annotations

import hashlib
import os
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


@pytest.mark.parametrize(
    ("module", "package", "arguments"),
    [
        ("click", "click", ["--help"]),
        ("jinja2", "jinja2", ["compile", "model.tflite", "-o", "out"]),
        ("google", "protobuf", ["compile", "model.onnx", "-o", "out"]),
        ("elftools", "pyelftools", ["bench", "model.tflite", "--on", "cortex-m4"]),
    ],
)
def test_a_package_that_is_missing_is_named(module: str, package: str, arguments: list[str], tmp_path: Path) -> None:
    """As on a machine where pip was told --no-deps: one line with what to install, no request for a report."""
    (tmp_path / "model.tflite").write_bytes(good())
    (tmp_path / "model.onnx").write_bytes(b"\x08\x09\x12\x01x")
    without = f"import sys; sys.modules['{module}'] = None; from tinycc.__main__ import main; main()"
    command = [sys.executable, "-c", without, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(tinycc.__file__).parents[1])}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.stderr == (
        f"tinycc: error: Python: found no package {package}; expected all that tinycc needs to be installed."
        f" pip install {package}\n"
    )
    assert result.returncode == 2
    assert not (tmp_path / "out").exists()

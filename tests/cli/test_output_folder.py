# SPDX-License-Identifier: Apache-2.0
"""Output folders that hold something already: another model, an earlier compile, files of others."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from tinycc.codegen.files import workspace
from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.packages.layout import write_package

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_float32.tflite"


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("listed", [True, False])
def test_a_second_model_in_a_folder_is_refused(tmp_path: Path, listed: bool) -> None:
    """Also where a tinycc wrote it that kept no list."""
    out = tmp_path / "out"
    compile(DIGITS, out)
    if not listed:
        (out / ".tinycc.json").unlink()
    before = tree(out)
    with pytest.raises(CompileError, match=r"the C of another model, digits_int8; .*--replace"):
        compile(WINE, out)
    assert tree(out) == before
    compile(DIGITS, out, target="cortex-m4")


@pytest.mark.parametrize("others", [False, True])
def test_replacing_a_model_takes_all_of_its_files(tmp_path: Path, others: bool) -> None:
    """And none of anybody else's, nor what somebody changed."""
    out, alone = tmp_path / "out", tmp_path / "alone"
    compile(DIGITS, out)
    kept = set()
    if others:
        (out / "kernels").mkdir(exist_ok=True)
        (out / "kernels" / "mine.c").write_text("mine")
        (out / "digits_int8.c").write_text("/* tinycc */ changed")
        kept = {"kernels/mine.c", "digits_int8.c"}
    compilation = compile(WINE, alone)
    compilation.write(out, replace=True)
    assert paths(out) == paths(alone) | kept


def test_stale_files_of_the_same_model_go(tmp_path: Path) -> None:
    out = tmp_path / "out"
    compile(DIGITS, out, target="cortex-m55", self_test=True)
    (out / "mine.c").write_text("mine")
    compile(DIGITS, out)
    compile(DIGITS, tmp_path / "alone")
    assert paths(out) == paths(tmp_path / "alone") | {"mine.c"}
    assert (out / "mine.c").read_text() == "mine"


def test_packages_of_one_model_share_a_folder(tmp_path: Path) -> None:
    compilation = compile(DIGITS)
    for kind in ("zephyr", "arduino"):
        write_package([compilation], [kind], tmp_path / "both")
        write_package([compilation], [kind], tmp_path / kind)
    assert paths(tmp_path / "both") == paths(tmp_path / "zephyr") | paths(tmp_path / "arduino")
    with pytest.raises(CompileError, match="the C of another model"):
        write_package([compile(WINE)], ["zephyr"], tmp_path / "both")


@pytest.mark.parametrize("path", ["../outside.c", "/etc/outside.c"])
def test_a_list_leads_nowhere_else(tmp_path: Path, path: str) -> None:
    """Nobody's files go because a list in the folder says so."""
    outside = tmp_path / "outside.c"
    outside.write_text("mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    (tmp_path / "out").mkdir()
    listed = {"model": "digits_int8", "parts": {"": {path: digest}}}
    (tmp_path / "out" / ".tinycc.json").write_text(json.dumps(listed))
    compile(DIGITS, tmp_path / "out")
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": 1}', '{"model": "digits_int8", "parts": {"": 3}}', "\0"])
def test_a_damaged_list(tmp_path: Path, content: str) -> None:
    (tmp_path / ".tinycc.json").write_text(content)
    compile(DIGITS, tmp_path)
    assert json.loads((tmp_path / ".tinycc.json").read_text())["model"] == "digits_int8"


def test_work_of_killed_processes_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one sees to it; what a living process works in stays."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    code = "import os, sys; from tinycc.codegen.files import workspace\nwith workspace(): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with workspace() as mine, workspace() as other:
        assert mine.is_dir()
        assert other.is_dir()
        assert len(list(tmp_path.iterdir())) == 2
    assert not list(tmp_path.iterdir())

# SPDX-License-Identifier: Apache-2.0
"""Every command that the documentation shows is run, page by page, each page in a folder of its own; and the site builds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if BLOCK.search(path.read_text(encoding="utf-8"))]
TOOLS = {
    "bench": "qemu-system-arm",
    "prove": "frama-c",
    "build-arm": "arm-none-eabi-gcc",
    "avr": "simavr",
    "lx106": "xtensa-lx106-elf-gcc",
}
"""What a command needs, by a word in it."""


def commands(path: Path) -> list[str]:
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def environment(folder: Path) -> dict[str, str]:
    """In which `tinycc` is the one of this repository, run in `folder`, where the examples are."""
    (folder / "examples").symlink_to(ROOT / "examples")
    bin_folder = folder / ".bin"
    bin_folder.mkdir()
    script = bin_folder / "tinycc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tinycc "$@"\n')
    script.chmod(0o755)
    return {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def run(command: str, folder: Path, names: dict[str, str]) -> str:
    """What it prints."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=names, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_commands_work(page: Path, tmp_path: Path) -> None:
    names = environment(tmp_path)
    found = commands(page)
    assert found
    for command in found:
        missing = [tool for word, tool in TOOLS.items() if word in command and not shutil.which(tool)]
        first = command.split()[0]
        if missing or (not first.startswith(".") and first != "tinycc" and not shutil.which(first)):
            continue
        run(command, tmp_path, names)


def test_the_first_command_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """All of it but the installation."""
    pytest.importorskip("tflite_micro")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first = re.search(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    shown = re.search(r"^The first prints:\n\n```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert first is not None
    assert shown is not None
    steps = [step for step in first[1].strip().split(" && ") if step.startswith("tinycc")]
    assert len(steps) == 2
    assert run(" && ".join(steps), tmp_path, environment(tmp_path)) == shown[1]


def test_links_lead_somewhere() -> None:
    for path in (*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"


def test_the_site_builds(tmp_path: Path) -> None:
    """Without a warning: every page is in a table of contents, every reference is found."""
    pytest.importorskip("myst_parser")
    pytest.importorskip("furo")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(DOCS), str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "start" / "zephyr.html").is_file()

# SPDX-License-Identifier: Apache-2.0
"""A library that was built for something else is told as that."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

from tinycc.compiler import compile
from tinycc.device.build import build
from tinycc.errors import CompileError
from tinycc.provider import parse_provider, with_library
from tinycc.target import TARGETS

MODEL = ROOT / "examples" / "digits" / "digits_int8.tflite"
pytestmark = pytest.mark.skipif(shutil.which("arm-none-eabi-gcc") is None, reason="no cross compiler")

ARM = ("arm-none-eabi-gcc", "-mthumb")
LIBRARIES = {
    "soft": ((*ARM, "-mcpu=cortex-m4", "-mfloat-abi=soft"), "uses VFP register arguments"),
    "m55": ((*ARM, "-mcpu=cortex-m55", "-mfloat-abi=hard"), "built for another core than cortex-m4"),
    "host": (("gcc",), "file format not recognized"),
}
CORES = {"cortex-m4": ("-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"), "cortex-m0": ("-mcpu=cortex-m0",)}


def library(folder: Path, command: tuple[str, ...], core: str = "cortex-m4") -> tuple[str, str]:
    """A library that has what the model calls, and its headers."""
    names = [name for name in compile(MODEL, target=core, provider="cmsis-nn").symbols if name.startswith("arm_")]
    functions = "\n".join(f"int {name}(void) {{ return 0; }}" for name in sorted(names))
    (folder / "a.c").write_text(f"{functions}\nfloat used(float a) {{ return a * 2.0f; }}\n")
    subprocess.run([*command, "-c", "a.c", "-o", "a.o"], cwd=folder, check=True)
    subprocess.run(["ar", "rcs", "liba.a", "a.o"], cwd=folder, check=True)
    shutil.copytree(ROOT / "runtime" / "cmsis_nn", folder / "include")
    return str(folder / "include"), str(folder / "liba.a")


def built(folder: Path, core: str, include: str, path: str) -> None:
    provider = with_library(parse_provider("cmsis-nn"), include, path)
    (folder / "build").mkdir()
    build(compile(MODEL, target=core, provider=provider), TARGETS[core], folder / "build")


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_for_something_else(tmp_path: Path, name: str) -> None:
    command, said = LIBRARIES[name]
    include, path = library(tmp_path, command)
    with pytest.raises(CompileError) as caught:
        built(tmp_path, "cortex-m4", include, path)
    assert said in str(caught.value)
    assert "-mcpu=cortex-m4 -mfloat-abi=hard" in str(caught.value)
    assert "version" not in str(caught.value)


@pytest.mark.parametrize("core", CORES)
def test_a_library_for_the_core(tmp_path: Path, core: str) -> None:
    include, path = library(tmp_path, (*ARM, *CORES[core]), core)
    built(tmp_path, core, include, path)

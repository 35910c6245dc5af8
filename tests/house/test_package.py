# SPDX-License-Identifier: Apache-2.0
"""The wheel: what is in it, what it needs, and that it works where there is no checkout."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from emitted import run

PROJECT = (ROOT / "pyproject.toml").read_text()
DISTRIBUTIONS = {
    "cyclonedx": "cyclonedx-python-lib",
    "packageurl": "packageurl-python",
    **{"elftools": "pyelftools", "google": "protobuf"},
    **{"ai_edge_litert": "ai-edge-litert", "tflite_micro": "tflite-micro"},
}
"""Module -> distribution, where they differ."""


def built(source: Path, folder: Path) -> Path:
    """The wheel of a checkout; skipped where the build backend cannot be fetched."""
    command = [sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", "-w", str(folder), "-q"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode and re.search(
        r"No matching distribution found for hatchling|connection|No module named pip", result.stderr
    ):
        pytest.skip(f"the build backend cannot be fetched: {result.stderr.strip().splitlines()[-1]}")
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is in the checkout."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), str(wheel)], folder)
    return folder


def files_below(folder: str) -> list[str]:
    paths = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [path.relative_to(ROOT / folder).as_posix() for path in paths]


def test_wheels_are_reproducible(wheel: Path, tmp_path: Path) -> None:
    """The same bytes from another place, of files with other times."""
    copy = tmp_path / "copy"
    ignored = shutil.ignore_patterns(".git", "build", "__pycache__", ".*_cache", "tests", "*.onnx")
    shutil.copytree(ROOT, copy, ignore=ignored, copy_function=shutil.copy)
    assert built(copy, tmp_path).read_bytes() == wheel.read_bytes()


def test_nothing_asks_the_network(tmp_path: Path) -> None:
    """Compile, verify and report, in an interpreter that ends when an address is looked up or connected to."""
    code = """
import os, sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        os.write(2, f"the network was asked: {event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(refuse)
from tinycc.cli import main
main()
"""
    model = str(ROOT / "examples" / "wine" / "wine_int8.tflite")
    for arguments in (
        ["compile", model, "-o", "out"],
        ["verify", model, "--runs", "1"],
        ["report", model, "-o", "report.html"],
    ):
        run([sys.executable, "-c", code, *arguments], tmp_path)


def test_wheel_holds_the_package_and_its_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    metadata = f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info"
    wanted = {f"tinycc/{path}" for path in files_below("tinycc")}
    wanted |= {f"tinycc/_data/{data}/{path}" for data in ("templates", "runtime") for path in files_below(data)}
    assert wanted <= names
    assert {name for name in names - wanted if not name.startswith(f"{metadata}/")} == set(), "examples or tests, say"
    assert f"{metadata}/licenses/LICENSE" in names


def test_installed_package_compiles_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    """Same output as the checkout; templates and runtime are the installed ones."""
    model = ROOT / "examples" / "digits" / "digits_int8.tflite"
    for place, out in ((installed, "installed"), (ROOT, "checkout")):
        environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1"}
        command = [sys.executable, "-m", "tinycc", str(model), "-o", out, "--quiet"]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    found, expected = (
        {path.relative_to(tmp_path / out): path.read_bytes() for path in (tmp_path / out).rglob("*") if path.is_file()}
        for out in ("installed", "checkout")
    )
    assert found == expected
    code = "from tinycc.data import data_path; print(data_path('templates'), data_path('runtime'))"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    places = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    data = installed / "tinycc" / "_data"
    assert places.stdout.split() == [str(data / "templates"), str(data / "runtime")]


def imports(folder: Path) -> dict[str, Path]:
    """Top-level module that a package imports -> one file that does."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        if path.parent.name == "models":  # what made a test's models; it says itself what it needs
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update({alias.name.split(".")[0]: path for alias in node.names})
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module.split(".")[0]] = path
    return {module: path for module, path in found.items() if module not in sys.stdlib_module_names}


def requirements() -> set[str]:
    """Names of the distributions in pyproject.toml's dependencies, the optional ones too."""
    optional = PROJECT.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    required = re.search(r"^dependencies = \[(.*?)^\]", PROJECT, re.MULTILINE | re.DOTALL)
    assert required
    return {re.split(r"[\[<>=!~; ]", item)[0] for item in re.findall(r'^\s+"(.*)",?$', required[1] + optional, re.MULTILINE)}


@pytest.mark.parametrize("folder", ["tinycc", "tests", "benchmarks"])
def test_dependencies_cover_the_imports(folder: str) -> None:
    own = {"tinycc", "benchmarks", "examples", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    listed = requirements()
    missing = {m: str(p) for m, p in imports(ROOT / folder).items() if m not in own and DISTRIBUTIONS.get(m, m) not in listed}
    assert not missing


def test_compiling_needs_no_oracle() -> None:
    """The packages of the extra `verify` are loaded only where they are used."""
    code = "import sys, tinycc.cli, tinycc.compiler; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"ai_edge_litert", "tflite_micro", "tensorflow", "onnx", "cffi", "elftools", "networkx"} & set(
        loaded.stdout.split()
    )

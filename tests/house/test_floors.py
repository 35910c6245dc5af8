# SPDX-License-Identifier: Apache-2.0
"""The floors of the house: a package imports only from those below it, so there are no cycles between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "tinycc"

FLOORS = (
    ("errors", "data", "preferences", "apart"),
    ("ir", "target", "runtime"),
    ("numerics", "provider", "sections", "interpret", "oracles", "program", "frontends.files"),
    ("ops", "options", "plan"),
    ("analysis", "defects"),
    ("passes",),
    ("frontends.onnx", "frontends.tflite"),
    ("frontends",),
    ("kernels",),
    ("schedule",),
    ("lowering",),
    ("arrange",),
    ("codegen",),
    ("ports",),
    ("summary",),
    ("compiler",),
    ("model_cost",),
    ("execution",),
    ("device",),
    ("proof",),
    ("verification", "footprint"),
    ("batch", "budget", "crash", "explore", "quantize", "update"),
    ("shrink",),
    ("packages", "report"),
    ("provenance",),
    ("cli",),
)
"""From the ground up. Packages on one floor do not know each other. A format's folder is a package of its own."""
FORMATS = "frontends"
ROOF = ("__init__", "__main__")
"""The library's front door, which opens its rooms when they are asked for, and the command's."""
HEIGHT = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}


def package(module: str) -> str:
    """The package of a module below tinycc, such as "ops.base"."""
    first, *rest = module.split(".")
    return f"{first}.{rest[0]}" if first == FORMATS and rest else first


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts), path


def imported(path: Path) -> Iterator[str]:
    """The modules of tinycc that a file imports anywhere, in functions and for types alone, too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            found = [node.module or ""]
            if node.module == "tinycc":
                found = [] if [alias.name for alias in node.names] == ["__version__"] else ["tinycc.__init__"]
        yield from (name.removeprefix("tinycc.") for name in found if name.split(".")[0] == "tinycc")


IMPORTS = [(module, other) for module, path in modules() if module not in ROOF for other in imported(path)]


def test_every_package_has_its_floor() -> None:
    found = {package(module) for module, _ in modules() if module not in ROOF}
    assert found == set(HEIGHT), "what is new gets a floor in this table, what is gone leaves it"


@pytest.mark.parametrize("name", sorted(HEIGHT))
def test_imports_lead_down(name: str) -> None:
    up = {
        f"{module} -> {other}"
        for module, other in IMPORTS
        if package(module) == name != package(other) and HEIGHT.get(package(other), len(FLOORS)) >= HEIGHT[name]
    }
    assert not up


def test_operators_hold_semantics_alone() -> None:
    """No word of a file format, of kernels and their calls, or of a target."""
    allowed = {"errors", "ir", "numerics", "interpret", "ops"}
    assert {package(other) for module, other in IMPORTS if package(module) == "ops"} <= allowed


def test_contributing_draws_the_floors() -> None:
    """A line a floor, the roof first, what a floor is for behind the names."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Floors")[1].split("```")[1]
    drawn = [set(re.split(r"\s{6,}", line.strip())[0].split()) for line in text.strip("\n").splitlines()]
    assert drawn == [set(packages) for packages in reversed(FLOORS)]

# SPDX-License-Identifier: Apache-2.0
"""Small files and small functions: a file over 400 lines says why in its docstring ("Long: ..."), a function has 60 at most,
but for those that are tables of cases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from conftest import ROOT

FILE, FUNCTION = 400, 60
FILES = sorted(path for folder in ("tinycc", "benchmarks", "tests", "examples") for path in (ROOT / folder).rglob("*.py"))


def complaints(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    lines = text.count("\n")
    if lines > FILE and not re.search(r"^Long[:,] \w", ast.get_docstring(tree) or "", re.MULTILINE):
        yield f"{lines} lines, and no reason in the docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield f"{node.name} has {length} lines"


@pytest.mark.parametrize("folder", ["tinycc", "benchmarks", "tests", "examples"])
def test_sizes(folder: str) -> None:
    paths = [path for path in FILES if path.is_relative_to(ROOT / folder)]
    found = {str(path.relative_to(ROOT)): list(complaints(path.read_text(encoding="utf-8"))) for path in paths}
    tables = [path for path in found if path.startswith("tests/cases/")]
    for path in tables:
        found[path] = [said for said in found[path] if "docstring" in said]
    assert not {path: said for path, said in found.items() if said}


def test_what_is_too_long_is_found() -> None:
    function = "def f():\n" + "    pass\n" * FUNCTION
    assert list(complaints(function)) == ["f has 61 lines"]
    assert list(complaints('"""Text."""\n' + "a = 1\n" * FILE)) == ["401 lines, and no reason in the docstring"]
    assert not list(complaints('"""Text.\n\nLong: a table.\n"""\n' + "a = 1\n" * FILE))

# SPDX-License-Identifier: Apache-2.0
"""The checks that CONTRIBUTING.md names: types, lint, format, and documentation that is generated."""

from __future__ import annotations

import subprocess
import sys

import pytest
from case_types import counted
from conftest import ROOT

from tinycc.ops.base import operators, paragraphs
from tinycc.report.cases import PATH, rendered
from tinycc.report.operators import operators_markdown


@pytest.mark.parametrize("command", ["mypy", "ruff check .", "ruff format --check ."])
def test_tool_is_content(command: str) -> None:
    result = subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_cases_are_counted() -> None:
    """The page says which runtime settles what, and by how many cases."""
    assert PATH.read_text(encoding="utf-8") == rendered(counted()), "run: python -m benchmarks cases"


def test_operators_page_is_current() -> None:
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert page == operators_markdown(), "run: python -m benchmarks cases"


@pytest.mark.parametrize("cls", operators(), ids=lambda cls: cls.__name__)
def test_operator_is_documented(cls: type) -> None:
    """A formula, and a requirement for each condition: the documentation is made of them."""
    assert (cls.__doc__ or "").strip()
    assert not (cls.__doc__ or "").startswith(f"{cls.__name__}(")
    for condition in cls.conditions:  # type: ignore[attr-defined]
        assert paragraphs(condition)[0]

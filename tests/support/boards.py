# SPDX-License-Identifier: Apache-2.0
"""Which targets this machine has the tools of."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from conftest import ROOT

from tinycc.target import TARGETS

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


def absent(target: str) -> str:
    """The tools that a target needs and this machine lacks."""
    row = TARGETS[target]
    assert row.architecture is not None
    return ", ".join(name for name in (row.compilers[0].name, row.architecture.emulator) if not shutil.which(name))


def needs(target: str) -> Any:
    return pytest.param(target, marks=pytest.mark.skipif(bool(absent(target)), reason=f"not installed: {absent(target)}"))

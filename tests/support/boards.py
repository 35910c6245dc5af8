# SPDX-License-Identifier: Apache-2.0
"""Which targets this machine has the tools of."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from tinycc.target import SIMAVR, TARGETS

HEADER = Path("/usr/include/simavr/sim_avr.h")
DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


def absent(target: str) -> str:
    """The tools that a target needs and this machine lacks."""
    row = TARGETS[target]
    assert row.architecture is not None
    tools = [name for name in (row.compilers[0].name, row.architecture.emulator) if not shutil.which(name)]
    if row.architecture.emulator == SIMAVR and not HEADER.exists():
        tools.append("libsimavr-dev")
    return ", ".join(tools)


def needs(target: str) -> Any:
    return pytest.param(target, marks=pytest.mark.skipif(bool(absent(target)), reason=f"not installed: {absent(target)}"))

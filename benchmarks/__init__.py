# SPDX-License-Identifier: Apache-2.0
"""Measurements with their own commands: `python -m benchmarks --help`. None of them is a test."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"


def use_test_code() -> None:
    """Let commands import what the tests share, and their tables of cases, by plain names."""
    sys.path[:0] = [str(TESTS / "support"), str(TESTS / "cases")]

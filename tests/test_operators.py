# SPDX-License-Identifier: Apache-2.0
"""Every operator over its edge cases: numpy semantics = C = reference runtime."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from harness import agree
from opcases import Case

from tinycc.verification.oracle import OracleUnavailable, litert, tflm

TABLES = sorted(path.stem for path in Path(__file__).parent.glob("opcases*.py"))
CASES = [case for table in TABLES for cases in importlib.import_module(table).all_cases().values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_equals_oracle(case: Case, runtime_archive: Path) -> None:
    """Against TFLM, or LiteRT where TFLM lacks the operator."""
    try:
        oracle = {"tflm": tflm, "litert": litert}[case.oracle](case.model)
    except OracleUnavailable as error:
        pytest.skip(f"{case.oracle}: {error}")
    agree(case.model, oracle, runtime_archive, match=case.oracle)

# SPDX-License-Identifier: Apache-2.0
"""Every node test of the package onnx: none is wrong, and what the record has as passed passes.

`python -m benchmarks onnx --nodes` writes the record and its page.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from benchmarks.onnx_node_table import PAGE, page, read_record
from benchmarks.onnx_nodes import batches, node_cases, run_cases

PARTS = 38
"""Batches of cases."""
PASSING = 1467
"""Of the cases with the types of microcontrollers, at least."""
RECORDED = "1.23"
"""The version of the package whose cases the record has."""

pytestmark = pytest.mark.skipif(not onnx.__version__.startswith(RECORDED), reason=f"the record is of onnx {RECORDED}")


def test_the_record_is_of_all_cases() -> None:
    """As many as were counted, and none of them wrong; the page says the same."""
    record, cases = read_record(), node_cases()
    assert len(batches(cases)) == PARTS
    assert (len(cases), sum(case.common for case in cases)) == (1814, 1497)
    assert {entry["outcome"] for entry in record.values() if "outcome" in entry} == {"refused"}
    assert sum(case.common and "outcome" not in record.get(case.name, {}) for case in cases) >= PASSING
    assert PAGE.read_text(encoding="utf-8") == page(record), "run: python -m benchmarks onnx --nodes"


@pytest.mark.parametrize("part", range(PARTS))
def test_node_cases(part: int, runtime_archive: Path) -> None:
    cases = batches(node_cases())[part]
    record = read_record()
    for verdict in run_cases(cases, runtime_archive):
        known = record.get(verdict.name, {}).get("outcome", "passed")
        assert verdict.outcome in {"passed", known}, f"{verdict.kind} {verdict.name}: {verdict.outcome}: {verdict.reason}"

# SPDX-License-Identifier: Apache-2.0
"""A sample of the corpus of exported models against its golden outputs (`python -m benchmarks onnx` runs all of it)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.onnx import ONNX_CORPUS, Entry, read_exports, try_entry

EVERY = 8
"""Of how many models one is taken."""


def sample() -> dict[str, Entry]:
    if not (ONNX_CORPUS / "manifest.json").is_file():
        return {}
    return {entry.name: entry for entry in list(read_exports(ONNX_CORPUS))[::EVERY]}


@pytest.mark.parametrize("name", sample() or ["none"])
def test_golden(name: str, runtime_archive: Path) -> None:
    """Right, or refused; never wrong."""
    if not sample():
        pytest.skip("the corpus of ONNX models is not here: set TINYCC_ONNX_CORPUS")
    outcome, detail = try_entry(sample()[name], runtime_archive)
    assert outcome in ("ok", "refused"), f"{outcome}: {detail}"

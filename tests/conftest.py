# SPDX-License-Identifier: Apache-2.0
"""What all tests share: where the corpus is, and a compiler cache for the runtime."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORPUS = Path(os.environ.get("TINYCC_CORPUS", ROOT.parent / "shared" / "corpus"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of public models; the test is skipped where it is not there."""
    if not (CORPUS / "manifest.json").is_file():
        pytest.skip("the corpus is not here: set TINYCC_CORPUS")
    return CORPUS


@pytest.fixture(scope="session")
def runtime_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime, compiled once for all tests of a process."""
    from harness import build_archive

    return build_archive(tmp_path_factory.mktemp("runtime"))

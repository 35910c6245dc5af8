# SPDX-License-Identifier: Apache-2.0
"""Every operator over its edge cases: numpy semantics = C = reference runtime."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from case_batches import BATCHES, ORACLES, PACKAGES
from harness import agree_on_all, subject


@pytest.mark.parametrize("name", BATCHES)
def test_equals_oracle(name: str, runtime_archive: Path) -> None:
    """Against TFLM, or LiteRT where TFLM lacks the operator."""
    package = PACKAGES[BATCHES[name][0].oracle]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    subjects = [
        subject(case.model, partial(ORACLES[case.oracle], case.model), case.oracle, name=f"case{number}", label=case.id)
        for number, case in enumerate(BATCHES[name])
    ]
    agree_on_all(subjects, runtime_archive)

# SPDX-License-Identifier: Apache-2.0
"""Drawn models of every family (families.py): numpy = numpy after the passes = C = oracle. The same ones in every run.

`python -m benchmarks properties` draws more of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from families import FAMILIES
from properties import explore

EXAMPLES = 20
"""Of each family."""
COMPARED = 0.6
"""The share of models that a runtime and tinycc both take, at least."""


@pytest.mark.parametrize("name", FAMILIES)
def test_family(name: str, runtime_archive: Path) -> None:
    pytest.importorskip("tflite_micro", reason="the oracle is not installed")
    tally = explore(FAMILIES[name], EXAMPLES, runtime_archive)
    assert not tally.wrong, "\n".join(f"{sample}\n    {what}" for sample, what in tally.wrong)
    assert tally.compared >= COMPARED * tally.total, str(tally)

# SPDX-License-Identifier: Apache-2.0
"""Every operator over its edge cases: numpy semantics = C = reference runtime."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import pytest
from case_types import all_cases
from harness import agree_on_all, subject
from opcases import Case

from tinycc.frontends.tflite.oracle import litert_ref, tflm

MOST = 40
"""Cases that are built into one library."""
ORACLES = {"tflm": tflm, "litert": litert_ref}
PACKAGES = {"tflm": "tflite_micro", "litert": "ai_edge_litert"}


def batches() -> dict[str, list[Case]]:
    """The cases of an operator in one type, by what they are called together."""
    found: dict[str, list[Case]] = {}
    cases = sorted(all_cases(), key=lambda case: (case.op, case.dtype, case.oracle))
    for key, group in groupby(cases, key=lambda case: (case.op, case.dtype, case.oracle)):
        members = list(group)
        for number, start in enumerate(range(0, len(members), MOST)):
            found["-".join(key) + (f"-{number}" if len(members) > MOST else "")] = members[start : start + MOST]
    return found


BATCHES = batches()


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

# SPDX-License-Identifier: Apache-2.0
"""The cases of the tables, as many together as are built into one library."""

from __future__ import annotations

from itertools import groupby

from case_types import all_cases
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

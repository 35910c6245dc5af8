# SPDX-License-Identifier: Apache-2.0
"""How many cases of the test tables settle an operator for a type, and against which runtime: what cases.json holds.

The file is made of the tables by `python -m benchmarks cases`, and a test sees to it that it is true.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

Cases = Mapping[str, Mapping[str, Mapping[str, int]]]
"""operator -> type -> oracle -> number of cases."""

PATH = Path(__file__).with_name("cases.json")
ORACLES = {"tflm": "TFLM", "litert": "LiteRT"}
"""In order of rank."""


@cache
def cases() -> Cases:
    loaded: Cases = json.loads(PATH.read_text(encoding="utf-8"))
    return loaded


def rendered(counts: Cases) -> str:
    """The text of the file: a line for every operator."""
    lines = (f"  {json.dumps(kind)}: {json.dumps(types, sort_keys=True)}" for kind, types in sorted(counts.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def oracle(kind: str, type: str) -> str:
    """The runtime that settles an operator for a type: TFLM if there is a case with it, "" if there is none at all."""
    found = cases().get(kind, {}).get(type, {})
    return next((name for key, name in ORACLES.items() if found.get(key)), "")

# SPDX-License-Identifier: Apache-2.0
"""Which kernels take the same instructions whatever they compute with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("steady.json")
"""Written by `python -m benchmarks steady`: kernels that were watched, and where branches or addresses depend on inputs."""


def written(watched: Sequence[str], depends: Mapping[str, Sequence[str]]) -> str:
    """The text of the file."""
    steady = [name for name in watched if name not in depends]
    return json.dumps({"steady": steady, "depends": dict(sorted(depends.items()))}, indent=1) + "\n"


@cache
def steady() -> frozenset[str]:
    """The kernels without such a branch or address."""
    return frozenset(json.loads(PATH.read_text(encoding="utf-8"))["steady"])


@cache
def branching() -> frozenset[str]:
    """The kernels with a branch that depends on inputs."""
    found = json.loads(PATH.read_text(encoding="utf-8"))["depends"]
    return frozenset(name for name, places in found.items() if any(place.startswith("branch") for place in places))

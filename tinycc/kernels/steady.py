# SPDX-License-Identifier: Apache-2.0
"""Which kernels take the same instructions whatever they compute with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("steady.json")
"""Written by `python -m benchmarks steady`: kernels that were watched, and where branches or addresses depend on inputs."""


def written(watched: Sequence[str], depends: Mapping[str, Sequence[str]]) -> str:
    """The text of the file. What was counted on cores stays."""
    steady = [name for name in watched if name not in depends]
    return _text({**_read(), "steady": steady, "depends": dict(sorted(depends.items()))})


def with_watched(watched: Sequence[str], depends: Mapping[str, Sequence[str]]) -> str:
    """The text of the file with more kernels that were watched."""
    found = _read()
    more = {
        **found["depends"],
        **{name: sorted({*places, *found["depends"].get(name, ())}) for name, places in depends.items()},
    }
    return written(sorted({*watched, *found["steady"], *found["depends"]}), more)


def with_even(core: str, even: Collection[str], uneven: Collection[str]) -> str:
    """The text of the file with kernels whose counts on a core were equal, and those whose were not, besides what is known."""
    found = _read()
    known = found.get("even", {}), found.get("uneven", {})
    never = {*known[1].get(core, ()), *uneven}
    ever = {*known[0].get(core, ()), *even} - never
    return _text({**found, "even": {**known[0], core: sorted(ever)}, "uneven": {**known[1], core: sorted(never)}})


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1) + "\n"


def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8")) if PATH.is_file() else {}
    return found


@cache
def steady(core: str) -> frozenset[str]:
    """The kernels that take the same instructions for all values: without a branch that depends on them, or none on a core."""
    found = _read()
    return frozenset((*found["steady"], *(set(found["depends"]) - branching()), *found.get("even", {}).get(core, ())))


@cache
def branching() -> frozenset[str]:
    """The kernels with a branch that depends on inputs."""
    found = _read()["depends"]
    return frozenset(name for name, places in found.items() if any(place.startswith("branch") for place in places))

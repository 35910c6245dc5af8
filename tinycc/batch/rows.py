# SPDX-License-Identifier: Apache-2.0
"""What one model costs, as a row of a table."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from tinycc import __version__

Keywords = Mapping[str, Any]
"""Options of a compile as plain values, which go to workers."""


@dataclass(frozen=True)
class Candidate:
    """A model to measure: its bytes, or the path of a file to read."""

    name: str
    data: bytes | None = None
    path: str = ""

    def read(self) -> bytes:
        return Path(self.path).read_bytes() if self.data is None else self.data

    def key(self, keywords: Keywords, *, verify: bool) -> str:
        """The same for the same name, content, options and version of tinycc: such a row need not be made again."""
        asked = json.dumps([self.name, sorted(keywords.items()), verify, __version__], default=str)
        return hashlib.sha256(self.read() + asked.encode()).hexdigest()


@dataclass(frozen=True)
class Row:
    """`status`: compiled, passed or failed (where it was verified), refused, or crashed. Bytes, multiply-accumulates and
    estimated cycles; None where there is no C. `problem`: the first of what was said."""

    key: str
    name: str
    status: str
    problem: str = ""
    ram: int | None = None
    flash: int | None = None
    macs: int | None = None
    cycles: int | None = None
    layers: int | None = None
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        return self.status in ("compiled", "passed")

    @property
    def costs(self) -> tuple[int, int, int] | None:
        """RAM, flash, cycles; None where there is no C."""
        if self.ram is None or self.flash is None or self.cycles is None:
            return None
        return self.ram, self.flash, self.cycles

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def row_of(content: Mapping[str, Any]) -> Row:
    """From JSON or a table; what an older tinycc did not write is left out."""
    return Row(**{field.name: content[field.name] for field in fields(Row) if field.name in content})


def measure(candidate: Candidate, keywords: Keywords, *, verify: bool) -> Row:
    """Compile a model and, if asked, verify it. Whatever goes wrong is in the row: a run goes on."""
    from tinycc.errors import CompileError

    start, key = time.monotonic(), candidate.key(keywords, verify=verify)
    try:
        figures = _figures(candidate, keywords, verify=verify)
    except CompileError as error:
        figures = {"status": "refused", "problem": str(error.problems[0])}
    except Exception as error:
        figures = {"status": "crashed", "problem": f"{type(error).__name__}: {error}"[:500]}
    return Row(key=key, name=candidate.name, seconds=round(time.monotonic() - start, 3), **figures)


def _figures(candidate: Candidate, keywords: Keywords, *, verify: bool) -> dict[str, Any]:
    from tinycc.compiler import load
    from tinycc.model_cost import cost_of

    model = load(candidate.path or candidate.read(), **keywords)
    cost = cost_of(model)
    status, problem = "compiled", ""
    if verify:
        from tinycc.verification import verify as verify_model

        verdict = verify_model(model)
        status, problem = ("passed", "") if verdict.passed else ("failed", verdict.headline)
    return {"status": status, "problem": problem, **asdict(cost)}

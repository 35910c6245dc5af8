# SPDX-License-Identifier: Apache-2.0
"""What an analyser says, as a line of a list."""

from __future__ import annotations

from dataclasses import dataclass

RUNTIME, MODEL = "runtime", "model"
"""Whose C it is: a kernel, or what is written for a model."""


@dataclass(frozen=True, order=True)
class Finding:
    """One place of one rule. `file` as it lies in an emitted folder; `text`: the analyser's words."""

    tool: str
    rule: str
    file: str
    line: int
    text: str = ""

    @property
    def part(self) -> str:
        return RUNTIME if "/" in self.file else MODEL

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.tool} {self.rule}: {self.text}"

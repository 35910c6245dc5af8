# SPDX-License-Identifier: Apache-2.0
"""The call graph of a linked program."""

from __future__ import annotations

from dataclasses import dataclass, field

INDIRECT = "__indirect_call"
"""What stands for a function that is called through a pointer."""


@dataclass
class CallGraph:
    """Frames in bytes and callees by function. `unbounded`: those whose frame has no size; `linked`: all in the program."""

    frames: dict[str, int] = field(default_factory=dict)
    calls: dict[str, set[str]] = field(default_factory=dict)
    unbounded: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)


def plain(title: str) -> str:
    """A static function's title is `file.c:name`."""
    return title.rpartition(":")[2]

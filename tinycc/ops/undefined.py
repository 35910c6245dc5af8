# SPDX-License-Identifier: Apache-2.0
"""Inputs for which a model asks for what no runtime defines (an index beyond a dimension): numpy and C do something harmless, a
comparison with a runtime means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_found: ContextVar[list[str] | None] = ContextVar("_found", default=None)


def undefined(what: str) -> None:
    """Say that the operands at hand ask for something undefined."""
    found = _found.get()
    if found is not None:
        found.append(what)


@contextmanager
def watching() -> Iterator[list[str]]:
    """Within it, the list fills with what is undefined."""
    found: list[str] = []
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)

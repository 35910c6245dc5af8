# SPDX-License-Identifier: Apache-2.0
"""How text meets a terminal: lines break between words there, long names are cut in the middle, a table that is too wide
becomes a paragraph for each row. Where there is no terminal nothing of the kind happens, so that lines can be searched."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

WIDE = 20_000
"""Columns where there is no terminal."""
LONGEST_NAME = 40
"""Characters of a tensor's name in a terminal; `--json` has the whole."""


def make_console() -> Console:
    """The standard output."""
    console = Console(soft_wrap=True)
    return console if console.is_terminal else Console(soft_wrap=True, width=WIDE)


def middle(text: str, width: int) -> str:
    """`text` in at most `width` characters, cut in the middle: names begin and end with what tells them apart."""
    if len(text) <= width:
        return text
    front = max(width - 3, 2) // 2
    return f"{text[:front]}...{text[-(max(width, 5) - 3 - front) :]}"


def name(console: Console, text: str) -> str:
    """A tensor's name as this console shows it."""
    return middle(text, min(LONGEST_NAME, max(console.width // 2, 16))) if console.is_terminal else text


def say(console: Console, text: str, indent: int = 0) -> None:
    """A line; in a terminal as many as it takes, the others moved in by `indent`."""
    if console.is_terminal:
        space = " " * min(indent, console.width // 2)
        wide = max(console.width, 20)
        if len(text) > wide:
            text = textwrap.fill(text, wide, subsequent_indent=space, break_long_words=False, break_on_hyphens=False)
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def show(console: Console, table: Table, rows: Iterable[str]) -> None:
    """The table if it fits, else a paragraph for each row."""
    needs = Measurement.get(console, console.options.update(width=WIDE), table).maximum
    if not console.is_terminal or needs <= console.width:
        console.print(table)
        return
    for row in rows:
        say(console, row, 4)

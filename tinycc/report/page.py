# SPDX-License-Identifier: Apache-2.0
"""A report as one HTML page that needs nothing else: no network, no other file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import jinja2

from tinycc.codegen.files import write_file
from tinycc.data import data_path
from tinycc.errors import CompileError, Problem
from tinycc.report.diff import Change
from tinycc.report.document import Document
from tinycc.summary import RowCall


def page(document: Document, changes: tuple[Change, ...] = ()) -> str:
    """The page. Raises CompileError if the library for charts is not installed."""
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        problem = Problem("report", "no plotly", "the library that draws its charts", "pip install 'tinycc-ml[report]'")
        raise CompileError([problem]) from error
    from tinycc.report.figures import COLOURS, charts

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_path("templates") / "report"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    shown: dict[str, Any] = {"colours": COLOURS, "changes": changes, "script": get_plotlyjs()}
    shown["calls"] = tuple(_alike(document.calls))
    return environment.get_template("page.html.j2").render(document=document, charts=dict(charts(document)), **shown)


@dataclass(frozen=True)
class _Calls:
    """Calls one after the other that take the same."""

    first: RowCall
    last: int


def _alike(calls: Iterable[RowCall]) -> Iterator[_Calls]:
    """All calls, those that take the same together."""
    for _, group in groupby(calls, key=lambda item: replace(item, row=0)):
        first, *others = group
        yield _Calls(first, others[-1].row if others else first.row)


def _number(value: float | None) -> str:
    """For people: 1,234 or 12.3; a dash for what is not known."""
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


def write_page(path: str | os.PathLike[str], text: str) -> None:
    """Put the page where it was asked for, whole or not at all. Raises CompileError."""
    write_file(path, text.encode(), "a file such as report.html")

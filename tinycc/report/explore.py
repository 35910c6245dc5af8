# SPDX-License-Identifier: Apache-2.0
"""The ways to compile a model, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from tinycc.explore import Point
from tinycc.report.terminal import say, show


def print_points(console: Console, points: Sequence[Point], tried: int) -> None:
    """A row a point, the least RAM first."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("point", "RAM", "flash", "cycles"):
        table.add_column(heading, justify="right")
    table.add_column("right by")
    table.add_column("options", overflow="fold")
    for point in points:
        costs = [f"{value:,}" for value in point.costs]
        table.add_row(str(point.number), *costs, point.verified or "-", point.flags or "none, it is the default")
    show(console, table, _paragraphs(points))
    counted = bool(points) and points[0].counted
    how = "linked and counted on the core, cycles estimated from counts" if counted else "estimates"
    say(console, f"{len(points)} of {tried} ways that differ, which nothing beats. RAM and flash in bytes; {how}.")


def _paragraphs(points: Sequence[Point]) -> Iterator[str]:
    """For narrow terminals."""
    for point in points:
        ram, flash, cycles = point.costs
        yield f"{point.name}: RAM {ram:,}, flash {flash:,}, cycles {cycles:,}, right by {point.verified or '-'}"

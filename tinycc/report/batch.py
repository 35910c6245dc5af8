# SPDX-License-Identifier: Apache-2.0
"""Rows of many models for people: a table, and RAM against cycles with the points that nothing beats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from tinycc.batch.rows import Row

_COLUMNS = (("RAM", "ram"), ("flash", "flash"), ("MAC", "macs"), ("cycles (est.)", "cycles"), ("layers", "layers"))


def rows_markdown(rows: Sequence[Row], best: Sequence[Row] = ()) -> str:
    """A table of all rows; those that nothing beats are marked with a star."""
    marked = {row.key for row in best}
    lines = [f"| model | status | {' | '.join(head for head, _ in _COLUMNS)} |", f"|---|---|{'---:|' * len(_COLUMNS)}"]
    for row in rows:
        cells = " | ".join(_number(getattr(row, key)) for _, key in _COLUMNS)
        status = f"{row.status}: {row.problem}" if row.problem else row.status
        name = f"{row.name} *" if row.key in marked else row.name
        lines.append(f"| {_escaped(name)} | {_escaped(status)} | {cells} |")
    return "\n".join(lines) + "\n"


def summary(rows: Sequence[Row]) -> str:
    counts = Counter(row.status for row in rows)
    return f"{len(rows):,} models: " + ", ".join(f"{number:,} {status}" for status, number in counts.most_common())


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _escaped(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


class Priced(Protocol):
    """What a picture shows as a point."""

    @property
    def name(self) -> str:
        """What hovering tells."""

    @property
    def costs(self) -> tuple[int, int, int] | None:
        """RAM, flash, cycles."""


def pareto_page(title: str, points: Iterable[Priced], best: Sequence[Priced]) -> str:
    """One HTML page without network: RAM against cycles, flash as the colour. Needs Plotly."""
    import plotly.graph_objects as go

    marked = {point.costs for point in best}
    others = [point for point in points if point.costs is not None and point.costs not in marked]
    figure = go.Figure([_points("others", others, 7), _points("nothing is better", best, 12)])
    figure.update_layout(
        xaxis={"title": "RAM (bytes)"},
        yaxis={"title": "cycles (estimate)"},
        template="plotly_white",
        title=title,
        coloraxis={"colorscale": "Viridis", "colorbar": {"title": "flash (bytes)"}},
    )
    page: str = figure.to_html(include_plotlyjs=True, div_id="pareto", config={"responsive": True, "displaylogo": False})
    return page


def _points(name: str, points: Sequence[Priced], size: int) -> Any:
    import plotly.graph_objects as go

    costs = [point.costs or (0, 0, 0) for point in points]
    flash = [row[1] for row in costs]
    return go.Scatter(
        name=name,
        mode="markers",
        x=[row[0] for row in costs],
        y=[row[2] for row in costs],
        text=[f"{point.name}<br>{bytes_:,} bytes of flash" for point, bytes_ in zip(points, flash, strict=True)],
        marker={"size": size, "color": flash, "coloraxis": "coloraxis", "line": {"width": size // 6}},
    )

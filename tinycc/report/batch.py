# SPDX-License-Identifier: Apache-2.0
"""Rows of many models for people: a table, and RAM against cycles with the points that nothing beats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

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


def pareto_page(rows: Sequence[Row], best: Sequence[Row]) -> str:
    """One HTML page without network: RAM against cycles, flash as the colour. Needs Plotly."""
    import plotly.graph_objects as go

    marked = {row.key for row in best}
    fine = [row for row in rows if row.fine]
    others = [row for row in fine if row.key not in marked]
    figure = go.Figure([_points("others", others, 7), _points("nothing is better", list(best), 12)])
    figure.update_layout(
        xaxis={"title": "RAM (bytes)"},
        yaxis={"title": "cycles (estimate)"},
        template="plotly_white",
        title=summary(rows),
        coloraxis={"colorscale": "Viridis", "colorbar": {"title": "flash (bytes)"}},
    )
    page: str = figure.to_html(include_plotlyjs=True, div_id="pareto", config={"responsive": True, "displaylogo": False})
    return page


def _points(name: str, rows: list[Row], size: int) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        name=name,
        mode="markers",
        x=[row.ram for row in rows],
        y=[row.cycles for row in rows],
        text=[f"{row.name}<br>{row.flash:,} bytes of flash" for row in rows],
        marker={"size": size, "color": [row.flash for row in rows], "coloraxis": "coloraxis", "line": {"width": size // 6}},
    )

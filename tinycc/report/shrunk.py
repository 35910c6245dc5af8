# SPDX-License-Identifier: Apache-2.0
"""What shrinking a model came to, for people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tinycc.report.quantized import decibels
from tinycc.report.terminal import say, show
from tinycc.shrink import Shrunk, Tried

TRAIN = "Weights were changed after training. What accuracy is lost comes back by training on with the zeros in place,"
FRAMEWORK = "which is the work of the framework that trained the model; the C only shows what would be gained."


def print_shrunk(console: Console, made: Shrunk, out: str | None) -> None:
    """A row for the model as it is and one for every step."""
    say(console, f"{made.model.name} -> {out or 'nothing written; give -o FILE'}", 2)
    total = sum(size for _, _, size in made.layers)
    say(console, f"  {total:,} weights in {len(made.layers)} arrays; {len(made.kept)} arrays as they were", 4)
    title = f"flash and RAM {made.rows[0].how}" + (f", over {made.samples:,} samples" if made.samples else "")
    table = Table(title=title, box=None, header_style="bold", pad_edge=False)
    headings = ("", "zeros", "flash", "RAM", "cycles (est.)", *(("right", "as before", "SQNR") if made.samples else ()))
    for heading in headings:
        table.add_column(heading, no_wrap=True, justify="left" if not heading else "right")
    rows = [_row(row, made.rows[0]) for row in made.rows]
    for row in rows:
        table.add_row(*row)
    show(console, table, (", ".join(filter(None, row)) for row in rows))
    say(console, f"note: {TRAIN}\n{FRAMEWORK}", 6)


def _row(row: Tried, first: Tried) -> tuple[str, ...]:
    figures = (_beside(row.flash, first.flash), _beside(row.ram, first.ram), _beside(row.cycles, first.cycles))
    found = (str(row.step), f"{row.zeros:.0%}", *figures)
    if row.score is None:
        return found
    score = row.score
    judged = "-" if score.error is None else f"mean error {score.error:.6g}"
    if score.right is not None:
        judged = f"{score.right} of {score.samples} ({100 * score.right / score.samples:.2f} %)"
    return *found, judged, f"{score.agree} of {score.samples}", decibels(score.sqnr_db)


def _beside(number: int, first: int) -> str:
    return f"{number:,}" if number == first else f"{number:,} ({(number / max(first, 1) - 1):+.1%})"

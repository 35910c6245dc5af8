# SPDX-License-Identifier: Apache-2.0
"""What a quantization came to, for people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tinycc.quantize import Loss, Quantized, Score
from tinycc.quantize.accuracy import BEST_DB
from tinycc.report.terminal import name, say, show

MOST = 10
"""Layers that are shown."""


def print_quantized(console: Console, made: Quantized, out: str) -> None:
    """The recipe, three executions side by side, the layers that lose most."""
    recipe = made.recipe
    how = f"{recipe.method.value} over {made.calibrated:,} samples"
    say(console, f"{made.model.name} -> {out}", 2)
    say(console, f"  activations {recipe.activations.value}, weights {recipe.weights.value} by channel, ranges {how}", 4)
    _print_scores(console, made)
    _print_losses(console, made)
    for note in made.notes:
        say(console, f"note: {note}", 4)


def _print_scores(console: Console, made: Quantized) -> None:
    held = any(row.right is not None or row.error is not None for row in made.scores)
    title = f"over {made.judged:,} samples {'held out' if held else 'of the same, as there are no labels'}"
    table = Table(title=title, box=None, header_style="bold", pad_edge=False)
    for heading in ("", "run by", "right", "as float", "SQNR"):
        table.add_column(heading, no_wrap=True)
    rows = [_score(row) for row in made.scores]
    for row in rows:
        table.add_row(*row)
    show(console, table, (", ".join(filter(None, row)) for row in rows))


def _score(row: Score) -> tuple[str, ...]:
    if row.right is not None:
        judged = f"{row.right} of {row.samples} ({100 * row.right / row.samples:.2f} %)"
    else:
        judged = "-" if row.error is None else f"mean error {row.error:.6g}"
    return row.what, row.runtime, judged, f"{row.agree} of {row.samples}", decibels(row.sqnr_db)


def decibels(value: float) -> str:
    return "equal" if value >= BEST_DB else f"{value:.1f} dB"


def _print_losses(console: Console, made: Quantized) -> None:
    """The worst, each by itself."""
    shown = made.losses[:MOST]
    if not shown:
        return
    table = Table(title="layers that lose most, each by itself", box=None, header_style="bold", pad_edge=False)
    for heading in ("layer", "operator", "now in", "SQNR"):
        table.add_column(heading, no_wrap=True)
    rows = [_loss(console, loss) for loss in shown]
    for row in rows:
        table.add_row(*row)
    show(console, table, (", ".join(row) for row in rows))


def _loss(console: Console, loss: Loss) -> tuple[str, ...]:
    return name(console, loss.layer.split(";")[0]), loss.kind, loss.form, decibels(loss.sqnr_db)

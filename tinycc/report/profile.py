# SPDX-License-Identifier: Apache-2.0
"""What a board measured, for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from tinycc.report.measured import Measured, MeasuredLayer
from tinycc.report.terminal import name, say, show


def print_measured(console: Console, found: Measured) -> None:
    """A row a layer, and the whole."""
    table = Table(title=f"{found.name} on {found.target}", box=None, header_style="bold", pad_edge=False)
    for heading in ("#", "layer", "kernel"):
        table.add_column(heading, justify="right" if heading == "#" else "left", no_wrap=True)
    for heading in ("us", "share", "estimated", "cycles", "estimate", "ratio"):
        table.add_column(heading, justify="right", no_wrap=True)
    for layer in found.layers:
        table.add_row(str(layer.step), f"{layer.operator} {name(console, layer.name)}", layer.kernel, *_cells(layer))
    show(console, table, _paragraphs(found))
    core = f", {found.cycles:,} cycles" if found.cycles is not None else ""
    say(console, f"{found.microseconds:,.1f} us an inference{core} (estimate {found.estimate:,}), average of {found.runs}", 4)
    say(console, f"{found.between:,.1f} us more between the layers, most of it the profile's own work", 4)


def _cells(layer: MeasuredLayer) -> tuple[str, ...]:
    cycles = "-" if layer.cycles is None else f"{layer.cycles:,}"
    ratio = "-" if layer.cycles is None or not layer.estimate else f"{layer.cycles / layer.estimate:.2f}"
    shares = (f"{layer.share:.1%}", f"{layer.estimate_share:.1%}")
    return (f"{layer.microseconds:,.1f}", *shares, cycles, f"{layer.estimate:,}", ratio)


def _paragraphs(found: Measured) -> Iterator[str]:
    """For narrow terminals."""
    for layer in found.layers:
        time, share, expected, cycles, estimate, ratio = _cells(layer)
        yield (
            f"{layer.step} {layer.operator} {layer.kernel}: {time} us, {share} of the time, {expected} estimated; "
            f"{cycles} cycles, {estimate} estimated, ratio {ratio}"
        )

# SPDX-License-Identifier: Apache-2.0
"""Reports for people: a few lines, and a table per layer on request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tinycc.execution.comparison import Comparison
from tinycc.footprint import Footprint
from tinycc.report.terminal import name, say, show
from tinycc.summary import Layer, Report
from tinycc.verification.verdict import Verdict

_QUOTED = re.compile(r'"([^"]*)"')


def print_summary(console: Console, report: Report, need: Footprint, out: str) -> None:
    """The few lines after a compile."""
    over = report.arena_bytes - report.lower_bound_bytes
    bound = "equal to the lower bound" if over == 0 else f"{over:,} above the lower bound of {report.lower_bound_bytes:,}"
    alive = " + ".join(f"{name(console, buffer.name)} {buffer.bytes:,}" for buffer in report.peak[:6])
    more = f" + {len(report.peak) - 6} more" if len(report.peak) > 6 else ""
    say(console, f"{report.model} -> {out} (C prefix {report.name}_, target {report.target})", 9)
    say(console, f"  RAM    arena {report.arena_bytes:,} bytes, {bound}", 9)
    say(console, f"         at the peak: {alive}{more}", 9)
    if need.copied:
        say(console, f"         and {need.copied:,} bytes of constants, which lie in RAM on {report.target}", 9)
    for line in _flash(need):
        say(console, line, 9)
    ticking = sum(layer.by_rows for layer in report.layers)
    by_rows = f", {ticking} of them row by row" if ticking else ""
    layers = "1 layer" if len(report.layers) == 1 else f"{len(report.layers)} layers"
    say(console, f"  work   {report.macs:,} MAC in {layers}{by_rows}", 9)
    for use in report.memories:
        wait = f"a wait state there is {use.wait_cycles:,} cycles at most"
        say(
            console,
            f"         {use.name} {use.bytes:,} of {use.room:,} bytes, {use.touched} % of what is read and written; {wait}",
            9,
        )
    if report.stream is not None:
        stream = report.stream
        frames = "frame" if stream.hop == 1 else f"{stream.hop} frames"
        what = f"a step a {frames}" if stream.hop == 1 else f"a step {frames}"
        say(console, f"  steps  {what} of {stream.window}; from step {stream.until} on as the whole window gives", 9)
    for line in rows_lines(report):
        say(console, line, 9)
    for line in in_float_lines(report):
        say(console, line, 9)
    for note in report.notes:
        say(console, f"note: {note}", 4)


MUCH = 4
"""The last push takes much, if it takes more than so many of the longest others."""


def rows_lines(report: Report) -> Iterator[str]:
    """What the calls of a model cost at most whose input or output goes row by row; the last row that is pushed apart, as it
    does what is not streamed."""
    pushed, pulled, begun = ([item.cycles for item in report.calls if item.call == call] for call in ("push", "pull", "invoke"))
    if pushed:
        most = max(pushed[:-1], default=0)
        yield f"  rows   {len(pushed)} pushes, by estimate {most:,} cycles at most, the last one {pushed[-1]:,}"
        if pushed[-1] > MUCH * most:
            yield "         --max-push CYCLES makes the last one shorter: more layers run row by row then"
    if begun:
        yield f"  rows   by estimate {begun[0]:,} cycles until the first one can be pulled"
    if pulled:
        yield f"         {len(pulled)} pulls, {max(pulled):,} cycles at most"


SHOWN = 8
"""Operators that a summary names; `--layers`, `--json` and the report have all."""


def in_float_lines(report: Report) -> Iterator[str]:
    """The operators of a quantized model that compute in float32, and why."""
    layers = [layer for layer in report.layers if layer.in_float]
    named = {f'{_number(layer.subgraph, layer.index)} {layer.operator} "{layer.name}"': layer.in_float for layer in layers}
    if layers:
        yield f"  float  {len(layers)} of {len(report.layers)} layers of this quantized model compute in float32:"
    for operator, why in list(named.items())[:SHOWN]:
        yield f"         {operator}: {why}"
    if len(named) > SHOWN:
        yield f"         and {len(named) - SHOWN} more operators, which --layers tells"


def _flash(need: Footprint) -> Iterator[str]:
    """All of it, what it is made of, and how that is known."""
    sizes = {"constants": need.constants, "kernels": need.kernels, "emitted code": need.emitted, "library": need.library}
    parts = ", ".join(f"{name} {size:,}" for name, size in sizes.items() if size)
    if need.linked:
        yield f"  flash  {need.flash:,} bytes {need.how}: {parts}"
        yield f"  stack  {'not known' if need.stack is None else f'at most {need.stack:,} bytes'}"
    else:
        yield f"  flash  about {need.flash:,} bytes: {parts}"
        yield f"         the code is an estimate: {need.not_linked}"


def _number(subgraph: int, index: int) -> str:
    """The place of an operator in the file; of one that is not there, a dash."""
    if index < 0:
        return "-"
    return f"{subgraph}:{index}" if subgraph else str(index)


def print_layers(console: Console, report: Report) -> None:
    """One row a layer. Cycles are the estimates by which kernels were chosen."""
    table = Table(title=f"{report.model}: layers", box=None, header_style="bold", pad_edge=False)
    for heading in ("#", "operator", "kernel", "output"):
        table.add_column(heading, justify="right" if heading == "#" else "left", no_wrap=True)
    for heading in _FIGURES:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("why this kernel", no_wrap=True)
    paragraphs = []
    for layer in report.layers:
        number = _number(layer.subgraph, layer.index)
        figures = [f"{figure:,}" if figure else "-" for figure in _figures(layer)]
        why = f"{layer.reason}; in float32: {layer.in_float}" if layer.in_float else layer.reason
        table.add_row(number, layer.operator, layer.kernel, layer.output, *figures, why)
        told = ", ".join(f"{figure} {heading}" for heading, figure in zip(_FIGURES, figures, strict=True) if figure != "-")
        paragraphs.append(f"{number} {layer.operator} {layer.kernel} {layer.output}: {told}; {why}")
    show(console, table, paragraphs)


_FIGURES = ("MAC", "cycles", "output B", "const B", "scratch B")


def _figures(layer: Layer) -> tuple[int, ...]:
    return (layer.macs, layer.cycles, layer.output_bytes, layer.constant_bytes, layer.scratch_bytes)


@contextmanager
def progress(*, hidden: bool, what: str = "verifying") -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error for (done, total), shown only on a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=hidden or not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _shown(console: Console, operator: str) -> str:
    """An operator with its tensor's name as this console shows it."""
    return _QUOTED.sub(lambda found: f'"{name(console, found[1])}"', operator)


def print_verdict(console: Console, verdict: Verdict) -> None:
    """One line per output; the layers if they were compared; the verdict."""

    def line(text: str) -> None:
        say(console, text, 4)

    for note in verdict.notes:
        line(f"note: {note}")
    for comparison in verdict.outputs:
        line(f"output {comparison.name} {comparison.type}: {_outcome(comparison)}")
    for other in verdict.beside:
        for comparison in other.outputs:
            line(f"  beside it, {other.oracle}{f' ({other.kernels})' if other.kernels else ''}: {_outcome(comparison)}")
    for comparison in verdict.layers:
        mark = f"{'ok  ' if comparison.passed else 'DIFF'} {comparison.crc:08x}"
        line(f"  {mark} {_shown(console, comparison.operator)} {comparison.type}: {_outcome(comparison)}")
    difference = verdict.first_difference
    if difference is not None:
        line(f"first layer that differs: {_shown(console, difference.operator)}, {difference.first}")
    if verdict.self_test:
        line(f"self-test: {verdict.self_test}")
    line(verdict.headline)


def _outcome(comparison: Comparison) -> str:
    if not comparison.different:
        return f"exact, {comparison.values:,} values"
    text = f"{comparison.different:,} of {comparison.values:,} values differ, by {comparison.worst:.6g} at most"
    if comparison.outside and comparison.passed:
        return f"{text}; right results differ among themselves by {comparison.spread:.6g}"
    return f"{text}, within tolerance" if comparison.passed else f"{text}; {comparison.first}"

# SPDX-License-Identifier: Apache-2.0
"""`tinycc explore`: RAM against cycles against flash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinycc.cli.options import (
    CORES,
    ModelCommand,
    complete_folders,
    complete_targets,
    json_option,
    model_options,
    provider_option,
    target_option,
)
from tinycc.cli.output import described, print_json
from tinycc.errors import fail

if TYPE_CHECKING:
    from tinycc.compiler import Model
    from tinycc.explore import Point


@click.command(cls=ModelCommand)
@model_options
@target_option
@click.option("--on", metavar="CORE", shell_complete=complete_targets, help=f"Count on this core in an emulator: {CORES}.")
@provider_option
@click.option("--kernels", default="auto", show_default=True, metavar="WHOSE", help="As for compile.")
@click.option("--stream-input", is_flag=True, help="As for compile: the input arrives row by row.")
@click.option("--stream-output", is_flag=True, help="As for compile: the output goes row by row.")
@click.option("--skip-verify", is_flag=True, help="Do not run the points on this machine against the reference runtime.")
@click.option("--html", metavar="FILE", help="Also write a page with the points, RAM against cycles.")
@click.option("--point", type=click.IntRange(min=1), metavar="N", help="Compile point N of the table into the folder of -o.")
@click.option("-o", "--out", metavar="FOLDER", shell_complete=complete_folders, help="Where the C of --point goes.")
@json_option
def explore(
    model: str,
    on: str | None,
    skip_verify: bool,
    html: str | None,
    point: int | None,
    out: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print the ways to compile MODEL that nothing beats in RAM, flash and cycles together.

    The goals of --optimize, operators row by row or not, and budgets of RAM and of flash in between are tried. Costs are
    estimates for --target; with --on each point is linked and counted on that core.
    """
    from tinycc.compiler import load
    from tinycc.explore import explore as explore_model
    from tinycc.report.text import progress

    if (point is None) != (out is None):
        raise fail("--point and -o", "one without the other", "both, or neither")
    loaded = load(model, **options)
    with progress(hidden=as_json, what="trying") as advance:
        tried, best = explore_model(loaded, loaded.options, on=on, compare=not skip_verify, advance=advance)
    if html is not None:
        _write_page(html, f"{loaded.graph.name}: {len(best)} of {len(tried)} ways to compile it", tried, best)
    if as_json:
        print_json({**described(loaded), "points": [_row(item) for item in best]})
    else:
        _tell(best, tried)
    if point is not None and out is not None:
        _write(loaded, best, point, out, quiet=as_json)


def _row(point: Point) -> dict[str, Any]:
    shown = [field.name for field in fields(point) if field.name != "options"]
    return {name: getattr(point, name) for name in shown}


def _write_page(path: str, title: str, tried: Sequence[Point], best: Sequence[Point]) -> None:
    import importlib.util

    from tinycc.report.batch import pareto_page

    if importlib.util.find_spec("plotly") is None:
        raise fail("--html", "no package plotly", "it installed", "pip install 'tinycc-ml[report]'")
    try:
        Path(path).write_text(pareto_page(title, tried, best), encoding="utf-8")
    except OSError as error:
        raise fail(f"--html {path}", error.strerror or str(error), "a file that can be written") from error


def _tell(best: Sequence[Point], tried: Sequence[Point]) -> None:
    from tinycc.report.explore import print_points
    from tinycc.report.terminal import make_console

    print_points(make_console(), best, len(tried))


def _write(loaded: Model, best: Sequence[Point], number: int, out: str, *, quiet: bool) -> None:
    from dataclasses import replace

    from tinycc.compiler import compile

    if number > len(best):
        raise fail("--point", str(number), f"a number from 1 to {len(best)}")
    compile(loaded, out, replace(best[number - 1].options, on=None))
    if not quiet:
        click.echo(f"point {best[number - 1].name} -> {out}")

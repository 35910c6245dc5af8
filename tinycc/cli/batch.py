# SPDX-License-Identifier: Apache-2.0
"""`tinycc batch` and `tinycc sweep`: many models in one run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tinycc.cli.options import json_option, kernel_options, target_option
from tinycc.cli.output import print_json

F = TypeVar("F", bound=Callable[..., Any])


def _many_options(command: F) -> F:
    options = (
        click.option("-o", "--out", required=True, metavar="FOLDER", help="Where rows are kept; a run goes on from there."),
        target_option,
        kernel_options,
        click.option("--verify", is_flag=True, help="Also verify each model on this machine."),
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_many_options
@click.option("--jobs", type=click.IntRange(min=1), help="Processes. Default: one a processor.")
def batch(folder: Path, out: str, verify: bool, as_json: bool, jobs: int | None, **keywords: Any) -> None:
    """Compile every model below DIR and write a table of what each takes; a run that was interrupted goes on."""
    from tinycc.batch.run import models_below, run
    from tinycc.batch.store import Lines
    from tinycc.report.batch import rows_markdown, summary
    from tinycc.report.text import progress

    with progress(hidden=as_json, what="compiling") as advance:
        rows = run(models_below(folder), Lines(Path(out)), keywords, verify=verify, jobs=jobs, advance=advance)
    Path(out, "results.md").write_text(rows_markdown(rows), encoding="utf-8")
    if as_json:
        print_json({"page": f"{out}/results.md", "rows": [row.to_json() for row in rows]})
    else:
        click.echo(f"{summary(rows)} -> {out}/results.md")
    if any(row.status in ("failed", "crashed") for row in rows):
        sys.exit(1)


@click.command()
@click.argument("candidates", metavar="DIR|FILE.py:FUNCTION")
@_many_options
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler. Default: a cluster on this machine.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(min=1), help="Processes of the cluster here.")
def sweep(candidates: str, out: str, verify: bool, as_json: bool, scheduler: str | None, workers: int, **keywords: Any) -> None:
    """Measure thousands of candidate networks on a Dask cluster: Parquet files, and a page with those that nothing beats.

    Candidates are a folder of models, or a function of a Python file that yields (name, bytes of a model or path).
    """
    from tinycc.batch.run import candidates_of, pareto
    from tinycc.batch.run import sweep as run_sweep
    from tinycc.batch.store import Parts
    from tinycc.report.batch import pareto_page, rows_markdown, summary
    from tinycc.report.text import progress

    store = Parts(Path(out))
    with progress(hidden=as_json, what="measuring") as advance:
        rows = run_sweep(
            candidates_of(candidates),
            store,
            keywords,
            verify=verify,
            scheduler=scheduler,
            workers=workers,
            advance=advance,
        )
    best = pareto(rows)
    Path(out, "pareto.md").write_text(rows_markdown(best), encoding="utf-8")
    Path(out, "pareto.html").write_text(pareto_page(summary(rows), rows, best), encoding="utf-8")
    if as_json:
        listed = {name: [row.to_json() for row in found] for name, found in (("rows", rows), ("best", best))}
        print_json({"page": f"{out}/pareto.html", **listed})
    else:
        click.echo(f"{summary(rows)}; nothing beats {len(best):,} of them -> {out}/pareto.html")
    if any(row.status in ("failed", "crashed") for row in rows):
        sys.exit(1)

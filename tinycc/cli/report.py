# SPDX-License-Identifier: Apache-2.0
"""`tinycc report`: a page to look at, and the same as data."""

from __future__ import annotations

from typing import Any

import click

from tinycc.cli.options import (
    ModelCommand,
    apart_options,
    complete_files,
    json_option,
    kernel_options,
    model_options,
    target_option,
)
from tinycc.cli.output import described, print_json
from tinycc.errors import fail


@click.command(cls=ModelCommand)
@model_options
@target_option
@kernel_options
@apart_options
@click.option("-o", "--out", metavar="FILE.html", help="The page to write; it needs no network and no other file.")
@click.option("--against", metavar="FILE.json", help="An earlier report's --json: the page says what changed since.")
@click.option(
    "--profile",
    "log",
    metavar="LOG",
    shell_complete=complete_files,
    help="What a board printed, of C compiled with --profile and the same options: measured times beside the estimates.",
)
@json_option
def report(model: str, out: str | None, against: str | None, log: str | None, as_json: bool, **options: Any) -> None:
    """Write a page about MODEL: memory over time, layers, graph, kernels and why, and the parts that it fits."""
    from tinycc.compiler import compile
    from tinycc.report.diff import changes, read_report
    from tinycc.report.document import document, to_json
    from tinycc.report.measured import log_of, measured, read_log
    from tinycc.report.page import page, write_page

    if out is None and not as_json:
        raise fail("tinycc report", "neither -o nor --json", "-o FILE.html, --json, or both")
    earlier = read_report(against) if against is not None else None
    compilation = compile(model, **options)
    found = None
    if log is not None:
        told = log_of(read_log(log), log, compilation.model.source.file.sha256, model)
        found = measured(compilation, told, log)
    made = document(compilation, found)
    if out is not None:
        write_page(out, page(made, changes(earlier, to_json(made)) if earlier is not None else ()))
    if as_json:
        print_json({**described(compilation.model), **to_json(made)})
    else:
        click.echo(f"{made.model} -> {out}")

# SPDX-License-Identifier: Apache-2.0
"""`tinycc profile`: what a board printed, as a table."""

from __future__ import annotations

from typing import Any

import click

from tinycc.cli.options import (
    ModelCommand,
    complete_files,
    complete_targets,
    json_option,
    kernel_options,
    reading_options,
)
from tinycc.cli.output import described, print_json
from tinycc.target import TARGETS


@click.command(cls=ModelCommand)
@click.argument("log", metavar="LOG", shell_complete=complete_files)
@click.argument("models", metavar="MODEL...", nargs=-1, required=True, shell_complete=complete_files)
@reading_options
@click.option(
    "--target",
    metavar="CORE",
    shell_complete=complete_targets,
    help=f"Core that the C was compiled for: {', '.join(TARGETS)}. Default: the one that the log names.",
)
@kernel_options
@json_option
def profile(
    log: str,
    models: tuple[str, ...],
    target: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print what the board measured of each layer of MODEL, beside the estimate.

    LOG is what NAME_profile_print() of C compiled with --profile has printed; other lines in it do not matter. The options
    are those of that compile.
    """
    from dataclasses import asdict

    from tinycc.compiler import compile, load
    from tinycc.report.measured import log_of, measured, read_log
    from tinycc.report.profile import print_measured
    from tinycc.report.terminal import make_console

    logs = read_log(log)
    rows = []
    for model in models:
        loaded = load(model, **options)
        found = log_of(logs, log, loaded.source.file.sha256, model)
        result = measured(compile(loaded, target=target or found.target), found, log)
        rows.append({**described(loaded), "profile": asdict(result)})
        if not as_json:
            print_measured(make_console(), result)
    if as_json:
        print_json({"models": rows})

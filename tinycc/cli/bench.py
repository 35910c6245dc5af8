# SPDX-License-Identifier: Apache-2.0
"""`tinycc bench`: counts on emulated cores."""

from __future__ import annotations

import sys
from typing import Any

import click

from tinycc.cli.options import (
    ModelCommand,
    apart_options,
    complete_files,
    complete_targets,
    device_options,
    json_option,
    kernel_options,
    model_options,
    parse_targets,
)
from tinycc.cli.output import described, print_json
from tinycc.target import EMULATED


@click.command(cls=ModelCommand)
@model_options
@click.option(
    "--on",
    "targets",
    required=True,
    metavar="CORES",
    callback=parse_targets,
    shell_complete=complete_targets,
    help=f"Cores: {', '.join(target.short for target in EMULATED.values())}; several with commas.",
)
@kernel_options
@apart_options
@device_options
@click.option("--compare", metavar="FILE.json", shell_complete=complete_files, help="Also print ratios to an earlier --json.")
@json_option
def bench(
    model: str,
    targets: tuple[str, ...],
    compare: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Count what an inference of MODEL takes on emulated cores: instructions per layer, flash, RAM, stack."""
    from tinycc.compiler import load
    from tinycc.device.bench import bench as bench_model
    from tinycc.device.bench import ratios, read_baseline
    from tinycc.report.bench import print_benches
    from tinycc.report.terminal import make_console
    from tinycc.report.text import progress

    loaded = load(model, **options)
    baseline = read_baseline(compare, loaded.source.file, targets) if compare is not None else {}
    benches = []
    with progress(hidden=as_json, what="measuring") as advance:
        for count, target in enumerate(targets):
            advance(count, len(targets))
            if not as_json and sys.stderr.isatty():
                click.echo(f"{target} ...", err=True)
            benches.append(bench_model(loaded, on=target))
    compared = {item.target: ratios(item, baseline[item.target]) for item in benches if item.target in baseline}
    if as_json:
        found = {item.target: item.to_json() for item in benches}
        print_json({**described(loaded), "targets": found, "ratios": compared})
    else:
        print_benches(make_console(), benches, compared)

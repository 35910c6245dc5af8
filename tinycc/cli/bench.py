# SPDX-License-Identifier: Apache-2.0
"""`tinycc bench`: counts on emulated cores."""

from __future__ import annotations

import sys

import click

from tinycc.cli.options import (
    ModelCommand,
    complete_files,
    complete_targets,
    device_options,
    json_option,
    kernel_options,
    model_options,
    parse_targets,
    provider_of,
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
@device_options
@click.option("--compare", metavar="FILE.json", shell_complete=complete_files, help="Also print ratios to an earlier --json.")
@json_option
def bench(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    io_layout: str,
    without: tuple[str, ...],
    targets: tuple[str, ...],
    provider: str,
    optimize: str,
    kernels: str,
    ram: int | None,
    stream_input: bool,
    cmsis_nn_include: str | None,
    cmsis_nn_lib: str | None,
    cmsis_nn_version: str | None,
    time_limit: float | None,
    compare: str | None,
    as_json: bool,
) -> None:
    """Count what an inference of MODEL takes on emulated cores: instructions per layer, flash, RAM, stack."""
    from tinycc.compiler import load
    from tinycc.device.bench import bench as bench_model
    from tinycc.device.bench import ratios, read_baseline
    from tinycc.report.bench import print_benches
    from tinycc.report.terminal import make_console
    from tinycc.report.text import progress

    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, io_layout=io_layout, without=without)
    baseline = read_baseline(compare) if compare is not None else {}
    chosen = provider_of(provider, cmsis_nn_version, cmsis_nn_include, cmsis_nn_lib)
    benches = []
    with progress(hidden=as_json, what="measuring") as advance:
        for count, target in enumerate(targets):
            advance(count, len(targets))
            if not as_json and sys.stderr.isatty():
                click.echo(f"{target} ...", err=True)
            made = bench_model(
                loaded,
                on=target,
                provider=chosen,
                optimize=optimize,
                kernels=kernels,
                ram=ram,
                stream_input=stream_input,
                seconds=time_limit,
            )
            benches.append(made)
    compared = {item.target: ratios(item, baseline[item.target]) for item in benches if item.target in baseline}
    if as_json:
        found = {item.target: item.to_json() for item in benches}
        print_json({**described(loaded), "targets": found, "ratios": compared})
    else:
        print_benches(make_console(), benches, compared)

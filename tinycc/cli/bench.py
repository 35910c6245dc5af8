# SPDX-License-Identifier: Apache-2.0
"""`tinycc bench`: counts on emulated cores."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

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
from tinycc.errors import fail
from tinycc.target import EMULATED

if TYPE_CHECKING:
    from tinycc.provider import Provider


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
@click.option(
    "--against-cmsis-nn",
    "rival",
    is_flag=True,
    help="Also measure the model by the CMSIS-NN of --cmsis-nn-lib, and compare layer by layer.",
)
@json_option
def bench(
    model: str,
    targets: tuple[str, ...],
    compare: str | None,
    rival: bool,
    as_json: bool,
    provider: Provider,
    **options: Any,
) -> None:
    """Count what an inference of MODEL takes on emulated cores: instructions per layer, flash, RAM, stack."""
    from tinycc.compiler import load
    from tinycc.device.against import against
    from tinycc.device.bench import bench as bench_model
    from tinycc.device.bench import ratios, read_baseline
    from tinycc.provider import BUNDLED
    from tinycc.report.bench import print_against, print_benches
    from tinycc.report.terminal import make_console
    from tinycc.report.text import progress

    if rival and (provider.library is None or len(targets) > 1):
        asked = "no library" if provider.library is None else f"{len(targets)} cores"
        raise fail("--against-cmsis-nn", asked, "one core, and --cmsis-nn-include and --cmsis-nn-lib for it")
    loaded = load(model, provider=BUNDLED if rival else provider, **options)
    baseline = read_baseline(compare, loaded.source.file, targets) if compare is not None else {}
    benches = []
    with progress(hidden=as_json, what="measuring") as advance:
        for count, target in enumerate(targets):
            advance(count, len(targets))
            if not as_json and sys.stderr.isatty():
                click.echo(f"{target} ...", err=True)
            benches.append(bench_model(loaded, on=target))
    layers = {
        item.target: against(item, bench_model(loaded, on=item.target, provider=provider, kernels="cmsis-nn"))
        for item in benches
        if rival
    }
    compared = {item.target: ratios(item, baseline[item.target]) for item in benches if item.target in baseline}
    if as_json:
        found = {item.target: item.to_json() for item in benches}
        beside = {target: [asdict(row) for row in rows] for target, rows in layers.items()}
        print_json({**described(loaded), "targets": found, "ratios": compared, "against_cmsis_nn": beside})
    else:
        print_benches(make_console(), benches, compared)
        for rows in layers.values():
            print_against(make_console(), rows)

# SPDX-License-Identifier: Apache-2.0
"""`tinycc verify`: the C against a reference runtime, on this machine or in emulators."""

from __future__ import annotations

import sys
from typing import Any

import click

from tinycc.cli.options import (
    CORES,
    ModelCommand,
    apart_options,
    complete_files,
    complete_targets,
    device_options,
    json_option,
    kernel_options,
    model_options,
    parse_targets,
    target_option,
)
from tinycc.cli.output import described, print_json, verdict_json


@click.command(cls=ModelCommand)
@model_options
@target_option
@click.option(
    "--on",
    "targets",
    metavar="CORES",
    callback=parse_targets,
    shell_complete=complete_targets,
    help=f"Run in emulators: {CORES}.",
)
@kernel_options
@apart_options
@device_options
@click.option(
    "--oracle",
    metavar="RUNTIME",
    help="Reference to compare with: tflm, litert-ref (its reference kernels), litert (as users run it, XNNPACK off or on), ort"
    " and reference for ONNX, or tinycc's own numpy. Default: the one of --match, or the next that can run the model.",
)
@click.option("--require", metavar="RUNTIME", help="Exit with 2 if this reference is not installed; for CI.")
@click.option(
    "--inputs",
    metavar="FILE.npz",
    shell_complete=complete_files,
    help="Compare over these inputs (arrays in0, in1, ... or input names).",
)
@click.option("--runs", default=10, show_default=True, type=click.IntRange(min=0), help="Random input sets.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random inputs.")
@click.option("--layers", is_flag=True, help="Compare every layer; name the first that differs.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@json_option
def verify(
    model: str,
    targets: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Build the C for MODEL on this machine and compare its outputs with a reference runtime.

    With --on it is cross-compiled and run in an emulator of each core, its self-test first.
    """
    from tinycc.compiler import load
    from tinycc.report.terminal import make_console
    from tinycc.report.text import print_verdict, progress
    from tinycc.verification import verify as verify_model

    loaded = load(model, **options)
    verdicts = {}
    for on in targets or (None,):
        with progress(hidden=quiet or as_json) as advance:
            verdict = verify_model(loaded, on=on, advance=advance)
        verdicts[on or ""] = verdict
        if not quiet and not as_json:
            print_verdict(make_console(), verdict)
    passed = all(verdict.passed for verdict in verdicts.values())
    if as_json:
        head = described(loaded)
        found = {on: verdict_json(verdict, head["outputs"]) for on, verdict in verdicts.items()}
        print_json({**head, "passed": passed, "targets": found} if targets else {**head, **found[""]})
    if not passed:
        sys.exit(1)

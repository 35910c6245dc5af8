# SPDX-License-Identifier: Apache-2.0
"""`tinycc prove`: that the C does nothing undefined, for all inputs."""

from __future__ import annotations

import sys
from typing import Any

import click

from tinycc.cli.options import ModelCommand, json_option, kernel_options, model_options, target_option
from tinycc.cli.output import described, print_json


@click.command(cls=ModelCommand)
@model_options
@target_option
@kernel_options
@click.option("--machine", default="ilp32", show_default=True, help="Sizes of types: ilp32, or int16 (int has 16 bits).")
@click.option("--whole/--steps-only", default=None, help="Also analyse the whole model. Default: up to 3 million MAC.")
@click.option("--time-limit", default=600.0, show_default=True, type=click.FloatRange(min=1), help="Seconds for an analysis.")
@click.option("--jobs", type=click.IntRange(min=1), help="Analyses at a time. Default: one a processor.")
@click.option("--keep", metavar="FOLDER", help="Leave drivers and logs of Frama-C there; what it has is not analysed again.")
@json_option
def prove(
    model: str,
    machine: str,
    whole: bool | None,
    time_limit: float,
    jobs: int | None,
    keep: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Prove that the C for MODEL does nothing undefined for any input, with Frama-C: each step by itself, and all together."""
    from tinycc.compiler import compile
    from tinycc.proof.prove import prove as prove_model
    from tinycc.report.proof import print_proof
    from tinycc.report.terminal import make_console
    from tinycc.report.text import progress

    compilation = compile(model, **options)
    with progress(hidden=as_json, what="proving") as advance:
        proof = prove_model(compilation, machine=machine, whole=whole, limit=time_limit, jobs=jobs, advance=advance, keep=keep)
    if as_json:
        print_json({**described(compilation.model), **proof.to_json()})
    else:
        print_proof(make_console(), proof)
    if not proof.proved:
        sys.exit(1)

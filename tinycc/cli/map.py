# SPDX-License-Identifier: Apache-2.0
"""`tinycc map`: what lies where in memory, and when."""

from __future__ import annotations

from typing import Any

import click

from tinycc.cli.options import ModelCommand, apart_options, json_option, kernel_options, model_options, target_option
from tinycc.cli.output import described, print_json


@click.command("map", cls=ModelCommand)
@model_options
@target_option
@kernel_options
@apart_options
@json_option
def memory_map(model: str, as_json: bool, **options: Any) -> None:
    """Print the memory map of MODEL: time goes down, addresses go right."""
    from dataclasses import asdict

    from tinycc.compiler import compile
    from tinycc.report.memory import memories, memory_text
    from tinycc.report.terminal import make_console

    compilation = compile(model, **options)
    layout = compilation.layout
    if as_json:
        print_json({**described(compilation.model), "memories": [asdict(memory) for memory in memories(layout)]})
    else:
        console = make_console()
        click.echo(memory_text(layout, console.width if console.is_terminal else 120), nl=False)

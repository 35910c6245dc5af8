# SPDX-License-Identifier: Apache-2.0
"""`tinycc ops`: the supported operators."""

from __future__ import annotations

import click

from tinycc.cli.options import json_option
from tinycc.cli.output import print_json


@click.command()
@click.argument("operator", required=False)
@click.option("--markdown", is_flag=True, help="Print the documentation page in Markdown.")
@json_option
def ops(operator: str | None, markdown: bool, as_json: bool) -> None:
    """List the supported operators with their types and kernels, or show OPERATOR with its conditions."""
    from tinycc.report.operators import operator_text, operators_json, operators_list, operators_markdown, operators_table
    from tinycc.report.terminal import make_console, say

    console = make_console()
    if as_json:
        print_json({"operators": operators_json(operator)})
    elif markdown:
        click.echo(operators_markdown(), nl=False)
    elif operator is not None:
        for line in operator_text(operator).splitlines():
            say(console, line, 2)
    elif console.is_terminal and console.width < 100:
        click.echo(operators_list(console.width))
    else:
        console.print(operators_table())

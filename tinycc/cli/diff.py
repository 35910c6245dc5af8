# SPDX-License-Identifier: Apache-2.0
"""`tinycc diff`: two reports side by side, for a comment on a merge request."""

from __future__ import annotations

import re
import sys

import click

from tinycc.cli.options import json_option
from tinycc.cli.output import print_json
from tinycc.errors import Problem


def _parse_growth(ctx: click.Context, param: click.Parameter, value: str | None) -> int | float | None:
    """+1K, +200 (bytes or cycles), or +2%."""
    if value is None:
        return None
    found = re.fullmatch(r"\+?([0-9]{1,9}(?:\.[0-9]{1,3})?)([KkMm%]?)", value)
    if not found or ("." in found[1] and found[2] != "%"):
        raise click.BadParameter(f"{value[:200]!r} is not of the form +200, +1K or +2%", ctx, param)
    if found[2] == "%":
        return float(found[1]) / 100
    return int(found[1]) * {"": 1, "k": 1024, "m": 1024 * 1024}[found[2].lower()]


def _growth(name: str, what: str) -> click.Option:
    said = f"Exit with 3 if {what} grew by more, e.g. +200, +1K or +2%."
    return click.Option([f"--max-{name}"], metavar="GROWTH", callback=_parse_growth, help=said)


@click.command()
@click.argument("before", metavar="BEFORE.json")
@click.argument("after", metavar="AFTER.json")
@json_option
def diff(before: str, after: str, as_json: bool, **growths: int | float | None) -> None:
    """Print what changed between two reports (tinycc report MODEL --json) as a Markdown table."""
    from tinycc.budget import BudgetError
    from tinycc.report.diff import changes, exceeded, markdown, read_report

    rows = changes(read_report(before), read_report(after))
    if not as_json:
        click.echo(markdown(rows), nl=False)
        sys.stdout.flush()
    limits = {name.removeprefix("max_"): growth for name, growth in growths.items() if growth is not None}
    problems = [Problem(place, found, expected) for place, found, expected in exceeded(rows, limits)]
    if problems:
        raise BudgetError(problems, after)
    if as_json:
        print_json({"before": before, "after": after, "changes": [row.to_json() for row in rows]})


diff.params += [_growth("ram", "RAM"), _growth("flash", "flash"), _growth("cycles", "the estimate of cycles")]

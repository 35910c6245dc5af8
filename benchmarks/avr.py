# SPDX-License-Identifier: Apache-2.0
"""All cases of the test tables where int has 16 bits; the tests run those of a few."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import click

from benchmarks import use_test_code


def sweep_avr(only: str) -> int:
    """Build and run them one by one; the number of those that came out wrong."""
    use_test_code()
    from avr import UNABLE, absent, build_machine, self_test_on_avr
    from case_types import all_cases

    from tinycc.errors import CompileError

    if absent():
        raise click.UsageError(f"not installed: {absent()}")
    counts = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        machine = build_machine(Path(folder))
        for case in all_cases():
            if only not in case.id:
                continue
            try:
                with tempfile.TemporaryDirectory() as place:
                    told = self_test_on_avr(case, Path(place), machine)
            except CompileError:
                told = "refused"
            counts[told if told in ("", "refused", *UNABLE) else "wrong"] += 1
            if told not in ("", "refused", *UNABLE):
                click.echo(f"{case.id}: {told}")
    click.echo(", ".join(f"{count} {told or 'passed'}" for told, count in sorted(counts.items())))
    return counts["wrong"]

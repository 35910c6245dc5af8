# SPDX-License-Identifier: Apache-2.0
"""A proof for people: a row for each analysis, then what is claimed and what is not."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tinycc.proof.eva import Found
from tinycc.proof.prove import NOT_COVERED, Proof

SHOWN = 5
"""Alarms of one analysis that are printed; the others are in --json and the log."""


def print_proof(console: Console, proof: Proof) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("analysis", "of", "alarms", "outputs", "s"):
        numeric = heading in ("alarms", "s")
        table.add_column(heading, justify="right" if numeric else "left", overflow="ellipsis", no_wrap=True)
    for found in proof.found:
        table.add_row(found.driver.name, found.driver.about, *_cells(found), f"{found.seconds:.1f}")
    console.print(table)
    for found in proof.found:
        for alarm in found.alarms[:SHOWN]:
            console.print(f"{found.driver.name}: {alarm.place}: {alarm.text}", highlight=False, markup=False)
        if len(found.alarms) > SHOWN:
            console.print(f"{found.driver.name}: and {len(found.alarms) - SHOWN} more", highlight=False, markup=False)
        for text in found.missing:
            console.print(f"{found.driver.name}: {text}", highlight=False, markup=False)
    open_ones = sum(not found.proved for found in proof.found)
    if open_ones:
        console.print(f"NOT PROVED: {open_ones} of {len(proof.found)} analyses", highlight=False)
        return
    console.print(f"PROVED. {proof.claim}", highlight=False, markup=False)
    console.print(f"Not covered: {'; '.join(NOT_COVERED)}.", highlight=False, markup=False)
    if proof.assembly:
        console.print(f"Assembly with twins in C: {', '.join(proof.assembly)}.", highlight=False, markup=False)


def _cells(found: Found) -> tuple[str, str]:
    written = "not shown" if found.missing else "written" if len(found.driver.asserts) > 1 else "-"
    return str(len(found.alarms)) if not any("not done" in text for text in found.missing) else "-", written

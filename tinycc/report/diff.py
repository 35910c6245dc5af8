# SPDX-License-Identifier: Apache-2.0
"""Two builds side by side: what grew, what shrank, and whether that is more than was allowed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tinycc.errors import fail

LINKED, ESTIMATE = "flash, as linked", "flash, with an estimate of code"
TOTALS = {
    "RAM: arena": "ram",
    LINKED: "flash_bytes",
    ESTIMATE: "flash_estimate",
    "MAC": "macs",
    "cycles (estimate)": "cycles",
}
"""What is said of a figure, and its key in a report. Of flash there is one of two: like is compared with like."""
LIMITED = {"ram": ("RAM: arena",), "flash": (LINKED, ESTIMATE), "cycles": ("cycles (estimate)",)}
"""What can be held: the option's name, and the figure, or those of which one is there."""

CODE = "code"
"""Of flash by content, what is no constant."""


@dataclass(frozen=True)
class Change:
    """One figure in both reports; None where one lacks it. In bytes, multiply-accumulates or cycles."""

    what: str
    before: int | None
    after: int | None

    @property
    def by(self) -> int:
        return (self.after or 0) - (self.before or 0)

    @property
    def share(self) -> float | None:
        """by / before."""
        return self.by / self.before if self.before else None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "by": self.by, "share": self.share}


def read_report(path: str | os.PathLike[str]) -> Mapping[str, Any]:
    """What `tinycc report --json` printed. Raises CompileError."""
    where = os.fspath(path)
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except OSError as error:
        raise fail(where, error.strerror or "a file that cannot be read", "a report: tinycc report MODEL --json") from error
    except ValueError as error:
        raise fail(where, "no JSON", "a report: tinycc report MODEL --json > FILE.json") from error
    if not isinstance(content, dict) or not all(isinstance(content.get(key), int) for key in TOTALS.values()):
        expected = "a report of this version: tinycc report MODEL --json > FILE.json"
        raise fail(where, "JSON that is no report, or one of an older tinycc", expected)
    return content


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Totals always, then flash by content and cycles by layer where they differ.

    Flash is compared as linked where both are so, by the same compiler for the same core; else by the estimates that both have.
    """
    linked = bool(before.get("linked") and after.get("linked") and before.get("flash_how") == after.get("flash_how"))
    shown = {what: key for what, key in TOTALS.items() if what != (ESTIMATE if linked else LINKED)}
    totals = [Change(what, int(before[key]), int(after[key])) for what, key in shown.items()]
    flash = _differing("flash: ", _flash(before, linked=linked), _flash(after, linked=linked))
    return (*totals, *flash, *_differing("", _layers(before), _layers(after)))


def _flash(report: Mapping[str, Any], *, linked: bool) -> dict[str, int]:
    """By content; the code as it is compared."""
    found = {str(name): int(size) for name, size in dict(report.get("flash", {})).items() if name != CODE}
    whole = int(report[TOTALS[LINKED if linked else ESTIMATE]])
    return {**found, CODE if linked else f"{CODE} (estimate)": whole - sum(found.values())}


def _layers(report: Mapping[str, Any]) -> dict[str, int]:
    return {f"{layer['operator']} {layer['name']}: cycles": int(layer["cycles"]) for layer in report.get("layers", [])}


def _differing(prefix: str, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Change(prefix + name, before.get(name), after.get(name))


def exceeded(rows: tuple[Change, ...], limits: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    """(option, found, expected) of each figure that grew by more than allowed: by an int's number, by a float's share."""
    by_name = {row.what: row for row in rows}
    for name, limit in limits.items():
        row = next(by_name[what] for what in LIMITED[name] if what in by_name)
        allowed = limit if isinstance(limit, int) else limit * (row.before or 0)
        if row.by > allowed:
            asked = f"{limit:,}" if isinstance(limit, int) else f"{100 * limit:g}%"
            yield (
                f"--max-{name}",
                f"{row.what} grew by {row.by:,}, from {_cell(row.before)} to {_cell(row.after)}",
                f"at most +{asked}",
            )


def markdown(rows: tuple[Change, ...]) -> str:
    """A table for a comment on a merge request."""
    lines = ["| | before | after | change |", "|---|---:|---:|---:|"]
    for row in rows:
        share = f" ({row.share:+.1%})" if row.share is not None else ""
        change = f"{row.by:+,}{share}" if row.by else "="
        lines.append(f"| {row.what} | {_cell(row.before)} | {_cell(row.after)} | {change} |")
    return "\n".join(lines) + "\n"


def _cell(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"

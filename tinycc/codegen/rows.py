# SPDX-License-Identifier: Apache-2.0
"""What templates show of inputs and outputs that come and go row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tinycc.codegen.memories import CMemory, arguments, used
from tinycc.codegen.writer import Writer
from tinycc.program.pushes import pushes
from tinycc.program.types import Port, Program, Stage


@dataclass(frozen=True)
class Pushed:
    """An input or an output that comes or goes row by row, as the templates show it. `delay`: in ticks of all streams that
    bring rows in or out. `moves`: what is done when a row has been taken."""

    rows: int
    row_elements: int
    row_bytes: int
    ctype: str
    delay: int
    period: int
    place: tuple[str, ...]
    moves: tuple[str, ...] = ()

    def tick(self, ahead: int) -> str:
        """When row `row + ahead` is there, in C."""
        since = "row" if self.period == 1 else f"{self.period} * row"
        start = self.delay + self.period * ahead
        return f"{since} + {start}" if start else since

    @property
    def places_alike(self) -> bool:
        """Whether all rows lie at one place."""
        return not _names_turn(self.place)

    @property
    def moves_alike(self) -> bool:
        return not _names_turn(self.moves)


def _names_turn(lines: Iterable[str]) -> bool:
    return any(re.search(r"\bturn\b", line) for line in lines)


@dataclass(frozen=True)
class End:
    """A stream that brings rows in or out, as the templates show it: its ticks are those from `start` to below `stop`."""

    name: str
    arguments: str
    start: int
    stop: int
    fails: bool


def by_rows(program: Program, writer: Writer, known: tuple[CMemory, ...]) -> dict[str, object]:
    """Once the writer has written the steps: what comes and goes by rows, the streams that bring it, what each call takes."""
    return {
        "pushed": _pushed(program, writer),
        "pulled": _pulled(program, writer),
        "ends": list(_ends(writer, known)),
        "calls": pushes(program),
    }


def _ends(writer: Writer, known: tuple[CMemory, ...]) -> Iterator[End]:
    start = 0
    for found in writer.ends.values():
        yield End(found.name, arguments(used(known, found.memories)), start, start + found.ticks, found.fails)
        start += found.ticks


def _pushed(program: Program, writer: Writer) -> Pushed | None:
    stage = program.arrival
    return None if stage is None else _rows(program.inputs[0], stage, stage.delay, writer.arrival)


def _pulled(program: Program, writer: Writer) -> Pushed | None:
    stage = program.departure
    if stage is None:
        return None
    before = sum(found.ticks for found in list(writer.ends.values())[:-1])
    return _rows(program.outputs[0], stage, before + stage.delay, writer.departure, writer.leaving)


def _rows(port: Port, stage: Stage, delay: int, place: Iterable[str], moves: Iterable[str] = ()) -> Pushed:
    rows, type = stage.count, port.type
    return Pushed(
        rows, type.elements // rows, type.bytes // rows, type.dtype.ctype, delay, stage.period, tuple(place), tuple(moves)
    )

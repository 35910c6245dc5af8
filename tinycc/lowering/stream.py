# SPDX-License-Identifier: Apache-2.0
"""The turns of a stage in cases: what is the same but for places that move evenly is said once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from tinycc.ir import Value
from tinycc.program.types import ALWAYS, STILL, Pace, Rows, Span
from tinycc.schedule.clock import Clock
from tinycc.schedule.rows import Block, row_bytes

CYCLES = 8
"""Turns after which a place may be the same again, at most."""


@dataclass(frozen=True)
class Place:
    """Where rows of a tensor lie in its buffer, turn by turn: bytes from its start, as of turn 0."""

    offset: int
    pace: Pace
    rows: Rows
    bytes: int

    def span(self, whole: Span) -> Span:
        return replace(whole, offset=self.offset, pace=self.pace, rows=self.rows, bytes=self.bytes)


@dataclass(frozen=True)
class Moving:
    """Rows of a line buffer, from `slot` on, that go to slot `to`; `every` as in Call."""

    value: Value
    slot: int
    to: int
    rows: Rows
    every: tuple[int, int] = ALWAYS


@dataclass(frozen=True, eq=False)
class Case:
    """Turns `first..last` of a stage: what it computes in each, where the rows lie, what moves afterwards."""

    first: int
    last: int
    block: Block
    places: Mapping[Value, Place]
    moves: tuple[Moving, ...]


@dataclass(frozen=True)
class _Turn:
    """What one turn does: the rows of each tensor with the byte where they begin, and (slot, slot to go to, count, first
    row) of the moves. `ends`: of sums, whether it is the first and whether it is the last."""

    block: Block
    rows: tuple[tuple[Value, range, int], ...]
    moves: tuple[tuple[Value, int, int, int, int], ...]
    ends: tuple[bool, ...]


_KNOWN: WeakKeyDictionary[Clock, dict[tuple[int, ...], tuple[Case, ...]]] = WeakKeyDictionary()


def cases(clock: Clock, index: int, edges: Sequence[int] = ()) -> tuple[Case, ...]:
    """Of one operator of a run. `edges`: turns with which a case begins, however much they are like those before. Found once,
    as a run is lowered with one choice of kernels after the other."""
    known = _KNOWN.setdefault(clock, {})
    key = index, *edges
    if key not in known:
        known[key] = tuple(_cases(clock, index, edges))
    return known[key]


def _cases(clock: Clock, index: int, edges: Sequence[int]) -> Iterator[Case]:
    turns = [_turn(clock, index, turn) for turn in range(clock.forms[index].turns)]
    first = 0
    while first < len(turns):
        end = min((edge for edge in edges if edge > first), default=len(turns))
        made = _longest(turns, first, end, 1)
        if made.last - made.first < CYCLES:  # where rows are made several at a time, they move up in every so many turns
            others = [_longest(turns, first, end, cycle) for cycle in range(2, CYCLES + 1)]
            made = max(
                (made, *(other for cycle, other in enumerate(others, 2) if other.last - other.first + 1 >= 2 * cycle)),
                key=lambda case: case.last,
            )
        yield made
        first = made.last + 1


def _longest(turns: Sequence[_Turn], first: int, end: int, cycle: int) -> Case:
    """The longest case from a turn on, what moves being the same after so many turns."""
    made = _case(turns, first, first, cycle)
    assert made is not None, "one turn is a case by itself"
    beyond, stride = end, 1
    while made.last + 1 < beyond:
        last = min(made.last + stride, beyond - 1)
        longer = _case(turns, first, last, cycle)
        if longer is not None:
            made, stride = longer, 2 * stride if cycle == 1 else 1  # without a cycle, a part of a case is one, too
        else:
            beyond, stride = last, max(stride // 2, 1)
    return made


def _turn(clock: Clock, index: int, turn: int) -> _Turn:
    form = clock.forms[index]
    found = [(reading.value, reading.rows(turn)) for reading in form.readings]
    found += [(form.y, form.made(turn))] if form.makes_rows else []
    rows = []
    for value, span in found:
        lines = clock.lines.get(value)
        base = lines.bases[index, turn] if lines is not None else 0
        rows.append((value, span, (span.start - base) * row_bytes(value) if span else 0))
    moves = [
        (value, move.slot, move.to, len(move.rows), move.rows.start)
        for value, lines in clock.lines.items()
        if lines.mover == index and (move := lines.moves.get(turn)) is not None
    ]
    ends = (turn == 0, turn == form.turns - 1) if form.sums is not None else ()
    return _Turn(form.block(turn), tuple(rows), tuple(moves), ends)


def _case(turns: Sequence[_Turn], first: int, last: int, cycle: int) -> Case | None:
    """The turns as one case; None if they are not."""
    part = turns[first : last + 1]
    shapes = {(turn.block, turn.ends, *((len(span)) for _, span, _ in turn.rows)) for turn in part}
    if len(shapes) > 1:
        return None
    places = {}
    for at, (value, span, _) in enumerate(part[0].rows):
        pace = _paced([turn.rows[at][2] for turn in part], first)
        numbered = _paced([turn.rows[at][1].start for turn in part], first)
        if pace is None or numbered is None or numbered[1].cycle:
            return None
        rows = Rows(numbered[0], numbered[1].bytes, len(span))
        places[value] = Place(*pace, rows, len(span) * row_bytes(value))
    moves = _moves(part, first, cycle)
    return Case(first, last, part[0].block, places, moves) if moves is not None else None


def _moves(part: Sequence[_Turn], first: int, cycle: int) -> tuple[Moving, ...] | None:
    """What moves after the turns, of which number `first` is the first; None if that is not the same after so many turns."""
    found: dict[tuple[Value, int, int, int], dict[int, int]] = {}
    for number, turn in enumerate(part, first):
        for value, slot, to, count, row in turn.moves:
            found.setdefault((value, slot, to, count), {})[number] = row
    moves = []
    for (value, slot, to, count), rows in found.items():
        often = (ALWAYS,) if len(rows) == len(part) else [(cycle, rest) for rest in sorted({turn % cycle for turn in rows})]
        for every in often:
            turns = [turn for turn in range(first, first + len(part)) if turn % every[0] == every[1]]
            if any(turn not in rows for turn in turns):
                return None
            step = (rows[turns[1]] - rows[turns[0]]) // every[0] if len(turns) > 1 else 0
            start = rows[turns[0]] - step * turns[0]
            if any(rows[turn] != start + step * turn for turn in turns):
                return None
            moves.append(Moving(value, slot, to, Rows(start, step, count), every))
    return tuple(moves)


def _paced(numbers: Sequence[int], first: int) -> tuple[int, Pace] | None:
    """(number of turn 0, pace) that give these numbers from turn `first` on; None if there are none."""
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 0
    for cycle in (0, *range(2, CYCLES + 1)):
        pace = Pace(step, cycle) if step else STILL
        if cycle and step:
            inside = next((n for n in range(len(numbers) - 1) if (first + n + 1) % cycle), 0)
            pace = Pace(numbers[inside + 1] - numbers[inside] if len(numbers) > 1 else 0, cycle)
        start = numbers[0] - pace.at(first)
        if all(start + pace.at(first + n) == number for n, number in enumerate(numbers)):
            return start, pace
        if len(numbers) < 2:
            break
    return None

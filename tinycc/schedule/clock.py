# SPDX-License-Identifier: Apache-2.0
"""When each row of a run is made, and how long it stays.

Operators tick: one makes its rows in turn n at tick `delay + period * n`, as soon as the rows that it reads are there. Strides
multiply the period, windows add to the delay, where branches meet the later one counts; rows below the image need nothing, the
clock ticks on.

A tensor that is made and read inside a run is a *line buffer*: as many rows as are needed at a time, one behind the other in
ascending order, so that any kernel can read a window of them. When its last reader is done with rows, those that follow move up
in their place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tinycc.ir import Value
from tinycc.schedule.rows import Arrival, Form, Reading, height


@dataclass(frozen=True)
class Timing:
    """Turn n is at tick `delay + period * n`."""

    delay: int
    period: int


def timings(forms: Sequence[Form]) -> list[Timing] | None:
    """Of every operator of a run; None if its branches tick at different speeds."""
    makers = {form.y: index for index, form in enumerate(forms)}
    periods = _periods(forms, makers)
    if periods is None:
        return None
    delays = [0] * len(forms)
    for index, form in enumerate(forms):  # as soon as there is what it reads
        for reading in form.readings:
            if (maker := makers.get(reading.value)) is not None:
                behind = max(_behind(form, reading, periods[index], forms[maker], periods[maker]))
                delays[index] = max(delays[index], delays[maker] + behind)
    for maker in reversed(range(len(forms))):  # and no sooner than somebody waits for it; the caller begins
        if isinstance(forms[maker].op, Arrival):
            continue
        waits = [
            delays[index] - max(_behind(form, reading, periods[index], forms[maker], periods[maker]))
            for index, form in enumerate(forms)
            for reading in form.readings
            if reading.value is forms[maker].y
        ]
        delays[maker] = min(waits, default=delays[maker])
    start = min(delays)
    return [Timing(delay - start, period) for delay, period in zip(delays, periods, strict=True)]


def _behind(form: Form, reading: Reading, period: int, maker: Form, makes: int) -> Iterator[int]:
    """How many ticks the reader's first turn must come after the maker's first one, by the reader's turns: mostly these are
    alike but for those that see the last row of the image, and repeat with what the maker makes at a time."""
    some = {*range(min(form.turns, maker.rows + 1)), form.turns // 2, form.turns - 1}
    for turn in some if form.is_even else range(form.turns):
        if rows := reading.rows(turn):
            yield makes * ((rows.stop - 1) // maker.rows) - period * turn


def _periods(forms: Sequence[Form], makers: dict[Value, int]) -> list[int] | None:
    """Of each operator, in the coarsest ticks."""
    edges: dict[int, list[tuple[int, Fraction]]] = {index: [] for index in range(len(forms))}
    for index, form in enumerate(forms):
        for reading in form.readings:
            if reading.value in makers:
                maker = makers[reading.value]
                ratio = Fraction(reading.step, forms[maker].rows)
                edges[maker].append((index, ratio))
                edges[index].append((maker, 1 / ratio))
    found: dict[int, Fraction] = {}
    for start in range(len(forms)):
        if start in found:
            continue
        found[start] = Fraction(1)
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for other, ratio in edges[here]:
                if other not in found:
                    found[other] = found[here] * ratio
                    waiting.append(other)
                elif found[other] != found[here] * ratio:
                    return None
    unit = math.lcm(*(period.denominator for period in found.values()))
    periods = [int(found[index] * unit) for index in range(len(forms))]
    common = math.gcd(*periods)
    return [period // common for period in periods]


@dataclass(frozen=True)
class Move:
    """At the end of a turn: the rows `rows` move from `slot` of the line buffer to slot `to`, counted in rows."""

    value: Value
    slot: int
    to: int
    rows: range


@dataclass(frozen=True)
class Lines:
    """A line buffer of `rows` rows. `bases`: for every turn of every operator that touches it, (operator, turn) -> the row that
    is at its start then. `moves`: what operator `mover` does at the end of each turn."""

    value: Value
    rows: int
    bases: dict[tuple[int, int], int]
    mover: int
    moves: dict[int, Move]


@dataclass(frozen=True, eq=False)
class Clock:
    """A run: its operators, when they tick, and the line buffers between them."""

    forms: tuple[Form, ...]
    timings: tuple[Timing, ...]
    lines: dict[Value, Lines]

    @property
    def turns(self) -> list[tuple[int, int]]:
        """(operator, turn), as they run."""
        return _turns(self.forms, self.timings)


def _turns(forms: Sequence[Form], timings: Sequence[Timing]) -> list[tuple[int, int]]:
    events = (
        (timing.delay + timing.period * turn, index, turn)
        for index, (form, timing) in enumerate(zip(forms, timings, strict=True))
        for turn in range(form.turns)
    )
    return [(index, turn) for _, index, turn in sorted(events)]


def clock(forms: Sequence[Form], inner: set[Value]) -> Clock | None:
    """The clock of a run. `inner`: what nobody outside reads, and is kept in lines. None: the run cannot tick."""
    found = timings(forms)
    if found is None:
        return None
    turns = _turns(forms, found)
    position = {turn: at for at, turn in enumerate(turns)}
    lines = {}
    for maker, form in enumerate(forms):
        if form.y in inner and form.makes_rows:
            made = _lines(forms, maker, turns, position)
            if made is None:
                return None
            lines[form.y] = made
    return Clock(tuple(forms), tuple(found), lines)


def _lines(
    forms: Sequence[Form], maker: int, turns: list[tuple[int, int]], position: dict[tuple[int, int], int]
) -> Lines | None:
    value = forms[maker].y
    readers = [(index, reading) for index, form in enumerate(forms) for reading in form.readings if reading.value is value]
    if not readers:
        return None
    mover, reading = max(readers, key=lambda reader: _lag(forms, reader[0], reader[1], position))
    step = reading.step
    bases, written_at, moved, written = {}, {}, 0, 0
    touching = {maker, *(index for index, _ in readers)}
    for index, turn in turns:
        if index in touching:
            bases[index, turn] = step * moved
        if index == maker:
            written = forms[maker].made(turn).stop
        if index == mover:
            written_at[turn] = written
            moved += 1
    first = min(_lowest(forms, maker, readers, bases))
    bases = {at: base + first for at, base in bases.items()}
    rows = max(row + 1 - bases[maker, turn] for turn in range(forms[maker].turns) for row in forms[maker].made(turn))
    moves = {turn: _move(value, bases[mover, turn], step, written_at[turn]) for turn in written_at}
    return Lines(value, rows, bases, mover, {turn: move for turn, move in moves.items() if move is not None})


def _lag(forms: Sequence[Form], index: int, reading: Reading, position: dict[tuple[int, int], int]) -> tuple[int, int]:
    """How late a reader is done with the rows in the middle."""
    middle = height(reading.value) // 2
    turn = min(max((middle - reading.first) // reading.step, 0), forms[index].turns - 1)
    return position[index, turn], index


def _lowest(
    forms: Sequence[Form], maker: int, readers: list[tuple[int, Reading]], bases: dict[tuple[int, int], int]
) -> Iterator[int]:
    """What the first row at the start of the buffer may be at most, with nothing read or written before that start."""
    for index, reading in readers:
        yield from (reading.wanted(turn).start - bases[index, turn] for turn in range(forms[index].turns))
    yield from (forms[maker].made(turn).start - bases[maker, turn] for turn in range(forms[maker].turns))


def _move(value: Value, base: int, step: int, written: int) -> Move | None:
    """The rows above `base + step` that are there; None if there are none."""
    start = max(base + step, 0)
    if start >= written:
        return None
    return Move(value, start - base, start - base - step, range(start, written))

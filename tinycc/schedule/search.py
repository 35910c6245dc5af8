# SPDX-License-Identifier: Apache-2.0
"""Which operators run row by row: cuts of a graph into runs and single operators, from the fastest to the smallest."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.schedule.estimate import Estimates, Price
from tinycc.schedule.runs import Run, Runs

LONGEST = 32
"""Operators of a run, of a graph that has more."""
MANY, RUNS = 250, 8_000
"""Operators of a graph above which only the least peak is tried; runs that are looked at, and all up to 8 operators."""
LEVELS = 10
"""How many cuts are proposed."""


@dataclass(frozen=True)
class Schedule:
    """A way to run a graph, with its estimated cycles, those of them that no kernel takes, bytes at the peak, and how many rows
    of the highest images a turn makes."""

    runs: tuple[Run, ...]
    cycles: int
    beside: int
    bytes: int
    rows: int = 1


@dataclass(frozen=True)
class _Part:
    """Operators `start..stop`, as a run or one alone."""

    start: int
    stop: int
    is_run: bool
    price: Price


def schedules(
    graph: Graph, context: Context, *, pushed: bool = False, pulled: bool = False, rows: int = 1, limited: bool = False
) -> list[Schedule]:
    """The fastest ways to stay below different peaks, the fastest of all first, then smaller and smaller ones. `pushed`: only
    those in which the rows of the input arrive one by one, `pulled`: those of the output go so; none if there are no such.
    `limited`: and those whose first run has any other length. `rows` as in Runs."""
    count = len(graph.ops)
    runs = Runs(graph, context, pushed=pushed, pulled=pulled, rows=rows)
    estimates = Estimates(runs, context)
    parts = _parts(graph, runs, estimates)
    if pushed:
        parts = [part for part in parts if part.start or (part.is_run and runs.arrival is not None)]
    if pulled:
        parts = [part for part in parts if part.stop < count or (part.is_run and runs.departure is not None)]
    if _fastest(count, parts, _all(parts)) is None:
        return []
    least, whole = _least(count, parts), _whole(parts)
    found: list[tuple[_Part, ...]] = []
    for limit in _limits(least, whole) if count <= MANY else (least,):
        cut = _fastest(count, parts, limit)
        if cut is not None and cut not in found:
            found.append(cut)
    if limited:
        rest = [part for part in parts if part.start]
        cuts = (_fastest(count, [first, *rest], whole) for first in parts if not first.start)
        found += [cut for cut in cuts if cut is not None and cut not in found]
    return [_schedule(runs, cut, rows) for cut in found]


def affordable(graph: Graph, context: Context, cycles: int, shares: Sequence[float], *, rows: int = 1) -> list[Schedule]:
    """For each share of cycles more than `cycles`, or than the fastest way takes by the estimates that are made here, the way
    with the least peak among those that stay below it. `rows` as in Runs. None for a graph of many operators: it would take
    long to find."""
    if len(graph.ops) > MANY:
        return []
    runs = Runs(graph, context, rows=rows)
    parts = _parts(graph, runs, Estimates(runs, context), spare_small=True)
    peaks = sorted({part.price.bytes for part in parts})

    def fastest(most: float, peak: int) -> tuple[_Part, ...] | None:
        cut = _fastest(len(graph.ops), parts, peak)
        return cut if cut is not None and _cycles(cut) <= most else None

    def possible(most: float, peak: int) -> bool:
        return fastest(most, peak) is not None

    found = []
    quickest = _fastest(len(graph.ops), parts, _all(parts))
    assert quickest is not None
    for most in (base * (1 + share) for base in (cycles, _cycles(quickest)) for share in shares):
        least = bisect.bisect_left(peaks, True, key=partial(possible, most))
        cut = fastest(most, peaks[least]) if least < len(peaks) else None
        if cut is not None and cut not in found:
            found.append(cut)
    return [_schedule(runs, cut, rows) for cut in found]


def _cycles(cut: Iterable[_Part]) -> int:
    return sum(part.price.cycles for part in cut)


def _schedule(runs: Runs, cut: Iterable[_Part], rows: int) -> Schedule:
    parts = tuple(cut)
    made = tuple(run for part in parts if part.is_run and (run := runs.run(part.start, part.stop)) is not None)
    beside = sum(part.price.beside for part in parts)
    return Schedule(made, _cycles(parts), beside, max((part.price.bytes for part in parts), default=0), rows)


def _limits(least: int, whole: int) -> list[int]:
    """Peaks from that of the whole operators down to the least that there is, and again a little above it."""
    between = (least + (whole - least) * level // LEVELS for level in range(LEVELS, 0, -1))
    above = (least + least * percent // 100 for percent in (40, 30, 20, 10, 5, 2))
    return [*dict.fromkeys((whole, *between, *above, least))]


def _parts(graph: Graph, runs: Runs, estimates: Estimates, *, spare_small: bool = False) -> list[_Part]:
    """All parts. `spare_small`: but for runs of operators that are whole within what there must be room for anyway."""
    count = len(graph.ops)
    found = [_Part(at, at + 1, False, estimates.whole(at)) for at in range(count)]
    least = sum(value.type.bytes for value in graph.inputs)
    least = max([least, *(part.price.bytes for part, op in zip(found, graph.ops, strict=True) if runs.forms[op] is None)])
    small = [spare_small and part.price.bytes <= least for part in found]
    for start in range(count):
        for stop in range(start + 1, min(start + max(min(LONGEST, RUNS // count), 8), count) + 1):
            op = graph.ops[stop - 1]
            if not op.view and runs.forms[op] is None:
                break
            if all(small[start:stop]):
                continue
            price = estimates.run(start, stop)
            if price is not None:
                found.append(_Part(start, stop, True, price))
    return found


def _all(parts: list[_Part]) -> int:
    return max((part.price.bytes for part in parts), default=0)


def _whole(parts: list[_Part]) -> int:
    return max((part.price.bytes for part in parts if not part.is_run), default=0)


def _least(count: int, parts: list[_Part]) -> int:
    """The lowest peak of any cut."""
    best = _best(count, parts, lambda known, part: max(known, part.price.bytes))
    return best[count][0]


def _fastest(count: int, parts: list[_Part], limit: int) -> tuple[_Part, ...] | None:
    """The cut with the fewest cycles whose parts stay within a limit."""
    allowed = [part for part in parts if part.price.bytes <= limit]
    best = _best(count, allowed, lambda known, part: known + part.price.cycles)
    if count not in best:
        return None
    cut: list[_Part] = []
    at = count
    while at:
        part = best[at][1]
        assert part is not None
        cut.append(part)
        at = part.start
    return tuple(cut[::-1])


def _best(count: int, parts: list[_Part], price: Callable[[int, _Part], int]) -> dict[int, tuple[int, _Part | None]]:
    """The best price of every beginning of the graph, and its last part."""
    ending: dict[int, list[_Part]] = {}
    for part in parts:
        ending.setdefault(part.stop, []).append(part)
    best: dict[int, tuple[int, _Part | None]] = {0: (0, None)}
    for stop in range(1, count + 1):
        options = [(price(best[part.start][0], part), part) for part in ending.get(stop, ()) if part.start in best]
        if options:
            best[stop] = min(options, key=lambda option: option[0])
    return best

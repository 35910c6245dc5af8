# SPDX-License-Identifier: Apache-2.0
"""What a part of a graph costs, as a run of rows or operator by operator: bytes at its peak and cycles. For the search, which
looks at many; the planner has the last word about the few that it proposes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Context
from tinycc.kernels.choice import Choice, choose
from tinycc.ops.base import Operator
from tinycc.preferences import Goal
from tinycc.program.overhead import overhead
from tinycc.schedule.clock import Timing, timings
from tinycc.schedule.rows import Arrival, Departure, Form, Reading, Sums, height, row_bytes
from tinycc.schedule.runs import Runs

SAMPLES = 6
"""Ticks at which a run is looked at."""


def fast(context: Context) -> Context:
    """For kernels of rows: where these save memory, kernels save it as far as there is need."""
    return replace(context, goal=Goal.SPEED) if context.goal is Goal.RAM else context


def tight(context: Context) -> bool:
    """Whether kernels of rows are to take as little scratch as any."""
    return context.goal is Goal.RAM


@dataclass(frozen=True)
class Price:
    """Bytes at the peak, and cycles; `beside`: those of them that no kernel takes, but the turns and what moves up."""

    bytes: int
    cycles: int
    beside: int = 0


@dataclass(frozen=True)
class _Work:
    cycles: int
    scratch: int


@dataclass(frozen=True)
class _Lines:
    """A line buffer of a run: bytes that stay between turns, bytes that each turn brings."""

    kept: int
    fresh: int


class Estimates:
    """Of the parts of one graph."""

    def __init__(self, runs: Runs, context: Context) -> None:
        self._runs = runs
        self._graph: Graph = runs.graph
        self._context = fast(context)
        self._tight = tight(context)
        self._works: dict[Op, _Work] = {}
        self._size: dict[Value, int] = {}
        self._alive: dict[Value, tuple[int, int]] = {}
        self._find_lives()

    def _find_lives(self) -> None:
        """For every memory, its size, the operator that makes it (-1: the caller) and the last one that reads it."""
        graph, end = self._graph, len(self._graph.ops)
        made = dict.fromkeys(graph.sources, -1)
        made |= {value: position for position, op in enumerate(graph.ops) for value in op.outputs}
        for value, position in made.items():
            owner = graph.owner(value)
            self._size[owner] = max(self._size.get(owner, 0), value.type.bytes)
            first, last = self._alive.get(owner, (position, position))
            self._alive[owner] = min(first, position), last
        for position, op in enumerate(graph.ops):
            for value in op.inputs:
                self._read(graph.owner(value), position)
        for value in graph.results:
            self._read(graph.owner(value), end)

    def _read(self, owner: Value, position: int) -> None:
        if owner in self._alive:
            first, last = self._alive[owner]
            self._alive[owner] = first, max(last, position)

    def whole(self, position: int) -> Price:
        """One operator, all of it at once."""
        op = self._graph.ops[position]
        if op.view:
            return Price(0, 0)
        work = self._work(op)
        alive = sum(self._size[owner] for owner, (first, last) in self._alive.items() if first <= position <= last)
        return Price(alive + work.scratch, work.cycles)

    def run(self, start: int, stop: int) -> Price | None:
        """The operators `start..stop` row by row; None if they cannot run so."""
        forms = self._runs.ticking(start, stop)
        if forms is None or (times := timings(forms)) is None:
            return None
        made = {form.y: index for index, form in enumerate(forms)}
        lines = {
            form.y: _lines(forms, times, index) for index, form in enumerate(forms) if self._runs.is_inner(form.y, start, stop)
        }
        around = self._around(start, stop, forms)
        kept = sum(line.kept for line in lines.values())
        kept += sum(form.sums.value.type.bytes + form.y.type.bytes for form in forms if form.sums is not None)
        peak = 0
        turn = max(self._turn(form, lines) for form in forms)
        end = max(time.delay + time.period * form.turns for form, time in zip(forms, times, strict=True))
        for tick in (end * sample // (SAMPLES - 1) for sample in range(SAMPLES)):
            resident = sum(self._resident(forms, times, made, lines, tick, stop))
            peak = max(peak, around + kept + resident + turn)
        work = sum(
            self._work(form.op, form.sums).cycles if form.sums is not None else form.turns * self._work(form.usual.op).cycles
            for form in forms
        )
        moved = sum(line.kept * forms[made[value]].turns for value, line in lines.items())
        beside = overhead(self._context.target, sum(form.turns for form in forms), moved)
        return Price(peak, work + beside, beside)

    def _around(self, start: int, stop: int, forms: Sequence[Form]) -> int:
        """Bytes of what is alive all through the part and not read by rows in it."""
        by_rows = {self._graph.owner(reading.value) for form in forms for reading in form.readings}
        return sum(
            self._size[owner] for owner, (first, last) in self._alive.items() if first < start <= last and owner not in by_rows
        )

    def _resident(
        self,
        forms: Sequence[Form],
        times: Sequence[Timing],
        made: Mapping[Value, int],
        lines: Mapping[Value, _Lines],
        tick: int,
        stop: int,
    ) -> Iterator[int]:
        """Bytes in use, at a tick, of tensors that are whole before the run or after it."""
        entering: dict[Value, list[tuple[Timing, Reading]]] = {}
        for form, time in zip(forms, times, strict=True):
            for reading in form.readings:
                if reading.value not in lines:
                    entering.setdefault(reading.value, []).append((time, reading))
        for form in forms:
            if form.makes_rows:
                entering.setdefault(form.y, [])
        for value, readers in entering.items():
            there, gone = height(value), 0
            if value in made:
                form, time = forms[made[value]], times[made[value]]
                there = min(max((tick - time.delay) // time.period + 1, 0) * form.rows, height(value))
            if self._alive[self._graph.owner(value)][1] < stop:
                done = (reading.first + reading.step * max((tick - time.delay) // time.period, 0) for time, reading in readers)
                gone = min(done, default=there)
            yield max(there - min(max(gone, 0), there), 0) * row_bytes(value)

    def _turn(self, form: Form, lines: Mapping[Value, _Lines]) -> int:
        """Bytes that a turn needs beside what is kept."""
        read = sum(lines[reading.value].fresh for reading in form.readings if reading.value in lines)
        if not form.makes_rows:
            return read
        written = form.rows * row_bytes(form.y)
        return read + written + self._work(form.usual.op).scratch

    def _work(self, op: Op, sums: Sums | None = None) -> _Work:
        if op not in self._works:
            assert isinstance(op, Operator)
            if isinstance(op, Arrival | Departure):
                return _Work(0, 0)
            if sums is not None:
                self._works[op] = _Work(sums.accumulator.cost(op, self._context).cycles, 0)
            else:
                self._works[op] = self._kernel(
                    op, choose(Graph("", (), (), (op,)), self._context, {op: 0} if self._tight else None)[op]
                )
        return self._works[op]

    def _kernel(self, op: Op, choice: Choice) -> _Work:
        if op.graphs:
            return _Work(choice.cost.cycles, 0)
        scratches: dict[str, int] = {}
        for call in choice.taken.bind(op, self._context):
            for role, scratch in call.scratches.items():
                scratches[role] = max(scratches.get(role, 0), scratch.bytes)
        return _Work(choice.cost.cycles, sum(scratches.values()))


def _lines(forms: Sequence[Form], times: Sequence[Timing], maker: int) -> _Lines:
    """As in the middle of the image."""
    value, form, time = forms[maker].y, forms[maker], times[maker]
    most, step = 0, form.rows
    middle = time.delay + time.period * (form.turns // 2)
    for reader, when in zip(forms, times, strict=True):
        for reading in reader.readings:
            if reading.value is value:
                turn = max(-((when.delay - middle) // when.period), 0)
                at = when.delay + when.period * turn
                there = ((at - time.delay) // time.period + 1) * form.rows
                most = max(most, there - (reading.first + reading.step * turn))
                step = max(step, reading.step)
    rows = min(most, height(value))
    return _Lines(max(rows - step, 0) * row_bytes(value), min(step, rows) * row_bytes(value))

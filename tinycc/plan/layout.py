# SPDX-License-Identifier: Apache-2.0
"""Program -> the trace of its buffers -> a plan -> addresses, proved by running the program over the owners of its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tinycc.errors import fail
from tinycc.plan.bound import lower_bound, peak
from tinycc.plan.check import check
from tinycc.plan.passage import Access, Passage
from tinycc.plan.search import plan_arena
from tinycc.plan.space import pairs
from tinycc.plan.trace import Plan, Tenant, Trace, Use
from tinycc.program.replay import replay
from tinycc.program.types import Alias, Branch, Buffer, Loop, Program, Region, Step, Stream

MAX_ARENA_BYTES = 2**31 - 1
"""Offsets and sizes are int32_t in kernels."""
MAX_PAIRS = 100_000_000
"""Pairs of buffers that are alive together: about 14,000 buffers at once, a minute."""


@dataclass(frozen=True)
class Arena:
    """One memory of a program: its buffers, when they are in use, and where they lie."""

    buffers: tuple[Buffer, ...]
    trace: Trace
    plan: Plan

    @property
    def peak(self) -> tuple[Buffer, ...]:
        """What is alive where the arena is fullest."""
        return tuple(self.buffers[index] for index in peak(self.trace)[1])


@dataclass(frozen=True)
class Layout:
    """A program with an address for every byte. `arenas` by the name of the memory."""

    program: Program
    arenas: Mapping[str, Arena]

    @cached_property
    def offsets(self) -> Mapping[Buffer, int]:
        """In bytes from the start of the buffer's memory."""
        return {
            buffer: offset
            for arena in self.arenas.values()
            for buffer, offset in zip(arena.buffers, arena.plan.offsets, strict=True)
        }

    @property
    def own(self) -> tuple[Arena, ...]:
        """All memories but buffers of the caller's."""
        return tuple(arena for arena in self.arenas.values() if not any(buffer.callers for buffer in arena.buffers))

    @property
    def bytes(self) -> int:
        """Of all own arenas together."""
        return sum(arena.plan.size for arena in self.own)

    @property
    def callers_bytes(self) -> int:
        """Of inputs and outputs that are buffers of the caller's."""
        return sum(arena.plan.size for arena in self.arenas.values()) - self.bytes

    @property
    def lower_bound(self) -> int:
        return sum(arena.plan.lower_bound for arena in self.own)

    @property
    def peak(self) -> tuple[Buffer, ...]:
        return tuple(buffer for arena in self.own for buffer in arena.peak)


def lay_out(program: Program, effort: int | None = None) -> Layout:
    """Plan every memory of a program, with as much `effort` of search (None: the usual). Raises CompileError if that is beyond
    what C or the planner can hold."""
    return proved(sketch(program, effort))


def proved(layout: Layout) -> Layout:
    """A layout in which the program finds at every address what it wants. Raises ProgramError if not."""
    replay(layout.program, lambda buffer: (buffer.memory, layout.offsets[buffer]))
    return layout


def sketch(program: Program, effort: int | None = None) -> Layout:
    """As `lay_out`, for a layout that may not be the one that is taken: it is not proved yet."""
    return traced(program).laid_out(effort)


@dataclass(frozen=True)
class Traced:
    """A program with its buffers and their traces, by memory: what is known of a layout before one is searched for."""

    program: Program
    traces: Mapping[str, tuple[tuple[Buffer, ...], Trace]]

    @cached_property
    def bound(self) -> int:
        """Bytes that the own memories of a layout take at least."""
        own = (trace for buffers, trace in self.traces.values() if not any(buffer.callers for buffer in buffers))
        return sum(map(lower_bound, own))

    def laid_out(self, effort: int | None = None) -> Layout:
        """Not proved yet."""
        arenas = {}
        for memory, (buffers, trace) in self.traces.items():
            plan = plan_arena(trace, effort)
            check(trace, plan)
            arenas[memory] = Arena(buffers, trace, plan)
            _check_size(memory, arenas[memory])
        return Layout(self.program, arenas)


def traced(program: Program) -> Traced:
    """Raises CompileError if there are more buffers than the planner can hold."""
    uses = _Uses(program)
    traces = {}
    for memory in dict.fromkeys(buffer.memory for buffer in program.buffers):
        buffers = tuple(buffer for buffer in program.buffers if buffer.memory == memory)
        traces[memory] = buffers, uses.trace(buffers)
        _check_count(traces[memory][1])
    return Traced(program, traces)


def alone(program: Program) -> Callable[[tuple[Buffer, ...], int], Arena]:
    """(some buffers, effort of search) -> these in a memory of their own."""
    uses = _Uses(program)

    def arena(buffers: tuple[Buffer, ...], effort: int) -> Arena:
        trace = uses.trace(buffers)
        return Arena(buffers, trace, plan_arena(trace, effort))

    return arena


def _check_count(trace: Trace) -> None:
    if (count := pairs(trace)) > MAX_PAIRS:
        found = f"{len(trace.tenants):,} tensors, {count:,} pairs of them alive at the same time"
        raise fail("memory plan", found, f"at most {MAX_PAIRS:,} such pairs", "Is this model meant for a microcontroller?")


def _check_size(memory: str, arena: Arena) -> None:
    if arena.plan.size > MAX_ARENA_BYTES:
        largest = sorted(arena.peak, key=lambda buffer: -buffer.bytes)
        alive = " + ".join(f"{buffer.tensor} {buffer.bytes:,}" for buffer in largest[:4])
        raise fail(memory, f"{arena.plan.size:,} bytes (at the peak {alive})", f"at most {MAX_ARENA_BYTES:,}")


class _Uses:
    """When each buffer is in use. Every step takes two moments, one in which it reads and one in which it is done writing:
    what takes over an operand's memory is in use from the second one on, the operand until the first."""

    def __init__(self, program: Program) -> None:
        self._steps = [0]
        self._turns = [0]
        self._first: dict[Buffer, int] = {}
        self._last: dict[Buffer, int] = {}
        self._in_place: list[tuple[Buffer, Buffer, int]] = []
        self._loops: list[tuple[int, int]] = []
        self._passages: list[Passage] = []
        self._mention((port.span.buffer for port in program.inputs if not port.by_rows), 0)
        self._mention((state.before.buffer for state in program.states), 0)
        self._walk(program.body)
        end = self._moment(self._steps[-1] + 1)
        self._mention((port.span.buffer for port in program.outputs if not port.by_rows), end)
        self._mention((state.after.buffer for state in program.states), end)
        self._extend()

    def trace(self, buffers: tuple[Buffer, ...]) -> Trace:
        """Of the buffers of one memory."""
        index = {buffer: position for position, buffer in enumerate(buffers)}
        first, last = dict(self._first), dict(self._last)
        takers: dict[int, list[int]] = {}
        for taker, taken, reading in self._in_place:
            # The step must be all that the two have in common.
            alone = (self._first[taker], self._last[taken]) == (reading, reading + 1)
            if alone and taker in index and taken in index and taker.bytes == taken.bytes and taker is not taken:
                first[taker], last[taken] = reading + 1, reading
                takers.setdefault(index[taker], []).append(index[taken])
        tenants = (
            Tenant(buffer.name, buffer.bytes, buffer.align, self._uses(buffer, first[buffer], last[buffer]))
            for buffer in buffers
        )
        return Trace(
            tuple(tenants), {taker: tuple(taken) for taker, taken in takers.items()}, tuple(self._steps), tuple(self._turns)
        )

    def _uses(self, buffer: Buffer, first: int, last: int) -> tuple[Use, ...]:
        """All of a buffer from `first` to `last`, but in the streams that touch it."""
        uses: list[Use] = []
        for passage in self._passages:
            if buffer in passage.accesses:
                if first < passage.first:
                    uses.append(Use(first, passage.first - 1, 0, buffer.bytes))
                uses += passage.uses(buffer, leaves=last > passage.last)
                first = passage.last + 1
        return (*uses, Use(first, last, 0, buffer.bytes)) if first <= last else tuple(uses)

    def _walk(self, body: tuple[Region, ...]) -> None:
        for region in body:
            if isinstance(region, Step):
                self._step(region)
            elif isinstance(region, Loop):
                start = self._moment(self._steps[-1])
                self._walk(region.test)
                self._mention([region.reads.buffer], self._now)
                self._walk(region.body)
                self._loops.append((start, self._moment(self._steps[-1])))
            elif isinstance(region, Branch):
                self._mention([region.reads.buffer], self._now)
                self._walk(region.then)
                self._walk(region.otherwise)
            elif isinstance(region, Alias):
                self._mention([region.span.buffer], self._now)
            elif isinstance(region, Stream):
                self._stream(region)

    def _step(self, step: Step) -> None:
        reading, done = self._moment(step.number), self._moment(step.number)
        for buffer in (*(span.buffer for call in step.calls for span in (*call.reads, *call.writes)), *step.scratches):
            self._mention([buffer], reading)
            self._mention([buffer], done)
        self._in_place += [(taker, taken, reading) for taker, taken in step.in_place]
        self._walk(step.body)
        if step.kernel:
            self._mention((result.ref.buffer for result in step.results), self._now)

    def _stream(self, stream: Stream) -> None:
        """Every call of a turn is a moment."""
        passage = Passage(self._now + 1)
        for stage, turn in stream.turns:
            for call in stage.body(turn):
                moment = self._moment(stage.step.number, turn)
                for wrote, spans in ((False, call.reads), (True, (*call.writes, *call.working))):
                    for span in (span.at(turn) for span in spans):
                        access = Access(moment, wrote, span.offset, span.offset + span.bytes)
                        passage.accesses.setdefault(span.buffer, []).append(access)
                        self._mention([span.buffer], moment)
        passage.last = self._now
        self._passages.append(passage)

    def _extend(self) -> None:
        """What is used in a loop and outside of it is in use as long as the loop. What is used inside alone is made anew at
        every turn (`program.check` has seen to that)."""
        for start, end in self._loops:  # inner ones first
            for buffer, first in self._first.items():
                last = self._last[buffer]
                if first < start <= last < end:
                    self._last[buffer] = end
                elif start < first <= end < last:
                    self._first[buffer] = start

    @property
    def _now(self) -> int:
        return len(self._steps) - 1

    def _moment(self, step: int, turn: int = 0) -> int:
        self._steps.append(step)
        self._turns.append(turn)
        return self._now

    def _mention(self, buffers: Iterable[Buffer], moment: int) -> None:
        for buffer in buffers:
            self._first[buffer] = min(self._first.get(buffer, moment), moment)
            self._last[buffer] = max(self._last.get(buffer, moment), moment)

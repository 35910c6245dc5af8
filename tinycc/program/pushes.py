# SPDX-License-Identifier: Apache-2.0
"""What each call brings about of a model whose input or output goes row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from tinycc.program.overhead import overhead
from tinycc.program.types import Program, Stage, Step, Stream, regions
from tinycc.target import Target


@dataclass(frozen=True)
class Work:
    """Multiply-accumulates, and cycles by estimate; `beside`: those of them that no kernel takes, but turns and rows that move
    up."""

    macs: int = 0
    cycles: int = 0
    beside: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(self.macs + other.macs, self.cycles + other.cycles, self.beside + other.beside)


@dataclass(frozen=True)
class Pushes:
    """The calls of one inference in their order: `pushed` those that bring a row of the input, or the one that begins where it
    does not come in rows; `pulled` those that take a row of the output. Each does what is due until the next one."""

    pushed: tuple[Work, ...]
    pulled: tuple[Work, ...] = ()
    begins: bool = False
    """Whether there is a call that begins, and none that pushes."""

    @property
    def most(self) -> Work:
        """Of a row that is pushed, but for the last one, at most."""
        return _most(self.pushed[:-1])

    @property
    def last(self) -> Work:
        """Of the last row that is pushed, which does what is not streamed."""
        return self.pushed[-1]

    @property
    def pull(self) -> Work:
        """Of a row that is taken, at most."""
        return _most(self.pulled)

    @property
    def longest(self) -> int:
        """Cycles."""
        return max(work.cycles for work in (*self.pushed, *self.pulled))


def _most(works: tuple[Work, ...]) -> Work:
    """Of each figure the most."""
    return Work(*map(max, zip(*map(astuple, works), strict=True)))


def pushes(program: Program) -> Pushes | None:
    """None if the model is invoked, and has its outputs then."""
    if program.arrival is None and program.departure is None:
        return None
    found: dict[bool, list[Work]] = {False: [], True: []}
    for pulls, work in _calls(program):
        found[pulls].append(work)
    return Pushes(tuple(found[False]), tuple(found[True]), program.arrival is None)


def _calls(program: Program) -> Iterator[tuple[bool, Work]]:
    """(whether it takes a row, what is done until the next one)."""
    pulls, work = False, Work()
    begun = program.arrival is None
    for event in _events(program):
        if isinstance(event, Work):
            work += event
            continue
        if begun:
            yield pulls, work
        pulls, work, begun = event, Work(), True
    yield pulls, work


def _events(program: Program) -> Iterator[Work | bool]:
    """Work as it is done, and between it calls: those that bring a row (False), those that take one (True)."""
    for region in program.body:
        if isinstance(region, Stream):
            yield from _ticking(program, region)
        else:
            inner = [step for step in regions((region,)) if isinstance(step, Step) and step.kernel]
            yield Work(sum(step.macs for step in inner), sum(step.cycles for step in inner))


def _ticking(program: Program, stream: Stream) -> Iterator[Work | bool]:
    for tick in range(stream.ticks):
        for stage in stream.stages:
            if stage.turn(tick) is not None:
                if stage is program.arrival:
                    yield False
                elif stage is program.departure:
                    yield True
                else:
                    yield _of_a_turn(program.target, stage, stage.turn(tick) or 0)


def _of_a_turn(target: Target, stage: Stage, turn: int) -> Work:
    moved = sum(span.at(turn).bytes for call in stage.body(turn) if call.moves for span in call.reads)
    beside = overhead(target, 1, moved)
    return Work(stage.step.macs // stage.count, stage.step.cycles // stage.count + beside, beside)

# SPDX-License-Identifier: Apache-2.0
"""What each row of a pushed input brings about, up to the moment in which the model waits for the next one."""

from __future__ import annotations

from dataclasses import dataclass

from tinycc.program.types import Program, Stage


@dataclass(frozen=True)
class Work:
    """Multiply-accumulates, and cycles by the kernels' estimates."""

    macs: int
    cycles: int


@dataclass(frozen=True)
class Pushes:
    """The work of a row at most, but for the last one, and that of the last one, which does all that is not streamed."""

    most: Work
    last: Work

    @property
    def longest(self) -> int:
        """Cycles."""
        return max(self.most.cycles, self.last.cycles)


def pushes(program: Program) -> Pushes | None:
    """None if no rows are pushed in."""
    arrival = program.arrival
    if arrival is None:
        return None
    stream = program.streams[0]
    work = [[0, 0] for _ in range(arrival.count)]
    for tick in range(stream.ticks):
        row = min(max((tick - arrival.delay) // arrival.period, 0), arrival.count - 1)
        for stage in stream.stages:
            if stage.turn(tick) is not None:
                work[row] = [sum(pair) for pair in zip(work[row], _of_a_turn(stage), strict=True)]
    outside = [step for step in program.all_steps if all(stage.step is not step for stage in stream.stages)]
    last = Work(work[-1][0] + sum(step.macs for step in outside), work[-1][1] + sum(step.cycles for step in outside))
    return Pushes(Work(*(max((row[index] for row in work[:-1]), default=0) for index in (0, 1))), last)


def _of_a_turn(stage: Stage) -> tuple[int, int]:
    return stage.step.macs // stage.count, stage.step.cycles // stage.count

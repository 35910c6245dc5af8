# SPDX-License-Identifier: Apache-2.0
"""Graph -> Layout: kernels, what runs row by row, addresses. Which of several ways it is, the planner's own bytes decide."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tinycc.errors import fail
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.lowering.lower import lower
from tinycc.plan.layout import Layout, lay_out
from tinycc.plan.search import EFFORT
from tinycc.preferences import Goal
from tinycc.schedule.search import schedules

QUICK = EFFORT // 20
"""How far a plan is searched for that only shows what a way would take."""
SEVERAL = (4, 2, 1)
"""Rows of the highest tensors that are made in a turn."""
INSTANCE = 16
"""Bytes of an instance beside its arena."""


@dataclass(frozen=True)
class Wanted:
    """`rows`: whether operators may run row by row. `ram`: bytes that the model may take, None: as the goal says. `pushed`: the
    caller brings the input row by row."""

    rows: bool = True
    ram: int | None = None
    pushed: bool = False


def arrange(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    """The layout of a graph: the smallest if the goal is memory, the fastest that stays within `ram`, else without rows."""
    if wanted.pushed:
        return _pushed(graph, context, wanted)
    whole = lay_out(lower(graph, context))
    small = context.goal is Goal.RAM
    if not wanted.rows or (not small and _fits(whole, wanted)):
        return whole
    return _best(_tried(graph, context, wanted), whole, wanted, small=small)


def _fits(layout: Layout, wanted: Wanted) -> bool:
    return wanted.ram is None or layout.bytes + INSTANCE <= wanted.ram


def _best(tried: Iterable[Layout], start: Layout | None, wanted: Wanted, *, small: bool) -> Layout:
    """The smallest of all, or the first that fits."""
    best = start
    for found in tried:
        best = found if best is None or found.bytes < best.bytes else best
        if not small and _fits(best, wanted):
            break
    assert best is not None
    return best if best is start else min(best, lay_out(best.program), key=lambda layout: layout.bytes)


def _pushed(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    """With the input in rows: the smallest way, or the fastest within a budget. Raises CompileError."""
    tried = _tried(graph, context, wanted)
    first = next(tried, None)
    if first is None:
        found = f"{len(graph.inputs)} inputs" if len(graph.inputs) != 1 else f"input {graph.inputs[0].type}"
        expected = "one input, an image whose rows nobody needs but layers that go row by row"
        raise fail("--stream-input", found, expected, "docs/streams.md says which layers do.")
    return _best(itertools.chain((first,), tried), None, wanted, small=context.goal is Goal.RAM)


def _tried(graph: Graph, context: Context, wanted: Wanted) -> Iterator[Layout]:
    """The ways to run by rows with a quick plan each, the fastest first. Where memory is not all that counts, also with several
    rows at a time: kernels are faster on those."""
    several = (1,) if context.goal is Goal.RAM or wanted.pushed else SEVERAL
    found = [item for rows in several for item in schedules(graph, context, pushed=wanted.pushed, rows=rows) if item.runs]
    for schedule in sorted(found, key=lambda item: item.cycles):
        yield lay_out(lower(graph, context, schedule.runs), QUICK)

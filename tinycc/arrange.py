# SPDX-License-Identifier: Apache-2.0
"""Graph -> Layout: kernels, what runs row by row, addresses. Which of several ways it is, the planner's own bytes decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinycc.errors import fail
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.lowering.lower import lower
from tinycc.plan.layout import Layout, lay_out
from tinycc.plan.search import EFFORT
from tinycc.preferences import Goal
from tinycc.schedule.runs import Run
from tinycc.schedule.search import schedules

QUICK = EFFORT // 20
"""How far a plan is searched for that only shows what a way would take."""
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
    fits = wanted.ram is None or whole.bytes + INSTANCE <= wanted.ram
    if not wanted.rows or (fits and context.goal is not Goal.RAM):
        return whole
    best, runs = whole, None
    for found, tried in _tried(graph, context):
        if found.bytes < best.bytes:
            best, runs = found, tried
        if wanted.ram is not None and context.goal is not Goal.RAM and best.bytes + INSTANCE <= wanted.ram:
            break
    if runs is None:
        return whole
    return min(best, lay_out(best.program), key=lambda layout: layout.bytes)


def _pushed(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    """With the input in rows: the fastest way, the smallest one, or the fastest within a budget. Raises CompileError."""
    best: Layout | None = None
    for tried, _ in _tried(graph, context, pushed=True):
        best = tried if best is None or tried.bytes < best.bytes else best
        fits = wanted.ram is None or best.bytes + INSTANCE <= wanted.ram
        if context.goal is not Goal.RAM and fits:
            break
    if best is None:
        found = f"{len(graph.inputs)} inputs" if len(graph.inputs) != 1 else f"input {graph.inputs[0].type}"
        expected = "one input, an image whose rows nobody needs but layers that go row by row"
        raise fail("--stream-input", found, expected, "docs/streams.md says which layers do.")
    return min(best, lay_out(best.program), key=lambda layout: layout.bytes)


def _tried(graph: Graph, context: Context, *, pushed: bool = False) -> Iterator[tuple[Layout, tuple[Run, ...]]]:
    """The ways to run by rows with a quick plan each, the fastest first."""
    for schedule in schedules(graph, context, pushed=pushed):
        if schedule.runs:
            yield lay_out(lower(graph, context, schedule.runs), QUICK), schedule.runs

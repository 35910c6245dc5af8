# SPDX-License-Identifier: Apache-2.0
"""Graph -> Layout: kernels, what runs row by row, addresses. Which of several ways it is, the planner's own bytes decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    """`rows`: whether operators may run row by row. `ram`: bytes that the model may take, None: as the goal says."""

    rows: bool = True
    ram: int | None = None


def arrange(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    """The layout of a graph: the smallest if the goal is memory, the fastest that stays within `ram`, else without rows."""
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


def _tried(graph: Graph, context: Context) -> Iterator[tuple[Layout, tuple[Run, ...]]]:
    """The ways to run by rows with a quick plan each, the fastest first."""
    for schedule in schedules(graph, context):
        if schedule.runs:
            yield lay_out(lower(graph, context, schedule.runs), QUICK), schedule.runs

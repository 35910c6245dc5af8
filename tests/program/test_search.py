# SPDX-License-Identifier: Apache-2.0
"""Which ways to run are proposed, of layers whose bytes and cycles are made up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import load
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.schedule import search
from tinycc.schedule.estimate import Price
from tinycc.schedule.runs import Runs
from tinycc.schedule.search import Schedule, affordable, schedules
from tinycc.target import TARGETS

CONTEXT = Context(TARGETS["cortex-m4"])
SHAPE = (1, 4, 4, 2)
INPUT = 128
"""Bytes of it in float."""


def layers(kinds: str, inputs: int = 1, outputs: int = 1) -> Graph:
    """`r`: goes row by row, `.`: does not. The first `inputs` layers add an input of their own, the last `outputs` are read."""
    m = ModelBuilder()
    x, made = m.input(SHAPE), []
    for number, kind in enumerate(kinds):
        y = m.tensor(SHAPE)
        if kind == ".":
            m.op("CUMSUM", [x, m.const(np.array(1, np.int32))], [y])
        elif number < inputs - 1:
            m.op("ADD", [x, m.input(SHAPE)], [y], fused_activation_function="NONE")
        else:
            m.op("TANH", [x], [y])
        made.append(x := y)
    return load(m.build(made[-outputs:])).graph


class Prices:
    """Instead of estimates. A layer alone takes `alone` bytes and 100 cycles; a run takes a tenth more, and bytes as said."""

    def __init__(self, alone: list[int], by_rows: Mapping[tuple[int, int], int]) -> None:
        self.alone, self.by_rows = alone, by_rows
        self.runs: Any = None

    def __call__(self, runs: Runs, context: Context) -> Prices:
        self.runs = runs
        return self

    def whole(self, at: int) -> Price:
        return Price(self.alone[at], 100)

    def run(self, start: int, stop: int) -> Price | None:
        if self.runs.run(start, stop) is None:
            return None
        return Price(self.by_rows.get((start, stop), 10_000), 110 * (stop - start))


def lengths(found: list[Schedule]) -> list[tuple[int, ...]]:
    return [tuple(len(run.ops) for run in schedule.runs) for schedule in found]


def priced(monkeypatch: pytest.MonkeyPatch, alone: list[int], by_rows: Mapping[tuple[int, int], int]) -> None:
    monkeypatch.setattr(search, "Estimates", Prices(alone, by_rows))


def test_what_arrives_and_leaves_in_rows_is_run_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it would be faster whole, as what lies between; and there is no way where rows cannot come or go."""
    priced(monkeypatch, [100, 100, 100], {})
    graph = layers("r.r")
    assert lengths(schedules(graph, CONTEXT)) == [()]
    (pushed,) = schedules(graph, CONTEXT, pushed=True)
    assert [(run.arrives, run.departs) for run in pushed.runs] == [(True, False)]
    (pulled,) = schedules(graph, CONTEXT, pulled=True)
    assert [(run.arrives, run.departs) for run in pulled.runs] == [(False, True)]
    (both,) = schedules(graph, CONTEXT, pushed=True, pulled=True)
    assert [(run.arrives, run.departs) for run in both.runs] == [(True, False), (False, True)]
    assert not schedules(layers("r.r", inputs=2), CONTEXT, pushed=True)
    assert not schedules(layers("r.r", outputs=2), CONTEXT, pulled=True)
    assert not schedules(layers(".r"), CONTEXT, pushed=True)
    assert not schedules(layers("r."), CONTEXT, pulled=True)


SMALLER = {(0, 2): 600, (0, 3): 100, (1, 2): 50}


def test_smaller_and_smaller_ways_are_proposed_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more layers than are looked at so, the smallest alone."""
    priced(monkeypatch, [1_000, 1_000, 400], SMALLER)
    graph = layers("rrr")
    found = schedules(graph, CONTEXT)
    assert lengths(found) == [(), (2,), (3,)]
    assert [(way.bytes, way.cycles) for way in found] == [(1_000, 300), (600, 320), (100, 330)]
    monkeypatch.setattr(search, "MANY", 3)
    assert lengths(schedules(graph, CONTEXT)) == [(), (2,), (3,)]
    monkeypatch.setattr(search, "MANY", 2)
    assert lengths(schedules(graph, CONTEXT)) == [(3,)]


def test_where_no_layer_is_whole_runs_are_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peaks that are lower than any are tried, too."""
    priced(monkeypatch, [100, 100], {(0, 2): 60})
    assert lengths(schedules(layers("rr"), CONTEXT, pushed=True, pulled=True)) == [(2,)]


@pytest.mark.parametrize(("bytes", "firsts"), [(100, [2, 1, 3]), (101, [2, 1])])
def test_first_runs_of_any_length(bytes: int, firsts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, and none that takes more than the layers alone."""
    priced(monkeypatch, [100, 100, 100], {(0, 1): 100, (0, 2): 60, (0, 3): bytes})
    found = schedules(layers("rrr"), CONTEXT, pushed=True, limited=True)
    assert sorted(way[0] for way in lengths(found)) == sorted(firsts)


def test_the_smallest_ways_that_are_affordable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within cycles that are given, then within those of the fastest way, and parts of them more."""
    priced(monkeypatch, [1_000, 1_000, 400], SMALLER)
    graph = layers("rrr")
    assert lengths(affordable(graph, CONTEXT, 320, (0.0,))) == [(2,), ()]
    assert lengths(affordable(graph, CONTEXT, 319, (0.0,))) == [()]
    assert lengths(affordable(graph, CONTEXT, 100, (0.0, 0.0625, 0.125))) == [(), (3,)]
    assert lengths(affordable(graph, CONTEXT, 300, (0.0, 0.0625, 0.125))) == [(), (3,)]
    monkeypatch.setattr(search, "MANY", 3)
    assert affordable(graph, CONTEXT, 320, (0.0,))
    monkeypatch.setattr(search, "MANY", 2)
    assert not affordable(graph, CONTEXT, 320, (0.0,))


@pytest.mark.parametrize(
    ("kinds", "alone", "spared"),
    [("r.rr", [300, 200, 200, 201], (2, 3)), ("rr", [INPUT, INPUT + 1], (0, 1))],
)
def test_small_layers_are_spared(kinds: str, alone: list[int], spared: tuple[int, int]) -> None:
    """That take no more than the input, or than a layer that has to be whole."""
    graph = layers(kinds)
    runs = Runs(graph, CONTEXT)
    estimates: Any = Prices(alone, {})(runs, CONTEXT)
    every, some = (
        {(part.start, part.stop) for part in search._parts(graph, runs, estimates, spare_small=spare) if part.is_run}
        for spare in (False, True)
    )
    assert every - some == {spared}
    assert some < every

# SPDX-License-Identifier: Apache-2.0
"""Runs and their clocks: what leaves, who waits, and that rows are there when they are read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import load
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.schedule.runs import Run, Runs
from tinycc.target import TARGETS

CONTEXT = Context(TARGETS["cortex-m4"])


def framed(top: int) -> Graph:
    """Rows that are doubled, two at a time, below a frame."""
    m = ModelBuilder()
    x, doubled, y = m.input((1, 4, 4, 2)), m.tensor((1, 8, 8, 2)), m.tensor((1, 9 + top, 8, 2))
    m.op("RESIZE_NEAREST_NEIGHBOR", [x, m.const(np.array([8, 8], np.int32))], [doubled])
    m.op("PAD", [doubled, m.const(np.array([(0, 0), (top, 1), (0, 0), (0, 0)], np.int32))], [y])
    return load(m.build([y])).graph


def unequal() -> Graph:
    """A quick branch beside one that looks ahead."""
    m = ModelBuilder()
    x = m.input((1, 6, 4, 2))
    quick, ahead, y = (m.tensor((1, 6, 4, 2)) for _ in range(3))
    m.op("TANH", [x], [quick])
    m.op("CONV_2D", [x, m.const(np.ones((2, 3, 3, 2), np.float32)), -1], [ahead], padding="SAME", stride_h=1, stride_w=1)
    m.op("ADD", [quick, ahead], [y], fused_activation_function="NONE")
    return load(m.build([y])).graph


def run_of(graph: Graph, *, pushed: bool = False, pulled: bool = False) -> Run:
    run = Runs(graph, CONTEXT, pushed=pushed, pulled=pulled).run(0, len(graph.ops))
    assert run is not None
    return run


def test_what_is_taken_row_by_row_does_not_stay() -> None:
    graph = unequal()
    assert run_of(graph).leaves == graph.outputs
    pulled = run_of(graph, pulled=True)
    assert (pulled.leaves, pulled.departs) == ((), True)
    assert set(graph.outputs) <= set(pulled.clock.lines)


def test_the_quick_branch_waits_and_the_caller_begins() -> None:
    assert [timing.delay for timing in run_of(unequal()).clock.timings] == [0, 0, 0]
    assert [timing.delay for timing in run_of(unequal(), pushed=True).clock.timings] == [0, 1, 1, 1]


@pytest.mark.parametrize("build", [unequal, lambda: framed(2), lambda: framed(3)], ids=["unequal", "even", "odd"])
@pytest.mark.parametrize("pushed", [False, True])
def test_rows_are_there_when_they_are_read(build: Callable[[], Graph], pushed: bool) -> None:
    """Of what is made in the run, whatever it is made of."""
    clock = run_of(build(), pushed=pushed).clock
    there = {form.y: 0 for form in clock.forms}
    for index, turn in clock.turns:
        form = clock.forms[index]
        for reading in form.readings:
            assert reading.value not in there or reading.rows(turn).stop <= there[reading.value], (form.op, turn)
        there[form.y] = form.made(turn).stop

# SPDX-License-Identifier: Apache-2.0
"""The steps of a graph and of the graphs that its ops run, as one sequence: what comes when, for memory and for names.

    1 Conv2D; 2 If; 3 Relu; 4 (the end of `then`); 5 Tanh; 6 (the end of `otherwise`); 7 Softmax

A While's body begins where its condition ends and goes back there: what it needs again stays alive until its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tinycc.ir import Graph, Op
from tinycc.ops.control import Control


class Order:
    """Steps count from 1; 0 is before the first op. `steps` has each op's, `ends` those where its inner graphs end."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.steps: dict[Op, int] = {}
        self.ends: dict[Op, tuple[int, ...]] = {}
        self.last = self._number(graph, 0)

    def _number(self, graph: Graph, step: int) -> int:
        for op in graph.ops:
            step += 1
            self.steps[op] = step
            ends = []
            for inner in op.graphs.values():
                step = self._number(inner, step) + 1
                ends.append(step)
            self.ends[op] = tuple(ends)
        return step

    def done(self, op: Op) -> int:
        """The step in which an op's outputs are there."""
        return max(self.ends[op], default=self.steps[op])

    @cached_property
    def calls(self) -> tuple[tuple[Control, Graph, int], ...]:
        """(op, graph that it runs, step where that ends)."""
        return tuple(self._calls())

    def _calls(self) -> Iterator[tuple[Control, Graph, int]]:
        for op, ends in self.ends.items():
            if isinstance(op, Control):
                yield from ((op, graph, end) for graph, end in zip(op.graphs.values(), ends, strict=True))

# SPDX-License-Identifier: Apache-2.0
"""Runs a graph in numpy: the operators' own semantics, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from tinycc.errors import CompileError, Problem
from tinycc.ir import Array, Graph, Op, Origin, Reader, Value

MAX_LOOP_WORK = 2**29
"""Elements that a loop may go through in all its iterations, a few seconds: whether a loop ends, only its end tells."""
WORK_OF_STEP = 2**9
"""What an op costs besides its elements."""


class EndlessLoopError(CompileError):
    """A loop that did not end within MAX_LOOP_WORK."""


@dataclass
class _Loop:
    """The outermost loop that is running, and the work that is left to it."""

    origin: Origin
    left: int = MAX_LOOP_WORK


_running: ContextVar[_Loop | None] = ContextVar("_running", default=None)


class Interpreter:
    """A graph with its state, which goes from one inference to the next."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.reset()

    def reset(self) -> None:
        """Back to the initial state."""
        self._state = {state.before: state.initial for state in self.graph.states}

    def run_all(self, inputs: Sequence[Array]) -> dict[Value, Array]:
        """Every value of one inference; if it ended early, those that it came to, and states as they were.

        `inputs` are in the graph's order, with the graph's shapes and dtypes.
        """
        known: dict[Value, Array] = {**dict(zip(self.graph.inputs, inputs, strict=True)), **self._state}

        def read(value: Value) -> Array:
            return known[value] if value.data is None else value.data

        with np.errstate(all="ignore"):  # Infinities and NaNs are results, too.
            for op in self.graph.ops:
                outputs = self.evaluate(op, read)
                known.update(zip(op.outputs, outputs, strict=True))
                if op.stops(outputs):
                    break
        known.update({value: value.data for value in self.graph.results if value.data is not None})
        self._state = {state.before: known.setdefault(state.after, known[state.before]) for state in self.graph.states}
        return known

    def evaluate(self, op: Op, read: Reader) -> tuple[Array, ...]:
        """The outputs of one op."""
        return op.eval(read)

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The outputs of one inference, in the graph's order."""
        known = self.run_all(inputs)
        return [known[value] for value in self.graph.outputs]


@contextmanager
def bounded(origin: Origin) -> Iterator[None]:
    """Within it, `call` raises EndlessLoopError when the loop `origin` and the loops inside it have gone on for too long."""
    if _running.get() is not None:
        yield
        return
    token = _running.set(_Loop(origin))
    try:
        yield
    finally:
        _running.reset(token)


def call(graph: Graph, arguments: Sequence[Array]) -> list[Array]:
    """The outputs of a graph that an op runs: it has no states."""
    loop = _running.get()
    if loop is not None:
        loop.left -= graph.work + WORK_OF_STEP * (len(graph.ops) + 1)
        if loop.left < 0:
            hint = "Does it end for these inputs?"
            found = f"no end after {MAX_LOOP_WORK:,} elements"
            raise EndlessLoopError(Problem(str(loop.origin), found, "a loop that ends", hint, loop.origin.kind))
    known = dict(zip(graph.inputs, arguments, strict=True))

    def read(value: Value) -> Array:
        return known[value] if value.data is None else value.data

    for op in graph.ops:
        known.update(zip(op.outputs, op.eval(read), strict=True))
    return [read(value) for value in graph.outputs]


def interpret(graph: Graph, inputs: Sequence[Array]) -> list[Array]:
    """The outputs of a first inference, in the graph's order."""
    return Interpreter(graph).run(inputs)

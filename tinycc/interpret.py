# SPDX-License-Identifier: Apache-2.0
"""Runs a graph in numpy: the operators' own semantics, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinycc.ir import Array, Graph, Op, Reader, Value


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


def interpret(graph: Graph, inputs: Sequence[Array]) -> list[Array]:
    """The outputs of a first inference, in the graph's order."""
    return Interpreter(graph).run(inputs)

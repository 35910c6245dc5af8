# SPDX-License-Identifier: Apache-2.0
"""What the reference runtimes leave unwritten, and what they make of it: nothing that a comparison could go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tinycc.interpret import Interpreter
from tinycc.ir import Array, Graph, Value
from tinycc.ops.base import Operator


class Gaps:
    """Where the values of an inference are the reference's own; see `Operator.written`.

    All that is computed from a value with gaps counts as a gap, states included. What is not among the outputs is computed in
    numpy, which is slow, but only if it must be.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sources = [op for op in graph.ops if isinstance(op, Operator) and type(op).written is not Operator.written]
        shown = all(set(op.outputs) <= set(graph.outputs) for op in self._sources)
        self._interpreter = None if shown else Interpreter(graph)
        self._states: dict[Value, Array] = {}

    def reset(self) -> None:
        """The inferences begin anew."""
        self._states = {}
        if self._interpreter is not None:
            self._interpreter.reset()

    def find(self, inputs: Sequence[Array], outputs: Sequence[Array]) -> Mapping[Value, Array]:
        """For each value with gaps, where it has none, after an inference that made `outputs` of `inputs`."""
        if not self._sources:
            return {}
        known = dict(zip(self._graph.outputs, outputs, strict=True))
        if self._interpreter is not None:
            known = self._interpreter.run_all(inputs)
        found = dict(self._states)
        for op in self._graph.ops:
            if any(value in found for value in op.inputs):
                found.update({value: np.zeros(value.shape, np.bool_) for value in op.outputs})
            elif isinstance(op, Operator) and op in self._sources:
                written = op.written(tuple(known[value] for value in op.outputs)) or ()
                found.update({value: where for value, where in zip(op.outputs, written, strict=False) if not where.all()})
        self._states = {state.before: found[state.after] for state in self._graph.states if state.after in found}
        return found

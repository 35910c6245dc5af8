# SPDX-License-Identifier: Apache-2.0
"""What the reference runtimes leave unwritten, and what they make of it: nothing that a comparison could go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tinycc.execution.inputs import random_array
from tinycc.interpret import Interpreter
from tinycc.ir import Array, Graph, Op, Reader, Value
from tinycc.ops.base import Operator

NOISES = 2
"""Runs with other values in the gaps: what differs between them follows from the gaps."""


class _Noisy(Interpreter):
    """Fills gaps with random values."""

    def __init__(self, graph: Graph, seed: int) -> None:
        super().__init__(graph)
        self._generator = np.random.default_rng(seed)

    def evaluate(self, op: Op, read: Reader) -> tuple[Array, ...]:
        outputs = op.eval(read)
        written = op.written(outputs) if isinstance(op, Operator) else None
        if written is None:
            return outputs
        noise = (random_array(value.type, self._generator) for value in op.outputs)
        filled = zip(written, outputs, noise, strict=False)
        return (*(np.where(where, output, other) for where, output, other in filled), *outputs[len(written) :])


class Gaps:
    """Where the values of an inference are the reference's own; see `Operator.written`.

    If the gaps are not in outputs alone, numpy computes what follows from them, which is slow.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sources = [op for op in graph.ops if isinstance(op, Operator) and type(op).written is not Operator.written]
        made = {value for op in self._sources for value in op.outputs}
        inside = made - set(graph.outputs) or made.intersection(graph.users) or made & {state.after for state in graph.states}
        self._runs = [Interpreter(graph), *(_Noisy(graph, seed) for seed in range(NOISES))] if inside else []

    def reset(self) -> None:
        """The inferences begin anew."""
        for run in self._runs:
            run.reset()

    def find(self, inputs: Sequence[Array], outputs: Sequence[Array]) -> Mapping[Value, Array]:
        """For each value with gaps, where it has none, after an inference that made `outputs` of `inputs`."""
        if not self._runs:
            known = dict(zip(self._graph.outputs, outputs, strict=True))
            return {value: where for op in self._sources for value, where in _written(op, known) if not where.all()}
        exact, *noisy = (run.run_all(inputs) for run in self._runs)
        same = {value: np.logical_and.reduce([_equal(array, run[value]) for run in noisy]) for value, array in exact.items()}
        return {value: where for value, where in same.items() if not where.all()}


def _written(op: Operator, known: Mapping[Value, Array]) -> list[tuple[Value, Array]]:
    return list(zip(op.outputs, op.written(tuple(known[value] for value in op.outputs)) or (), strict=True))


def _equal(a: Array, b: Array) -> Array:
    """Element by element; a NaN equals a NaN."""
    result: Array = (a == b) | ((a != a) & (b != b))
    return result

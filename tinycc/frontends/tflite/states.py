# SPDX-License-Identifier: Apache-2.0
"""The states of a model while it is being read: assignments in program order become values (SSA)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array, Graph, State, Value
from tinycc.passes.rewrite import fresh


@dataclass
class _Entry:
    before: Value
    current: Value
    initial: Array


class StateTable:
    """For each state, by key: what an inference finds, what it has become so far, and how it begins.

    That of a called subgraph knows what its caller's knows of how states begin.
    """

    def __init__(self, caller: StateTable | None = None) -> None:
        self._entries: dict[str, _Entry] = {}
        self._initial: dict[str, Array] = caller._initial if caller else {}

    def initialize(self, key: str, content: Array) -> None:
        """Say how a state begins. Without it: as the type's zero (the zero point of a quantized tensor)."""
        self._initial[key] = content

    def initial(self, key: str) -> Array:
        """How a state begins that was read or written before."""
        return self._entries[key].initial

    def unset(self, key: str) -> bool:
        """Whether nothing says how a state begins, and nothing writes it."""
        entry = self._entries.get(key)
        return key not in self._initial and (entry is None or entry.current is entry.before)

    def read(self, key: str, like: Value) -> Value:
        """The current content. `like` gives name and type if nothing is known of the state yet."""
        if key not in self._entries:
            before = replace(like, data=None)
            self._entries[key] = _Entry(before, before, self._initial.get(key, _zero(like)))
        return self._entries[key].current

    def write(self, key: str, value: Value) -> None:
        """From here on the content is `value`."""
        self.read(key, replace(value, name=f"{value.name}_state", index=None))
        self._entries[key].current = value

    @property
    def contents(self) -> dict[str, Value]:
        """key -> current content."""
        return {key: entry.current for key, entry in self._entries.items()}

    @property
    def by_key(self) -> dict[str, State]:
        """All states, in order of first use."""
        return {key: State(entry.before, entry.current, entry.initial) for key, entry in self._entries.items()}

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(self.by_key.values())


def _zero(value: Value) -> Array:
    quantization = value.type.quantization
    fill = quantization.zero_points[0] if quantization is not None and value.dtype.is_integer else 0
    return np.full(value.shape, fill, value.dtype.numpy)


def keep_outputs(graph: Graph) -> Graph:
    """Make states of what is made behind an op that stops inferences: the outputs are those of the last one that ran to the
    end, 0 before the first."""
    stop = next((position for position, op in enumerate(graph.ops) if op.period > 1), len(graph.ops))
    made = {value for op in graph.ops[stop + 1 :] for value in op.outputs}
    known = {state.after for state in graph.states}
    kept = [value for value in dict.fromkeys(graph.outputs) if value in made - known]
    names = {value.name for value in (*graph.sources, *(value for op in graph.ops for value in op.outputs))}
    states = []
    for value in kept:
        before = replace(value, name=fresh(f"{value.name}_kept", names), index=None)
        states.append(State(before, value, np.zeros(value.shape, value.dtype.numpy)))
    return replace(graph, states=(*graph.states, *states))

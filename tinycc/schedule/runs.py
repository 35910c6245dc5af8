# SPDX-License-Identifier: Apache-2.0
"""A run of operators that goes row by row, and what of its tensors is seen outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Context
from tinycc.schedule.clock import Clock, clock
from tinycc.schedule.forms import Form, form


@dataclass(frozen=True, eq=False)
class Run:
    """Neighbouring operators of a graph, ticking. `enters`: tensors from before it that are read by rows; `leaves`: those that
    are wanted as a whole after it, in rows again; `views`: those that are nothing but another one."""

    ops: tuple[Op, ...]
    clock: Clock
    enters: tuple[Value, ...]
    leaves: tuple[Value, ...]
    views: Mapping[Value, Value]


class Runs:
    """The runs that a graph has; forms are made once."""

    def __init__(self, graph: Graph, context: Context) -> None:
        self.graph = graph
        self._users = graph.users
        self._results = {graph.owner(value) for value in graph.results}
        self._states = {graph.owner(value) for state in graph.states for value in (state.before, state.after)}
        self._last: dict[Value, int] = {}
        for position, op in enumerate(graph.ops):
            self._last.update((graph.owner(value), position) for value in op.inputs)
        self.forms: dict[Op, Form | None] = {op: None if op.view else form(op, context, graph.owner) for op in graph.ops}

    def run(self, start: int, stop: int) -> Run | None:
        """The operators `start..stop` as a run; None if they cannot run so."""
        forms = self.ticking(start, stop)
        if forms is None:
            return None
        ops = self.graph.ops[start:stop]
        made = {item.y for item in forms}
        ticking = clock(forms, {value for value in made if self.is_inner(value, start, stop)})
        if ticking is None:
            return None
        enters = tuple(value for value in _read_by_rows(forms) if value not in made)
        later = (*enters, *(item.y for item in forms if item.sums is None))
        leaves = tuple(value for value in later if self._is_wanted(value, stop))
        return Run(ops, ticking, enters, leaves, {op.y: self.graph.owner(op.y) for op in ops if op.view})

    def ticking(self, start: int, stop: int) -> list[Form] | None:
        """The forms of the operators `start..stop`. None if they cannot run together: one of them has no rows, or reads all of
        what another makes."""
        ops = self.graph.ops[start:stop]
        forms = [item for op in ops if (item := self.forms[op]) is not None]
        views = {op.y: self.graph.owner(op.y) for op in ops if op.view}
        if len(forms) + len(views) != len(ops) or not self._sound(forms, views, set(ops)):
            return None
        return forms

    def is_inner(self, value: Value, start: int, stop: int) -> bool:
        """Whether nobody outside of `start..stop` reads a tensor that is made there."""
        inside = set(self.graph.ops[start:stop])
        return value not in self._results and set(self._users.get(value, [])) <= inside and value in self._last

    def _sound(self, forms: list[Form], views: Mapping[Value, Value], inside: set[Op]) -> bool:
        """Whether operators read by rows what others of them make, views are read by sums alone, no two tensors are the same
        memory, and none is a state."""
        if not forms:
            return False
        made = {item.y for item in forms}
        rows = _read_by_rows(forms)
        for item in forms:
            read = {self.graph.owner(value) for value in item.op.inputs} - {reading.value for reading in item.readings}
            if read & made:
                return False
        if any(user not in inside for value in views for user in self._users.get(value, [])):
            return False
        touched = dict.fromkeys((*made, *rows))
        owners = {self.graph.owner(value) for value in touched}
        return len(owners) == len(touched) and not owners & self._states and all(view in made for view in views.values())

    def _is_wanted(self, value: Value, stop: int) -> bool:
        """Whether the memory of a tensor is read from operator `stop` on."""
        owner = self.graph.owner(value)
        return owner in self._results or self._last.get(owner, -1) >= stop


def _read_by_rows(forms: list[Form]) -> dict[Value, None]:
    return dict.fromkeys(_readings(forms))


def _readings(forms: list[Form]) -> Iterator[Value]:
    for item in forms:
        yield from (reading.value for reading in item.readings)

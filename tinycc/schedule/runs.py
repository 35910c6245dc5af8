# SPDX-License-Identifier: Apache-2.0
"""A run of operators that goes row by row, and what of its tensors is seen outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Context
from tinycc.schedule.clock import Clock, clock
from tinycc.schedule.forms import arrival, departure, form_of
from tinycc.schedule.rows import ROWS, Form, has_rows

MOST_TURNS = 2**15
"""Of an operator that goes row by row: each is looked at."""


@dataclass(frozen=True, eq=False)
class Run:
    """Neighbouring operators of a graph, ticking. `enters`: tensors from before it that are read by rows; `leaves`: those that
    are wanted as a whole after it, in rows again; `views`: those that are nothing but another one. `arrives`: the first
    operator of the clock stands for the caller, who brings the rows of the input; `departs`: the last one does, who takes those
    of the output."""

    ops: tuple[Op, ...]
    clock: Clock
    enters: tuple[Value, ...]
    leaves: tuple[Value, ...]
    views: Mapping[Value, Value]
    arrives: bool = False
    departs: bool = False


class Runs:
    """The runs that a graph has; forms are made once. `pushed`: the rows of the input arrive one by one, in the first run;
    `pulled`: those of the output go one by one, in the last. `rows`: how many rows the highest results are made in a turn;
    lower ones are made fewer, in proportion."""

    def __init__(self, graph: Graph, context: Context, *, pushed: bool = False, pulled: bool = False, rows: int = 1) -> None:
        self.graph = graph
        makers = (op for op in graph.ops if len(op.outputs) == 1 and not op.view)
        highest = max((op.y.shape[ROWS] for op in makers if has_rows(op.y)), default=1)
        self.leading = next((position for position, op in enumerate(graph.ops) if not op.view), 0)
        """Operators before the first that has code: views of inputs, in a model whose input is pushed."""
        self.arrival = self._arrival() if pushed else None
        self.departure = self._departure() if pulled else None
        self._users = graph.users
        self._results = {graph.owner(value) for value in graph.results}
        self._states = {graph.owner(value) for state in graph.states for value in (state.before, state.after)}
        self._last: dict[Value, int] = {}
        for position, op in enumerate(graph.ops):
            self._last.update((graph.owner(value), position) for value in op.inputs)

        def made(op: Op) -> int:
            """Rows of its result in a turn."""
            return max(rows * op.y.shape[ROWS] // highest, 1) if has_rows(op.y) else 1

        found = ((op, None if op.view else form_of(op, context, graph.owner, made(op))) for op in graph.ops)
        self.forms = {op: item if item is not None and item.turns <= MOST_TURNS else None for op, item in found}

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
        later = (*enters, *(item.y for item in forms if item.makes_rows))
        leaves = tuple(value for value in later if self._read_later(value, stop))
        arrives = self.arrival is not None and start == 0
        departs = self._departing(stop) is not None
        views = {op.y: self.graph.owner(op.y) for op in ops if op.view}
        if arrives:
            views = {**self._pushed(), **{view: value for view, value in views.items() if value not in self.graph.inputs}}
        return Run(ops, ticking, enters, leaves, views, arrives, departs)

    def _arrival(self) -> Form | None:
        """The rows of the only input, as the first operator that has code sees them."""
        graph = self.graph
        if len(graph.inputs) != 1 or graph.states or not graph.ops:
            return None
        seen = [value for value in graph.ops[self.leading].inputs if graph.owner(value) is graph.inputs[0]]
        return arrival(seen[0]) if seen else None

    def _departure(self) -> Form | None:
        """The rows of the only output, as the last operator that has code makes them."""
        graph = self.graph
        if len(graph.outputs) != 1 or graph.states:
            return None
        return departure(graph.owner(graph.outputs[0]))

    def _departing(self, stop: int) -> Form | None:
        """The rows of the output, if they go one by one out of a run that ends before operator `stop`."""
        return self.departure if stop == len(self.graph.ops) else None

    def _pushed(self) -> dict[Value, Value]:
        """The input and the views in front of the first operator -> what of them arrives."""
        assert self.arrival is not None
        values = [*self.graph.inputs, *(op.y for op in self.graph.ops[: self.leading])]
        return {value: self.arrival.y for value in values if value is not self.arrival.y}

    def ticking(self, start: int, stop: int) -> list[Form] | None:
        """The forms of the operators `start..stop`. None if they cannot run together: one of them has no rows, or reads all of
        what another makes."""
        first = self.leading if self.arrival is not None and start == 0 else start
        ops = self.graph.ops[first:stop]
        forms = [item for op in ops if (item := self.forms[op]) is not None]
        views = {op.y: self.graph.owner(op.y) for op in ops if op.view}
        if len(forms) + len(views) != len(ops):
            return None
        if self.arrival is not None and start == 0:
            forms.insert(0, self.arrival)
            if self._read_later(self.graph.inputs[0], stop):
                return None
        departing = self._departing(stop)
        if departing is not None:
            (leaving,) = departing.readings
            if leaving.value not in {item.y for item in forms}:
                return None
            forms.append(departing)
        return forms if self._sound(forms, views, set(ops)) else None

    def _read_later(self, value: Value, stop: int) -> bool:
        owner = self.graph.owner(value)
        return self._is_wanted(owner, stop) or self._last.get(owner, -1) >= stop

    def _is_wanted(self, value: Value, stop: int) -> bool:
        """Whether it is a result, and none that goes row by row."""
        return value in self._results and self._departing(stop) is None

    def is_inner(self, value: Value, start: int, stop: int) -> bool:
        """Whether nobody outside of `start..stop` reads a tensor that is made there."""
        inside = set(self.graph.ops[start:stop])
        return not self._is_wanted(value, stop) and set(self._users.get(value, [])) <= inside

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


def _read_by_rows(forms: list[Form]) -> dict[Value, None]:
    return dict.fromkeys(_readings(forms))


def _readings(forms: list[Form]) -> Iterator[Value]:
    for item in forms:
        yield from (reading.value for reading in item.readings)

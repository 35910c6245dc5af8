# SPDX-License-Identifier: Apache-2.0
"""Shift states: a state that is a window over what comes in is shifted where it is, not copied out and in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array, Graph, Op, State, Value
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.shift import Shift
from tinycc.ops.movement.slices import Slice
from tinycc.passes.base import Pass
from tinycc.passes.rewrite import fresh, substitute


@dataclass(frozen=True)
class ShiftStates(Pass):
    """`%w = Concatenation(%s, %x); %n = Slice(%w, its last rows); state %s <- %n` -> `%w = Shift(%s', %x); state %s' <- %w`.

    And with `%w = Concatenation(Slice(%s, but its first rows), %x); state %s <- %w`. The state becomes the window itself, whose
    first rows are those that the next inference drops.
    """

    optional = True

    def rewrite(self, graph: Graph) -> Graph:
        names = graph.names
        states: dict[State, State] = {}
        made: dict[Op, Op] = {}
        for state in graph.states if graph.period == 1 else ():
            found = _window(graph, state)
            if found is not None:
                before = replace(state.before, name=fresh(f"{state.before.name}_window", names), type=found.y.type, index=None)
                x = found.xs[1]
                made[found] = Shift(x=x, last=before, axis=found.axis, outputs=found.outputs, origin=found.origin)
                states[state] = State(before, found.y, _initial(state, found))
        ops = tuple(made.get(op, op) for op in graph.ops)
        done = replace(graph, ops=ops, states=tuple(states.get(state, state) for state in graph.states))
        return substitute(done, _used(done), {}) if made else graph


def _window(graph: Graph, state: State) -> Concatenation | None:
    """What puts the rows that come in behind those of a state, if nothing else is done to it."""
    users: Mapping[Value, list[Op]] = graph.users
    if state.before not in users or state.before in graph.results:
        return None
    reader, *others = users[state.before]
    makers = {value: op for op in graph.ops for value in op.outputs}
    joined, maker = reader, makers.get(state.after)
    if isinstance(reader, Slice) and reader.y in users and reader.y not in graph.results:  # but its first rows
        joined, *more = users[reader.y]
        others += more
    if others or not isinstance(joined, Concatenation) or joined.tables:
        return None
    if len(joined.xs) != 2 or joined.rows != 1 or joined.xs[0] is joined.xs[1] or joined.y.dtype.bits < 8:
        return None
    kept, axis = joined.xs[0], joined.axis
    if isinstance(reader, Slice):
        fits = maker is joined and kept is reader.y and _takes_last(reader, kept.shape[axis], axis)
    elif isinstance(maker, Slice):
        fits = kept is state.before and maker.x is joined.y and _takes_last(maker, kept.shape[axis], axis)
    else:
        fits = False
    return joined if fits else None


def _takes_last(op: Slice, rows: int, axis: int) -> bool:
    """Whether a slice is the last rows along an axis, and all of the other dimensions."""
    if op.y.shape != (*op.x.shape[:axis], rows, *op.x.shape[axis + 1 :]):
        return False
    numbers = np.arange(op.x.shape[axis]).reshape([-1 if d == axis else 1 for d in range(len(op.x.shape))])
    seen = op.seen(np.broadcast_to(numbers, op.x.shape))
    last = numbers[tuple(slice(-rows, None) if d == axis else slice(None) for d in range(len(op.x.shape)))]
    plain = all(not isinstance(part, slice) or part.step in (None, 1) for part in op.index)
    return plain and bool((seen == last).all())


def _initial(state: State, joined: Concatenation) -> Array:
    """Rows in front that the first inference drops: any."""
    missing = joined.y.shape[joined.axis] - state.initial.shape[joined.axis]
    return np.pad(state.initial, [(missing if d == joined.axis else 0, 0) for d in range(state.initial.ndim)], "edge")


def _used(graph: Graph) -> tuple[Op, ...]:
    """The operators without slices that nobody reads now."""
    read = {value for op in graph.all_ops for value in op.inputs} | set(graph.results)
    return tuple(op for op in graph.ops if not isinstance(op, Slice) or read.intersection(op.outputs))

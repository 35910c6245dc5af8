# SPDX-License-Identifier: Apache-2.0
"""Which states are windows that are shifted where they are: each graph differs in one thing from one that is rewritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from tinycc.ir import DType, Graph, Op, Origin, State, TensorType, Value, check
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.shift import Shift
from tinycc.ops.movement.slices import Index, Slice
from tinycc.passes.shift_states import ShiftStates

ORIGIN = Origin(0, "OP", "op")
EVERY = slice(None)


@dataclass
class Net:
    """Values of [1,rows,2], operators, and one state of some rows in front of two that come in."""

    dtype: DType = DType.FLOAT32
    images: int = 1
    ops: list[Op] = field(default_factory=list)

    def value(self, name: str, rows: int, columns: int = 2) -> Value:
        return Value(name, TensorType((self.images, rows, columns), self.dtype))

    def joined(self, *parts: Value, axis: int = 1, tables: bool = False, name: str = "joined") -> Value:
        shape = list(parts[0].shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        y = Value(name, TensorType(tuple(shape), self.dtype))
        found = tuple(np.arange(256, dtype=np.uint8) for _ in parts) if tables else ()
        self.ops.append(Concatenation(xs=parts, axis=axis, tables=found, outputs=(y,), origin=ORIGIN))
        return y

    def cut(self, x: Value, *index: slice | int | None, name: str = "cut") -> Value:
        cut: Index = index
        y = Value(name, TensorType(np.empty(x.shape)[cut].shape, self.dtype))
        self.ops.append(Slice(x=x, index=cut, outputs=(y,), origin=ORIGIN))
        return y

    def copy(self, x: Value, name: str = "copy") -> Value:
        y = Value(name, x.type)
        self.ops.append(Copy(x=x, outputs=(y,), origin=ORIGIN))
        return y

    def graph(self, inputs: list[Value], outputs: list[Value], before: Value, after: Value) -> Graph:
        state = State(before, after, np.arange(before.type.elements).reshape(before.shape))
        return check(Graph("g", tuple(inputs), tuple(outputs), tuple(self.ops), (state,)))


Build = Callable[[], Graph]


def kept_behind(
    index: Index = (EVERY, slice(2, 5)),
    *,
    turned: bool = False,
    others: int = 0,
    dtype: DType = DType.FLOAT32,
    images: int = 1,
    tables: bool = False,
    read: bool = False,
    given: bool = False,
    other: bool = False,
) -> Graph:
    """The window is the state and what comes in; the state is a slice of it."""
    net = Net(dtype, images)
    s, x = net.value("s", 3), net.value("x", 2)
    parts = [x, s] if turned else [s, x]
    w = net.joined(*parts, *[x] * others, tables=tables)
    outputs = [net.copy(w), net.cut(w, EVERY, slice(0, 1), name="oldest")]
    net.copy(x, "unread")
    if read:
        outputs.append(net.copy(s, "read"))
    after = net.cut(net.joined(x, x, x, name="other") if other else w, *index)
    return net.graph([x], [*outputs, *([s] if given else [])], s, after)


def dropped_before(
    index: Index = (EVERY, slice(2, 5)),
    *,
    again: bool = False,
    given: bool = False,
    copied: bool = False,
    other: bool = False,
) -> Graph:
    """The window is a slice of the state and what comes in; the state is the window."""
    net = Net()
    s, x = net.value("s", 5), net.value("x", 2)
    last = net.cut(s, *index)
    kept = net.cut(s, EVERY, slice(2, 5), name="kept") if other else last
    w = net.joined(kept, x)
    outputs = [w]
    if again:
        outputs.append(net.copy(last, "again"))
    after = net.copy(w, "copied") if copied else w
    return net.graph([x], [*outputs, *([last] if given else [])], s, after)


def unread() -> Graph:
    net = Net()
    s, x = net.value("s", 5), net.value("x", 2)
    return net.graph([x], [x], s, net.cut(net.joined(x, x, x), EVERY, slice(0, 5)))


def another() -> Graph:
    """The state is read by what joins nothing."""
    net = Net()
    s, x = net.value("s", 3), net.value("x", 2)
    return net.graph([x], [net.joined(x, x)], s, net.copy(s))


def sliced_alone() -> Graph:
    """A slice of the state that is an output."""
    net = Net()
    s, x = net.value("s", 3), net.value("x", 3)
    return net.graph([x], [net.cut(s, EVERY, slice(1, 3)), net.joined(x, x)], s, net.cut(x, EVERY, name="after"))


def itself() -> Graph:
    net = Net()
    s, x = net.value("s", 3), net.value("x", 2)
    w = net.joined(s, s)
    return net.graph([x], [w], s, net.cut(w, EVERY, slice(3, 6)))


def columns() -> Graph:
    """Behind each other in the last dimension of two rows: as many pieces."""
    net = Net()
    s, x = net.value("s", 2, 3), net.value("x", 2, 2)
    w = net.joined(s, x, axis=2)
    return net.graph([x], [w], s, net.cut(w, EVERY, EVERY, slice(2, 5)))


def in_front(*, dropped: bool) -> Graph:
    """What comes in lies in front of as many rows of the state."""
    net = Net()
    s, x = net.value("s", 4 if dropped else 2), net.value("x", 2)
    w = net.joined(x, net.cut(s, EVERY, slice(2, 4)) if dropped else s)
    return net.graph([x], [net.copy(w)], s, w if dropped else net.cut(w, EVERY, slice(2, 4), name="after"))


def given_anew() -> Graph:
    net = Net()
    s, x, after = net.value("s", 3), net.value("x", 2), net.value("after", 3)
    return net.graph([x, after], [net.joined(s, x)], s, after)


SHIFTED: dict[str, tuple[Build, bool]] = {
    "kept behind": (kept_behind, True),
    "the first rows": (lambda: kept_behind((EVERY, slice(0, 3))), False),
    "rows backwards": (lambda: kept_behind((EVERY, slice(4, 1, -1))), False),
    "every other row": (lambda: kept_behind((EVERY, slice(0, 5, 2))), False),
    "columns backwards": (lambda: kept_behind((EVERY, slice(2, 5), slice(None, None, -1))), False),
    "an image taken out and put back": (lambda: kept_behind((0, None, slice(2, 5))), True),
    "what comes in first": (lambda: kept_behind(turned=True), False),
    "what comes in first, as much": (lambda: in_front(dropped=False), False),
    "what comes in first, as much as is kept": (lambda: in_front(dropped=True), False),
    "a state that is given anew": (given_anew, False),
    "three that are joined": (lambda: kept_behind((EVERY, slice(4, 7)), others=1), False),
    "two images": (lambda: kept_behind(images=2), False),
    "codes of four bits": (lambda: kept_behind(dtype=DType.INT4), False),
    "codes of eight bits": (lambda: kept_behind(dtype=DType.INT8), True),
    "tables": (lambda: kept_behind(dtype=DType.UINT8, tables=True), False),
    "a state that is read again": (lambda: kept_behind(read=True), False),
    "a state that is an output": (lambda: kept_behind(given=True), False),
    "rows of another": (lambda: kept_behind((EVERY, slice(3, 6)), other=True), False),
    "dropped before": (dropped_before, True),
    "the first rows kept": (lambda: dropped_before((EVERY, slice(0, 3))), False),
    "kept rows that are read again": (lambda: dropped_before(again=True), False),
    "kept rows that are an output": (lambda: dropped_before(given=True), False),
    "what is made of the window": (lambda: dropped_before(copied=True), False),
    "two slices": (lambda: dropped_before(other=True), False),
    "a state that nobody reads": (unread, False),
    "no window": (another, False),
    "a slice alone": (sliced_alone, False),
    "the state twice": (itself, False),
    "columns": (columns, False),
}


@pytest.mark.parametrize("name", SHIFTED)
def test_shifted(name: str) -> None:
    build, shifted = SHIFTED[name]
    graph = build()
    after = check(ShiftStates()(graph))
    assert any(isinstance(op, Shift) for op in after.ops) == shifted
    if not shifted:
        assert after is graph
        return
    (old,), (new,) = graph.states, after.states
    rows = old.before.shape[1]
    assert new.initial.shape == new.before.shape == new.after.shape
    np.testing.assert_array_equal(new.initial[:, -rows:], old.initial)
    gone = {op.y.name for op in graph.ops} - {op.y.name for op in after.ops}
    assert gone == {"cut"}

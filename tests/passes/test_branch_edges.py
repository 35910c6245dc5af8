# SPDX-License-Identifier: Apache-2.0
"""What `order_branches` does at its edges: which branch is longer, what lives beside it, and which graphs stay as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from test_passes import apply

from tinycc.ir import DType, Graph, Op, Origin, State, TensorType, Value, check
from tinycc.numerics.rules import TFLM
from tinycc.ops.elementwise.activations import Tanh
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.reshape import Reshape
from tinycc.passes.order_branches import OrderBranches, _peaks

HERE = Origin(0, "TEST", "here")


def vector(name: str, size: int = 1) -> Value:
    return Value(name, TensorType((size,), DType.FLOAT32))


X = vector("x")


def tanh(x: Value, name: str) -> Tanh:
    return Tanh(x=x, numerics=TFLM, outputs=(replace(x, name=name),), origin=HERE)


def joined(*xs: Value, name: str = "y") -> Concatenation:
    made = vector(name, sum(x.shape[0] for x in xs))
    return Concatenation(xs=xs, axis=0, outputs=(made,), origin=HERE)


def graph_of(*ops: Op, outputs: tuple[Value, ...] = (), states: tuple[State, ...] = ()) -> Graph:
    return check(Graph("branches", (X,), outputs or (ops[-1].y,), ops, states))


def order(graph: Graph) -> str:
    return " ".join(op.y.name for op in apply(OrderBranches(), graph).ops)


SHORT = tanh(X, "short")
FIRST = tanh(X, "first")
SECOND = tanh(FIRST.y, "second")
BOTH = joined(SHORT.y, SECOND.y)
TWO = (SHORT, FIRST, SECOND, BOTH)


def test_the_longer_branch_comes_first_whichever_way_it_is_read() -> None:
    assert order(graph_of(*TWO)) == "first second short y"
    assert order(graph_of(FIRST, SHORT, SECOND, joined(SECOND.y, SHORT.y))) == "first second short y"


def test_what_nobody_reads_stays_and_a_view_makes_no_branch_longer() -> None:
    flat = Reshape(x=X, shape=(1,), outputs=(vector("flat"),), origin=HERE)
    assert order(graph_of(flat, tanh(X, "dead"), SHORT, joined(flat.y, SHORT.y))) == "short flat y dead"


def test_results_come_in_their_order() -> None:
    assert order(graph_of(SHORT, FIRST, SECOND, outputs=(SECOND.y, X, SHORT.y))) == "first second short"


INNER = graph_of(SHORT)


@dataclass(frozen=True, eq=False, kw_only=True)
class Updating(Tanh):
    updates: ClassVar[tuple[tuple[str, int], ...]] = (("x", 0),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Ending(Tanh):
    period: ClassVar[int] = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Running(Tanh):
    inner: Graph = INNER


@pytest.mark.parametrize("kind", [Updating, Ending, Running])
def test_graphs_that_say_when_memory_is_written_stay(kind: type[Tanh]) -> None:
    graph = graph_of(kind(x=X, numerics=TFLM, outputs=SHORT.outputs, origin=HERE), *TWO[1:])
    assert OrderBranches().rewrite(graph) == graph


def test_graphs_with_states_stay() -> None:
    graph = graph_of(*TWO)
    before = vector("before")
    remembering = replace(graph, states=(State(before, SHORT.y, np.zeros(1, np.float32)),))
    assert OrderBranches().rewrite(graph) != graph
    assert OrderBranches().rewrite(remembering) == remembering


FLAT = Reshape(x=X, shape=(1, 1), outputs=(Value("flat", TensorType((1, 1), DType.FLOAT32)),), origin=HERE)
ONE = replace(vector("one"), data=np.ones(1, np.float32))
WIDE = joined(X, ONE, name="wide")


@pytest.mark.parametrize(
    ("ops", "outputs", "apart", "over"),
    [
        (TWO, (), 4, 4),
        ((SHORT,), (), 2, 1),
        ((SHORT,), (SHORT.y, X), 2, 2),
        ((joined(X),), (), 2, 2),
        ((FLAT, tanh(FLAT.y, "y")), (), 2, 1),
        ((tanh(X, "dead"), tanh(X, "also"), SHORT), (), 2, 2),
        ((WIDE, tanh(WIDE.y, "y")), (), 4, 3),
        ((WIDE, joined(WIDE.y, WIDE.y)), (), 6, 6),
    ],
    ids=["two", "over", "kept", "no elementwise op", "view", "dead", "constant", "read twice"],
)
def test_elements_that_are_alive_at_a_time(ops: tuple[Op, ...], outputs: tuple[Value, ...], apart: int, over: int) -> None:
    assert _peaks(graph_of(*ops, outputs=outputs)) == (4 * apart, 4 * over)

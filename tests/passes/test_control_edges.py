# SPDX-License-Identifier: Apache-2.0
"""What `settle-control` copies, and what it does not: where a loop's values may lie."""

from __future__ import annotations

from collections.abc import Sequence

from model_builder import ModelBuilder
from opcases_control import GraphBuilder, increment, less, loop, make, subgraph
from test_passes import graph_of, kinds

from tinycc.ir import Graph
from tinycc.ops.control import While
from tinycc.passes.settle_control import SettleControl


def number(g: GraphBuilder) -> int:
    return g.input((1,), "int32")


def counted(m: ModelBuilder, *, twice: bool = False) -> Graph:
    """A loop that begins with what is made before it; `twice`: with two values that are the same one."""

    def body(g: GraphBuilder) -> Sequence[int]:
        i = number(g)
        return [increment(g, i), *([make(g, "ADD", [number(g), i], (1,), "int32")] if twice else [])]

    start = increment(m, number(m))
    outputs = [m.tensor((1,), "int32") for _ in range(1 + twice)]
    made = loop(m, [start] * (1 + twice), outputs, less(m, 5, [number] * twice), subgraph(m, body))
    return SettleControl()(graph_of(m, *made))


def test_a_loop_goes_on_where_its_operand_lies() -> None:
    assert kinds(counted(ModelBuilder())) == ["Add", "While"]


def test_two_values_of_a_loop_have_two_places() -> None:
    settled = counted(ModelBuilder(), twice=True)
    assert kinds(settled)[-1] == "While"
    assert len(set(settled.ops[-1].inputs)) == 2


def test_a_loop_in_a_loop_keeps_what_the_outer_one_hands_on() -> None:
    """The outer loop's second value is the same in every turn, though an inner loop begins with it."""
    m = ModelBuilder()

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n = number(g), number(g)
        (inner,) = loop(g, [n], [g.tensor((1,), "int32")], less(m, 5), subgraph(m, lambda g: [increment(g, number(g))]))
        return [make(g, "ADD", [i, inner], (1,), "int32"), n]

    outputs = [m.tensor((1,), "int32") for _ in range(2)]
    made = loop(m, [number(m), number(m)], outputs, less(m, 9, [number]), subgraph(m, body))
    (outer,) = SettleControl()(graph_of(m, *made)).ops
    assert isinstance(outer, While)
    assert kinds(outer.body)[:2] == ["Copy", "While"]

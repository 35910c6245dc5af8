# SPDX-License-Identifier: Apache-2.0
"""What lowering decides by itself, at both sides of its edges: kernels of turns, names of constants, even numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.ir import DType, Graph, Origin, TensorType, Value
from tinycc.kernels.base import Context, Cost
from tinycc.kernels.calls import STAYS, Call, Path, Scratch
from tinycc.kernels.choice import Choice
from tinycc.lowering import kernels as lowered
from tinycc.lowering.constants import Pool
from tinycc.lowering.kernels import WORTH, Kernels, _drift, _with_room
from tinycc.lowering.ports import own_ports
from tinycc.lowering.storage import ALIGN, line_buffers
from tinycc.lowering.stream import _paced, cases
from tinycc.numerics.rules import TFLM
from tinycc.ops.elementwise.activations import Tanh
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.resize import ResizeBilinear
from tinycc.program.types import STILL, Content, Pace, Turns
from tinycc.schedule.forms import form
from tinycc.schedule.runs import Runs
from tinycc.target import TARGETS

CONTEXT = Context(TARGETS["generic"])
M = ModelBuilder()
X, Y = M.input((1, 6, 4, 2)), M.tensor((1, 6, 4, 2))
M.op("TANH", [X], [Y])
GRAPH = load(M.build([Y])).graph
(OP,) = GRAPH.ops


def choice(name: str, cycles: int) -> Choice:
    call = Call(name, (Scratch("s", 8),))
    taken: Any = SimpleNamespace(name=name, bind=lambda op, context: (call,))
    return Choice(taken, Cost(cycles, cycles, 0), (), name)


def test_some_turns_have_another_kernel() -> None:
    alone = Kernels(choice("usual", 9))
    both = Kernels(choice("usual", 9), choice("roomy", 4), Path(8, 2, 4))
    assert [alone.bind(OP, turn, CONTEXT)[0].symbol for turn in (0, 3)] == ["usual", "usual"]
    names = [both.bind(OP, turn, CONTEXT)[0].symbol for turn in range(7)]
    assert names == ["usual", "usual", "roomy", "roomy", "roomy", "usual", "usual"]
    assert (alone.edges, both.edges) == ((), (2, 5))
    assert (alone.cycles(7), both.cycles(7)) == (63, 4 * 9 + 3 * 4)
    assert alone.path == STAYS


@pytest.mark.parametrize(("cycles", "roomy"), [(5 * WORTH, True), (5 * WORTH + 1, False)])
def test_another_kernel_is_worth_a_part_of_all_cycles(cycles: int, roomy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowered, "roomier", lambda op, context, usual, room: (choice("roomy", 4), range(2, 3)))
    form: Any = SimpleNamespace(usual=SimpleNamespace(op=OP), turns=6, readings=())
    run: Any = SimpleNamespace(clock=SimpleNamespace(lines={}))
    found = _with_room(run, form, CONTEXT, choice("usual", 9), [8] * 6, cycles)
    assert (found.roomy is not None) == roomy
    if roomy:
        assert found.path == Path(0, 2, 2)
    monkeypatch.setattr(lowered, "roomier", lambda *_: None)
    assert _with_room(run, form, CONTEXT, choice("usual", 9), [8] * 6, 0).roomy is None


@dataclass(frozen=True)
class Reading:
    value: Any
    step: int


@pytest.mark.parametrize(
    ("steps", "lines", "moves"),
    [((1,), (), 32), ((2,), (), 64), ((1,), ("x",), 0), ((1,), ("y",), 0), ((1, 1), (), 0), ((), (), 0)],
)
def test_room_moves_with_what_is_used_up(steps: Sequence[int], lines: Sequence[str], moves: int) -> None:
    values = {"x": GRAPH.inputs[0], "y": OP.y}
    form: Any = SimpleNamespace(y=OP.y, readings=tuple(Reading(values["x"], step) for step in steps))
    run: Any = SimpleNamespace(clock=SimpleNamespace(lines={values[name]: None for name in lines}))
    assert _drift(run, form) == moves


def test_room_that_would_not_stay_aligned_does_not_move() -> None:
    m = ModelBuilder()
    x = m.input((1, 6, 3, 1), "int8", scale=0.5)
    y = m.tensor((1, 6, 3, 1), "int8", scale=0.5)
    m.op("RELU", [x], [y])
    graph = load(m.build([y])).graph
    run: Any = SimpleNamespace(clock=SimpleNamespace(lines={}))
    for step, moves in ((1, 0), (ALIGN, 3 * ALIGN)):
        form: Any = SimpleNamespace(y=graph.ops[0].y, readings=(Reading(graph.inputs[0], step),))
        assert _drift(run, form) == moves


def test_equal_constants_are_apart_where_weights_will_be_others() -> None:
    data = np.arange(4, dtype=np.int8)

    def names(*, apart: bool) -> list[str]:
        pool = Pool(apart=apart)
        asked = [("a_1", 1, ""), ("b_2", 2, ""), ("c_3", 3, "w"), ("d_4", 4, "w"), ("e_5", 5, "v")]
        return [
            pool.add(layer, step, "weights", data, DType.INT8, Content.WEIGHTS, tensor).name for layer, step, tensor in asked
        ]

    assert names(apart=False) == ["a_1_weights"] * 5
    assert names(apart=True) == ["a_1_weights", "b_2_weights", "c_3_weights", "c_3_weights", "e_5_weights"]


@pytest.mark.parametrize(
    ("numbers", "first", "expected"),
    [
        ([7], 3, (7, STILL)),
        ([7, 7], 3, (7, STILL)),
        ([7, 9, 11], 0, (7, Pace(2))),
        ([7, 9, 11], 3, (1, Pace(2))),
        ([0, 2, 0, 2], 0, (0, Pace(2, 2))),
        ([2, 0, 2], 1, (0, Pace(2, 2))),
        ([2, 0], 1, (4, Pace(-2))),
        ([0, 2, 5], 0, None),
        ([0, 2, 4, 0, 2], 0, (0, Pace(2, 3))),
    ],
)
def test_numbers_that_go_on_evenly(numbers: list[int], first: int, expected: tuple[int, Pace] | None) -> None:
    found = _paced(numbers, first)
    assert found == expected
    if found is not None:
        start, pace = found
        assert [start + pace.at(first + at) for at in range(len(numbers))] == numbers


def test_cases_of_turns() -> None:
    """Sums begin with their first turn and end with their last; a case begins where it is told to."""
    m = ModelBuilder()
    y = m.tensor((1, 4, 2))
    m.op("MEAN", [m.input((1, 6, 4, 2)), m.const(np.array([1], np.int32))], [y], keep_dims=False)
    summed = Runs(load(m.build([y])).graph, CONTEXT).run(0, 1)
    even = Runs(GRAPH, CONTEXT).run(0, 1)
    assert summed is not None
    assert even is not None
    for run, edges, expected in (
        (summed, (), [(0, 0), (1, 4), (5, 5)]),
        (even, (), [(0, 5)]),
        (even, (2, 4), [(0, 1), (2, 3), (4, 5)]),
        (even, (0, 6), [(0, 5)]),
    ):
        assert [(case.first, case.last) for case in cases(run.clock, 0, edges)] == expected


@dataclass(frozen=True, eq=False, kw_only=True)
class Updating(Tanh):
    updates: ClassVar[tuple[tuple[str, int], ...]] = (("x", 0),)


HERE = Origin(0, "TEST", "here")


def on(x: Value, name: str, kind: type[Tanh] = Tanh) -> Tanh:
    return kind(x=x, numerics=TFLM, outputs=(replace(x, name=name),), origin=HERE)


def flat(x: Value, name: str) -> Reshape:
    return Reshape(x=x, shape=(4,), outputs=(Value(name, TensorType((4,), x.dtype)),), origin=HERE)


@pytest.mark.parametrize("written", [False, True])
def test_an_input_is_copied_where_something_else_is_made_in_its_memory(written: bool) -> None:
    """By an op that writes over it; a view of it is nothing else."""
    x = Value("x", TensorType((2, 2), DType.FLOAT32))
    made = on(x, "made", Updating if written else Tanh)
    ops = made, flat(made.y, "flat") if written else flat(x, "flat")
    last = on(ops[-1].y, "last")
    graph = Graph("g", (x,), (last.y,), (*ops, last))
    assert [type(op).__name__ for op in own_ports(graph).ops[:2]] == (["Copy", "Updating"] if written else ["Tanh", "Reshape"])


def test_a_row_that_arrives_has_the_names_of_its_views() -> None:
    row, other = on(OP.x, "row").y, on(OP.x, "other").y
    views = {flat(row, "flat").y: row, flat(other, "apart").y: other}
    names: Any = SimpleNamespace(pointers={value: value.name for value in (row, other, *views)})
    form = SimpleNamespace(sums=None, y=row)
    lines = SimpleNamespace(rows=1)
    run: Any = SimpleNamespace(clock=SimpleNamespace(lines={row: lines, other: lines}, forms=[form]), views=views)
    run.arrives, run.departs = True, False
    found = line_buffers((run,), names)
    assert {value.name: buffer.shown for value, buffer in found.items()} == {
        "row": ("row", "flat"),
        "other": ("other",),
        "flat": ("row", "flat"),
        "apart": ("other",),
    }


def test_sums_of_rows_are_a_result_after_the_last_one() -> None:
    m = ModelBuilder()
    x = m.input((1, 16, 16, 2), "int8", scale=0.5)
    y, z = m.tensor((1, 16, 16, 2), "int8", scale=0.5), m.tensor((1, 2), "int8", scale=0.5)
    w = m.const(np.ones((1, 3, 3, 2), np.int8), scale=0.5)
    m.op("DEPTHWISE_CONV_2D", [x, w, -1], [y], padding="SAME", stride_h=1, stride_w=1, depth_multiplier=1)
    m.op("MEAN", [y, m.const(np.array([1, 2], np.int32))], [z], keep_dims=False)
    step = compile(m.build([z]), target="cortex-m4", optimize="ram").program.steps[-1]
    turns = [turns for turns in step.body if isinstance(turns, Turns)]
    assert len(turns) > 1
    assert [len(part.made) for part in turns] == [0] * (len(turns) - 1) + [1]


def test_rows_of_a_resized_image_below_missing_ones_begin_with_the_first() -> None:
    """Not with as many as would lie above it."""
    m = ModelBuilder()
    y = m.tensor((1, 6, 5, 2))
    m.op("RESIZE_BILINEAR", [m.input((1, 4, 5, 2)), m.const(np.array([6, 5], np.int32))], [y], half_pixel_centers=True)
    (op,) = load(m.build([y])).graph.ops
    assert isinstance(op, ResizeBilinear)
    found = form(op, CONTEXT, lambda value: value, 3)
    assert found is not None
    (reading,) = found.readings
    assert reading.first < 0
    part, rows = (replace(value, type=replace(value.type, shape=(1, 2, 5, 2))) for value in (op.x, op.y))
    for above, start in ((0, (reading.first, reading.step)), (1, (0, 0))):
        made = found.restrict({op.x: part}, rows, above)
        assert isinstance(made, ResizeBilinear)
        assert made.band is not None
        assert made.band.start == start

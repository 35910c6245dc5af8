# SPDX-License-Identifier: Apache-2.0
"""What goes row by row and what does not, one condition at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import load
from tinycc.ir import DType, Graph, State, TensorType, Value
from tinycc.kernels.base import Context
from tinycc.kernels.folding import once_for_all
from tinycc.ops.base import Operator
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.schedule.forms import arrival, departure, form, form_of
from tinycc.schedule.rows import has_rows
from tinycc.schedule.runs import MOST_TURNS, Runs
from tinycc.schedule.search import schedules
from tinycc.target import TARGETS

CONTEXT = Context(TARGETS["cortex-m4"])
ONES = np.ones((3, 3, 3, 2), np.float32)
ROW = np.ones((1, 1, 4, 2), np.float32)
Build = Callable[[ModelBuilder], int]


def value(*shape: int, dtype: DType = DType.FLOAT32) -> Value:
    return Value("x", TensorType(shape, dtype))


def made(m: ModelBuilder, code: str, inputs: list[int], shape: tuple[int, ...], **options: Any) -> int:
    y = m.tensor(shape)
    m.op(code, inputs, [y], **options)
    return y


def conv(m: ModelBuilder, x: int, shape: tuple[int, ...], w: int | None = None, stride: int = 1) -> int:
    w = m.const(np.resize(ONES, (shape[-1], 3, 3, 2))) if w is None else w
    return made(m, "CONV_2D", [x, w, -1], shape, padding="SAME", stride_h=stride, stride_w=stride)


def resize(m: ModelBuilder, shape: tuple[int, ...], height: int, width: int, **options: bool) -> int:
    size = m.const(np.array([height, width], np.int32))
    return made(m, "RESIZE_NEAREST_NEIGHBOR", [m.input(shape), size], (1, height, width, shape[-1]), **options)


def spread(m: ModelBuilder, height: int, kernel: int, out: int, *, computed: bool = False, same: bool = False) -> int:
    w = m.input((2, kernel, 2, 2)) if computed else m.const(np.resize(ONES, (2, kernel, 2, 2)))
    size = m.const(np.array([1, out, 6, 2], np.int32))
    padding = "SAME" if same else "VALID"
    return made(
        m, "TRANSPOSE_CONV", [size, w, m.input((1, height, 3, 2))], (1, out, 6, 2), padding=padding, stride_h=2, stride_w=2
    )


def bilinear(m: ModelBuilder, height: int, out: int, **options: bool) -> int:
    size = m.const(np.array([out, 5], np.int32))
    return made(m, "RESIZE_BILINEAR", [m.input((1, height, 5, 2)), size], (1, out, 5, 2), **options)


def pad(
    m: ModelBuilder,
    *sides: tuple[int, int],
    code: str = "PAD",
    fill: int | None = None,
    **options: Any,
) -> int:
    shape = (1, 4, 4, 2)
    operands = [m.input(shape), m.const(np.array(sides, np.int32)), *([] if fill is None else [fill])]
    return made(m, code, operands, tuple(size + sum(side) for size, side in zip(shape, sides, strict=True)), **options)


def some_rows(
    m: ModelBuilder,
    begin: tuple[int, ...],
    end: tuple[int, ...],
    step: int,
    shape: tuple[int, ...] = (1, 6, 4, 2),
    **options: int,
) -> int:
    strides = (1, step, 1, 1)[: len(begin)]
    cut = tuple(len(range(*part)) for part in zip(begin, end, strides, strict=True))
    found = [size for axis, size in enumerate(cut) if not options.get("shrink_axis_mask", 0) >> axis & 1] + [*shape[len(cut) :]]
    operands = [m.input(shape), *(m.const(np.array(n, np.int32)) for n in (begin, end, strides))]
    return made(m, "STRIDED_SLICE", operands, tuple(found), **options)


def twice(m: ModelBuilder, x: int, rows: int = 8) -> int:
    return made(m, "CONCATENATION", [x, x], (1, rows, 4, 2), axis=1)


def mean(m: ModelBuilder, *shape: int) -> int:
    return made(m, "MEAN", [m.input(shape), m.const(np.array([1], np.int32))], (shape[0], *shape[2:]), keep_dims=False)


def concatenation(m: ModelBuilder, axis: int) -> int:
    shape = [1, 4, 4, 2]
    shape[axis] *= 2
    return made(m, "CONCATENATION", [m.input((1, 4, 4, 2)), m.input((1, 4, 4, 2))], tuple(shape), axis=axis)


def added(m: ModelBuilder, shape: tuple[int, ...], constant: bool) -> int:
    other = m.const(np.ones(shape, np.float32)) if constant else m.input(shape)
    return made(m, "ADD", [m.input((1, 4, 4, 2)), other], (1, 4, 4, 2), fused_activation_function="NONE")


def graph_of(build: Build) -> Graph:
    m = ModelBuilder()
    return load(m.build([build(m)])).graph


@pytest.mark.parametrize(
    ("shape", "dtype", "has"),
    [
        ((1, 2, 3, 4), DType.INT8, True),
        ((1, 2, 3), DType.INT8, True),
        ((1, 2), DType.INT8, False),
        ((2, 2, 3, 4), DType.INT8, False),
        ((1, 2, 0, 4), DType.INT8, False),
        ((1, 2, 3, 4), DType.INT4, False),
    ],
)
def test_images_have_rows(shape: tuple[int, ...], dtype: DType, has: bool) -> None:
    assert has_rows(value(*shape, dtype=dtype)) == has


def test_what_arrives_has_two_rows_at_least() -> None:
    assert arrival(value(1, 2, 3)) is not None
    assert arrival(value(1, 1, 3)) is None
    assert arrival(value(4, 5)) is None


FORMS: dict[str, tuple[Build, int]] = {
    "a window": (lambda m: conv(m, m.input((1, 4, 4, 2)), (1, 4, 4, 3)), 1),
    "weights that are computed": (lambda m: conv(m, m.input((1, 4, 4, 2)), (1, 4, 4, 3), m.input(ONES.shape)), 0),
    "weights of other types": (
        lambda m: conv(m, m.input((1, 4, 4, 2)), (1, 4, 4, 3), m.const(ONES.astype(np.int8), scale=[0.1])),
        0,
    ),
    "one row": (lambda m: conv(m, m.input((1, 2, 4, 2)), (1, 1, 2, 3), stride=2), 0),
    "two images": (lambda m: made(m, "TANH", [m.input((2, 4, 4, 2))], (2, 4, 4, 2)), 0),
    "columns that go on": (
        lambda m: made(m, "CUMSUM", [m.input((1, 4, 4, 2)), m.const(np.array(1, np.int32))], (1, 4, 4, 2)),
        0,
    ),
    "a mean": (lambda m: mean(m, 1, 4, 4, 2), 1),
    "a mean of two rows": (lambda m: mean(m, 1, 2, 4, 2), 1),
    "a mean of one row": (lambda m: mean(m, 1, 1, 4, 2), 0),
    "one channel behind the other": (lambda m: concatenation(m, 3), 1),
    "one column behind the other": (lambda m: concatenation(m, 2), 1),
    "one row behind the other": (lambda m: concatenation(m, 1), 1),
    "a row for all": (lambda m: added(m, (1, 1, 4, 2), False), 1),
    "a constant row for all": (lambda m: added(m, (1, 1, 4, 2), True), 1),
    "constant rows": (lambda m: added(m, (1, 4, 4, 2), True), 0),
    "columns for all": (lambda m: added(m, (4, 1, 2), False), 0),
    "channels for all": (lambda m: added(m, (2,), False), 1),
    "rows spread": (lambda m: spread(m, 3, 2, 6), 2),
    "rows spread by computed weights": (lambda m: spread(m, 3, 2, 6, computed=True), 0),
    "rows spread, odd": (lambda m: spread(m, 3, 3, 7), 2),
    "rows doubled": (lambda m: resize(m, (1, 4, 4, 2), 8, 8), 2),
    "rows doubled, by their middles": (lambda m: resize(m, (1, 4, 4, 2), 8, 8, half_pixel_centers=True), 2),
    "rows and a half": (lambda m: resize(m, (1, 4, 4, 2), 6, 6), 0),
    "rows between rows": (lambda m: bilinear(m, 4, 8), 2),
    "rows between rows, three of two": (lambda m: bilinear(m, 4, 6, half_pixel_centers=True), 3),
    "rows between corners": (lambda m: bilinear(m, 5, 9, align_corners=True), 2),
    "rows between others that are far from even": (lambda m: bilinear(m, 10, 23), 0),
    "every other row of means": (lambda m: bilinear(m, 8, 4), 1),
    "one row for all": (lambda m: bilinear(m, 1, 4), 1),
    "a frame": (lambda m: pad(m, (0, 0), (2, 1), (1, 0), (0, 0)), 1),
    "a frame of images": (lambda m: pad(m, (0, 1), (2, 1), (1, 0), (0, 0)), 0),
    "a mirror": (lambda m: pad(m, (0, 0), (2, 1), (1, 0), (0, 0), code="MIRROR_PAD", mode="REFLECT"), 1),
    "every other row": (lambda m: some_rows(m, (0, 1, 1, 0), (1, 6, 4, 2), 2), 1),
    "rows upwards": (lambda m: some_rows(m, (0, 5, 1, 0), (1, 0, 4, 2), -1), 0),
    "a frame of what is given": (lambda m: pad(m, (0, 0), (2, 1), (1, 0), (0, 0), code="PADV2", fill=m.input((1,))), 0),
    "a mirror with its edge": (lambda m: pad(m, (0, 0), (2, 1), (1, 0), (0, 0), code="MIRROR_PAD", mode="SYMMETRIC"), 1),
    "one of two images": (lambda m: some_rows(m, (1, 1, 1, 0), (2, 6, 4, 2), 2, shape=(2, 6, 4, 2)), 0),
    "columns of all rows": (lambda m: some_rows(m, (0,), (1,), 1, shape=(1, 6, 4, 2)), 1),
    "a row taken out": (lambda m: some_rows(m, (0, 1, 1, 0), (1, 2, 4, 2), 1, shrink_axis_mask=2), 0),
    "rows of one behind its own": (lambda m: twice(m, m.input((1, 4, 4, 2))), 0),
    "one row behind itself": (lambda m: twice(m, m.input((1, 1, 4, 2)), 2), 0),
    "eight rows of a row": (lambda m: bilinear(m, 4, 32), 8),
    "nine rows of a row": (lambda m: bilinear(m, 4, 36), 0),
    "rows behind constant ones": (
        lambda m: made(m, "CONCATENATION", [m.const(ROW), m.input((1, 4, 4, 2))], (1, 5, 4, 2), axis=1),
        0,
    ),
    "rows behind none": (
        lambda m: made(m, "CONCATENATION", [m.input((1, 0, 4, 2)), m.input((1, 4, 4, 2))], (1, 4, 4, 2), axis=1),
        0,
    ),
    "fewer rows": (lambda m: resize(m, (1, 4, 4, 2), 3, 3), 0),
    "rows from corner to corner": (lambda m: resize(m, (1, 4, 4, 2), 12, 8, align_corners=True), 0),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms(name: str) -> None:
    build, rows = FORMS[name]
    graph = graph_of(build)
    found = Runs(graph, CONTEXT).forms[graph.ops[-1]]
    assert (0 if found is None else found.rows) == rows


@pytest.mark.parametrize(("name", "whole"), [("a row for all", 1), ("a constant row for all", 0), ("channels for all", 1)])
def test_what_every_turn_reads(name: str, whole: int) -> None:
    graph = graph_of(FORMS[name][0])
    found = Runs(graph, CONTEXT).forms[graph.ops[-1]]
    assert found is not None
    assert [reading.value.shape for reading in found.readings] == [(1, 4, 4, 2)]
    assert len(found.whole) == whole


def test_a_window_that_sees_padding_alone_does_not_tick() -> None:
    graph = graph_of(FORMS["a window"][0])
    (op,) = graph.ops
    assert isinstance(op, Conv2D)
    for top, ticks in ((2, True), (3, False)):
        window = op.window._replace(padding=op.window.padding._replace(top=top))
        y = Value("y", TensorType((1, 3 + top, 4, 3), DType.FLOAT32))
        part = replace(op, window=window, outputs=(y,))
        assert (form(part, CONTEXT, lambda value: value) is not None) == ticks


def test_rows_in_proportion_to_the_highest() -> None:
    """Those of what has several results, and of what are no images, do not count."""
    m = ModelBuilder()
    parts = [m.tensor((1, 12, 4, 2)), m.tensor((1, 12, 4, 2))]
    m.op("SPLIT", [m.const(np.array(3, np.int32)), m.input((1, 12, 4, 4))], parts, num_splits=2)
    long = made(m, "TANH", [m.input((1, 99))], (1, 99))
    graph = load(m.build([long, conv(m, parts[0], (1, 6, 2, 3), stride=2), parts[1]])).graph
    (op,) = (op for op in graph.ops if isinstance(op, Conv2D))
    found = Runs(graph, CONTEXT, rows=2).forms[op]
    assert found is not None
    assert found.rows == 2


def test_rows_are_doubled_as_many_at_a_time_as_divide_them() -> None:
    for height, rows in ((8, 4), (6, 4), (5, 2)):
        graph = graph_of(lambda m, height=height: resize(m, (1, height, 2, 2), 2 * height, 4))  # type: ignore[misc]
        found = Runs(graph, CONTEXT, rows=4).forms[graph.ops[-1]]
        assert found is not None
        assert found.rows == rows


def test_parts_have_the_constants_of_the_whole() -> None:
    graph = graph_of(FORMS["a window"][0])
    found = Runs(graph, CONTEXT).forms[graph.ops[0]]
    assert found is not None
    known = once_for_all(lambda op: object())
    part = found.block(1).op
    assert part is not found.op
    assert known(part) is known(found.op)


# runs


def test_only_one_input_arrives_row_by_row() -> None:
    assert Runs(graph_of(FORMS["a window"][0]), CONTEXT, pushed=True).arrival is not None
    graph = graph_of(lambda m: conv(m, added(m, (1, 4, 4, 2), False), (1, 4, 4, 3)))
    assert Runs(graph, CONTEXT, pushed=True).arrival is None
    assert not schedules(graph, CONTEXT, pushed=True)
    assert Runs(Graph("", (x := value(1, 4, 4, 2),), (x,), ()), CONTEXT, pushed=True).arrival is None


def test_what_is_read_again_is_not_brought_row_by_row() -> None:
    m = ModelBuilder()
    x = m.input((1, 2, 8, 2))
    rows = made(m, "RESHAPE", [x, m.const(np.array([1, 4, 4, 2], np.int32))], (1, 4, 4, 2), new_shape=[1, 4, 4, 2])
    graph = load(
        m.build([conv(m, rows, (1, 4, 4, 3)), made(m, "CUMSUM", [x, m.const(np.array(1, np.int32))], (1, 2, 8, 2))])
    ).graph
    runs = Runs(graph, CONTEXT, pushed=True)
    assert runs.arrival is not None
    assert runs.run(0, 2) is None
    assert Runs(graph, CONTEXT).run(0, 2) is None


def test_rows_are_of_different_memories() -> None:
    m = ModelBuilder()
    x = m.input((1, 4, 4, 2))
    view = made(m, "RESHAPE", [x, m.const(np.array([1, 2, 8, 2], np.int32))], (1, 2, 8, 2), new_shape=[1, 2, 8, 2])
    graph = load(m.build([made(m, "TANH", [x], (1, 4, 4, 2)), made(m, "TANH", [view], (1, 2, 8, 2))])).graph
    runs = Runs(graph, CONTEXT)
    assert [op.view for op in graph.ops] == [True, False, False]
    assert runs.run(1, 2) is not None
    assert runs.run(2, 3) is not None
    assert runs.run(1, 3) is None


def test_a_state_stays_whole() -> None:
    m = ModelBuilder()
    handle, content = m.tensor((1,), "resource"), m.tensor((1, 4, 4, 2))
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    m.op("READ_VARIABLE", [handle], [content])
    y = made(m, "TANH", [content], (1, 4, 4, 2))
    m.op("ASSIGN_VARIABLE", [handle, m.input((1, 4, 4, 2))], [])
    graph = load(m.build([y])).graph
    runs = Runs(graph, CONTEXT)
    assert runs.forms[graph.ops[0]] is not None
    assert runs.run(0, 1) is None
    turned = replace(graph, ops=tuple(op.with_operands({op.inputs[0]: graph.inputs[0]}) for op in graph.ops))
    assert Runs(turned, CONTEXT, pushed=True).arrival is None


def test_only_one_output_goes_row_by_row() -> None:
    """Of a model without states, and none that nobody makes row by row."""
    graph = graph_of(FORMS["a window"][0])
    (y,) = graph.outputs
    assert Runs(graph, CONTEXT, pulled=True).departure is not None
    assert Runs(graph, CONTEXT, pulled=True).run(0, 1) is not None
    assert Runs(replace(graph, outputs=(y, y)), CONTEXT, pulled=True).departure is None
    state = State(value(1, 4, 4, 3), y, np.zeros((1, 4, 4, 3), np.float32))
    assert Runs(replace(graph, states=(state,)), CONTEXT, pulled=True).departure is None
    assert departure(value(1, 1, 3)) is None
    leaving = departure(value(1, 2, 3))
    assert leaving is not None
    assert (leaving.makes_rows, leaving.turns, leaving.made(0)) == (False, 2, range(0))
    assert departure(value(4, 5)) is None
    given = Runs(replace(graph, outputs=graph.inputs), CONTEXT, pulled=True)
    assert given.departure is not None
    assert given.run(0, 1) is None


def test_turns_are_not_too_many() -> None:
    for rows, goes in ((MOST_TURNS, True), (MOST_TURNS + 1, False)):
        graph = graph_of(lambda m, rows=rows: made(m, "TANH", [m.input((1, rows, 1, 1))], (1, rows, 1, 1)))  # type: ignore[misc]
        assert (Runs(graph, CONTEXT).forms[graph.ops[0]] is not None) == goes


def test_forms_are_made_once() -> None:
    """For a core, so many rows, and one tensor that a view is of."""
    graph = graph_of(FORMS["a window"][0])
    (op,) = graph.ops
    found = form_of(op, CONTEXT, graph.owner)
    assert form_of(op, CONTEXT, graph.owner) is found
    assert form_of(op, CONTEXT, graph.owner, 2) is not found
    assert form_of(op, CONTEXT, lambda item: graph.outputs[0]) is not found
    assert form_of(op, Context(TARGETS["cortex-m0"]), graph.owner) is not found


def test_parts_of_rows() -> None:
    """What is joined keeps its tables; rows of a frame are of nothing; what is mirrored is the whole width."""
    moved = ("one row behind the other", "one channel behind the other", "a mirror", "a mirror with its edge")
    for name in (*moved, "every other row", "columns of all rows", "a frame"):
        graph = graph_of(FORMS[name][0])
        (op,) = graph.ops
        found = Runs(graph, CONTEXT).forms[op]
        assert found is not None
        assert isinstance(op, Operator)
        arrays = [np.arange(item.type.elements, dtype=np.float32).reshape(item.shape) for item in graph.inputs]
        known = dict(zip(graph.inputs, arrays, strict=True))
        (whole,) = op.eval(known.__getitem__)
        rows = []
        for turn in range(found.turns):
            block = found.block(turn)
            parts = dict(block.parts)
            read = {
                part: known[item][:, reading.rows(turn).start : reading.rows(turn).stop]
                for reading in found.readings
                for item, part in [(reading.value, parts[reading.value])]
            }
            rows += [*block.op.eval(lambda item, read=read: read[item] if item.data is None else item.data)]  # type: ignore[misc]
        np.testing.assert_array_equal(np.concatenate(rows, 1), whole)


@pytest.mark.parametrize(("name", "even"), [("a window", True), ("a frame", False), ("a mirror", False), ("a mean", True)])
def test_rows_that_come_evenly(name: str, even: bool) -> None:
    """Not what is of nothing at first, or goes back and forth."""
    graph = graph_of(FORMS[name][0])
    found = Runs(graph, CONTEXT).forms[graph.ops[-1]]
    assert found is not None
    assert found.is_even == even


def test_every_row_of_a_mirror_is_made_alike() -> None:
    graph = graph_of(FORMS["a mirror"][0])
    found = Runs(graph, CONTEXT).forms[graph.ops[-1]]
    assert found is not None
    assert len({id(found.block(turn)) for turn in range(found.turns)}) == 1


def test_joined_rows_keep_their_tables() -> None:
    (op,) = graph_of(FORMS["one row behind the other"][0]).ops
    assert isinstance(op, Concatenation)
    for tables in ((), (np.zeros(256, np.uint8), np.ones(256, np.uint8))):
        found = form(replace(op, tables=tables), CONTEXT, lambda value: value)
        assert found is not None
        parts = [found.block(turn).op for turn in (0, 7)]
        assert [getattr(part, "tables") for part in parts] == [tables[:1], tables[1:]]  # noqa: B009

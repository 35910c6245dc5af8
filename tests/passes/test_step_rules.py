# SPDX-License-Identifier: Apache-2.0
"""Which frames the operator of a step reads, and which it makes: each line differs in one thing from another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import opcases_control
import pytest
from model_builder import ModelBuilder
from numpy.typing import ArrayLike
from test_passes import graph_of

from tinycc.errors import CompileError
from tinycc.ir import Graph, Op, State, Value
from tinycc.passes.step_rules import Frames, rule, with_frames
from tinycc.passes.steps import Steps

Build = Callable[[ModelBuilder], int]
SHAPE = (1, 8, 5, 4)
ROWS = Frames(axis=1, count=8, new=2, step=1, oldest=0)
"""Of an image of SHAPE."""


def along(axis: int, shape: tuple[int, ...] = SHAPE, **changed: int) -> Frames:
    return replace(ROWS, axis=axis, count=shape[axis], **changed)


def of(kind: str, y: tuple[int, ...], *operands: tuple[int, ...] | ArrayLike, **options: Any) -> Build:
    """An operator; shapes are inputs, arrays constants."""

    def build(m: ModelBuilder) -> int:
        made = m.tensor(y)
        m.op(kind, [m.input(x) if isinstance(x, tuple) else m.const(np.asarray(x)) for x in operands], [made], **options)
        return made

    return build


def pool(y: tuple[int, ...], size: tuple[int, int], x: tuple[int, ...] = SHAPE, **options: Any) -> Build:
    given = {"stride_h": 1, "stride_w": 1, "padding": "VALID", "filter_height": size[0], "filter_width": size[1], **options}
    return of("MAX_POOL_2D", y, x, **given)


def conv(y: tuple[int, ...], weights: tuple[int, ...] | ArrayLike) -> Build:
    return of("CONV_2D", y, SHAPE, weights, stride_h=1, stride_w=1, padding="VALID")


def part(y: tuple[int, ...], *bounds: Sequence[int], **options: int) -> Build:
    """A strided slice: begin, end, steps."""
    return of("STRIDED_SLICE", y, SHAPE, *(np.array(bound, np.int32) for bound in bounds), **options)


def pad(y: tuple[int, ...], *pads: Sequence[int]) -> Build:
    return of("PAD", y, SHAPE, np.array(pads, np.int32))


def dense(x: tuple[int, ...], y: tuple[int, ...], **options: Any) -> Build:
    return of("FULLY_CONNECTED", y, x, np.ones((y[-1], x[-1]), np.float32), **options)


def summed(*shape: int) -> Build:
    return of("ADD", SHAPE, SHAPE, np.ones(shape, np.float32))


def split(m: ModelBuilder) -> int:
    made = [m.tensor((1, 8, 5, 2)) for _ in range(2)]
    m.op("SPLIT", [m.const(np.array(3, np.int32)), m.input(SHAPE)], made, num_splits=2)
    return made[0]


def hybrid(m: ModelBuilder) -> int:
    made = m.tensor((1, 6, 5, 4))
    weights = m.const(np.ones((4, 3, 1, 4), np.int8), scale=[0.5], zero_point=0)
    m.op("CONV_2D", [m.input(SHAPE), weights, -1], [made], stride_h=1, stride_w=1, padding="VALID")
    return made


def branch(m: ModelBuilder) -> int:
    made = m.tensor(SHAPE)
    sides = (opcases_control.subgraph(m, opcases_control.unary(kind, SHAPE)) for kind in ("TANH", "EXP"))
    opcases_control.branch(m, opcases_control.boolean(m), [m.input(SHAPE)], [made], *sides)
    return made


WEIGHTS = np.ones((4, 3, 1, 4), np.float32)
ALL = "0:8 -> all"
SAME = "6:8 -> 8 along 1, 2 new, by 1 from 0"
SAID: list[tuple[Build, Sequence[Frames | None], str]] = [
    # Windows: along rows, columns, channels; what has one frame made of all, and of one; strides; of a reach.
    (conv((1, 6, 5, 4), WEIGHTS), [ROWS], "4:8 -> 6 along 1, 2 new, by 1 from 0"),
    (conv((1, 8, 3, 4), WEIGHTS.swapaxes(1, 2)), [along(2)], "1:5 -> 3 along 2, 2 new, by 1 from 0"),
    (conv((1, 6, 5, 4), WEIGHTS), [along(3)], "0:4 -> all"),
    (pool((1, 8, 5, 4), (1, 3), padding="SAME"), [ROWS], SAME),
    (conv((1, 6, 5, 4), (4, 3, 1, 4)), [ROWS, None], ALL),
    (conv((1, 6, 5, 4), (4, 3, 1, 4)), [ROWS, Frames(1, 3, 1, 1, 0)], "0:8 0:3 -> all"),
    (hybrid, [ROWS], ALL),
    (pool((1, 1, 5, 4), (8, 1)), [ROWS], ALL),
    (pool((1, 1, 5, 4), (1, 1), (1, 1, 5, 4)), [replace(ROWS, count=1, new=1)], "0:1 -> 1 along 1, 1 new, by 1 from 0"),
    (pool((1, 4, 5, 4), (2, 1), stride_h=2), [ROWS], "6:8 -> 4 along 1, 1 new, by 2 from 0"),
    (
        pool((1, 4, 5, 4), (2, 1), stride_h=2),
        [replace(ROWS, new=3)],
        "Choose a hop that is a multiple: of the strides up to here, 2",
    ),
    (pool((1, 2, 5, 4), (7, 1)), [ROWS], "0:8 -> 2 along 1, 2 new, by 1 from 0"),
    (pool((1, 2, 5, 4), (7, 1)), [replace(ROWS, new=3)], "3 new frames of 2"),
    (pool((1, 8, 5, 4), (2, 1), padding="SAME"), [ROWS], "reaches 1 beyond the newest one"),
    (pool((1, 8, 5, 4), (3, 1), padding="SAME"), [along(2, step=2)], "3:5 -> 5 along 2, 2 new, by 2 from 0"),
    # Slices: from an end, of some frames, every other one, backwards, of other dimensions, one frame, a dimension more.
    (part((1, 6, 5, 4), [0, 2, 0, 0], SHAPE, [1, 1, 1, 1]), [ROWS], "6:8 -> 6 along 1, 2 new, by 1 from 2"),
    (part((1, 6, 5, 4), [0, 0, 0, 0], (1, 6, 5, 4), [1, 1, 1, 1]), [ROWS], "4:6 -> 6 along 1, 2 new, by 1 from 0"),
    (part((1, 4, 5, 4), [0, 1, 0, 0], SHAPE, [1, 2, 1, 1]), [ROWS], "7:8 -> 4 along 1, 1 new, by 2 from 1"),
    (part(SHAPE, [0, 7, 0, 0], (1, -9, 5, 4), [1, -1, 1, 1]), [ROWS], ALL),
    (part((1, 8, 2, 4), [0, 0, 1], (1, 8, 3), [1, 1, 1]), [along(2)], "1:3 -> 2 along 2, 2 new, by 1 from 1"),
    (part((1, 8, 2, 4), [0, 0, 1], (1, 8, 3), [1, 1, 1]), [along(3)], "2:4 -> 4 along 3, 2 new, by 1 from 0"),
    (part((1, 5, 4), [0, 7, 0, 0], SHAPE, [1, 1, 1, 1], shrink_axis_mask=2), [ROWS], ALL),
    (part((1, 5, 4), [0, 7], (1, 8), [1, 1], shrink_axis_mask=2), [along(3)], "0:4 -> all"),
    # Padding in front of frames, and beside them.
    (pad((1, 10, 5, 4), (0, 0), (2, 0), (0, 0), (0, 0)), [replace(ROWS, step=2)], "6:8 -> 10 along 1, 2 new, by 2 from -4"),
    (pad((1, 8, 7, 4), (0, 0), (0, 0), (1, 1), (0, 0)), [ROWS], SAME),
    (pad((1, 9, 5, 4), (0, 0), (0, 1), (0, 0), (0, 0)), [ROWS], "1 frames of padding after the newest one"),
    # Frames stay frames, or do not.
    (of("RESHAPE", (8, 20), SHAPE, np.array([8, 20], np.int32)), [ROWS], "6:8 -> 8 along 0, 2 new, by 1 from 0"),
    (of("RESHAPE", (1, 8, 20), SHAPE, np.array([1, 8, 20], np.int32)), [ROWS], "6:8 -> 8 along 1, 2 new, by 1 from 0"),
    (of("RESHAPE", (4, 40), SHAPE, np.array([4, 40], np.int32)), [ROWS], ALL),
    (of("RESHAPE", (8, 5, 4), SHAPE, np.array([8, 5, 4], np.int32)), [along(2)], "3:5 -> 5 along 1, 2 new, by 1 from 0"),
    (of("TRANSPOSE", (1, 4, 8, 5), SHAPE, np.array([0, 3, 1, 2], np.int32)), [ROWS], "6:8 -> 8 along 2, 2 new, by 1 from 0"),
    # Sums over the frames, over other dimensions before and behind them.
    (of("MEAN", (1, 1, 5, 4), SHAPE, np.array([1], np.int32), keep_dims=True), [ROWS], ALL),
    (of("MEAN", (1, 8, 1, 4), SHAPE, np.array([2], np.int32), keep_dims=True), [ROWS], SAME),
    (of("MEAN", (8, 4), SHAPE, np.array([0, 2], np.int32)), [ROWS], "6:8 -> 8 along 0, 2 new, by 1 from 0"),
    (of("MEAN", (8, 4), SHAPE, np.array([0, 2], np.int32)), [along(3)], "2:4 -> 4 along 1, 2 new, by 1 from 0"),
    # Frame by frame: of the last dimension, joined, parted, with others.
    (of("SOFTMAX", SHAPE, SHAPE, beta=1.0), [ROWS], SAME),
    (of("SOFTMAX", SHAPE, SHAPE, beta=1.0), [along(3)], "0:4 -> all"),
    (of("TANH", SHAPE, SHAPE), [along(3)], "2:4 -> 4 along 3, 2 new, by 1 from 0"),
    (of("CUMSUM", SHAPE, SHAPE, np.array(3, np.int32)), [ROWS], ALL),
    (of("CONCATENATION", (1, 8, 5, 8), SHAPE, SHAPE, axis=3), [ROWS, ROWS], "6:8 6:8 -> 8 along 1, 2 new, by 1 from 0"),
    (of("CONCATENATION", (1, 16, 5, 4), SHAPE, SHAPE, axis=1), [ROWS, ROWS], "0:8 0:8 -> all"),
    (
        of("CONCATENATION", (1, 8, 5, 5), SHAPE, np.ones((1, 8, 5, 1), np.float32), axis=3),
        [ROWS],
        "another one for every frame",
    ),
    (split, [ROWS], SAME),
    (split, [along(3)], "0:4 -> all"),
    (of("ADD", SHAPE, SHAPE, SHAPE), [ROWS, None], ALL),
    (of("ADD", SHAPE, SHAPE, SHAPE), [ROWS, replace(ROWS, oldest=-3)], "6:8 6:8 -> 8 along 1, 2 new, by 1 from -3"),
    (of("ADD", SHAPE, SHAPE, SHAPE), [ROWS, along(2)], "do not belong together"),
    (of("ADD", SHAPE, SHAPE, SHAPE), [ROWS, replace(ROWS, new=1)], "do not belong together"),
    (of("ADD", SHAPE, SHAPE, SHAPE), [ROWS, replace(ROWS, step=2)], "do not belong together"),
    (of("ADD", SHAPE, (8, 5, 4), SHAPE), [along(0, (8,)), ROWS], "6:8 6:8 -> 8 along 1, 2 new, by 1 from 0"),
    (of("ADD", SHAPE, (1, 1, 5, 4), SHAPE), [along(1, (1, 1), new=1), None], "0:1 -> all"),
    (of("ADD", SHAPE, (1, 1, 5, 4), np.ones(SHAPE, np.float32)), [along(1, (1, 1), new=1)], "0:1 -> all"),
    (summed(1, 1, 5, 4), [ROWS], SAME),
    (summed(5, 4), [ROWS], SAME),
    (summed(8, 1, 1), [ROWS], "another one for every frame"),
    (dense((1, 8, 4), (1, 8, 3), keep_num_dims=True), [ROWS], SAME),
    (dense((2, 8, 4), (2, 8, 3), keep_num_dims=True), [ROWS], ALL),
    (dense((1, 8, 4), (8, 3)), [ROWS], "6:8 -> 8 along 0, 2 new, by 1 from 0"),
    (dense((8, 4), (8, 4)), [along(1, (8, 4))], "0:4 -> all"),
    # What looks at all frames, where there was padding before some; what runs other graphs.
    (of("MEAN", (1, 1, 5, 4), SHAPE, np.array([1], np.int32), keep_dims=True), [replace(ROWS, oldest=-1)], "padding='valid'"),
    (branch, [None, ROWS], "runs other graphs"),
]


@pytest.mark.parametrize("line", SAID, ids=lambda line: line[2].replace(" ", "_"))
def test_rule(line: tuple[Build, Sequence[Frames | None], str]) -> None:
    build, known, said = line
    m = ModelBuilder()
    graph = graph_of(m, build(m))
    (op,) = graph.ops
    frames = {value: found for value, found in zip(graph.inputs, known, strict=True) if found is not None}
    assert said in _told(op, frames)


def _told(op: Op, frames: Mapping[Value, Frames]) -> str:
    try:
        found = rule(op, frames)
    except CompileError as error:
        return str(error)
    made = found.made
    parts = {value: with_frames(value, frames[value].axis, len(read)) for value, read in found.reads.items()}
    outputs = tuple(with_frames(value, made.axis, made.new) if made else value for value in op.outputs)
    step = found.build(parts, outputs)
    assert [kind.shape for kind in step.infer()] == [value.shape for value in outputs]
    reads = " ".join(f"{found.reads[value].start}:{found.reads[value].stop}" for value in op.inputs if value in frames)
    told = f"{made.count} along {made.axis}, {made.new} new, by {made.step} from {made.oldest}" if made else "all"
    return f"{reads} -> {told}"


def test_an_operator_that_has_a_state() -> None:
    m = ModelBuilder()
    state, y = m.tensor((1, 6), variable=True), m.tensor((1, 2))
    taps = [m.const(np.ones((2, 3), np.float32)) for _ in range(2)]
    m.op("SVDF", [m.input((1, 3)), *taps, -1, state], [y], rank=1, fused_activation_function="NONE")
    (op,) = graph_of(m, y).ops
    assert op.updates
    with pytest.raises(CompileError, match="has a state already"):
        rule(op, {op.inputs[0]: Frames(1, 3, 1, 1, 0)})


def _refused(graph: Graph) -> str:
    with pytest.raises(CompileError) as raised:
        Steps(1, 1)(graph)
    return str(raised.value)


def test_models_without_steps() -> None:
    """One that has a state, inputs at different rates; outputs that look back before the window,
    and up to its first frame."""
    m = ModelBuilder()
    graph = graph_of(m, of("TANH", SHAPE, SHAPE)(m))
    (x,) = graph.inputs
    expected = "a model without state, whose inputs have frames at the same rate"
    before = replace(x, name="before")
    assert expected in _refused(replace(graph, states=(State(before, graph.outputs[0], np.zeros(SHAPE, np.float32)),)))
    m = ModelBuilder()
    assert "2 inputs" in _refused(graph_of(m, of("CONCATENATION", (1, 10, 5, 4), SHAPE, (1, 2, 5, 4), axis=1)(m)))
    m = ModelBuilder()
    assert len(Steps(1, 1)(graph_of(m, of("ADD", SHAPE, SHAPE, SHAPE)(m))).inputs) == 2
    for padding in (0, 1):
        m = ModelBuilder()
        padded = pad((1, 8 + padding, 5, 4), (0, 0), (padding, 0), (0, 0), (0, 0))(m)
        first = m.tensor((1, 1, 5, 4))
        m.op("SLICE", [padded, *(m.const(np.array(bound, np.int32)) for bound in ([0, 0, 0, 0], [1, 1, 5, 4]))], [first])
        if padding:
            assert "1 frames of padding in front" in _refused(graph_of(m, first))
        else:
            assert Steps(1, 1)(graph_of(m, first)).states


@pytest.mark.parametrize(
    ("dtype", "quantization", "first"),
    [("int8", {"scale": 0.5, "zero_point": 3}, 3), ("int32", {}, 0), ("float32", {"scale": 0.5, "zero_point": 3}, 0)],
)
def test_what_a_window_begins_with(dtype: str, quantization: dict[str, Any], first: int) -> None:
    """What stands for 0, of floating point always 0."""
    m = ModelBuilder()
    x, y = m.input(SHAPE, dtype, **quantization), m.tensor((1, 6, 5, 4), dtype, **quantization)
    m.op("SLICE", [x, *(m.const(np.array(bound, np.int32)) for bound in ([0, 1, 0, 0], [1, 6, 5, 4]))], [y])
    (state,) = Steps(1, 1)(graph_of(m, y)).states
    assert np.all(state.initial == first)

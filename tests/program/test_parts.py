# SPDX-License-Identifier: Apache-2.0
"""What can go row by row in a network, what each part would take, and what is cut of them, as text: a line is a run of
operators with its estimated bytes and cycles, the line buffers between them with their rows, and how often rows move up.
`TINYCC_WRITE_TEXTS=1` writes the texts anew: read what changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import opcases_control
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.compiler import Compilation, compile, load
from tinycc.ir import DType, Graph, TensorType, Value
from tinycc.kernels.base import Context
from tinycc.kernels.choice import choose
from tinycc.passes import run_passes
from tinycc.preferences import Goal
from tinycc.schedule.clock import _move
from tinycc.schedule.estimate import Estimates, fast, tight
from tinycc.schedule.forms import form_of
from tinycc.schedule.runs import Runs
from tinycc.schedule.search import schedules
from tinycc.target import TARGETS

TEXTS = Path(__file__).with_name("parts")


class Net(ModelBuilder):
    """Float images; what an operator makes has the shape that is said."""

    def make(self, code: str, inputs: list[int], shape: tuple[int, ...], **options: Any) -> int:
        y = self.tensor(shape)
        self.op(code, inputs, [y], **options)
        return y

    def weights(self, *shape: int) -> int:
        return self.const(np.resize(np.arange(-3, 4, dtype=np.float32), shape))

    def conv(self, x: int, shape: tuple[int, ...], depth: int, kernel: int = 3, stride: int = 1, padding: str = "SAME") -> int:
        w = self.weights(shape[-1], kernel, kernel, depth)
        return self.make("CONV_2D", [x, w, -1], shape, padding=padding, stride_h=stride, stride_w=stride)

    def pool(self, x: int, shape: tuple[int, ...], size: int, stride: int) -> int:
        window = {"filter_height": size, "filter_width": size, "stride_h": stride, "stride_w": stride}
        return self.make("MAX_POOL_2D", [x], shape, padding="VALID", **window)


def branches() -> bytes:
    """Two ways of unequal depth that meet, one of them an output, too; then rows that are spread, added up and counted."""
    m = Net()
    x = m.input((1, 12, 6, 2), name="x")
    a = m.conv(x, (1, 6, 3, 4), 2, stride=2)
    b = m.conv(a, (1, 6, 3, 4), 4)
    c = m.make("TANH", [m.conv(b, (1, 6, 3, 4), 4, kernel=1)], (1, 6, 3, 4))
    d = m.make("ADD", [c, a], (1, 6, 3, 4), fused_activation_function="NONE")
    e = m.make("CONCATENATION", [d, b], (1, 6, 3, 8), axis=3)
    f = m.make("RESIZE_NEAREST_NEIGHBOR", [e, m.const(np.array([12, 6], np.int32))], (1, 12, 6, 8))
    g = m.make("ADD", [f, m.weights(1, 1, 1, 8)], (1, 12, 6, 8), fused_activation_function="NONE")
    h = m.make("MEAN", [g, m.const(np.array([1, 2], np.int32))], (1, 8), keep_dims=False)
    y = m.make("FULLY_CONNECTED", [h, m.weights(3, 8), -1], (1, 3))
    return m.build([y, d])


def spread() -> bytes:
    """Rows that are made several at a time, windows that reach beyond what there is, and a view for what reads all."""
    m = Net()
    x = m.input((1, 7, 5, 3), name="x")
    size = m.const(np.array([1, 14, 10, 2], np.int32))
    a = m.make("TRANSPOSE_CONV", [size, m.weights(2, 2, 2, 3), x], (1, 14, 10, 2), padding="VALID", stride_h=2, stride_w=2)
    b = m.pool(a, (1, 6, 4, 2), 3, 2)
    c = m.conv(b, (1, 4, 2, 5), 2, padding="VALID")
    d = m.make("SOFTMAX", [m.make("MUL", [c, c], (1, 4, 2, 5), fused_activation_function="NONE")], (1, 4, 2, 5), beta=1.0)
    e = m.make("RESHAPE", [d, m.const(np.array([1, 40], np.int32))], (1, 40))
    return m.build([m.make("FULLY_CONNECTED", [e, m.weights(2, 40), -1], (1, 2))])


def unequal() -> bytes:
    """Two ways that meet with as many rows, of which one takes two at a time: they cannot go together."""
    m = Net()
    a = m.conv(m.input((1, 8, 8, 2), name="x"), (1, 8, 8, 3), 2)
    b, c = m.pool(a, (1, 4, 4, 3), 2, 2), m.conv(a, (1, 4, 4, 3), 3, kernel=5, padding="VALID")
    return m.build([m.make("ADD", [b, c], (1, 4, 4, 3), fused_activation_function="NONE")])


def shared() -> bytes:
    """A row that is made before and that every turn reads."""
    m = Net()
    row = m.make("TANH", [m.input((1, 1, 4, 2), name="row")], (1, 1, 4, 2))
    x = m.make("ADD", [m.input((1, 4, 4, 2), name="x"), row], (1, 4, 4, 2), fused_activation_function="NONE")
    return m.build([m.make("TANH", [x], (1, 4, 4, 2))])


def viewed() -> bytes:
    """Pixels that come as a list."""
    m = Net()
    x = m.make("RESHAPE", [m.input((1, 72), name="x"), m.const(np.array([1, 6, 6, 2], np.int32))], (1, 6, 6, 2))
    a = m.conv(x, (1, 6, 6, 3), 2)
    return m.build([m.make("TANH", [m.conv(a, (1, 3, 3, 2), 3, stride=2)], (1, 3, 3, 2))])


NETS: dict[str, Callable[[], bytes]] = {
    "branches": branches,
    "spread": spread,
    "unequal": unequal,
    "shared": shared,
    "viewed": viewed,
}
WAYS: dict[str, tuple[Goal, dict[str, Any]]] = {
    "whole": (Goal.BALANCED, {}),
    "in pairs": (Goal.SPEED, {"rows": 2}),
    "pushed": (Goal.RAM, {"pushed": True}),
}

PLACED: dict[str, Any] = {
    "whole": {"without": ["stream"]},
    "by rows": {"optimize": "ram"},
}


def parts(graph: Graph, context: Context, ways: dict[str, Any]) -> Iterator[str]:
    runs = Runs(graph, context, **ways)
    estimates = Estimates(runs, context)
    yield from (f"{at} alone: {(p := estimates.whole(at)).bytes} bytes, {p.cycles} cycles" for at in range(len(graph.ops)))
    for start in range(len(graph.ops)):
        for stop in range(start + 1, len(graph.ops) + 1):
            price, run = estimates.run(start, stop), runs.run(start, stop)
            if price is None or run is None:
                assert run is None
                continue
            lines = (f"{value.name} {found.rows} {len(found.moves)}" for value, found in run.clock.lines.items())
            ends = f"{len(run.enters)} in, {len(run.leaves)} out, {len(run.views)} views"
            turns = " ".join(f"{timing.delay}+{timing.period}" for timing in run.clock.timings)
            yield f"{start}..{stop}: {price.bytes} bytes, {price.cycles} cycles; {turns}; {', '.join(lines)}; {ends}"
    for found in schedules(graph, context, limited=True, **ways):
        yield f"{found.cycles} cycles: {' '.join(str(len(run.ops)) for run in found.runs)}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NETS)
def test_parts(name: str, way: str) -> None:
    goal, ways = WAYS[way]
    graph = run_passes(load(NETS[name]()).graph)
    graph = replace(graph, ops=tuple(replace(op) for op in graph.ops))
    text = "\n".join(parts(graph, Context(TARGETS["cortex-m0"], goal=goal), ways)) + "\n"
    path = TEXTS / f"{name}-{way.replace(' ', '-')}.txt"
    if os.environ.get("TINYCC_WRITE_TEXTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def places(compilation: Compilation) -> Iterator[str]:
    """Every buffer with its address, in which moments which of its bytes are in use, and whose memory it may take over."""
    for memory, arena in compilation.layout.arenas.items():
        yield f"{memory}: {arena.plan.size} bytes, {arena.plan.lower_bound} at least"
        for at, (tenant, offset) in enumerate(zip(arena.trace.tenants, arena.plan.offsets, strict=True)):
            uses = " ".join(f"{use.first}-{use.last}:{use.bottom}-{use.top}" for use in tenant.uses)
            over = f"; over {' '.join(map(str, arena.trace.takers[at]))}" if at in arena.trace.takers else ""
            yield f"{at} {tenant.name} at {offset}, {tenant.size} by {tenant.align}: {uses}{over}"


CONTROL = ("unchanged_operands", "chain_in_the_body", "input_used_inside_and_after", "if_in_if", "fibonacci")
"""Of opcases_control.py: what is in use as long as a loop, and in one branch alone."""


def built(name: str) -> bytes:
    m = ModelBuilder()
    return m.build(list(getattr(opcases_control, name)(m)))


@pytest.mark.parametrize(("name", "way"), [*product(NETS, PLACED), *((name, "whole") for name in CONTROL)])
def test_places(name: str, way: str) -> None:
    model = NETS[name]() if name in NETS else built(name)
    compilation = compile(model, name="net", target="cortex-m0", **PLACED[way])
    text = "\n".join(places(compilation)) + "\n"
    path = TEXTS / f"{name}-places-{way.replace(' ', '-')}.txt"
    if os.environ.get("TINYCC_WRITE_TEXTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_kernels_of_rows_are_fast_ones_unless_every_byte_counts() -> None:
    context = Context(TARGETS["cortex-m4"], goal=Goal.SIZE)
    assert fast(context) is context
    assert not tight(context)
    ram = replace(context, goal=Goal.RAM)
    assert fast(ram).goal is Goal.SPEED
    assert tight(ram)


def test_of_kernels_of_rows_the_frugal_ones_take_less_scratch() -> None:
    graph = run_passes(load(ROOT / "examples" / "digits" / "digits_int8.tflite").graph)
    needs = {}
    for goal in (Goal.SPEED, Goal.RAM):
        context = Context(TARGETS["cortex-m4"], goal=goal)
        estimates = Estimates(Runs(graph, context), context)
        needs[goal] = sum(estimates.whole(at).bytes for at in range(len(graph.ops)))
    assert needs[Goal.RAM] < needs[Goal.SPEED]


@pytest.mark.parametrize("rows", [1, 4])
def test_rows_of_a_view_are_not_there_as_a_whole_besides(rows: int) -> None:
    """A list of pixels takes what an image of them does, and goes as it does, also if it has more rows than any result."""

    def net(shape: tuple[int, ...]) -> Graph:
        m = Net()
        x = m.input(shape, name="x")
        image = x if len(shape) == 4 else m.make("RESHAPE", [x, m.const(np.array([1, 12, 6, 2], np.int32))], (1, 12, 6, 2))
        return load(m.build([m.conv(m.conv(image, (1, 6, 3, 3), 2, stride=2), (1, 6, 3, 2), 3)])).graph

    context, found = Context(TARGETS["cortex-m0"]), []
    for shape in ((1, 12, 6, 2), (1, 144)):
        graph = net(shape)
        end = len(graph.ops)
        price = Estimates(Runs(graph, context, rows=rows), context).run(end - 2, end)
        assert price is not None
        found.append(price)
    assert found[0] == found[1]


def test_nothing_moves_where_no_row_is_left() -> None:
    value = Value("x", TensorType((1, 9, 4, 2), DType.INT8))
    assert _move(value, 3, 1, 4) is None
    left = _move(value, 3, 1, 5)
    assert left is not None
    assert (left.slot, left.to, left.rows) == (1, 0, range(4, 5))


def test_a_kernel_of_rows_computes_the_last_ones_too() -> None:
    """Twenty-five rows by fours: no kernel that takes no fewer than four of them."""
    m = ModelBuilder()
    rng = np.random.default_rng(0)
    q = {"scale": 0.1, "zero_point": -128}
    x, y = m.input((1, 49, 40, 1), "int8", name="x", **q), m.tensor((1, 25, 20, 8), "int8", **q)
    weights = m.const(rng.integers(-127, 128, (1, 10, 8, 8)).astype(np.int8), scale=[0.002] * 8, zero_point=[0] * 8, axis=3)
    bias = m.const(np.zeros(8, np.int32), scale=[0.0002] * 8, zero_point=[0] * 8)
    m.op("DEPTHWISE_CONV_2D", [x, weights, bias], [y], padding="SAME", stride_h=2, stride_w=2, depth_multiplier=8)
    (op,) = run_passes(load(m.build([y])).graph).ops
    context = Context(TARGETS["cortex-m4"])
    form = form_of(op, context, lambda value: value, 4)
    assert form is not None
    parts = {form.block(turn).op for turn in range(form.turns)}
    assert {part.y.shape[1] for part in parts} == {4, 1}
    taken = choose(Graph("", (), (), (form.usual.op,)), context)[form.usual.op].taken
    assert not [why for part in parts if (why := taken.refusal(part, context)) is not None]
    whole = choose(Graph("", (), (), (replace(form.usual.op),)), context)
    assert {choice.taken.name for choice in whole.values()} == {"tk_conv_tall_dsp_s8"}

# SPDX-License-Identifier: Apache-2.0
"""Operators that run row by row: every bit is that of the same model as whole tensors.

Long: many short tests over the same small networks.
"""

from __future__ import annotations

import itertools
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT
from drafts import Draft, Sample, Tensor
from families import (
    Step,
    arithmetic,
    biased,
    conv_2d,
    dense,
    depthwise_conv_2d,
    function,
    pool_2d,
    reduction,
    resize,
    softmax,
    transpose_conv,
    weighted,
)
from harness import build_many, prefix_of
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from properties import input_sets

from tinycc.arrange import INSTANCE, Wanted, beside
from tinycc.cli import cli
from tinycc.codegen.selftest import self_test
from tinycc.compiler import Compilation, compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.footprint import estimated, footprint
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.lowering.lower import lower
from tinycc.model_cost import cost
from tinycc.plan.layout import Layout, lay_out
from tinycc.program.overhead import overhead
from tinycc.program.pushes import pushes
from tinycc.program.replay import ProgramError, replay
from tinycc.program.show import show
from tinycc.program.types import Role
from tinycc.report.document import document
from tinycc.report.page import page
from tinycc.schedule.runs import Run, Runs

EXAMPLES = 25
"""Networks of each element type."""
KINDS = ("int8", "int16x8", "float32")
DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


def joined(d: Draft, x: Tensor) -> Tensor:
    """The sum of x and an earlier tensor of its shape, or channels of both side by side."""
    others = [t for t in d.made if t.shape[:3] == x.shape[:3] and t.dtype == x.dtype and t.q and x.q]
    other = d.one_of(*others) if others else x
    if other.shape == x.shape and not d.chance(3):
        y = d.y(x.shape, d.fitting((x.q.scale if x.q else 1) + (other.q.scale if other.q else 1)))
        d.apply("ADD", [x, other], [y])
        return y
    if other.q != x.q:
        return arithmetic(d, x)
    y = d.like(x, (*x.shape[:3], x.shape[3] + other.shape[3]))
    d.apply("CONCATENATION", [x, other], [y], axis=3)
    return y


def framed(d: Draft, x: Tensor) -> Tensor:
    """An image with a frame, of one value or of its mirror image."""
    mirrored = d.chance(2)
    mode = d.one_of("REFLECT", "SYMMETRIC")
    most = [min(size - (mode == "REFLECT"), 3) if mirrored else 3 for size in x.shape[1:]]
    sides = [(0, 0), *((d.number(0, reach), d.number(0, reach)) for reach in most)]
    y = d.like(x, [size + sum(side) for size, side in zip(x.shape, sides, strict=True)])
    if mirrored:
        d.apply("MIRROR_PAD", [x, d.ints(sides)], [y], mode=mode)
    else:
        d.apply("PAD", [x, d.ints(sides)], [y])
    return y


def some_rows(d: Draft, x: Tensor) -> Tensor:
    """A part of an image, of every row or of every other one."""
    begin = [0, *(d.number(0, size // 2) for size in x.shape[1:])]
    end = [1, *(d.number(start + 1, size) for start, size in zip(begin[1:], x.shape[1:], strict=True))]
    steps = [1, d.number(1, 3), d.number(1, 2), 1]
    y = d.like(x, [len(range(*cut)) for cut in zip(begin, end, steps, strict=True)])
    d.apply("STRIDED_SLICE", [x, d.ints(begin), d.ints(end), d.ints(steps)], [y])
    return y


def stacked(d: Draft, x: Tensor) -> Tensor:
    """An image below another one."""
    others = [t for t in d.made if t.rank == 4 and t.shape[2:] == x.shape[2:] and t.dtype == x.dtype and t.q == x.q]
    others = [t for t in others if t is not x and t.shape[0] == 1]
    if not others:
        return framed(d, x)
    other = d.one_of(*others)
    y = d.like(x, (1, x.shape[1] + other.shape[1], *x.shape[2:]))
    d.apply("CONCATENATION", [x, other] if d.chance(2) else [other, x], [y], axis=1)
    return y


def overall(d: Draft, x: Tensor) -> Tensor:
    """A convolution, of all channels or of each by itself, whose window is the image."""
    depthwise, multiplier = d.chance(2), d.number(1, 2)
    channels = x.shape[3] * multiplier
    shape = (1, *x.shape[1:3], channels) if depthwise else (channels, *x.shape[1:])
    weights, scales = d.weights(shape, channels, 3 if depthwise else 0)
    bias, wide = biased(d, x, channels, scales)
    if depthwise and bias and d.kind == "int16x8":  # TFLM's kernel takes int64 alone.
        bias = [d.const(d.rng.integers(-20000, 20000, channels), scale=[x.q.scale * scale for scale in scales if x.q])]
    y = d.y((1, 1, 1, channels), weighted(d, x, scales, math.prod(x.shape[1:])))
    options = {"padding": "VALID", "stride_h": 1, "stride_w": 1, **(wide if not depthwise else {})}
    if depthwise:
        d.apply("DEPTHWISE_CONV_2D", [x, weights, *bias], [y], depth_multiplier=multiplier, **options)
    else:
        d.apply("CONV_2D", [x, weights, *bias], [y], **options)
    return y


def network(draw: Callable[[st.SearchStrategy[object]], object], kind: str) -> Sample:
    """An image, and up to seven operators behind it, on the last result or an earlier one."""
    d = Draft(draw, kind)
    d.sums()
    tensors = [d.x((1, d.number(3, 14), d.number(1, 5), d.number(1, 6)))]
    steps: list[Step] = [conv_2d, conv_2d, depthwise_conv_2d, pool_2d, joined, joined, arithmetic, function, softmax]
    steps += [transpose_conv] if d.kind != "hybrid" else []
    steps += [framed, some_rows, stacked, resize]
    for _ in range(d.number(2, 7)):
        x = tensors[-1] if not d.chance(4) else d.one_of(*tensors)
        y = d.one_of(*steps)(d, x)
        if len(y.shape) == 4 and y.shape[0] == 1 and y.dtype == d.dtype:
            tensors.append(y)
    if d.chance(2):
        d.one_of(reduction, dense, overall)(d, tensors[-1])
    read = {index for operator in d.operators for index in operator.inputs}
    made = [t for t in d.made if t.index not in d.inputs]
    return d.sample(*(t for t in made if t.index not in read or d.chance(8)))


def cut(graph: Graph, context: Context, choose: Callable[[int], int], rows: int) -> tuple[Run, ...]:
    """Runs from the first operator to the last, of so many rows in a turn; `choose` says which of several ends each has."""
    runs, found, start = Runs(graph, context, rows=rows), [], 0
    while start < len(graph.ops):
        ends = [end for end in range(start + 1, len(graph.ops) + 1) if runs.run(start, end) is not None]
        run = runs.run(start, ends[choose(len(ends))]) if ends else None
        found += [run] if run is not None else []
        start += len(run.ops) if run is not None else 1
    return tuple(found)


def last(count: int) -> int:
    return count - 1


@pytest.fixture
def by_rows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Compilation]:
    """Compiles a model with all of it that can by rows."""

    def made(
        model: bytes | Path, name: str, choose: Callable[[int], int] = last, rows: int = 1, **options: object
    ) -> Compilation:
        def arranged(graph: Graph, context: Context, wanted: Wanted) -> Layout:
            return lay_out(lower(graph, context, cut(graph, context, choose, rows)), 1000)

        with monkeypatch.context() as patched:
            patched.setattr("tinycc.compiler.arrange", arranged)
            return compile(load(model), name=name, **options)  # type: ignore[arg-type]

    return made


_numbers = itertools.count()


@pytest.mark.parametrize("kind", KINDS)
def test_any_network_is_the_same_by_rows(kind: str, by_rows: Callable[..., Compilation], runtime_archive: Path) -> None:
    pending: list[tuple[Sample, Compilation, Compilation]] = []

    @seed(7)
    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        sample = network(data.draw, kind)
        number = next(_numbers)
        try:
            whole = compile(load(sample.model), name=f"whole{number}")
        except CompileError:
            return
        ends = np.random.default_rng(number)
        several = (1, 2, 1, 3, 4)[number % 5]
        rows = by_rows(
            sample.model, f"rows{number}", lambda count: count - 1 if number % 2 else int(ends.integers(count)), several
        )
        if rows.program.streams:
            pending.append((sample, whole, rows))

    draw()
    assert len(pending) > EXAMPLES // 2
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        models = [item for _, whole, rows in pending for item in (whole, rows)]
        library = build_many(models, Path(folder), runtime_archive)
        for sample, whole, rows in pending:
            assert results(sample, rows, library) == results(sample, whole, library), f"{sample}\n{show(rows.program)}"


def results(sample: Sample, compilation: Compilation, library: Path) -> list[list[bytes]]:
    """The outputs' bytes for each input set."""
    sets = input_sets(sample, compilation.model.graph.inputs, stateful=False)
    with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
        return [[output.tobytes() for output in host.run(item.arrays).outputs] for item in sets]


def test_layers_and_the_self_test_are_those_of_whole_tensors(by_rows: Callable[..., Compilation]) -> None:
    """What a watcher gets in parts is what it would get at once."""
    rows, whole = by_rows(DIGITS, "digits", watched=True), compile(DIGITS, name="digits", watched=True)
    assert rows.program.streams
    assert self_test(rows.graph, rows.program, golden=True) == self_test(whole.graph, whole.program, golden=True)
    inputs = [np.arange(value.type.elements, dtype=np.int8).reshape(value.shape) for value in rows.graph.inputs]
    with HostModel(rows) as one, HostModel(whole) as other:
        assert one.run(inputs).layers == other.run(inputs).layers


def test_a_row_too_few_is_found(by_rows: Callable[..., Compilation]) -> None:
    """The replay over the owners of all bytes finds every line buffer that is moved by four bytes upon another buffer."""
    layout = by_rows(DIGITS, "digits").layout
    lines = [buffer for buffer in layout.program.buffers if buffer.role is Role.LINES]
    assert lines
    caught = 0
    for buffer in lines:
        for moved in (-4, 4):
            at = dict(layout.offsets) | {buffer: layout.offsets[buffer] + moved}
            try:
                replay(layout.program, lambda other, at=at: (other.memory, at[other]))  # type: ignore[misc]
            except ProgramError:
                caught += 1
    assert caught >= len(lines)


def test_rows_pushed_in_give_what_the_whole_input_gives() -> None:
    """With less memory; every layer, and twice in a row."""
    pushed, whole = (
        compile(DIGITS, name="digits", watched=True, optimize=goal, stream_input=rows)
        for goal, rows in (("ram", True), ("speed", False))
    )
    assert pushed.report.arena_bytes < whole.report.arena_bytes
    rng = np.random.default_rng(0)
    with HostModel(pushed) as one, HostModel(whole) as other:
        for _ in range(2):
            inputs = [rng.integers(-128, 128, value.shape, np.int8) for value in whole.graph.inputs]
            found, expected = one.run(inputs), other.run(inputs)
            assert found.layers == expected.layers
            assert [output.tobytes() for output in found.outputs] == [output.tobytes() for output in expected.outputs]


def test_no_row_takes_longer_than_it_may() -> None:
    """What cannot be is refused; what is so anyway is the same."""
    model = load(DIGITS)
    free = compile(model, optimize="ram", stream_input=True)
    work = pushes(free.program)
    assert work is not None
    assert 0 < work.most.macs < work.last.macs < free.program.macs
    same = compile(model, optimize="ram", stream_input=True, max_push=work.longest)
    assert same.report.arena_bytes == free.report.arena_bytes
    with pytest.raises(CompileError, match=r"--max-push: found [0-9,]+ cycles by estimate for the longest row"):
        compile(model, optimize="ram", stream_input=True, max_push=1)
    with pytest.raises(CompileError, match="--max-push: found no row"):
        compile(model, max_push=1)


def test_what_turns_and_moves_take_is_told_for_each_row() -> None:
    """All calls together have the cycles of the kernels, and of turns and moves what the search counts for a whole run."""
    made = compile(DIGITS, optimize="ram", stream_input=True)
    work = pushes(made.program)
    assert work is not None
    kernels = sum(item.cycles - item.beside for item in work.pushed)
    stages = [stage for stream in made.program.streams for stage in stream.stages if stage is not made.program.arrival]
    rounded = sum(stage.count for stage in stages)
    assert 0 <= sum(step.cycles for step in made.program.all_steps) - kernels <= rounded
    moved = sum(
        span.at(turn).bytes
        for stream in made.program.streams
        for stage, turn in stream.turns
        for call in stage.body(turn)
        if call.moves
        for span in call.reads
    )
    beside = sum(item.beside for item in work.pushed)
    assert moved > 0
    assert beside == sum(overhead(made.program.target, 1, 0) * stage.count for stage in stages) + moved
    told = CliRunner().invoke(cli, ["inspect", str(DIGITS), "--program", "--optimize", "ram", "--stream-input"]).output
    assert f"about {work.last.cycles:,} cycles, {work.last.beside:,} of them for turns and rows that move up" in told
    shown = page(document(made))
    assert f'<td class="n">{work.last.cycles:,}</td><td class="n">{work.last.beside:,}</td>' in shown


def test_an_input_that_cannot_arrive_in_rows_is_told() -> None:
    model = ROOT / "examples" / "wine" / "wine_int8.tflite"
    with pytest.raises(CompileError) as raised:
        compile(model, stream_input=True)
    assert raised.value.problems[0].where == "--stream-input"


KWS = "mlperf__kws_ref_model"


SMALLEST = {
    KWS: (5_200, 4_900),
    "mlperf__pretrainedResnet_quant": (14_300, 12_900),
    "mlperf__str_ww_ref_model": (3_300, 2_900),
    "tflm__micro_speech_quantized": (2_200, 600),
    "mlperf__vww_96_int8": (28_200, None),
}
"""Bytes of an arena on Cortex-M4, with all working memory, at most: with the input resident, and with its rows pushed in."""


@pytest.mark.parametrize("name", SMALLEST)
def test_arenas_have_room_for_fast_kernels(name: str, corpus: Path) -> None:
    """Nothing but what has one output row or none is left to portable C."""
    model = load(corpus / "models" / f"{name}.tflite")
    for bytes, rows in zip(SMALLEST[name], (False, True), strict=True):
        if bytes is not None:
            made = compile(model, target="cortex-m4", optimize="ram", stream_input=rows)
            assert made.report.arena_bytes <= bytes
            weighted = [step for step in made.program.steps if step.macs > 50_000]
            assert weighted
            assert all("dsp" in step.kernel for step in weighted)


def test_the_keyword_spotter_takes_a_fifth(corpus: Path) -> None:
    """What the planner was asked for, it gives: less memory the more the goal, or the budget, asks for it."""
    model = load(corpus / "models" / f"{KWS}.tflite")
    smallest = compile(model, optimize="ram")
    within = compile(model, ram=12_000)
    assert smallest.report.arena_bytes <= 5_200
    assert smallest.report.arena_bytes < within.report.arena_bytes <= 12_000
    assert not compile(model, optimize="ram", without=["stream"]).program.streams
    assert not compile(model, ram=20_000).program.streams


@pytest.mark.parametrize("without", [(), ("stream",)])
def test_a_budget_is_met_by_kernels_that_take_less(without: tuple[str, ...]) -> None:
    """Rows are not all that saves memory: an image classifier's whole tensors, with kernels that want less scratch."""
    sizes = {"target": "cortex-m4", "without": ["stream"]}
    small, large = (compile(DIGITS, optimize=goal, **sizes).report.arena_bytes for goal in ("ram", "speed"))  # type: ignore[arg-type]
    assert small < large
    for goal in ("balanced", "speed"):
        made = compile(DIGITS, target="cortex-m4", optimize=goal, ram=INSTANCE + small, without=without)
        assert made.report.arena_bytes <= small


def test_a_budget_is_filled_where_that_is_faster() -> None:
    """Between the least memory and that of whole tensors, with several rows in a turn and what scratch there is room for."""
    path = ROOT / "examples" / "keyword" / "spotter.tflite"
    least = cost(path, target="cortex-m4", optimize="ram")
    budgets = (least.ram, 2600, 3200, 4000)
    found = [cost(path, target="cortex-m4", ram=INSTANCE + bytes) for bytes in budgets]
    assert all(item.ram <= bytes for item, bytes in zip(found, budgets, strict=True))
    cycles = [least.cycles, *(item.cycles for item in found[1:])]
    assert cycles == sorted(cycles, reverse=True)
    assert cycles[-2] < 0.8 * cycles[0]


def test_a_budget_counts_constants_where_they_lie_in_ram() -> None:
    """On AVR, whose constants are copied to RAM; a Cortex-M0 with as much RAM needs no rows."""
    whole = compile(DIGITS, target="avr", optimize="speed")  # with the constants that rows read: packed ones take less
    budget = beside(whole.program) + 1600
    found = compile(DIGITS, target="avr", ram=budget)
    assert found.report.arena_bytes + beside(found.program) <= budget
    assert compile(DIGITS, target="cortex-m0", ram=budget).report.arena_bytes > 1600
    linked = footprint(found)
    assert not linked.linked or linked.ram <= budget, "what is counted is no less than what is linked"
    assert estimated(found).ram <= linked.ram + 200, "nor much more"


@pytest.mark.parametrize("example", ["digits/digits_int8", "person/person"])
def test_unasked_rows_save_memory_and_take_hardly_any_time(example: str) -> None:
    path = ROOT / "examples" / f"{example}.tflite"
    rows, whole = cost(path), cost(path, without=["stream"])
    assert rows.ram <= 0.9 * whole.ram
    assert rows.cycles <= 1.02 * whole.cycles
    assert rows.flash - whole.flash <= whole.ram - rows.ram
    for goal in ("speed", "size"):
        assert not compile(path, optimize=goal).program.streams


def test_rows_that_take_time_have_to_be_asked_for() -> None:
    path = ROOT / "examples" / "keyword" / "spotter.tflite"
    assert not compile(path).program.streams
    assert compile(path, optimize="ram").program.streams

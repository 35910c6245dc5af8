# SPDX-License-Identifier: Apache-2.0
"""The program: its text, the rules that its check holds, and what the replay over byte owners finds.

Long: one text, and every rule about it.
"""

from __future__ import annotations

import random
import re
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT
from emitted import odd_model
from model_builder import GraphBuilder, ModelBuilder
from opcases_circular import CIRCULAR
from opcases_circular import all_cases as circular_cases
from opcases_control import all_cases, boolean, branch, f32, increment, less, loop, subgraph, unary

from tinycc.cli import cli
from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.ir import DType
from tinycc.plan import layout
from tinycc.plan.layout import lay_out
from tinycc.program.check import check
from tinycc.program.replay import Owners, ProgramError, replay
from tinycc.program.show import show
from tinycc.program.types import (
    Alias,
    Branch,
    Buffer,
    Call,
    Constant,
    Content,
    Loop,
    Program,
    Ref,
    Region,
    Role,
    Step,
    parts,
)
from tinycc.provider import EITHER

CONTROL = {case.name: case.model for cases in all_cases().values() for case in cases}
STOPS = {case.name: case.model for case in circular_cases()[CIRCULAR]}
Q = {"scale": 0.5, "zero_point": 3}


def program(model: bytes, target: str = "generic") -> Program:
    """With the working memory that Arm's functions want."""
    return compile(model, target=target, provider=EITHER, name="model").program


def chain() -> bytes:
    """A convolution, its magnitude in its memory, a view, a sum with a view of the input."""
    m = ModelBuilder()
    x = m.input((1, 2, 2, 2), "int8", name="x", **Q)
    weights = m.const(np.ones((2, 3, 3, 2), np.int8), scale=0.1, name="w")
    conv, magnitude = (m.tensor((1, 2, 2, 2), "int8", name=name, **Q) for name in ("conv", "magnitude"))
    flat, flat_x, y = (m.tensor((1, 8), "int8", name=name, **Q) for name in ("flat", "flat_x", "y"))
    m.op("CONV_2D", [x, weights], [conv], stride_h=1, stride_w=1, padding="SAME")
    m.op("ABS", [conv], [magnitude])
    shape = m.const(np.array([1, 8], np.int32))
    m.op("RESHAPE", [magnitude, shape], [flat], new_shape=[1, 8])
    m.op("RESHAPE", [x, shape], [flat_x], new_shape=[1, 8])
    m.op("ADD", [flat, flat_x], [y])
    return m.build([y])


def accumulator() -> bytes:
    """s <- s + x, from 1 2 3 on."""
    m = ModelBuilder()
    setup = m.subgraph("setup")
    handle = setup.tensor((1,), "resource")
    setup.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    setup.op("ASSIGN_VARIABLE", [handle, setup.const(np.array([1, 2, 3], np.float32))], [])
    setup.outputs = []
    x = m.input((3,), "float32", name="x")
    m.op("CALL_ONCE", [], [], init_subgraph_index=setup.index)
    handle, s, y = m.tensor((1,), "resource"), m.tensor((3,), name="s"), m.tensor((3,), name="y")
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    m.op("READ_VARIABLE", [handle], [s])
    m.op("ADD", [s, x], [y])
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    return m.build([y])


def decides() -> bytes:
    """y = -x if c else exp(x)."""
    m = ModelBuilder()
    c, x = boolean(m), m.input((2,), name="x")
    y = m.tensor((2,), name="y")
    return m.build(branch(m, c, [x], [y], subgraph(m, unary("NEG", (2,))), subgraph(m, unary("EXP", (2,)))))


def counts() -> bytes:
    """while i < 3: x, i = tanh x, i + 1."""
    m = ModelBuilder()

    def body(g: GraphBuilder) -> list[int]:
        i, x = g.input((1,), "int32"), f32(g)
        y = g.tensor((2, 3))
        g.op("TANH", [x], [y])
        return [increment(g, i), y]

    i, x = m.input((1,), "int32", name="i"), m.input((2, 3), name="x")
    outputs = [m.tensor((1,), "int32"), m.tensor((2, 3))]
    return m.build(list(loop(m, [i, x], outputs, less(m, 3, [f32]), subgraph(m, body))))


MODELS = {
    "chain": chain(),
    "accumulator": accumulator(),
    "decides": decides(),
    "counts": counts(),
    "stops": STOPS["two_buffers"],
}
"""Each has its program's text in programs/NAME.txt."""


# The text.


@pytest.mark.parametrize("name", MODELS)
def test_shown(name: str) -> None:
    expected = (ROOT / "tests" / "programs" / f"{name}.txt").read_text(encoding="utf-8")
    assert show(program(MODELS[name], "cortex-m0")) + "\n" == expected


def test_inspect_prints_it_with_addresses(tmp_path: Path) -> None:
    (tmp_path / "chain.tflite").write_bytes(MODELS["chain"])
    arguments = ["inspect", str(tmp_path / "chain.tflite"), "--program", "--target", "cortex-m4"]
    found = CliRunner().invoke(cli, arguments, catch_exceptions=False).output
    placed = compile(tmp_path / "chain.tflite", target="cortex-m4").layout
    assert found == show(placed.program, placed.offsets) + "\n"
    assert re.sub(r" at arena \+ \d+$", "", found, flags=re.MULTILINE) == show(placed.program) + "\n"


def test_constants_know_what_they_are() -> None:
    """Flash by role, from the constants themselves."""
    made = program(odd_model("int8"), "cortex-m0")
    by_content = {content: made.flash(content) for content in Content}
    assert by_content[Content.WEIGHTS] == 9 * 27 + 77 * 54 + 3 * 8 + 2 + 6 * 4
    assert by_content[Content.BIAS] == 4 * (9 + 77)
    assert by_content[Content.REQUANT] == 2 * 4 * 9
    assert sum(by_content.values()) == made.flash()


def test_constants_are_named_after_their_layer_in_the_order_of_the_file() -> None:
    names = [constant.name for constant in program(odd_model("int8")).constants]
    assert names[:4] == ["conv2d_1_multiplier", "conv2d_1_shift", "conv2d_1_weights", "conv2d_1_bias"]
    assert [int(re.findall(r"_(\d+)_", name)[0]) for name in names] == sorted(
        int(re.findall(r"_(\d+)_", name)[0]) for name in names
    )


def test_equal_constants_are_one() -> None:
    m = ModelBuilder()
    x, y, z = m.input((3,), name="x"), m.tensor((3,)), m.tensor((3,))
    m.op("ADD", [x, m.const(np.array([1, 2, 3], np.float32))], [y])
    m.op("MUL", [y, m.const(np.array([1, 2, 3], np.float32))], [z])
    (constant,) = program(m.build([z])).constants
    assert (constant.name, constant.step, constant.crc) == (
        "add_1_x2",
        1,
        zlib.crc32(np.array([1, 2, 3], np.float32).tobytes()),
    )


# The rules.


def renamed(item: Program, name: str, **changes: object) -> Program:
    """The program with a buffer changed wherever it is."""
    old = next(buffer for buffer in item.buffers if buffer.name == name)
    return exchanged(item, old, replace(old, **changes))  # type: ignore[arg-type]


def exchanged(item: Any, old: Buffer, new: Buffer) -> Any:
    """`item` with another buffer in place of one."""
    if item is old or item == old:
        return new
    if isinstance(item, tuple):
        return tuple(exchanged(part, old, new) for part in item)
    if isinstance(item, Constant) or not is_dataclass(item) or isinstance(item, type):
        return item
    changes = {f.name: exchanged(getattr(item, f.name), old, new) for f in fields(item)}
    return replace(item, **changes)


def with_step(item: Program, number: int, **changes: object) -> Program:
    body = tuple(replace(step, **changes) if step.number == number else step for step in item.body)  # type: ignore[arg-type]
    return replace(item, body=body)


def call_of(item: Program, number: int) -> Call:
    (call,) = next(step for step in item.body if step.number == number).calls
    return call


def broken(kind: str) -> Program:
    """chain(), broken in one way."""
    item = program(MODELS["chain"], "cortex-m0")
    first, second = call_of(item, 1), call_of(item, 2)
    (x,), (y,) = first.reads, first.writes
    match kind:
        case "name":
            return replace(item, buffers=(*item.buffers, replace(item.buffers[0], bytes=3)))
        case "size":
            return renamed(item, "y2", bytes=-1)
        case "align":
            return renamed(item, "y2", align=12)
        case "stray":
            return replace(item, buffers=(*item.buffers, Buffer("stray", 8, 4, Role.TEMP)))
        case "missing":
            return replace(item, buffers=item.buffers[1:])
        case "constant":
            return replace(item, constants=item.constants[1:])
        case "span":
            return with_step(item, 1, body=(replace(first, reads=(replace(x, bytes=9),)),))
        case "reference":
            args = (Ref(x.buffer, DType.INT8, "x", 9), *second.args[1:])
            return with_step(item, 2, body=(replace(second, args=args),))
        case "alignment":
            args = (Ref(x.buffer, DType.INT16, "x", 1), *second.args[1:])
            return with_step(item, 2, body=(replace(second, args=args),))
        case "order":
            return replace(item, body=(item.body[1], item.body[0], *item.body[2:]))
        case "scratch":
            args = (*second.args, Ref(item.buffers[-1], None, ""))
            return with_step(item, 2, body=(replace(second, args=args),))
        case "read":
            return with_step(item, 1, body=(replace(first, reads=(y,)),))
        case "content":
            return with_step(item, 2, body=(replace(second, reads=(replace(y, content="y3"),)),))
        case "unwritten":
            return with_step(item, 2, body=(replace(second, writes=()),))
        case "half":
            return with_step(item, 2, body=(replace(second, writes=(replace(second.writes[0], bytes=7),)),))
        case "clobbered":
            return with_step(item, 2, body=(replace(second, writes=(*second.writes, replace(x, content="y2_1"))),))
        case "self":
            return with_step(item, 2, body=(replace(second, writes=(replace(y, content="y2"),)),))
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("name", "buffers of one name: input_0"),
        ("size", "expected bytes >= 0"),
        ("align", "a power of two for align"),
        ("stray", "listed or used, and not both: stray"),
        ("missing", "does not point into a buffer of the program"),
        ("constant", "listed or used, and not both: conv2d_1_multiplier"),
        ("span", "does not lie in a buffer of the program"),
        ("reference", "does not point into a buffer of the program"),
        ("alignment", "is not aligned to its elements"),
        ("order", "steps are numbered [2, 1, 3, 4, 5]"),
        ("scratch", "scratch of several steps: y1_im2col"),
        ("read", "step 1 wants y1, bytes 0..8 of y1 and finds nothing that is known at y1 + 0"),
        ("content", "step 2 wants y3, bytes 0..8 of y1 and finds y1"),
        ("unwritten", "step 5 wants y2, bytes 0..8 of y2 and finds nothing that is known at y2 + 0"),
        ("half", "step 5 wants y2, bytes 0..8 of y2 and finds nothing that is known at y2 + 7"),
        ("clobbered", "step 5 wants input_0, bytes 0..8 of input_0 and finds y2_1"),
        ("self", "step 2 writes y2, bytes 0..8 of y1 over y1, bytes 0..8 of y1"),
    ],
)
def test_a_rule_that_is_broken_is_named(kind: str, message: str) -> None:
    with pytest.raises(ProgramError, match=re.escape(message)):
        check(broken(kind))


@pytest.mark.parametrize("name", ["counts", "decides", "stops", "accumulator"])
def test_contents_are_followed_through_control_flow(name: str) -> None:
    """Every alias is needed: without it somebody finds what was there before."""
    item = program(MODELS[name])
    check(item)
    found = 0
    for path in paths(item.body):
        without = replace(item, body=removed(item.body, path))
        found += 1
        with pytest.raises(ProgramError):
            check(without)
    assert found == {"counts": 6, "decides": 2}.get(name, 0)


def paths(body: tuple[Region, ...], prefix: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Where the aliases are."""
    for index, region in enumerate(body):
        if isinstance(region, Alias):
            yield (*prefix, index)
        for part, inner in enumerate(parts(region)):
            yield from paths(inner, (*prefix, index, part))


def removed(body: tuple[Region, ...], path: tuple[int, ...]) -> tuple[Any, ...]:
    index, *rest = path
    if not rest:
        return (*body[:index], *body[index + 1 :])
    region, part = body[index], rest[0]
    name = {Step: ("body",), Branch: ("then", "otherwise"), Loop: ("test", "body")}[type(region)][part]  # type: ignore[index]
    changed = replace(region, **{name: removed(parts(region)[part], tuple(rest[1:]))})  # type: ignore[arg-type]
    return (*body[:index], changed, *body[index + 1 :])


def test_an_early_end_must_not_leave_outputs_to_chance() -> None:
    item = program(STOPS["every_second"])
    with pytest.raises(ProgramError, match=r"leaves the output .* to chance"):
        check(renamed(item, item.outputs[0].span.buffer.name, role=Role.OUTPUT))


# The replay at addresses.


STRAIGHT = ("chain", "accumulator", "odd")
"""Programs without control flow."""


NAMES = (*MODELS, "odd", "if_in_while", "while_in_if", "swaps", "filter_in_the_body", "loop_after_loop")


@pytest.mark.parametrize("name", NAMES)
def test_the_trace_lets_share_memory_who_can(name: str) -> None:
    """Every two buffers are laid on one place, all others apart: the replay, which knows no lifetimes, and the trace, which
    knows no contents. What the trace allows is right; what it forbids is wrong in a program without control flow, if who shares
    is read or used as working memory (elsewhere lifetimes are longer than they must be)."""
    item = program(odd_model("int8") if name == "odd" else MODELS.get(name) or CONTROL[name])
    trace = lay_out(item).arenas["arena"].trace
    index = {buffer: position for position, buffer in enumerate(item.buffers)}
    room = max(buffer.bytes for buffer in item.buffers)
    apart = {buffer: position * room for buffer, position in index.items()}
    assert replays(item, apart)
    read = {span.buffer for call in item.calls for span in call.reads} | {port.span.buffer for port in item.outputs}
    read |= {buffer for step in item.all_steps for buffer in step.scratches}
    wrong = 0
    for one, other in permutations((buffer for buffer in item.buffers if buffer.bytes), 2):
        allowed = not any(low < 0 < high for low, high in trace.barred(index[one], index[other]))
        right = replays(item, {**apart, one: apart[other]})
        assert right or not allowed, (one.name, other.name)
        assert right == allowed or name not in STRAIGHT or not {one, other} <= read, (one.name, other.name)
        wrong += not right
    assert wrong


def replays(item: Program, places: dict[Buffer, int]) -> bool:
    try:
        replay(item, lambda buffer: ("arena", places[buffer]))
    except ProgramError:
        return False
    return True


def test_owners() -> None:
    """Against a list of bytes."""
    rng = random.Random(4)
    owners, bytes_ = Owners(), [""] * 64
    for _ in range(500):
        low, high = sorted(rng.sample(range(65), 2))
        owner = rng.choice("abc")
        owners.give(low, high, owner)
        bytes_[low:high] = [owner] * (high - low)
        low, high = sorted(rng.sample(range(65), 2))
        found = list(owners.find(low, high))
        assert found[0][0] == low
        spread = [
            name for (start, name), (end, _) in zip(found, [*found[1:], (high, "")], strict=True) for _ in range(start, end)
        ]
        assert spread == bytes_[low:high]
    other = owners.copy()
    other.give(10, 20, "d")
    agreed = [name for start, name in owners.agree(other).find(10, 20)]
    assert set(agreed) == {""}


# Beyond what the planner takes.


def test_too_many_tensors_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MAX_PAIRS", 2)
    with pytest.raises(
        CompileError, match=r"memory plan: found \d+ tensors, \d+ pairs of them alive at the same time; expected at most 2"
    ):
        compile(odd_model("int8"))


def test_thousands_of_outputs() -> None:
    """They are all alive in the end; memory for that is not quadratic."""
    m = ModelBuilder()
    count = 1500
    x = m.input((count, 1))
    outputs = [m.tensor((1, 1)) for _ in range(count)]
    m.op("SPLIT", [m.const(np.array(0, np.int32)), x], outputs, num_splits=count)
    tracemalloc.start()
    made = compile(m.build(outputs), name="model").layout
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.bytes == made.lower_bound == 2 * 4 * count
    assert most < 150_000_000

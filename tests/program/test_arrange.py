# SPDX-License-Identifier: Apache-2.0
"""Which of several ways to run is taken, at both sides of every edge, of layouts whose bytes and cycles are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tinycc import arrange as module
from tinycc.arrange import HARDLY, INSTANCE, MOST, NARROW, SEVERAL, WORTH, Wanted, _Tried
from tinycc.errors import CompileError
from tinycc.ir import DType, TensorType, Value
from tinycc.kernels.base import Context
from tinycc.preferences import Goal
from tinycc.schedule.search import Schedule
from tinycc.target import TARGETS

CONTEXT = Context(TARGETS["cortex-m4"])
RAM, FAST = replace(CONTEXT, goal=Goal.RAM), replace(CONTEXT, goal=Goal.SPEED)
GRAPH: Any = SimpleNamespace(states=(), inputs=(), outputs=())
LEAST = 100 * MOST
"""Bytes, of which a hundred more may be given for time."""


def layout(bytes: int, cycles: int = 1, *, own: int = 1, flash: int = 0, copied: int = 0, longest: int | None = None) -> Any:
    """`own`: arenas; `copied`: constants in RAM; `longest`: cycles of the row that takes the most."""
    step = SimpleNamespace(cycles=cycles, kernel=f"kernel of {cycles}", reason="")
    target, work = SimpleNamespace(constants_in_ram=copied > 0), None if longest is None else SimpleNamespace(longest=longest)
    program = SimpleNamespace(steps=[step], flash=lambda: flash, target=target, copied=copied, work=work)
    arenas = tuple(SimpleNamespace(plan=SimpleNamespace(size=bytes)) for _ in range(own))
    program.laid_out = SimpleNamespace(bytes=bytes, own=arenas, program=program)
    return program.laid_out


def way(bytes: int, cycles: int = 1, *, bound: int | None = None, rows: int = 1, beside: int = 0, **options: Any) -> _Tried:
    made = layout(bytes, cycles, **options)
    least = bytes if bound is None else bound
    found: Any = SimpleNamespace(program=made.program, bound=least, laid_out=lambda effort: made)
    return _Tried(found, Schedule((), cycles, beside, bytes, rows))


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, function in {
        "copied_bytes": lambda program: program.copied,
        "estimate": lambda program: SimpleNamespace(all=0),
        "pushes": lambda program: program.work,
        "sketch": lambda program, effort=0: program.laid_out,
        "traced": lambda program: SimpleNamespace(program=program, bound=program.laid_out.bytes),
    }.items():
        monkeypatch.setattr(module, name, function)


def put(monkeypatch: pytest.MonkeyPatch, **results: object) -> None:
    """Functions that return what is said, whatever they are given."""
    for name, result in results.items():
        monkeypatch.setattr(module, name, lambda *_, result=result, **__: result)


# Where a layout goes on


@pytest.mark.parametrize(
    ("context", "wanted", "taken"),
    [
        (CONTEXT, Wanted(pushed=True), "pushed"),
        (CONTEXT, Wanted(pulled=True), "pushed"),
        (CONTEXT, Wanted(rows=False), "whole"),
        (FAST, Wanted(rows=False, ram=99 + INSTANCE), "tightest"),
        (RAM, Wanted(), "smallest"),
        (CONTEXT, Wanted(ram=100 + INSTANCE), "unasked"),
        (CONTEXT, Wanted(ram=99 + INSTANCE), "fitting"),
        (replace(CONTEXT, pinned=((0, "k"),)), Wanted(), "whole"),
        (FAST, Wanted(), "fitting"),
    ],
)
def test_goals_and_options(context: Context, wanted: Wanted, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        "_pushed": "pushed",
        "_tightest": "tightest",
        "_smallest": "smallest",
        "_unasked": "unasked",
        "_fitting": "fitting",
    }
    put(monkeypatch, draft=layout(100).program, **names)
    found = module._arranged(GRAPH, context, wanted)
    assert (found if isinstance(found, str) else "whole") == taken


def test_without_a_way_by_rows_tensors_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = layout(100)
    put(monkeypatch, draft=whole.program, _smallest=None)
    assert module._arranged(GRAPH, RAM, Wanted()) is whole


def test_what_fits() -> None:
    """Constants that lie in RAM count, and an instance."""
    assert module._fits(layout(10**9), Wanted())
    for bytes, copied, fits in ((100, 0, True), (101, 0, False), (60, 40, True), (61, 40, False)):
        assert module._fits(layout(bytes, copied=copied), Wanted(ram=100 + INSTANCE)) == fits


# Rows that are pushed and pulled

Ways = Callable[[Wanted], Iterable[_Tried]]


def refused(monkeypatch: pytest.MonkeyPatch, ways: Ways, wanted: Wanted, **graph: tuple[object, ...]) -> tuple[str, str]:
    """Where, and what was found."""
    monkeypatch.setattr(module, "_tried", lambda graph, context, wanted: iter(ways(wanted)))
    given: Any = SimpleNamespace(**{"states": (), "inputs": (VALUE,), "outputs": (VALUE,), **graph})
    with pytest.raises(CompileError) as raised:
        module._pushed(given, CONTEXT, wanted)
    (problem,) = raised.value.problems
    return problem.where, problem.found


VALUE = Value("x", TensorType((1, 4, 4, 2), DType.INT8))
BOTH = Wanted(pushed=True, pulled=True)


def test_why_rows_cannot_be_pushed_or_pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(ways: Ways, wanted: Wanted, **graph: tuple[object, ...]) -> tuple[str, str]:
        return refused(monkeypatch, ways, wanted, **graph)

    shown = str(VALUE.type)
    assert refusal(lambda wanted: [way(1)], BOTH, states=(1, 2))[0] == "--stream-input and --stream-output"
    assert refusal(lambda wanted: [], Wanted(pushed=True)) == ("--stream-input", f"input {shown}")
    assert refusal(lambda wanted: [], Wanted(pushed=True), inputs=(1, 2)) == ("--stream-input", "2 inputs")
    assert refusal(lambda wanted: [], Wanted(pulled=True)) == ("--stream-output", f"output {shown}")
    assert refusal(lambda wanted: [], Wanted(pulled=True), outputs=()) == ("--stream-output", "0 outputs")
    assert refusal(lambda wanted: [], BOTH)[0] == "--stream-input", "the input alone cannot"
    assert refusal(lambda wanted: [] if wanted.pulled else [way(1)], BOTH)[0] == "--stream-output"
    slow = [way(1), way(1, longest=1_300), way(1, longest=1_200)]
    where, found = refusal(lambda wanted: [] if wanted.push == 7 else slow, Wanted(pushed=True, push=7))
    assert (where, found.split()[0]) == ("--max-push", "1,200")


def test_the_first_way_is_among_those_that_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = way(1), way(2)
    monkeypatch.setattr(module, "_tried", lambda graph, context, wanted: iter([one, other]))
    monkeypatch.setattr(module, "_smallest", lambda graph, context, wanted, whole, tried: list(tried))
    monkeypatch.setattr(module, "_fitting", lambda tried, *_: (list(tried), "fitting"))
    asked: Any = Wanted(pushed=True)
    assert module._pushed(GRAPH, RAM, asked) == [one, other]  # type: ignore[comparison-overlap]
    assert module._pushed(GRAPH, CONTEXT, asked) == ([one, other], "fitting")  # type: ignore[comparison-overlap]
    put(monkeypatch, _smallest=None)
    assert module._pushed(GRAPH, RAM, asked) is one.layout


# Rows that nobody asked for


@pytest.mark.parametrize(
    ("bytes", "flash", "work", "beside", "taken"),
    [
        (900, 150, 1_000, 0, True),
        (900, 151, 1_000, 0, False),
        (900, 150, 1_000 + 10 * HARDLY, 0, True),
        (900, 150, 1_001 + 10 * HARDLY, 0, False),
        (900, 150, 1_000, 10 * HARDLY, True),
        (900, 150, 1_000, 10 * HARDLY + 1, False),
        (901, 0, 1_000, 0, False),
        (900, 300, 1_000 - 10 * HARDLY, 0, True),
        (900, 301, 1_000 - 10 * HARDLY, 0, False),
        (900, 300, 1_001 - 10 * HARDLY, 0, False),
    ],
)
def test_unasked_rows(bytes: int, flash: int, work: int, beside: int, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """They save a tenth of the memory and as much as they take of flash; of what saves time that is compared with the fastest
    way. `bytes`: by estimate and as planned."""
    assert WORTH == 10
    whole, fastest, rows = layout(1_000, flash=50), layout(0, 1_000, flash=200), layout(bytes, work, flash=flash)
    monkeypatch.setattr(module, "draft", lambda graph, context, runs=(), *_: rows.program if runs else fastest.program)
    ways = {1: [Schedule((), 0, 0, 1), Schedule((SimpleNamespace(),), 0, beside, bytes)]}  # type: ignore[arg-type]
    monkeypatch.setattr(module, "affordable", lambda *_, rows: ways.get(rows, []))
    assert module._unasked(GRAPH, CONTEXT, Wanted(), whole) is (rows if taken else whole)


@pytest.mark.parametrize(("bytes", "taken"), [(900, True), (901, False)])
def test_unasked_rows_are_planned(bytes: int, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimates say what is looked at, the plan what is saved; what takes too long is passed over."""
    whole, fastest = layout(1_000), layout(0, 1_000)
    slow, rows = layout(100, 2_000), layout(bytes, 1_000)
    drafts = {"slow": slow.program, "rows": rows.program}
    monkeypatch.setattr(module, "draft", lambda graph, context, runs=(), *_: drafts[runs[0]] if runs else fastest.program)
    ways: Any = [Schedule(("slow",), 0, 0, 600), Schedule(("rows",), 0, 0, 700)]  # type: ignore[arg-type]
    monkeypatch.setattr(module, "affordable", lambda *_, rows: ways if rows == SEVERAL[0] else [])
    assert module._unasked(GRAPH, CONTEXT, Wanted(), whole) is (rows if taken else whole)


@pytest.mark.parametrize(
    ("tight", "roomy", "taken"), [(1_000, 1_000, "tight"), (2_000, 1_000, "roomy"), (2_000, 2_000, "whole")]
)
def test_unasked_rows_may_take_room_for_speed(tight: int, roomy: int, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scratch beyond the least peak, where rows would cost cycles without."""
    layouts = {"whole": layout(1_000), "tight": layout(700, tight), "roomy": layout(800, roomy)}
    fastest = layout(0, 1_000)

    def draft(graph: object, context: Context, runs: object = (), *_: object) -> Any:
        return layouts["roomy" if context.spare > CONTEXT.spare else "tight"].program if runs else fastest.program

    monkeypatch.setattr(module, "draft", draft)
    ways = [Schedule((SimpleNamespace(),), 0, 0, 600)]  # type: ignore[arg-type]
    monkeypatch.setattr(module, "affordable", lambda *_, rows: ways if rows == SEVERAL[0] else [])
    assert module._unasked(GRAPH, CONTEXT, Wanted(), layouts["whole"]) is layouts[taken]


# The smallest, the fastest that fits


def test_ways_that_may_not_be_larger_for_time_are_not_planned() -> None:
    kept, dropped = way(LEAST + 200, bound=LEAST + 100), way(LEAST + 300, bound=LEAST + 101)
    least = way(LEAST, bound=LEAST - 9)
    assert module._promising([dropped, kept, least]) == [kept, least]
    assert module._promising([]) == []


def smallest(monkeypatch: pytest.MonkeyPatch, ways: list[_Tried], wanted: Wanted, *roomier: Any, whole: Any = None) -> Any:
    """`roomier`: layouts of each way with more working memory."""
    put(monkeypatch, _roomier=list(roomier))
    return module._smallest(GRAPH, RAM, wanted, whole, ways)


@pytest.mark.parametrize(("more", "ram", "faster"), [(100, None, True), (101, None, False), (100, 100, True), (100, 99, False)])
def test_a_little_is_given_for_time(more: int, ram: int | None, faster: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """To another way, or to working memory."""
    wanted = Wanted(ram=None if ram is None else LEAST + ram + INSTANCE)
    ways = [way(LEAST, 200), way(LEAST + more, 100, bound=LEAST)]
    assert smallest(monkeypatch, ways, wanted) is ways[faster].layout
    room = layout(LEAST + more, 100)
    assert smallest(monkeypatch, ways[:1], wanted, room) is (room if faster else ways[0].layout)


def test_the_smallest_way(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [way(LEAST, 200), way(LEAST + 50, 100)]
    assert smallest(monkeypatch, ways, Wanted(ram=LEAST - 1)) is ways[0].layout, "as no way fits, there is nothing to give"
    for bytes, taken in ((LEAST, True), (LEAST + 1, False)):
        whole = layout(bytes, 900)
        assert smallest(monkeypatch, ways[:1], Wanted(), whole=whole) is (whole if taken else ways[0].layout)
    assert smallest(monkeypatch, [], Wanted(), whole=whole) is whole
    assert smallest(monkeypatch, [], Wanted()) is None
    several = [way(LEAST, 200, own=2), way(LEAST + 50, 100, own=2)]
    assert smallest(monkeypatch, several, Wanted()) is several[0].layout, "of several arenas nothing is given"


def test_room_is_used_where_other_kernels_come_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each choice of kernels once, and none that cannot fit."""
    drafts = iter([layout(LEAST, 9), layout(LEAST, 9), layout(LEAST + 100, 5), layout(LEAST + 101, 3), *[layout(LEAST, 5)] * 9])
    made = []

    def planned(program: Any) -> Any:
        made.append(program.laid_out)
        return SimpleNamespace(bound=program.laid_out.bytes, laid_out=lambda effort: program.laid_out)

    put(monkeypatch, rooms={})
    monkeypatch.setattr(module, "draft", lambda *_: next(drafts).program)
    monkeypatch.setattr(module, "traced", planned)
    found = list(module._roomier(GRAPH, RAM, way(LEAST), LEAST + 100, Wanted().apart))
    assert [item.bytes for item in made] == [LEAST, LEAST + 100, LEAST + 101]
    assert found == made[:2]


FITS = Wanted(ram=200 + INSTANCE)


def fitting(monkeypatch: pytest.MonkeyPatch, ways: list[_Tried], whole: Any = None, **results: object) -> Any:
    put(monkeypatch, **{"_tried": [], "_filled": None, "_smallest": None, "_tightest": whole, **results})
    return module._fitting(ways, GRAPH, FAST, FITS, whole)


def test_the_fastest_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [way(201), way(200), way(100)]
    whole, large = layout(200), layout(202)
    assert fitting(monkeypatch, ways, whole) is whole
    assert fitting(monkeypatch, ways, large) is ways[1].layout
    assert fitting(monkeypatch, ways) is ways[1].layout


def test_the_smallest_where_none_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [way(300), way(250), way(250), way(270)]
    assert fitting(monkeypatch, ways) is ways[1].layout
    for bytes, taken in ((249, True), (250, False)):
        small = layout(bytes)
        assert fitting(monkeypatch, ways, _smallest=small) is (small if taken else ways[1].layout)


@pytest.mark.parametrize(
    ("least", "taken"), [(None, True), (layout(201, 1), True), (layout(200, 9), False), (layout(200, 10), True)]
)
def test_a_budget_is_filled(least: Any, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless whole tensors with tight kernels fit, and are no slower."""
    filled = layout(200, 9)
    whole = None if least is None else layout(400)
    found = fitting(monkeypatch, [way(300)], whole, _filled=filled, _tightest=least, _smallest=least)
    assert found is (filled if taken else least)


def test_with_all_the_scratch_that_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def filled(ways: list[_Tried], *roomier: Any, wanted: Wanted = FITS) -> Any:
        put(monkeypatch, _roomier=list(roomier))
        return module._filled(GRAPH, RAM, wanted, ways)

    unplanned = way(0, bound=201)
    object.__setattr__(unplanned.traced, "laid_out", None)
    assert filled([way(100)], wanted=Wanted()) is None
    assert filled([way(201), way(201, bound=200), unplanned]) is None
    exact = way(200, 9)
    assert filled([exact, unplanned]) is exact.layout
    room, large = layout(200, 5), layout(201, 1)
    assert filled([exact], large, room) is room
    assert filled([exact, way(100, own=2)]) is None
    assert filled([way(201, 1, bound=200), exact, way(150, 20)]) is exact.layout
    slow = way(150, 4, beside=6)
    assert filled([slow, exact]) is exact.layout, "cycles beside those of kernels count"


# Which ways there are


def images(*shapes: tuple[int, ...]) -> Any:
    ops = []
    for shape in shapes:
        y = Value("y", TensorType(shape, DType.INT8))
        ops.append(SimpleNamespace(outputs=(y,), y=y))
    return SimpleNamespace(ops=ops)


def test_rows_of_few_pixels() -> None:
    assert module._narrow(images((1, 9, NARROW, 4), (1, 9, 50, 4)))
    assert not module._narrow(images((1, 9, NARROW + 1, 4)))
    assert not module._narrow(images((1, 9, 50, 4), (1, 1, NARROW, 4), (2, 9, NARROW, 4), (1, 9)))
    assert not module._narrow(images((1, 9)))
    two = images((1, 9, 50, 4), (1, 9, NARROW, 4))
    two.ops[1].outputs *= 2
    assert not module._narrow(two)
    assert module._narrow(images((1, 2, NARROW, 4)))


@pytest.mark.parametrize(
    ("context", "wanted", "several", "rows", "tight", "limited"),
    [
        (FAST, Wanted(), (), SEVERAL, False, False),
        (RAM, Wanted(), (), (1,), True, False),
        (RAM, Wanted(), SEVERAL, SEVERAL, True, False),
        (FAST, Wanted(pushed=True), (), (1,), False, False),
        (FAST, Wanted(pulled=True), SEVERAL, (1,), False, False),
        (FAST, Wanted(pushed=True, push=9), (), (1,), False, True),
    ],
)
def test_rows_in_a_turn(
    context: Context,
    wanted: Wanted,
    several: tuple[int, ...],
    rows: tuple[int, ...],
    tight: bool,
    limited: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As many as are fast, or as take the least memory; kernels take no scratch first where that is all that counts."""
    asked, rooms = [], []

    def schedules(*_: object, rows: int, limited: bool, **ways: bool) -> Iterator[Schedule]:
        asked.append((rows, limited, ways))
        yield Schedule((), 0, 0, 0)
        yield Schedule((SimpleNamespace(),), rows, 0, 0)  # type: ignore[arg-type]

    def draft(graph: Any, context: Context, runs: Any, room: Any, apart: Any) -> Any:
        rooms.append(room)
        return layout(1, longest=9).program

    monkeypatch.setattr(module, "schedules", schedules)
    monkeypatch.setattr(module, "draft", draft)
    found = list(module._tried(images((1, 9, 50, 4)), context, wanted, several))
    assert [item.schedule.cycles for item in found] == sorted(rows)
    assert asked == [(count, limited, {"pushed": wanted.pushed, "pulled": wanted.pulled}) for count in rows]
    assert rooms == [module._nothing if tight else None] * len(rows)
    if context is RAM and not several:
        assert {item.schedule.cycles for item in module._tried(images((1, 9, NARROW, 4)), context, wanted)} == {2, 1}
    if wanted.push is not None:
        assert not list(module._tried(images((1, 9, 50, 4)), context, replace(wanted, push=8)))


def test_what_no_call_is_made_for_row_by_row_is_soon_done() -> None:
    assert module._soon_done(layout(1).program, Wanted(push=1))
    assert module._soon_done(layout(1, longest=9).program, Wanted())

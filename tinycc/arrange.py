# SPDX-License-Identifier: Apache-2.0
"""Graph -> Layout: kernels, what runs row by row, addresses. Which of several ways it is, the planner's own bytes decide."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tinycc.apart import TOGETHER, Apart
from tinycc.errors import CompileError, fail
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.kernels.code import estimate
from tinycc.lowering.lower import draft
from tinycc.plan.layout import Layout, Traced, proved, sketch, traced
from tinycc.plan.room import rooms
from tinycc.plan.search import EFFORT
from tinycc.preferences import Goal
from tinycc.program.check import check
from tinycc.program.copied import copied_bytes
from tinycc.program.pushes import pushes
from tinycc.program.types import Program
from tinycc.schedule.rows import ROWS, has_rows, height
from tinycc.schedule.search import Schedule, affordable, schedules

QUICK = EFFORT // 20
"""How far a plan is searched for that only shows what a way would take."""
FINAL = EFFORT // 8
"""And one that is taken."""
SEVERAL = (4, 2, 1)
"""Rows of the highest tensors that are made in a turn."""
MOST = 18
"""The part of the smallest arena that is given for time, a hundredth of it for a hundredth of the cycles or more."""
SHARES = (-12, -8, 0, 1, 2, 4, 8, 16)
"""Sixteenths: of what is given, or less than there is room for, which may lie in pieces."""
HARDLY, WORTH = 2, 10
"""Hundredths: of the cycles that rows may cost unasked, with what saves flash; of the arena that they must save then."""
SHARES_OF_CYCLES = (0.03, 0.025, 0.02, 0.015, 0.01)
"""By estimate, below which ways are looked for then."""
SPARES = (1 / 8, 1)
"""What kernels may take beyond the least peak of memory, in this order, so that rows cost hardly any cycles."""
NARROW = 2
"""Pixels of rows of which several are made in a turn even where memory is all that counts."""
PUSHED, PULLED = "--stream-input", "--stream-output"
INSTANCE = 16
"""Bytes of an instance beside its arena."""


@dataclass(frozen=True)
class Wanted:
    """`rows`: whether operators may run row by row. `ram`: bytes that the model may take, None: as the goal says. `pushed`: the
    caller brings the input row by row, of which none may bring about more than `push` cycles; `pulled`: the caller takes the
    output row by row. `apart`: what does not lie in the
    arena."""

    rows: bool = True
    ram: int | None = None
    pushed: bool = False
    push: int | None = None
    pulled: bool = False
    apart: Apart = TOGETHER


def arrange(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    """The layout of a graph: the smallest if the goal is memory, the fastest that stays within `ram`; else by rows only where
    that takes hardly any time. Many are tried; the one that is taken is checked and proved."""
    layout = _arranged(graph, context, wanted)
    check(layout.program)
    return proved(layout)


def _arranged(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    if wanted.pushed or wanted.pulled:
        return _pushed(graph, context, wanted)
    whole = sketch(draft(graph, context, apart=wanted.apart))
    if not wanted.rows:
        return whole if _fits(whole, wanted) else _tightest(graph, replace(context, goal=Goal.RAM), wanted, whole)
    if context.goal is Goal.RAM:
        return _smallest(graph, context, wanted, whole, _tried(graph, context, wanted)) or whole
    if context.goal is Goal.BALANCED and _fits(whole, wanted):
        return whole if context.pinned else _unasked(graph, context, wanted, whole)
    return _fitting(_tried(graph, context, wanted), graph, context, wanted, whole)


def _fits(layout: Layout, wanted: Wanted) -> bool:
    return wanted.ram is None or layout.bytes + beside(layout.program) <= wanted.ram


def _tightest(graph: Graph, tight: Context, wanted: Wanted, whole: Layout) -> Layout:
    """Whole tensors in less memory, if there are kernels that take less of it."""
    return min(whole, sketch(draft(graph, tight, apart=wanted.apart)), key=lambda layout: layout.bytes)


def beside(program: Program) -> int:
    """Bytes of RAM that a model takes beside its arena."""
    return INSTANCE + (copied_bytes(program) if program.target.constants_in_ram else 0)


def _pushed(graph: Graph, context: Context, wanted: Wanted) -> Layout:
    """With the input or the output in rows: the smallest way, or the fastest within a budget. Raises CompileError."""
    if graph.states:
        options = " and ".join(name for name, asked in ((PUSHED, wanted.pushed), (PULLED, wanted.pulled)) if asked)
        hint = "A model of steps (--streaming), or one that keeps states, takes what is new with each call of invoke."
        raise fail(options, f"a model with {len(graph.states)} states", "none", hint)
    tried = _tried(graph, context, wanted)
    first = next(tried, None)
    if first is None:
        raise _refusal(graph, context, wanted)
    tried = itertools.chain((first,), tried)
    if context.goal is Goal.RAM:
        return _smallest(graph, context, wanted, None, tried) or first.layout
    return _fitting(tried, graph, context, wanted, None)


def _refusal(graph: Graph, context: Context, wanted: Wanted) -> CompileError:
    """Why there is no way with the input or the output in rows."""
    free = replace(wanted, push=None)
    if _is_possible(graph, context, free):
        # What takes the least is told, so that the next number is no guess.
        works = (pushes(item.traced.program) for item in _tried(graph, context, replace(wanted, push=sys.maxsize)))
        least = min(work.longest for work in works if work is not None)
        expected = f"at most {wanted.push:,} for any row"
        return fail("--max-push", f"{least:,} cycles by estimate for the longest row, however the layers run", expected)
    if not wanted.pushed or _is_possible(graph, context, replace(free, pulled=False)):
        found = f"{len(graph.outputs)} outputs" if len(graph.outputs) != 1 else f"output {graph.outputs[0].type}"
        expected = "one output, an image that layers make row by row in the end"
        return fail(PULLED, found, expected, "docs/streams.md says which layers do.")
    found = f"{len(graph.inputs)} inputs" if len(graph.inputs) != 1 else f"input {graph.inputs[0].type}"
    expected = "one input, an image whose rows nobody needs but layers that go row by row"
    return fail(PUSHED, found, expected, "docs/streams.md says which layers do.")


def _is_possible(graph: Graph, context: Context, wanted: Wanted) -> bool:
    return any(True for _ in _tried(graph, context, wanted))


def _unasked(graph: Graph, context: Context, wanted: Wanted, whole: Layout) -> Layout:
    """The smallest way by rows that costs hardly any time, and less flash than it saves memory; else `whole`. What time it
    leaves may be spent to save flash. Where rows save time, that does not count against them which `whole` saves for time."""
    hasty = replace(context, thrift=0)
    fastest = draft(graph, hasty)
    cycles, flash = _work(fastest), _flash(whole.program)
    found = [item for rows in SEVERAL for item in affordable(graph, context, cycles, SHARES_OF_CYCLES, rows=rows) if item.runs]
    for schedule in sorted(found, key=lambda item: (item.bytes, item.cycles)):
        if schedule.bytes * 100 > whole.bytes * (100 - WORTH):
            break
        within = cycles * (100 + HARDLY) // 100 - schedule.beside
        works = (
            (spare, _work(draft(graph, replace(hasty, spare=spare), schedule.runs, None, wanted.apart))) for spare in SPARES
        )
        spare, work = next(((spare, work) for spare, work in works if work <= within), (None, 0))
        if spare is None:
            continue
        thrifty = replace(context, thrift=min(context.thrift, (within - work) / work), spare=spare)
        layout = sketch(draft(graph, thrifty, schedule.runs, None, wanted.apart), QUICK)
        saved = whole.bytes - layout.bytes
        most = max(flash, _flash(fastest)) if work * 100 <= cycles * (100 - HARDLY) else flash
        if saved * 100 >= whole.bytes * WORTH and _flash(layout.program) - most <= saved:
            return min(layout, sketch(layout.program, FINAL), key=lambda item: item.bytes)
    return whole


def _flash(program: Program) -> int:
    return program.flash() + estimate(program).all


@dataclass(frozen=True, eq=False)
class _Tried:
    """A way to run."""

    traced: Traced
    schedule: Schedule

    @cached_property
    def layout(self) -> Layout:
        """A quick plan."""
        return self.traced.laid_out(QUICK)

    @property
    def cycles(self) -> int:
        return _work(self.traced.program)


def _smallest(graph: Graph, context: Context, wanted: Wanted, whole: Layout | None, ways: Iterable[_Tried]) -> Layout | None:
    """The smallest layout of all `ways`, but for a little that is given for scratch, or for several rows in a turn, where that
    saves much time."""
    tried = _promising(ways)
    best = min(tried, key=lambda item: item.layout.bytes, default=None)
    if best is None or (whole is not None and whole.bytes <= best.layout.bytes):
        return whole
    found = best.layout
    if len(found.own) == 1:
        most = found.bytes + found.bytes // MOST
        if wanted.ram is not None:
            most = max(found.bytes, min(most, wanted.ram - beside(found.program)))
        fastest = min((item for item in tried if item.layout.bytes <= most), key=lambda item: item.cycles)
        bases = (best,) if fastest is best else (best, fastest)
        layouts = [way for base in bases for way in (base.layout, *_roomier(graph, context, base, most, wanted.apart))]
        layouts = [layout for layout in layouts if layout.bytes <= most]
        cycles = max(min(map(_cycles, layouts)), 1)
        found = min(layouts, key=lambda item: (item.bytes / max(best.layout.bytes, 1) + _cycles(item) / cycles, item.bytes))
    return min(found, sketch(found.program, FINAL), key=lambda item: item.bytes)


def _promising(ways: Iterable[_Tried]) -> list[_Tried]:
    """But for those that are larger, whatever plan is found, than may be for the sake of time."""
    found = list(ways)
    least = None
    kept = set()
    for item in sorted(found, key=lambda item: item.traced.bound):
        if least is not None and item.traced.bound > least + least // MOST:
            break
        kept.add(item)
        least = item.layout.bytes if least is None else min(least, item.layout.bytes)
    return [item for item in found if item in kept]


def _roomier(graph: Graph, context: Context, least: _Tried, most: int, apart: Apart) -> Iterator[Layout]:
    """The same way to run, with kernels that take what there would be room for in an arena of this size or that."""
    (arena,) = least.layout.own
    start = arena.plan.size
    known = set()
    for share in SHARES:
        free = rooms(arena, start + (most - start) * max(share, 0) // 16)
        room = {step: [bytes * (16 + min(share, 0)) // 16 for bytes in turns] for step, turns in free.items()}
        program = draft(graph, context, least.schedule.runs, _Room(room), apart)
        kernels = tuple((step.kernel, step.reason) for step in program.steps)
        if kernels not in known:
            known.add(kernels)
            way = traced(program)
            if way.bound <= most:
                yield way.laid_out(QUICK)


def _cycles(layout: Layout) -> int:
    return _work(layout.program)


def _work(program: Program) -> int:
    """Cycles of its kernels."""
    return sum(step.cycles for step in program.steps)


@dataclass(frozen=True)
class _Room:
    """Bytes of scratch that each step may take, turn by turn."""

    known: Mapping[int, Sequence[int]]

    def __call__(self, step: int) -> Sequence[int]:
        return self.known.get(step, (0,))


def _nothing(step: int) -> Sequence[int]:
    return (0,)


def _fitting(
    tried: Iterable[_Tried],
    graph: Graph,
    context: Context,
    wanted: Wanted,
    whole: Layout | None,
) -> Layout:
    """The fastest way that fits; where there is none, the smallest."""
    best = whole
    if whole is not None and _fits(whole, wanted):
        return whole
    for item in tried:
        best = item.layout if best is None or item.layout.bytes < best.bytes else best
        if _fits(best, wanted):
            return best
    assert best is not None
    tight = replace(context, goal=Goal.RAM)
    least = None if whole is None else _tightest(graph, tight, wanted, whole)
    ways = list(_tried(graph, tight, wanted, SEVERAL))
    filled = _filled(graph, tight, wanted, ways)
    if filled is not None and (least is None or not _fits(least, wanted) or _cycles(filled) < _cycles(least)):
        return filled
    small = _smallest(graph, tight, wanted, least, ways)
    return best if small is None else min(best, small, key=lambda layout: layout.bytes)


def _filled(graph: Graph, tight: Context, wanted: Wanted, ways: Sequence[_Tried]) -> Layout | None:
    """The fastest layout within a budget, with all the scratch that there is room for; None if none fits."""
    if wanted.ram is None:
        return None
    most = {way: wanted.ram - beside(way.traced.program) for way in ways}
    fitting = [way for way in ways if way.traced.bound <= most[way] and way.layout.bytes <= most[way]]
    if any(len(way.layout.own) != 1 for way in fitting):
        return None
    bases = [best(group) for group in _by_rows(fitting) for best in (_fastest, _least)]
    found = [
        (_cycles(layout) + base.schedule.beside, layout)
        for base in dict.fromkeys(bases)
        for layout in (base.layout, *_roomier(graph, tight, base, most[base], wanted.apart))
        if _fits(layout, wanted)
    ]
    return min(found, key=lambda item: (item[0], item[1].bytes))[1] if found else None


def _by_rows(ways: Iterable[_Tried]) -> list[list[_Tried]]:
    """Those that make equally many rows in a turn."""
    groups: dict[int, list[_Tried]] = {}
    for way in ways:
        groups.setdefault(way.schedule.rows, []).append(way)
    return list(groups.values())


def _fastest(ways: Sequence[_Tried]) -> _Tried:
    return min(ways, key=lambda way: way.cycles + way.schedule.beside)


def _least(ways: Sequence[_Tried]) -> _Tried:
    return min(ways, key=lambda way: way.layout.bytes)


def _tried(graph: Graph, context: Context, wanted: Wanted, several: tuple[int, ...] = ()) -> Iterator[_Tried]:
    """The ways to run by rows, the fastest first. Where memory is not all that counts, also with several
    rows at a time: kernels are faster on those."""
    small = context.goal is Goal.RAM
    asked = wanted.pushed or wanted.pulled
    if asked:
        several = (1,)
    several = several or (SEVERAL if not small else (2, 1) if _narrow(graph) else (1,))
    limited = wanted.push is not None
    found = [
        item
        for rows in several
        for item in schedules(graph, context, pushed=wanted.pushed, pulled=wanted.pulled, rows=rows, limited=limited)
        if item.runs
    ]
    for schedule in sorted(found, key=lambda item: item.cycles):
        program = draft(graph, context, schedule.runs, _nothing if small else None, wanted.apart)
        if _soon_done(program, wanted):
            yield _Tried(traced(program), schedule)


def _narrow(graph: Graph) -> bool:
    """Whether images have rows of few pixels: most kernels take two at a time."""
    images = [op.y for op in graph.ops if len(op.outputs) == 1 and has_rows(op.y) and height(op.y) > 1]
    return bool(images) and min(value.shape[ROWS + 1] for value in images) <= NARROW


def _soon_done(program: Program, wanted: Wanted) -> bool:
    """Whether no row that is pushed in brings about more than it may."""
    work = pushes(program)
    return wanted.push is None or work is None or work.longest <= wanted.push

# SPDX-License-Identifier: Apache-2.0
"""The planner against properties, exhaustive search, models whose bounds are known, and plans broken on purpose."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from math import prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tinycc import plan as planner
from tinycc.plan import Buffer, Plan, PlanError, check, lower_bound, peak, picture, plan_arena


def buffer_lists(count: int, size: int, steps: int, aligns: Sequence[int]) -> st.SearchStrategy[list[Buffer]]:
    def build(size: int, first: int, length: int, align: int) -> Buffer:
        return Buffer(f"t{first}", size, first, first + length, align)

    one = st.builds(build, st.integers(0, size), st.integers(0, steps), st.integers(0, steps // 2), st.sampled_from(aligns))
    return st.lists(one, max_size=count)


MANY = buffer_lists(count=24, size=300, steps=12, aligns=(1, 2, 4, 8, 16))
FEW = buffer_lists(count=5, size=9, steps=4, aligns=(1, 2, 4))


# Properties.


@given(MANY)
@settings(deadline=None)
def test_every_byte_has_one_owner_at_every_step(buffers: list[Buffer]) -> None:
    plan = plan_arena(buffers)
    for step in {b.first for b in buffers}:
        owners: list[int | None] = [None] * plan.size
        for i, (b, offset) in enumerate(zip(buffers, plan.offsets, strict=True)):
            assert offset in range(0, plan.size - b.size + 1, b.align)
            assert b.size or offset == 0
            if b.first <= step <= b.last:
                assert set(owners[offset : offset + b.size]) <= {None}
                owners[offset : offset + b.size] = [i] * b.size


@given(MANY)
@settings(deadline=None)
def test_a_plan_passes_its_check_and_keeps_to_the_bound(buffers: list[Buffer]) -> None:
    plan = plan_arena(buffers)
    check(buffers, plan)
    assert plan.lower_bound == lower_bound(buffers) <= plan.size
    assert plan.size == max((o + b.size for o, b in zip(plan.offsets, buffers, strict=True)), default=0)


@given(MANY)
@settings(deadline=None)
def test_peak_sets_the_lower_bound(buffers: list[Buffer]) -> None:
    def live(step: int) -> tuple[int, ...]:
        return tuple(i for i, b in enumerate(buffers) if b.size and b.first <= step <= b.last)

    def need(indices: Sequence[int]) -> int:
        return lower_bound([buffers[i] for i in indices])

    step, alive = peak(buffers)
    assert alive == live(step)
    assert need(alive) == lower_bound(buffers)
    assert all(need(live(earlier)) < lower_bound(buffers) for earlier in range(step))
    assert all(sum(buffers[i].size for i in live(any_step)) <= lower_bound(buffers) for any_step in range(20))


@given(MANY, st.integers())
@settings(deadline=None, max_examples=25)
def test_the_plan_depends_on_the_buffers_alone(buffers: list[Buffer], seed: int) -> None:
    first = plan_arena(buffers)
    random.seed(seed)
    state = random.getstate()
    assert plan_arena(tuple(replace(b, name="renamed") for b in buffers)) == first
    assert random.getstate() == state


def fits(buffers: Sequence[Buffer], size: int, offsets: tuple[int, ...] = ()) -> bool:
    """Whether any offsets at all put `buffers` into `size` bytes; every aligned offset is tried."""
    if len(offsets) == len(buffers):
        return True
    new = buffers[len(offsets)]
    rivals = [
        (o, o + b.size)
        for b, o in zip(buffers, offsets, strict=False)
        if b.size and b.first <= new.last and new.first <= b.last
    ]
    return any(
        fits(buffers, size, (*offsets, here))
        for here in range(0, size - new.size + 1, new.align)
        if all(here + new.size <= begin or end <= here for begin, end in rivals)
    )


@given(FEW)
@settings(deadline=None, max_examples=300)
def test_tiny_instances_are_solved_to_the_optimum(buffers: list[Buffer]) -> None:
    buffers = [b for b in buffers if b.size]
    optimum = next(size for size in range(1000) if fits(buffers, size))
    assert lower_bound(buffers) <= optimum
    assert plan_arena(buffers).size == optimum


# The checker.


@given(MANY, st.data())
@settings(deadline=None)
def test_check_names_the_two_buffers_that_overlap(buffers: list[Buffer], data: st.DataObject) -> None:
    buffers = [replace(b, name=f"t{i}") for i, b in enumerate(buffers)]
    pairs = [(i, j) for i, j in product(range(len(buffers)), repeat=2) if i < j and buffers[i].meets(buffers[j])]
    assume(pairs)
    i, j = data.draw(st.sampled_from(pairs))
    apart = [replace(b, align=1) for b in buffers]
    size = sum(b.size for b in buffers)
    offsets = [sum(b.size for b in buffers[:k]) for k in range(len(buffers))]
    check(apart, Plan(tuple(offsets), size, lower_bound(apart)))
    one_byte_below, one_byte_above = offsets[j] - buffers[i].size + 1, offsets[j] + buffers[j].size - 1
    offsets[i] = min(data.draw(st.sampled_from([one_byte_below, one_byte_above])), size - buffers[i].size)
    with pytest.raises(PlanError, match=r"overlap") as error:
        check(apart, Plan(tuple(offsets), size, lower_bound(apart)))
    named = {int(k) for k in re.findall(r'buffer (\d+) "t\1"', str(error.value))}
    assert len(named) == 2
    assert i in named


PAIR = [Buffer("a", 8, 0, 1, 4), Buffer("b", 8, 1, 2, 4)]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan((0, 4), 16, 16), 'buffer 0 "a" at 0..8 and buffer 1 "b" at 4..12 overlap, both alive in the steps 1..1'),
        (Plan((0, 7), 16, 16), 'buffer 1 "b" at 7..15 is not aligned to 4 bytes'),
        (Plan((8, 8), 16, 16), 'buffer 0 "a" at 8..16 and buffer 1 "b" at 8..16 overlap'),
        (Plan((0, 10), 18, 16), 'buffer 1 "b" at 10..18 is not aligned to 4 bytes'),
        (Plan((0, 12), 16, 16), 'buffer 1 "b" at 12..20 lies outside the arena of 16 bytes'),
        (Plan((8, -4), 16, 16), 'buffer 1 "b" at -4..4 lies outside'),
        (Plan((0,), 16, 16), "1 offsets for 2 buffers"),
        (Plan((0, 8), 16, 8), "lower bound 8, in truth 16"),
        (Plan((0, 4), 12, 16), "size 12"),
    ],
)
def test_check_says_what_is_wrong(plan: Plan, message: str) -> None:
    check(PAIR, Plan((0, 8), 16, 16))
    with pytest.raises(PlanError, match=re.escape(message)):
        check(PAIR, plan)


@pytest.mark.parametrize(("size", "first", "last", "align"), [(-1, 0, 1, 4), (8, 2, 1, 4), (8, 0, 1, 0), (8, 0, 1, 12)])
def test_an_impossible_buffer_is_refused(size: int, first: int, last: int, align: int) -> None:
    with pytest.raises(PlanError, match="expected size >= 0"):
        Buffer("a", size, first, last, align)


# Corners.


def test_nothing_needs_nothing() -> None:
    assert plan_arena([]) == Plan((), 0, 0)
    assert plan_arena([Buffer("void", 0, 3, 5, 16)]) == Plan((0,), 0, 0)
    assert peak([]) == peak([Buffer("void", 0, 3, 5, 16)]) == (0, ())


def test_one_buffer_object_may_be_listed_twice() -> None:
    assert sorted(plan_arena([PAIR[0], PAIR[0]]).offsets) == [0, 8]


def test_neighbours_in_time_share_and_a_common_step_separates() -> None:
    assert plan_arena([Buffer("a", 8, 0, 1, 1), Buffer("b", 8, 2, 3, 1)]).size == 8
    assert plan_arena([Buffer("a", 8, 0, 2, 1), Buffer("b", 8, 2, 3, 1)]).size == 16


def test_the_bound_knows_alignment_and_spares_the_topmost_padding() -> None:
    a, b, c = Buffer("a", 5, 0, 0, 16), Buffer("b", 7, 0, 0, 16), Buffer("c", 20, 0, 0, 1)
    assert plan_arena([a, b]) == Plan((16, 0), 21, 21)
    assert lower_bound([a, b, replace(c, size=3)]) == 21  # what needs no alignment may fill the padding
    assert lower_bound([a, b, c]) == 32  # and is counted in full when it is more


def test_an_empty_buffer_is_nobodys_neighbour() -> None:
    void = Buffer("void", 0, 0, 2, 16)
    assert peak([void, *PAIR]) == (1, (1, 2))
    assert sorted(plan_arena([void, *PAIR]).offsets) == [0, 0, 8]
    check([void, *PAIR], Plan((0, 0, 8), 16, 16))


# Models. Sizes are activation shapes, without batch; reshapes are aliases and no buffers.


def chain(*shapes: tuple[int, ...], align: int = 16) -> list[Buffer]:
    """Tensor k is written in step k - 1 and read in step k; the network's input is there from step 0 on."""
    last = len(shapes) - 2
    return [Buffer(f"t{k}", prod(s), max(k - 1, 0), min(k, last), align) for k, s in enumerate(shapes)]


def scratch(**sizes: int) -> list[Buffer]:
    """`s3=64`: 64 bytes in step 3."""
    return [Buffer(f"scratch{key[1:]}", size, int(key[1:]), int(key[1:]), 16) for key, size in sizes.items()]


def planes(*sides_and_depths: tuple[int, int]) -> list[tuple[int, ...]]:
    return [(side, side, depth) for side, depth in sides_and_depths]


KWS = chain((49, 10), *[(25, 5, 64)] * 9, (64,), (12,), (12,))
VWW = chain(
    *planes((96, 3), (48, 8), (48, 8), (48, 16), (24, 16), (24, 32), (24, 32), (24, 32), (12, 32), (12, 64), (12, 64)),
    *planes((12, 64), (6, 64), *[(6, 128)] * 11, (3, 128), (3, 256), (3, 256), (3, 256), (1, 256), (1, 2), (1, 2)),
)
PERSON_DETECT = chain(
    *planes((96, 1), (48, 8), (48, 8), (48, 16), (24, 16), (24, 32), (24, 32), (24, 32), (12, 32), (12, 64), (12, 64)),
    *planes((12, 64), (6, 64), *[(6, 128)] * 11, (3, 128), (3, 256), (3, 256), (3, 256), (1, 256), (1, 2), (1, 2)),
)
AD = chain((640,), *[(128,)] * 4, (8,), *[(128,)] * 4, (640,))
SWW = chain(*[(n,) for n in (1200, 1120, 3584, 3072, 3072, 1920, 1920, 128, 32, 3, 3)])
IC = [
    Buffer(f"t{k}", prod(shape), first, last, 16)
    for k, (shape, first, last) in enumerate(
        [
            ((32, 32, 3), 0, 0),
            ((32, 32, 16), 0, 3),
            ((32, 32, 16), 1, 2),
            ((32, 32, 16), 2, 3),
            ((32, 32, 16), 3, 6),
            ((16, 16, 32), 4, 5),
            ((16, 16, 32), 5, 7),
            ((16, 16, 32), 6, 7),
            ((16, 16, 32), 7, 10),
            ((8, 8, 64), 8, 9),
            ((8, 8, 64), 9, 11),
            ((8, 8, 64), 10, 11),
            ((8, 8, 64), 11, 12),
            ((64,), 12, 13),
            ((10,), 13, 14),
            ((10,), 14, 14),
        ]
    )
]
MODELS = {
    "KWS": (KWS, 16_000),
    "VWW": (VWW, 55_296),
    "IC": (IC, 49_152),
    "AD": (AD, 768),
    "SWW": (SWW, 6_656),
    "person_detect": (PERSON_DETECT, 55_296),
    # With the working memory of CMSIS-NN's convolutions and pools on a core with DSP instructions.
    "KWS with scratch": (KWS + scratch(s0=160, s9=256), 16_000),
    "VWW with scratch": (VWW + scratch(s0=112, s27=1024), 55_296),
    "IC with scratch": (IC + scratch(s0=112, s1=576, s2=576, s4=576, s5=1152, s8=1152, s9=2304, s12=256), 49_728),
}


@pytest.mark.parametrize("align", [1, 4, 16])
@pytest.mark.parametrize("model", MODELS)
def test_known_models_meet_their_bounds(model: str, align: int) -> None:
    buffers, expected = MODELS[model]
    buffers = [replace(b, align=align) for b in buffers]
    plan = plan_arena(buffers)
    check(buffers, plan)
    assert plan.size == plan.lower_bound == expected


@pytest.mark.parametrize(
    "spans",  # size, first, last, align
    [
        [(7, 0, 3, 1), (6, 2, 5, 1), (8, 3, 3, 1), (8, 0, 0, 1), (1, 5, 5, 1), (3, 0, 2, 1)],
        [(34, 2, 5, 16), (7, 2, 3, 16), (22, 1, 4, 4), (2, 1, 4, 4)],
        [(13, 0, 0, 4), (3, 1, 3, 4), (38, 2, 4, 16), (29, 0, 2, 1)],
    ],
)
def test_the_search_finds_what_the_greedy_orders_miss(
    spans: list[tuple[int, int, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    buffers = [Buffer(f"t{i}", *span) for i, span in enumerate(spans)]
    assert plan_arena(buffers).size == lower_bound(buffers)
    monkeypatch.setattr(planner, "EFFORT", 0)
    assert plan_arena(buffers).size > lower_bound(buffers)


@pytest.mark.parametrize("count", [100, 300])
def test_effort_is_limited(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    class Counting(planner._Space):
        def place(self, order: Iterable[int]) -> list[int]:
            looked_at.append(count + sum(map(len, self.apart)))
            return super().place(order)

    rng = random.Random(1)
    firsts = [rng.randrange(count) for _ in range(count)]
    buffers = [Buffer(f"t{i}", rng.randrange(1, 9999), at, at + rng.randrange(count // 4), 1) for i, at in enumerate(firsts)]
    monkeypatch.setattr(planner, "lower_bound", lambda buffers: 0)  # out of reach
    monkeypatch.setattr(planner, "_Space", Counting)
    plan_arena(buffers)
    assert planner.EFFORT / 2 < sum(looked_at[5:]) <= planner.EFFORT  # five greedy plans come first


# The picture.


def test_picture() -> None:
    buffers = [
        Buffer("input", 400, 0, 1, 16),
        Buffer("conv", 800, 0, 2, 16),
        Buffer("scratch", 64, 2, 2, 16),
        Buffer("add", 400, 2, 6, 16),
        Buffer("flag", 1, 6, 6, 1),
        Buffer("void", 0, 3, 3, 1),
    ]
    assert picture(buffers, plan_arena(buffers), width=40) == PICTURE


PICTURE = """\
1,264 bytes in 6 buffers; lower bound 1,264, set by step 2
      0-1 [1 conv                 ][0 input   ]... 1,200
        2 [1 conv                 ][3 add     ][2] 1,264 <- peak
      3-5 .........................[3 add     ]... 400
        6 |........................[3 add     ]... 401
    index      offset        size     steps  name
        0         800         400       0-1  input
        1           0         800       0-2  conv
        2       1,200          64       2-2  scratch
        3         800         400       2-6  add
        4           0           1       6-6  flag
        5           0           0       3-3  void
"""


@given(MANY, st.integers(8, 120))
@settings(deadline=None)
def test_picture_shows_every_step_and_every_buffer(buffers: list[Buffer], width: int) -> None:
    lines = picture(buffers, plan_arena(buffers), width).splitlines()
    legend = next(k for k, line in enumerate(lines) if line.split()[:1] == ["index"])
    assert len(lines) - legend - 1 == len(buffers)
    steps = [int(step) for line in lines[1:legend] for step in line[:9].split("-")]
    used = [b for b in buffers if b.size]
    assert steps == sorted(steps)
    assert steps[:1] + steps[-1:] == ([min(b.first for b in used), max(b.last for b in used)] if used else [])
    for line in lines[1:legend]:
        cells, total = line[10 : 10 + width], line[10 + width :]
        assert len(cells) == width
        assert re.fullmatch(r" [\d,]+( <- peak)?", total)
    assert sum("<- peak" in line for line in lines) == bool(used)


@pytest.mark.parametrize("count", [2, 50, 200])
def test_picture_of_many_buffers(count: int) -> None:
    buffers = chain(*[(100 + k,) for k in range(count)])
    text = picture(buffers, plan_arena(buffers))
    assert all(text.count(f"  t{k}\n") == 1 for k in range(count))
    assert max(map(len, text.splitlines())) < 130

# SPDX-License-Identifier: Apache-2.0
"""The planner against properties, exhaustive search, models whose bounds are known, and plans broken on purpose.

Long: one planner, broken in every way.
"""

from __future__ import annotations

import random
import re
import time
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tinycc.plan import search, space
from tinycc.plan.bound import lower_bound, peak
from tinycc.plan.check import check
from tinycc.plan.picture import picture
from tinycc.plan.search import plan_arena
from tinycc.plan.space import Crowd, Space, pairs
from tinycc.plan.trace import Plan, PlanError, Tenant, Trace, Use, separation, whole


def trace(*tenants: Tenant, takers: Mapping[int, tuple[int, ...]] | None = None, steps: tuple[int, ...] = ()) -> Trace:
    return Trace(tenants, takers or {}, steps)


@st.composite
def traces(draw: st.DrawFn, count: int, size: int, moments: int, aligns: Sequence[int], *, simple: bool = False) -> Trace:
    """Tenants of all kinds: in use as a whole, in parts that grow and shrink, with pauses; some that take over others."""
    tenants: list[Tenant] = []
    takers: dict[int, tuple[int, ...]] = {}
    for index in range(draw(st.integers(0, count))):
        bytes, first = draw(st.integers(0, size)), draw(st.integers(0, moments))
        align = draw(st.sampled_from(aligns))
        kind = "whole" if simple else draw(st.sampled_from(["whole", "whole", "parts", "taker"]))
        before = [j for j, other in enumerate(tenants) if other.is_whole and other.last < moments]
        if kind == "parts":
            tenants.append(Tenant(f"t{index}", bytes, align, tuple(draw(parts(bytes, first)))))
        elif kind == "taker" and before:
            other = draw(st.sampled_from(before))
            start = tenants[other].last + 1
            also = tuple(j for j in before if tenants[j].size == tenants[other].size and tenants[j].last < start and j != other)
            takers[index] = (other, *also[:1])
            length = draw(st.integers(0, 3))
            tenants.append(whole(f"t{index}", tenants[other].size, start, start + length, align))
        else:
            tenants.append(whole(f"t{index}", bytes, first, first + draw(st.integers(0, moments // 2)), align))
    return Trace(tuple(tenants), takers)


@st.composite
def parts(draw: st.DrawFn, size: int, first: int) -> list[Use]:
    uses = []
    for _ in range(draw(st.integers(1, 4))):
        bottom = draw(st.integers(0, size))
        last = first + draw(st.integers(0, 2))
        uses.append(Use(first, last, bottom, draw(st.integers(bottom, size))))
        first = last + 1 + draw(st.integers(0, 2))
    return uses


QUICK = 50_000
"""What must hold of a plan holds of one that was hardly searched for."""
MANY = traces(count=24, size=300, moments=12, aligns=(1, 2, 4, 8, 16))
WHOLE = traces(count=24, size=300, moments=12, aligns=(1, 2, 4, 8, 16), simple=True)
FEW = traces(count=5, size=9, moments=4, aligns=(1, 2, 4), simple=True)


def uses_at(given: Trace, moment: int) -> list[tuple[int, Use]]:
    return [
        (i, use)
        for i, tenant in enumerate(given.tenants)
        for use in tenant.uses
        if use.first <= moment <= use.last and use.top > use.bottom
    ]


def moments(given: Trace) -> range:
    return range(max((tenant.last for tenant in given.tenants), default=-1) + 1)


# Properties.


@given(MANY)
@settings(deadline=None)
def test_every_byte_has_one_owner_at_every_moment(drawn: Trace) -> None:
    plan = plan_arena(drawn, QUICK)
    for tenant, offset in zip(drawn.tenants, plan.offsets, strict=True):
        assert offset in range(0, plan.size - tenant.size + 1, tenant.align)
        assert tenant.size or offset == 0
    for moment in moments(drawn):
        owners: list[int | None] = [None] * plan.size
        for i, use in uses_at(drawn, moment):
            low, high = plan.offsets[i] + use.bottom, plan.offsets[i] + use.top
            assert set(owners[low:high]) <= {None}
            owners[low:high] = [i] * (high - low)


@given(MANY)
@settings(deadline=None)
def test_what_takes_over_lies_on_what_it_takes_over_or_apart(drawn: Trace) -> None:
    plan = plan_arena(drawn, QUICK)
    for taker, taken in drawn.pairs:
        distance = abs(plan.offsets[taker] - plan.offsets[taken])
        assert distance == 0 or distance >= drawn.tenants[taker].size


@given(MANY)
@settings(deadline=None)
def test_a_plan_passes_its_check_and_keeps_to_the_bound(drawn: Trace) -> None:
    plan = plan_arena(drawn, QUICK)
    check(drawn, plan)
    assert plan.lower_bound == lower_bound(drawn) <= plan.size
    assert plan.size == max((o + t.size for o, t in zip(plan.offsets, drawn.tenants, strict=True)), default=0)


def test_only_what_is_in_use_from_its_first_byte_on_is_padded() -> None:
    """Bytes in the middle of three tenants lie side by side, each tenant at offset 0."""
    tenants = [Tenant(str(low), 16, 8, (Use(0, 0, low, high),)) for low, high in ((8, 13), (3, 8), (13, 16))]
    assert lower_bound(trace(*tenants)) == 13
    assert plan_arena(trace(*tenants)).size == 16


@given(MANY)
@settings(deadline=None)
def test_peak_sets_the_lower_bound(drawn: Trace) -> None:
    def need(moment: int) -> int:
        tenants = [
            Tenant("", drawn.tenants[i].size, drawn.tenants[i].align, (replace(use, first=0, last=0),))
            for i, use in uses_at(drawn, moment)
        ]
        return lower_bound(trace(*tenants))

    moment, alive = peak(drawn)
    assert alive == tuple(i for i, _ in uses_at(drawn, moment)) or not lower_bound(drawn)
    assert need(moment) == lower_bound(drawn)
    assert all(need(earlier) < lower_bound(drawn) for earlier in range(moment))
    assert all(sum(use.top - use.bottom for _, use in uses_at(drawn, m)) <= lower_bound(drawn) for m in moments(drawn))


@given(MANY, st.integers())
@settings(deadline=None, max_examples=25)
def test_the_plan_depends_on_the_trace_alone(drawn: Trace, seed: int) -> None:
    first = plan_arena(drawn, QUICK)
    random.seed(seed)
    state = random.getstate()
    renamed = tuple(replace(tenant, name="renamed") for tenant in drawn.tenants)
    assert plan_arena(replace(drawn, tenants=renamed), QUICK) == first
    assert random.getstate() == state


def fits(tenants: Sequence[Tenant], size: int, offsets: tuple[int, ...] = ()) -> bool:
    """Whether any offsets at all put `tenants`, all in use as a whole, into `size` bytes; every aligned offset is tried."""
    if len(offsets) == len(tenants):
        return True
    new = tenants[len(offsets)]
    rivals = [
        (o, o + t.size)
        for t, o in zip(tenants, offsets, strict=False)
        if t.size and t.first <= new.last and new.first <= t.last
    ]
    return any(
        fits(tenants, size, (*offsets, here))
        for here in range(0, size - new.size + 1, new.align)
        if all(here + new.size <= begin or end <= here for begin, end in rivals)
    )


@given(FEW)
@settings(deadline=None, max_examples=300)
def test_tiny_instances_are_solved_to_the_optimum(drawn: Trace) -> None:
    tenants = [tenant for tenant in drawn.tenants if tenant.size]
    optimum = next(size for size in range(1000) if fits(tenants, size))
    assert lower_bound(trace(*tenants)) <= optimum
    assert plan_arena(trace(*tenants)).size == optimum


# The one rule.


@given(MANY)
@settings(deadline=None)
def test_separation_is_what_the_moments_say(drawn: Trace) -> None:
    for a, b in product(drawn.tenants, repeat=2):
        met = [
            one.top - two.bottom
            for one in a.uses
            for two in b.uses
            if one.first <= two.last and two.first <= one.last and one.top > one.bottom and two.top > two.bottom
        ]
        assert separation(a, b) == max(met, default=None)


def rows(name: str, count: int, bytes: int, first: int, *, grows: bool) -> Tenant:
    """`count` rows, one more (or one less) in use from moment to moment."""
    spans = [(0, (i + 1) * bytes) if grows else (i * bytes, count * bytes) for i in range(count)]
    return Tenant(name, count * bytes, 1, tuple(Use(first + i, first + i, *span) for i, span in enumerate(spans)))


def test_a_result_follows_its_operand_diagonally() -> None:
    """Rows that are read go while rows of the result come: one row more than the larger of the two is enough."""
    x, y = rows("x", 6, 10, 0, grows=False), rows("y", 6, 10, 0, grows=True)
    assert separation(y, x) == 10  # y's last row is written when x's last one is still there
    assert separation(x, y) == 60
    plan = plan_arena(trace(x, y))
    check(trace(x, y), plan)
    assert plan.size == plan.lower_bound == 70
    with pytest.raises(PlanError, match="overlap, both in use in step 0"):
        check(trace(x, y), Plan((0, 10), 70, 70))


def test_a_pause_is_free_for_others() -> None:
    on_and_off = Tenant("row", 8, 1, (Use(0, 0, 0, 8), Use(2, 2, 0, 8)))
    between = whole("between", 8, 1, 1, 1)
    assert separation(on_and_off, between) is None
    assert plan_arena(trace(on_and_off, between)).size == 8


def test_negative_separations_let_tenants_pass_through_each_other() -> None:
    """Only the upper half of one and the lower half of the other are ever in use together."""
    upper, lower = Tenant("a", 20, 1, (Use(0, 0, 12, 20),)), Tenant("b", 20, 1, (Use(0, 0, 0, 8),))
    assert (separation(lower, upper), separation(upper, lower)) == (-4, 20)
    assert plan_arena(trace(upper, lower)).size == 20


IN_PLACE = (whole("x", 8, 0, 2, 4), whole("z", 4, 0, 3, 4), whole("y", 8, 3, 4, 4))


def test_in_place_is_the_same_offset_or_none() -> None:
    apart, same = trace(*IN_PLACE), trace(*IN_PLACE, takers={2: (0,)})
    assert same.barred(2, 0) == same.barred(0, 2) == ((-8, 0), (0, 8))
    assert apart.barred(2, 0) == ()
    check(apart, Plan((4, 0, 8), 16, 12))
    check(same, Plan((0, 8, 0), 12, 12))
    with pytest.raises(PlanError, match=r'"x" at 4.* and tenant 2 "y" at 8.* overlap, of which one takes over'):
        check(same, Plan((4, 0, 8), 16, 12))
    assert plan_arena(same).offsets[0] == plan_arena(same).offsets[2]


@pytest.mark.parametrize(
    ("x", "y"),
    [(whole("x", 8, 0, 2, 4), whole("y", 8, 2, 3, 4)), (whole("x", 8, 0, 2, 4), whole("y", 4, 3, 3, 4))],
    ids=["common moment", "sizes"],
)
def test_what_cannot_be_taken_over_is_refused(x: Tenant, y: Tenant) -> None:
    with pytest.raises(PlanError, match="cannot take over"):
        trace(x, y, takers={1: (0,)})


def test_a_taker_may_be_better_off_elsewhere() -> None:
    """x lies high, between what outlives it; y, which is there for long, would rather lie low."""
    tenants = (whole("x", 4, 0, 0, 1), whole("y", 4, 1, 3, 1), whole("a", 6, 0, 0, 1), whole("b", 6, 2, 3, 1))
    plan = plan_arena(trace(*tenants, takers={1: (0,)}))
    assert plan.size == plan.lower_bound == 10


def test_one_of_two_is_taken_over() -> None:
    a, b, y = whole("a", 8, 0, 0, 1), whole("b", 8, 0, 0, 1), whole("y", 8, 1, 2, 1)
    later = whole("later", 8, 1, 2, 1)
    plan = plan_arena(trace(a, b, y, later, takers={2: (0, 1), 3: (0, 1)}))
    assert plan.size == plan.lower_bound == 16
    assert {plan.offsets[2], plan.offsets[3]} == {plan.offsets[0], plan.offsets[1]} == {0, 8}


# The checker.


@given(WHOLE, st.data())
@settings(deadline=None)
def test_check_names_the_two_tenants_that_overlap(drawn: Trace, data: st.DataObject) -> None:
    tenants = [replace(tenant, name=f"t{i}", align=1) for i, tenant in enumerate(drawn.tenants)]
    meeting = [
        (i, j) for i, j in product(range(len(tenants)), repeat=2) if i < j and separation(tenants[i], tenants[j]) is not None
    ]
    assume(meeting)
    i, j = data.draw(st.sampled_from(meeting))
    apart = trace(*tenants)
    size = sum(tenant.size for tenant in tenants)
    offsets = [sum(tenant.size for tenant in tenants[:k]) for k in range(len(tenants))]
    check(apart, Plan(tuple(offsets), size, lower_bound(apart)))
    one_byte_below, one_byte_above = offsets[j] - tenants[i].size + 1, offsets[j] + tenants[j].size - 1
    offsets[i] = min(data.draw(st.sampled_from([one_byte_below, one_byte_above])), size - tenants[i].size)
    with pytest.raises(PlanError, match=r"overlap") as error:
        check(apart, Plan(tuple(offsets), size, lower_bound(apart)))
    named = {int(k) for k in re.findall(r'tenant (\d+) "t\1"', str(error.value))}
    assert len(named) == 2
    assert i in named


PAIR = trace(whole("a", 8, 0, 1, 4), whole("b", 8, 1, 2, 4))


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan((0, 4), 16, 16), 'tenant 0 "a" at 0..8 and tenant 1 "b" at 4..12 overlap, both in use in step 1'),
        (Plan((0, 7), 16, 16), 'tenant 1 "b" at 7..15 is not aligned to 4 bytes'),
        (Plan((8, 8), 16, 16), 'tenant 0 "a" at 8..16 and tenant 1 "b" at 8..16 overlap'),
        (Plan((0, 10), 18, 16), 'tenant 1 "b" at 10..18 is not aligned to 4 bytes'),
        (Plan((0, 12), 16, 16), 'tenant 1 "b" at 12..20 lies outside the arena of 16 bytes'),
        (Plan((8, -4), 16, 16), 'tenant 1 "b" at -4..4 lies outside'),
        (Plan((0,), 16, 16), "1 offsets for 2 tenants"),
        (Plan((0, 8), 16, 8), "lower bound 8, in truth 16"),
        (Plan((0, 4), 12, 16), "size 12"),
    ],
)
def test_check_says_what_is_wrong(plan: Plan, message: str) -> None:
    check(PAIR, Plan((0, 8), 16, 16))
    with pytest.raises(PlanError, match=re.escape(message)):
        check(PAIR, plan)


def test_steps_are_named_in_messages() -> None:
    with pytest.raises(PlanError, match="both in use in step 7"):
        check(replace(PAIR, steps=(0, 7, 7)), Plan((0, 4), 16, 16))


@pytest.mark.parametrize(
    "fields",
    [
        (-1, 4, (Use(0, 1, 0, 0),)),
        (8, 4, (Use(2, 1, 0, 8),)),
        (8, 0, (Use(0, 1, 0, 8),)),
        (8, 12, (Use(0, 1, 0, 8),)),
        (8, 4, ()),
        (8, 4, (Use(0, 1, 0, 9),)),
        (8, 4, (Use(0, 1, 4, 3),)),
        (8, 4, (Use(0, 1, 0, 8), Use(1, 2, 0, 8))),
        (8, 4, (Use(-1, 1, 0, 8),)),
    ],
)
def test_an_impossible_tenant_is_refused(fields: tuple[int, int, tuple[Use, ...]]) -> None:
    with pytest.raises(PlanError, match="expected uses"):
        Tenant("a", *fields)


# Corners.


def test_nothing_needs_nothing() -> None:
    void = whole("void", 0, 3, 5, 16)
    assert plan_arena(trace()) == Plan((), 0, 0)
    assert plan_arena(trace(void)) == Plan((0,), 0, 0)
    assert peak(trace()) == peak(trace(void)) == (0, ())


def test_equal_tenants_are_two() -> None:
    assert sorted(plan_arena(trace(PAIR.tenants[0], PAIR.tenants[0])).offsets) == [0, 8]


def test_neighbours_in_time_share_and_a_common_moment_separates() -> None:
    assert plan_arena(trace(whole("a", 8, 0, 1, 1), whole("b", 8, 2, 3, 1))).size == 8
    assert plan_arena(trace(whole("a", 8, 0, 2, 1), whole("b", 8, 2, 3, 1))).size == 16


def test_the_bound_knows_alignment_and_spares_the_topmost_padding() -> None:
    a, b, c = whole("a", 5, 0, 0, 16), whole("b", 7, 0, 0, 16), whole("c", 20, 0, 0, 1)
    assert plan_arena(trace(a, b)) == Plan((16, 0), 21, 21)
    assert lower_bound(trace(a, b, whole("c", 3, 0, 0, 1))) == 21  # what needs no alignment may fill the padding
    assert lower_bound(trace(a, b, c)) == 32  # and is counted in full when it is more


def test_an_empty_tenant_is_nobodys_neighbour() -> None:
    given = trace(whole("void", 0, 0, 2, 16), *PAIR.tenants)
    assert peak(given) == (1, (1, 2))
    assert sorted(plan_arena(given).offsets) == [0, 0, 8]
    check(given, Plan((0, 0, 8), 16, 16))


# Many.


@given(WHOLE)
@settings(deadline=None)
def test_a_crowd_is_placed_as_others_are(drawn: Trace) -> None:
    """Where pairs are too many to be listed, first fit gives the same offsets."""
    order = sorted(range(len(drawn.tenants)), key=lambda i: (-drawn.tenants[i].size, i))
    assert Crowd(drawn).place(order) == Space(drawn).place(order)


@given(WHOLE)
@settings(deadline=None)
def test_pairs_are_counted(drawn: Trace) -> None:
    met = [1 for i, j in product(range(len(drawn.tenants)), repeat=2) if i < j and drawn.barred(i, j)]
    assert pairs(drawn) == len(met)


def test_thousands_together_take_little_memory() -> None:
    rng = random.Random(3)
    tenants = [whole(f"t{i}", rng.randrange(1, 300), 1, 2 + i % 7, 4) for i in range(4000)]
    given = trace(whole("x", 100_000, 0, 1, 4), *tenants)
    tracemalloc.start()
    start = time.process_time()
    plan = plan_arena(given)
    check(given, plan)
    seconds, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert plan.size == plan.lower_bound
    assert most < 8_000_000
    assert seconds < 15


def test_a_long_chain_is_quick() -> None:
    rng = random.Random(3)
    given = trace(*(whole(f"t{i}", rng.randrange(1, 5000), i, i + 1, 4) for i in range(1000)))
    start = time.process_time()
    check(given, plan_arena(given))
    assert time.process_time() - start < 5


# Models. Sizes are activation shapes, without batch; reshapes are aliases and no tenants.


def chain(*shapes: tuple[int, ...], align: int = 16) -> list[Tenant]:
    """Tensor k is written in step k - 1 and read in step k; the network's input is there from step 0 on."""
    last = len(shapes) - 2
    return [whole(f"t{k}", prod(s), max(k - 1, 0), min(k, last), align) for k, s in enumerate(shapes)]


def scratch(**sizes: int) -> list[Tenant]:
    """`s3=64`: 64 bytes in step 3."""
    return [whole(f"scratch{key[1:]}", size, int(key[1:]), int(key[1:]), 16) for key, size in sizes.items()]


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
    whole(f"t{k}", prod(shape), first, last, 16)
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
    tenants, expected = MODELS[model]
    given = trace(*(replace(tenant, align=align) for tenant in tenants))
    plan = plan_arena(given)
    check(given, plan)
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
    given = trace(*(whole(f"t{i}", *span) for i, span in enumerate(spans)))
    assert plan_arena(given).size == lower_bound(given)
    monkeypatch.setattr(search, "EFFORT", 0)
    assert plan_arena(given).size > lower_bound(given)


@pytest.mark.parametrize("count", [100, 300])
def test_effort_is_limited(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    class Counting(space.Space):
        def place_below(self, *given: Any) -> list[int] | None:
            looked_at.append(self.effort)
            return super().place_below(*given)

    rng = random.Random(1)
    firsts = [rng.randrange(count) for _ in range(count)]
    tenants = [whole(f"t{i}", rng.randrange(1, 9999), at, at + rng.randrange(count // 4), 1) for i, at in enumerate(firsts)]
    monkeypatch.setattr(search, "lower_bound", lambda given: 0)  # out of reach
    monkeypatch.setattr(search, "Space", Counting)
    plan_arena(trace(*tenants))
    assert search.EFFORT / 2 < sum(looked_at[5:]) <= search.EFFORT  # five greedy plans come first


# The picture.


def test_picture() -> None:
    given = trace(
        whole("input", 400, 0, 3, 16),
        whole("conv", 800, 0, 5, 16),
        whole("scratch", 64, 4, 5, 16),
        whole("add", 400, 4, 6, 16),
        whole("relu", 400, 7, 13, 16),
        whole("flag", 1, 12, 13, 1),
        whole("void", 0, 6, 7, 1),
        takers={4: (3,)},
        steps=(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6),
    )
    assert picture(given, plan_arena(given), width=40) == PICTURE


PICTURE = """\
1,264 bytes in 7 buffers; lower bound 1,264, set by step 2
      0-1 [1 conv                 ][0 input   ]... 1,200
        2 [1 conv                 ][3 add     ][2] 1,264 <- peak
        3 .........................[4 relu    ]... 400
      4-5 .........................[4 relu    ]... 400
        6 |........................[4 relu    ]... 401
    index      offset        size     steps  name
        0         800         400       0-1  input
        1           0         800       0-2  conv
        2       1,200          64       2-2  scratch
        3         800         400       2-3  add
        4         800         400       3-6  relu
        5           0           1       6-6  flag
        6           0           0       3-3  void
"""


@given(MANY, st.integers(8, 120))
@settings(deadline=None)
def test_picture_shows_every_step_and_every_tenant(drawn: Trace, width: int) -> None:
    lines = picture(drawn, plan_arena(drawn, QUICK), width).splitlines()
    legend = next(k for k, line in enumerate(lines) if line.split()[:1] == ["index"])
    assert len(lines) - legend - 1 == len(drawn.tenants)
    steps = [int(step) for line in lines[1:legend] for step in line[:9].split("-")]
    used = [use for tenant in drawn.tenants for use in tenant.uses if use.top > use.bottom]
    assert steps == sorted(steps)
    assert steps[:1] + steps[-1:] == ([min(use.first for use in used), max(use.last for use in used)] if used else [])
    for line in lines[1:legend]:
        cells, total = line[10 : 10 + width], line[10 + width :]
        assert len(cells) == width
        assert re.fullmatch(r" [\d,]+( <- peak)?", total)
    assert sum("<- peak" in line for line in lines) == bool(used)


def test_one_tenant_used_in_part_at_a_time() -> None:
    """The bound lies below its size, and no other order would come nearer."""
    alone = Trace((Tenant("t", 76, 1, (Use(0, 0, 0, 9), Use(1, 1, 70, 76))),))
    assert plan_arena(alone).offsets == (0,)


@given(MANY)
@settings(deadline=None)
def test_picture_sums_what_is_in_use(drawn: Trace) -> None:
    lines = picture(drawn, plan_arena(drawn, QUICK), 20).splitlines()
    for line in lines[1 : next(k for k, line in enumerate(lines) if line.split()[:1] == ["index"])]:
        total = int(line[31:].split()[0].replace(",", ""))
        first, _, last = line[:9].partition("-")
        for moment in range(int(first), int(last or first) + 1):
            assert sum(use.top - use.bottom for _, use in uses_at(drawn, moment)) == total


@pytest.mark.parametrize("count", [2, 50, 200])
def test_picture_of_many_tenants(count: int) -> None:
    given = trace(*chain(*[(100 + k,) for k in range(count)]))
    text = picture(given, plan_arena(given))
    assert all(text.count(f"  t{k}\n") == 1 for k in range(count))
    assert max(map(len, text.splitlines())) < 130


def test_picture_of_two_that_meet_in_a_step() -> None:
    """The last column counts what is in use together; a box of two characters has brackets; names can be given."""
    both = trace(Tenant("a", 2, 1, (Use(0, 2, 0, 2),)), Tenant("b", 2, 1, (Use(2, 3, 0, 2),)), steps=(0, 0, 1, 1))
    drawn = picture(both, Plan((0, 2), 4, 4), width=4, names=("first", "second")).splitlines()
    assert [line.split() for line in drawn[1:3]] == [["0", "[]..", "2"], ["1", "[][]", "4", "<-", "peak"]]
    assert [line.split()[-1] for line in drawn[4:]] == ["first", "second"]

# SPDX-License-Identifier: Apache-2.0
"""What the planner's trace says, against what counting bytes moment by moment says; and places in a crowd, which are found in
another way than among a few."""

from __future__ import annotations

import itertools
import random

import pytest

from tinycc.plan.search import _merged
from tinycc.plan.space import Crowd, Space, pairs
from tinycc.plan.trace import PlanError, Tenant, Trace, Use, separation, whole

MOMENTS, SIZE = 5, 4


def bytes_at(tenant: Tenant, moment: int) -> set[int]:
    return {byte for use in tenant.uses if use.first <= moment <= use.last for byte in range(use.bottom, use.top)}


def counted(lower: Tenant, upper: Tenant) -> int | None:
    """The separation, byte by byte."""
    at = ((bytes_at(lower, moment), bytes_at(upper, moment)) for moment in range(MOMENTS))
    return max((max(low) + 1 - min(high) for low, high in at if low and high), default=None)


def drawn(rng: random.Random, name: str) -> Tenant:
    """Used in pieces of time, of bytes, or not at all."""
    moments = sorted(rng.sample(range(MOMENTS + 1), rng.choice((2, 2, 3, 4))))
    uses = []
    for first, end in itertools.pairwise(moments):
        bottom, top = sorted(rng.choices(range(SIZE + 1), k=2))
        uses.append(Use(first, end - 1, bottom, top))
    if rng.random() < 0.3:
        return whole(name, rng.choice((0, SIZE)), uses[0].first, uses[-1].last, 1)
    return Tenant(name, SIZE, 1, tuple(uses[:: rng.choice((1, 1, 2))]))


def test_separation_is_what_bytes_say() -> None:
    rng = random.Random(0)
    for _ in range(3000):
        a, b = drawn(rng, "a"), drawn(rng, "b")
        assert separation(a, b) == counted(a, b), (a, b)
        low, high = counted(a, b), counted(b, a)
        expected = () if low is None or high is None or -low >= high else ((-low, high),)
        assert Trace((a, b)).barred(0, 1) == expected


def some(rng: random.Random, name: str) -> Tenant:
    first = rng.randrange(MOMENTS)
    return whole(name, rng.choice((0, 4, 6, 8, 20)), first, rng.randrange(first, MOMENTS), rng.choice((1, 4, 8)))


def test_crowds_are_placed_like_a_few() -> None:
    rng = random.Random(0)
    for _ in range(300):
        tenants = [some(rng, str(number)) for number in range(5)]
        trace, order = Trace(tuple(tenants)), rng.sample(range(5), 5)
        space, crowd = Space(trace).place(order), Crowd(trace).place(order)
        assert all(a == b for a, b, tenant in zip(space, crowd, tenants, strict=True) if tenant.size), trace
        meeting = [(a, b) for a, b in itertools.combinations(range(5), 2) if counted(tenants[a], tenants[b]) is not None]
        assert pairs(trace) == len(meeting)
        for a, b in meeting:
            assert space[a] + tenants[a].size <= space[b] or space[b] + tenants[b].size <= space[a]
        assert Space(trace).end(space) == max(offset + tenant.size for offset, tenant in zip(space, tenants, strict=True))


@pytest.mark.parametrize(
    ("size", "align", "uses"),
    [
        (-1, 1, (Use(0, 0, 0, 0),)),
        (4, 1, ()),
        (4, 1, (Use(1, 0, 0, 4),)),
        (4, 1, (Use(0, 1, 0, 4), Use(1, 2, 0, 4))),
        (4, 1, (Use(0, 0, 0, 5),)),
        (4, 1, (Use(0, 0, 3, 2),)),
        (4, 1, (Use(0, 0, -1, 2),)),
        (4, 0, (Use(0, 0, 0, 4),)),
        (4, 3, (Use(0, 0, 0, 4),)),
    ],
)
def test_what_is_no_tenant(size: int, align: int, uses: tuple[Use, ...]) -> None:
    with pytest.raises(PlanError):
        Tenant("t", size, align, uses)


def test_what_is_a_tenant() -> None:
    tenant = Tenant("t", 4, 2, (Use(0, 1, 0, 4), Use(2, 2, 2, 2)))
    assert (tenant.first, tenant.last, tenant.is_whole) == (0, 2, False)
    assert not Tenant("t", 4, 1, (Use(0, 1, 1, 4),)).is_whole
    assert not Tenant("t", 4, 1, (Use(0, 1, 0, 3),)).is_whole
    assert not Tenant("t", 4, 1, (Use(0, 1, 0, 4), Use(2, 2, 0, 4))).is_whole
    assert whole("t", 4, 0, 1, 1).is_whole


def test_takers() -> None:
    """They have the size of what they take over and no moment with it; they lie upon it or beside it."""
    a, b = whole("a", 4, 0, 1, 1), whole("b", 4, 2, 3, 1)
    trace = Trace((a, b), {1: (0,)})
    assert trace.pairs == [(1, 0)]
    assert trace.barred(0, 1) == trace.barred(1, 0) == ((-4, 0), (0, 4))
    assert Space(trace).place([0, 1]) == [0, 0]
    for wrong in (whole("c", 5, 2, 3, 1), whole("c", 4, 1, 3, 1)):
        with pytest.raises(PlanError):
            Trace((a, wrong), {1: (0,)})
    empty = Trace((whole("a", 0, 0, 1, 1), whole("b", 0, 2, 3, 1)), {1: (0,)})
    assert empty.barred(0, 1) == ()
    assert (trace.step(3), Trace((a, b), steps=(0, 0, 1, 1)).step(3)) == (3, 1)


def test_tenants_at_one_offset_are_one() -> None:
    """Their uses in the order of time, and as one use where they follow each other with the same bytes."""
    alone = Tenant("a", 4, 1, (Use(0, 1, 0, 4),))
    assert _merged([alone]) is alone
    after = Tenant("b", 4, 1, (Use(2, 3, 0, 4),))
    assert _merged([after, alone]).uses == (Use(0, 3, 0, 4),)
    later, upper = Tenant("c", 4, 1, (Use(3, 4, 0, 4),)), Tenant("d", 4, 1, (Use(2, 3, 1, 4),))
    assert _merged([alone, later]).uses == (*alone.uses, *later.uses)
    assert _merged([alone, upper]).uses == (*alone.uses, *upper.uses)

# SPDX-License-Identifier: Apache-2.0
"""Trace -> plan: a pure function, seeded, bounded in its effort and not in time: a slow machine makes the same plan as a fast
one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tinycc.plan.bound import lower_bound
from tinycc.plan.space import Crowd, Space, pairs
from tinycc.plan.trace import Plan, Tenant, Trace, Use, separation

EFFORT = 2_000_000
"""How far each search goes when the bound is out of reach, in pairs of tenants looked at (about 10 million a second)."""
CROWD = 100_000
"""Pairs of tenants that are alive together, above which they are not listed and not searched."""


def plan_arena(trace: Trace, effort: int | None = None) -> Plan:
    """The smallest arena found: greedy plans first, then a seeded, bounded search from each; it stops at the lower bound.

    What is searched is the order in which first fit places the tenants. While each of them is in use as a whole no optimum is
    lost by that: placed by rising offset, the tenants of any plan move down or stay. First every taker takes over the first of
    what it may; then, where that does not meet the bound, each is a tenant by itself.
    """
    bound = lower_bound(trace)
    best: list[int] | None = None
    least = 0
    for offsets in _candidates(trace, bound, EFFORT if effort is None else effort):
        end = _end(trace, offsets)
        if best is None or end < least:
            best, least = offsets, end
        if least <= bound:
            break
    assert best is not None, "greedy plans exist for any trace"
    return Plan(tuple(best), least, bound)


def _end(trace: Trace, offsets: Sequence[int]) -> int:
    return max((offset + tenant.size for offset, tenant in zip(offsets, trace.tenants, strict=True)), default=0)


def _candidates(trace: Trace, bound: int, effort: int) -> Iterator[list[int]]:
    joined, member = _joined(trace)
    crowded = pairs(joined) > CROWD
    space: Space = Crowd(replace(joined, takers={})) if crowded else Space(joined)
    found: list[list[int]] = []
    for offsets in _searched(space, _greedy(space), bound, effort):
        found.append([offsets[group] for group in member])
        yield found[-1]
    if trace.takers and not crowded:
        best = min(found, key=lambda offsets: _end(trace, offsets))
        space = Space(trace)
        yield from _searched(space, (best, *_greedy(space)), bound, effort)


def _joined(trace: Trace) -> tuple[Trace, list[int]]:
    """The trace in which takers and the first that they take over are one tenant, and in it the index of each tenant."""
    leader = list(range(len(trace.tenants)))
    used: set[int] = set()
    for taker, others in sorted(trace.takers.items(), key=lambda item: trace.tenants[item[0]].first):
        taken = next((other for other in others if other not in used), None)
        if taken is not None:
            used.add(taken)
            leader[taker] = leader[taken]
    groups: dict[int, list[int]] = {}
    for i, head in enumerate(leader):
        groups.setdefault(head, []).append(i)
    tenants = tuple(_merged([trace.tenants[i] for i in group]) for group in groups.values())
    index = {head: position for position, head in enumerate(groups)}
    member = [index[head] for head in leader]
    takers: dict[int, tuple[int, ...]] = {}
    for taker, taken in ((member[taker], member[taken]) for taker, taken in trace.pairs):
        if taker != taken and separation(tenants[taker], tenants[taken]) is None:
            takers[taker] = (*takers.get(taker, ()), taken)
    return Trace(tenants, takers, trace.steps), member


def _merged(tenants: Sequence[Tenant]) -> Tenant:
    if len(tenants) == 1:
        return tenants[0]
    uses: list[Use] = []
    for use in sorted((use for tenant in tenants for use in tenant.uses), key=lambda use: use.first):
        before = uses[-1] if uses else None
        if before is not None and (before.last + 1, before.bottom, before.top) == (use.first, use.bottom, use.top):
            uses[-1] = Use(before.first, use.last, use.bottom, use.top)
        else:
            uses.append(use)
    return Tenant(tenants[0].name, tenants[0].size, max(tenant.align for tenant in tenants), tuple(uses))


def _searched(space: Space, starts: Iterator[list[int]] | Sequence[list[int]], bound: int, effort: int) -> Iterator[list[int]]:
    """The plans to start from, then, from the smallest of them to the largest, what the search makes of each."""
    found = []
    for offsets in starts:
        found.append(offsets)
        yield offsets
    rng = random.Random(0)
    for offsets in sorted(found, key=space.end):
        yield from _improve(space, offsets, bound, effort // len(found), rng)


def _greedy(space: Space) -> Iterator[list[int]]:
    """Plans by the classic orders: large ones first, large and long ones first, long ones first, by time, back in time."""
    keys = [(-t.size, -t.size * (t.last - t.first + 1), t.first - t.last, t.first, -t.last) for t in space.tenants]
    for rule in range(5):
        order = sorted(range(len(keys)), key=lambda i: (keys[i][rule], keys[i], i))
        yield space.place(order)


def _improve(space: Space, offsets: list[int], bound: int, effort: int, rng: random.Random) -> Iterator[list[int]]:
    """Plans by local search: a random walk starts at the highest tenant, goes from tenant to tenant through common moments,
    and gives some of those that it meets another place in the order.

    The new order stays unless it is worse: by the plan's end, then by the bytes that lie above `bound`. The odds of the walk
    hardly matter (measured); that it can reach any order from any other does.
    """

    def pick(count: int) -> int:
        return int(rng.random() * count)  # random() alone is promised to stay the same from one Python to the next

    def above(ends: list[int]) -> int:
        return sum(end - bound for end in ends if end > bound)

    order = sorted(range(len(offsets)), key=offsets.__getitem__)
    if len(order) < 2:  # of one tenant, used in part at a time, there is no other order, though the bound lies below its size
        return
    ends = space.ends(offsets)
    most, over = max(ends), above(ends)
    placed: list[int] = []
    for _ in range(min(effort // max(space.effort, 1), 100 * len(order))):
        trial, here = order[:], ends.index(most)
        while trial == order or rng.random() < 0.7:
            if rng.random() < 0.4:
                trial.remove(here)
                trial.insert(pick(len(order)), here)
            if space.near[here]:
                here = space.near[here][pick(len(space.near[here]))][0]
        found = space.place_below(trial, most, placed, _same(order, trial) if placed else 0)
        if found is None:
            continue
        reached = space.ends(found)
        top, excess = max(reached), above(reached)
        if (top, excess) <= (most, over):
            order, placed, ends, most, over = trial, found, reached, top, excess
            yield placed


def _same(order: Sequence[int], trial: Sequence[int]) -> int:
    """How many at the beginning of both are the same."""
    return next(at for at, (one, other) in enumerate(zip(order, trial, strict=True)) if one != other)

# SPDX-License-Identifier: Apache-2.0
"""Is a plan right? Looked at from its end: who is where at each moment, not how it was found."""

from __future__ import annotations

from bisect import bisect, bisect_left, insort
from collections.abc import Sequence

from tinycc.plan.bound import lower_bound
from tinycc.plan.trace import Plan, PlanError, Tenant, Trace


def check(trace: Trace, plan: Plan) -> None:
    """Raises PlanError unless every tenant lies inside the arena, aligned, its bytes in use apart from those of all others."""
    tenants = trace.tenants
    if len(plan.offsets) != len(tenants):
        raise PlanError(f"{len(plan.offsets)} offsets for {len(tenants)} tenants")
    bound = lower_bound(trace)
    if plan.size < plan.lower_bound or plan.lower_bound != bound:
        raise PlanError(f"size {plan.size}, lower bound {plan.lower_bound}, in truth {bound}")
    for i, (tenant, offset) in enumerate(zip(tenants, plan.offsets, strict=True)):
        if offset < 0 or offset + tenant.size > plan.size:
            raise PlanError(f"{_place(tenants, plan, i)} lies outside the arena of {plan.size} bytes")
        if offset % tenant.align:
            raise PlanError(f"{_place(tenants, plan, i)} is not aligned to {tenant.align} bytes")
    _check_apart(trace, plan)
    for i, j in trace.pairs:
        if 0 < abs(plan.offsets[i] - plan.offsets[j]) < tenants[i].size:
            places = f"{_place(tenants, plan, j)} and {_place(tenants, plan, i)}"
            raise PlanError(f"{places} overlap, of which one takes over the other")


def _check_apart(trace: Trace, plan: Plan) -> None:
    """Goes through the moments with the intervals in use, sorted: one that begins must lie between its neighbours."""
    events: list[tuple[int, bool, int, int, int]] = []
    for i, (tenant, offset) in enumerate(zip(trace.tenants, plan.offsets, strict=True)):
        for use in tenant.uses:
            if use.top > use.bottom:
                events.append((use.first, True, offset + use.bottom, offset + use.top, i))
                events.append((use.last + 1, False, offset + use.bottom, offset + use.top, i))
    taken: list[tuple[int, int, int]] = []
    for moment, begins, low, high, i in sorted(events):
        if not begins:
            del taken[bisect_left(taken, (low, high, i))]
            continue
        at = bisect(taken, (low, high, i))
        for other_low, other_high, j in taken[max(at - 1, 0) : at + 1]:
            if low < other_high and other_low < high:
                first, second = sorted((i, j))
                places = f"{_place(trace.tenants, plan, first)} and {_place(trace.tenants, plan, second)}"
                raise PlanError(f"{places} overlap, both in use in step {trace.step(moment)}")
        insort(taken, (low, high, i))


def _place(tenants: Sequence[Tenant], plan: Plan, i: int) -> str:
    return f'tenant {i} "{tenants[i].name}" at {plan.offsets[i]}..{plan.offsets[i] + tenants[i].size}'

# SPDX-License-Identifier: Apache-2.0
"""A plan as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from tinycc.plan.bound import peak
from tinycc.plan.trace import Plan, Trace, Use


def picture(trace: Trace, plan: Plan, width: int = 96, names: Sequence[str] = ()) -> str:
    """The arena as text: time goes down, addresses go right over `width` characters; a legend follows.

    A tenant is drawn as `[index name]`, cut to its room; `|` stands where one or more have no room for brackets, `.` for
    unused memory. What takes over the memory of one with a lower index is drawn in its place. The last column is the most that
    is in use in a step. Steps between which no tenant begins or ends share a line. `names` are for tenants, instead of their
    own.
    """
    labels = list(names) or [tenant.name for tenant in trace.tenants]
    top = trace.step(peak(trace)[0])
    lines = [f"{plan.size:,} bytes in {len(labels)} buffers; lower bound {plan.lower_bound:,}, set by step {top}"]
    for first, last, drawn in _rows(trace):
        row = ["."] * width
        for i, use in drawn:
            left = (plan.offsets[i] + use.bottom) * width // plan.size
            right = max(left + 1, (plan.offsets[i] + use.top) * width // plan.size)
            row[left:right] = _box(i, labels[i], right - left)
        steps = f"{first}" if first == last else f"{first}-{last}"
        lines.append(f"{steps:>9} {''.join(row)} {_most(trace, first, drawn):,}{' <- peak' if first <= top <= last else ''}")
    lines.append(f"{'index':>9} {'offset':>11} {'size':>11} {'steps':>9}  name")
    for i, (tenant, offset) in enumerate(zip(trace.tenants, plan.offsets, strict=True)):
        steps = f"{trace.step(tenant.first)}-{trace.step(tenant.last)}"
        lines.append(f"{i:>9} {offset:>11,} {tenant.size:>11,} {steps:>9}  {labels[i]}")
    return "\n".join(lines) + "\n"


def _rows(trace: Trace) -> list[tuple[int, int, list[tuple[int, Use]]]]:
    """(first step, last step, uses in them by tenant) for every run of steps in which the same is in use."""
    uses = [(i, use) for i, tenant in enumerate(trace.tenants) for use in tenant.uses if use.top > use.bottom]
    changes = sorted({trace.step(use.first) for _, use in uses} | {trace.step(use.last) + 1 for _, use in uses})
    begins: dict[int, list[tuple[int, Use]]] = {}
    for i, use in uses:
        begins.setdefault(trace.step(use.first), []).append((i, use))
    rows = []
    alive: list[tuple[int, Use]] = []
    for first, end in pairwise(changes):
        alive = [item for item in alive if trace.step(item[1].last) >= first] + begins.get(first, [])
        alive.sort(key=lambda item: item[0])
        rows.append((first, end - 1, alive))
    return rows


def _most(trace: Trace, step: int, uses: Sequence[tuple[int, Use]]) -> int:
    """The most bytes in use at a moment of a run of steps, of which `step` is the first."""
    changes: Counter[int] = Counter()
    for _, use in uses:
        changes[use.first] += use.top - use.bottom
        changes[use.last + 1] -= use.top - use.bottom
    moments = sorted(changes)
    before = sum(use.top - use.bottom for _, use in uses if trace.step(use.first) < step)
    totals = zip(moments, accumulate(changes[moment] for moment in moments), strict=True)
    begun = {use.first for _, use in uses if trace.step(use.first) >= step}
    return max([before, *(total for moment, total in totals if moment in begun)])


def _box(index: int, name: str, room: int) -> str:
    """Exactly `room` characters. An index is shown in full or not at all."""
    if room < 2:
        return "|"
    label = f"{index} {name}" if room - 2 >= len(str(index)) else ""
    return f"[{label[: room - 2]:<{room - 2}}]"

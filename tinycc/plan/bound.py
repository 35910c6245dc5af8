# SPDX-License-Identifier: Apache-2.0
"""What no plan can go below, and where that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tinycc.plan.trace import Trace, Use


def lower_bound(trace: Trace) -> int:
    """Bytes that no plan can go below: the largest need of any one moment.

    Without alignment, the need is the sum of the bytes in use. Tenants aligned to `a` or more bytes that are in use from their
    first byte on each take a multiple of `a`, but for the topmost, whose padding nobody needs: every alignment in use gives
    such a bound, and the largest counts.
    """
    return max((need for _, need in _needs(trace)), default=0)


def peak(trace: Trace) -> tuple[int, tuple[int, ...]]:
    """The first moment that needs the most, and the indices of the tenants with bytes in use there."""
    moment, need = max(_needs(trace), key=lambda at: (at[1], -at[0]), default=(0, 0))
    if not need:
        return 0, ()
    alive = (
        i
        for i, tenant in enumerate(trace.tenants)
        if any(use.first <= moment <= use.last and use.top > use.bottom for use in tenant.uses)
    )
    return moment, tuple(alive)


class _Need:
    """The bound for what is in use together, kept up to date: for every alignment, the sum of the sizes rounded up to it and
    how many have each padding."""

    def __init__(self) -> None:
        self._bytes = 0
        self._rounded: Counter[int] = Counter()
        self._padding: dict[int, Counter[int]] = {}

    def add(self, use: Use, align: int, sign: int, aligns: set[int]) -> None:
        """Bytes come into use, or with `sign` -1 out of it. `aligns`: all that are in use in the trace."""
        size = use.top - use.bottom
        self._bytes += sign * size
        for a in aligns:
            if a <= align and use.bottom == 0:
                padding = -size % a
                self._rounded[a] += sign * (size + padding)
                counts = self._padding.setdefault(a, Counter())
                counts[padding] += sign
                if not counts[padding]:
                    del counts[padding]

    @property
    def bytes(self) -> int:
        spared = (self._rounded[a] - max(counts, default=0) for a, counts in self._padding.items())
        return max(self._bytes, *spared) if self._padding else self._bytes


def _needs(trace: Trace) -> Iterator[tuple[int, int]]:
    """(moment, need) wherever bytes come into use: nowhere else can the need grow."""
    aligns = {tenant.align for tenant in trace.tenants}
    begins: dict[int, list[tuple[Use, int]]] = {}
    ends: dict[int, list[tuple[Use, int]]] = {}
    for tenant in trace.tenants:
        for use in tenant.uses:
            if use.top > use.bottom:
                begins.setdefault(use.first, []).append((use, tenant.align))
                ends.setdefault(use.last + 1, []).append((use, tenant.align))
    need = _Need()
    for moment in sorted({*begins, *ends}):
        for use, align in ends.get(moment, ()):
            need.add(use, align, -1, aligns)
        for use, align in begins.get(moment, ()):
            need.add(use, align, 1, aligns)
        if moment in begins:
            yield moment, need.bytes

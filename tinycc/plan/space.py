# SPDX-License-Identifier: Apache-2.0
"""What may lie where: first fit over tenants that keep apart as their trace says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tinycc.plan.trace import Tenant, Trace


class Space:
    """The tenants of a trace, and for each the others that it must keep away from.

    `near[i]` has a `(j, low, high)` for every open interval `offset_j + low .. offset_j + high` in which `offset_i` must not
    lie; `place` relies on nothing else.
    """

    def __init__(self, trace: Trace) -> None:
        self.tenants = trace.tenants
        self.near: list[list[tuple[int, int, int]]] = [[] for _ in trace.tenants]
        for i, j in _meeting(trace):
            for low, high in trace.barred(i, j):
                self.near[i].append((j, low, high))
                self.near[j].append((i, -high, -low))
        for others in self.near:
            others.sort()
        self.effort = len(self.near) + sum(map(len, self.near))
        """What it costs to place all, in pairs looked at."""

    def place(self, order: Iterable[int]) -> list[int]:
        """First fit: tenant by tenant, the lowest legal offset above, between or upon those placed before."""
        placed = self.place_below(list(order), None)
        assert placed is not None
        return placed

    def place_below(self, order: Sequence[int], most: int | None, known: Sequence[int] = (), same: int = 0) -> list[int] | None:
        """As `place`; None if a tenant ends above `most`, which is found out as early as can be. The first `same` of the order
        lie as in `known`."""
        offsets = [-1] * len(self.tenants)
        for i in order[:same]:
            offsets[i] = known[i]
        for i in order[same:]:
            barred = [(there + low, there + high) for j, low, high in self.near[i] if (there := offsets[j]) >= 0]
            barred.sort()
            mask = self.tenants[i].align - 1
            here = 0
            for low, high in barred:
                if here <= low:
                    break
                if here < high:
                    here = (high + mask) & ~mask
            if most is not None and here + self.tenants[i].size > most:
                return None
            offsets[i] = here
        return offsets

    def ends(self, offsets: Sequence[int]) -> list[int]:
        return [offset + tenant.size for offset, tenant in zip(offsets, self.tenants, strict=True)]

    def end(self, offsets: Sequence[int]) -> int:
        return max(self.ends(offsets), default=0)


class Crowd(Space):
    """A space of so many tenants alive together that their pairs cannot be listed: who is near is found anew every time.

    Each counts as in use as a whole from its first moment to its last. Takes a trace without takers.
    """

    def __init__(self, trace: Trace) -> None:
        assert not trace.takers
        self.tenants = trace.tenants
        self.near = []
        self.effort = pairs(trace)
        self._first, self._last, self._size = (
            np.array([getattr(tenant, name) for tenant in trace.tenants], np.int64) for name in ("first", "last", "size")
        )

    def place_below(self, order: Sequence[int], most: int | None, known: Sequence[int] = (), same: int = 0) -> list[int] | None:
        offsets = np.full(len(self.tenants), -1, np.int64)
        for i in order:
            size, mask = self._size[i], self.tenants[i].align - 1  # those of no bytes lie at 0 and are in no way
            near = (self._first <= self._last[i]) & (self._last >= self._first[i]) & (offsets >= 0)
            low, high = offsets[near] - size, offsets[near] + self._size[near]
            by_low = np.argsort(low, kind="stable")
            free = np.maximum.accumulate(np.concatenate([[0], high[by_low]]))  # above all before it
            free = (free + mask) & ~mask
            fits = free[:-1] <= low[by_low]
            offsets[i] = 0 if not size else free[np.argmax(fits)] if fits.any() else free[-1]
            if most is not None and offsets[i] + size > most:
                return None
        return [int(offset) for offset in offsets]


def pairs(trace: Trace) -> int:
    """How many pairs of tenants have a moment in common, from the first to the last one of each."""
    tenants = [tenant for tenant in trace.tenants if tenant.size]
    begins = np.sort(np.array([tenant.first for tenant in tenants], np.int64))
    ends = np.sort(np.array([tenant.last for tenant in tenants], np.int64))
    gone = np.searchsorted(ends, begins, side="left")
    return int((np.arange(len(tenants)) - gone).sum())


def _meeting(trace: Trace) -> Iterator[tuple[int, int]]:
    """Pairs that may have to keep apart: those with a common moment, and takers with what they may take over."""
    alive: list[int] = []
    for i in _by_time(trace.tenants):
        alive = [j for j in alive if trace.tenants[j].last >= trace.tenants[i].first]
        yield from ((i, j) for j in alive)
        alive.append(i)
    yield from trace.pairs


def _by_time(tenants: Sequence[Tenant]) -> list[int]:
    return sorted((i for i, tenant in enumerate(tenants) if tenant.size), key=lambda i: (tenants[i].first, i))

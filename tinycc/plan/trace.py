# SPDX-License-Identifier: Apache-2.0
"""What the planner sees: tenants of an arena, and which of their bytes are in use at which moment.

Moments count from 0; how finely they divide an inference is up to who makes the trace. Everything that may share memory follows
from one number for two tenants, `separation`: disjoint lifetimes, a result that takes over an operand, and buffers that give
bytes free or fill up bit by bit (rows that were read, rows that are not there yet) are the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


class PlanError(AssertionError):
    """A trace or a plan that breaks the planner's own rules: a defect of tinycc, never of the model."""


@dataclass(frozen=True)
class Use:
    """In the moments `first..last`, both inclusive, a tenant's bytes from `bottom` to below `top` hold what is still needed."""

    first: int
    last: int
    bottom: int
    top: int


@dataclass(frozen=True)
class Tenant:
    """`size` bytes at one offset, a multiple of `align`, a power of two. `uses` in order of time, without a common moment."""

    name: str
    size: int
    align: int
    uses: tuple[Use, ...]

    def __post_init__(self) -> None:
        ends = [-1, *(use.last for use in self.uses)]
        sound = all(before < use.first <= use.last for before, use in zip(ends, self.uses, strict=False))
        within = all(0 <= use.bottom <= use.top <= self.size for use in self.uses)
        if not self.uses or not sound or not within or self.align < 1 or self.align & (self.align - 1):
            raise PlanError(f"{self}: expected uses of its bytes one after the other, and a power of two for align")

    @property
    def first(self) -> int:
        return self.uses[0].first

    @property
    def last(self) -> int:
        return self.uses[-1].last

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of it is in use from its first moment to its last."""
        return len(self.uses) == 1 and self.uses[0].bottom == 0 and self.uses[0].top == self.size


def whole(name: str, size: int, first: int, last: int, align: int) -> Tenant:
    """A tenant that is in use as a whole in the moments `first..last`."""
    return Tenant(name, size, align, (Use(first, last, 0, size),))


def separation(lower: Tenant, upper: Tenant) -> int | None:
    """The least offset of `upper` minus that of `lower` with which no byte of `upper` in use lies below one of `lower` at any
    common moment. None: they have no bytes in use at a common moment."""
    if lower.is_whole and upper.is_whole:
        apart = lower.last < upper.first or upper.last < lower.first or not lower.size or not upper.size
        return None if apart else lower.size
    found: int | None = None
    at = 0
    for use in lower.uses:
        while at < len(upper.uses) and upper.uses[at].last < use.first:
            at += 1
        for other in upper.uses[at:]:
            if other.first > use.last:
                break
            if use.top > use.bottom and other.top > other.bottom:
                found = max(found, use.top - other.bottom) if found is not None else use.top - other.bottom
    return found


@dataclass(frozen=True)
class Trace:
    """The tenants of one arena.

    `takers` names for a tenant others (by index) at whose very offset it may be: it takes over their bytes one by one, in any
    order. Such a pair has no moment in common; it may not overlap in another way even so. `steps`: in which step each moment
    lies, for people; without it, a moment is a step. `turns`: and in which of its turns, 0 where it has none.
    """

    tenants: tuple[Tenant, ...]
    takers: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    steps: tuple[int, ...] = ()
    turns: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for taker, taken in self.pairs:
            a, b = self.tenants[taker], self.tenants[taken]
            if a.size != b.size or separation(a, b) is not None:
                raise PlanError(f"{a} cannot take over {b}: expected equal sizes and no moment in common")

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """(taker, what it may take over), by index."""
        return [(taker, taken) for taker, others in self.takers.items() for taken in others]

    def step(self, moment: int) -> int:
        return self.steps[moment] if self.steps else moment

    def barred(self, i: int, j: int) -> tuple[tuple[int, int], ...]:
        """Open intervals in which the offset of `i` minus the offset of `j` must not lie."""
        a, b = self.tenants[i], self.tenants[j]
        if j in self.takers.get(i, ()) or i in self.takers.get(j, ()):
            return ((-a.size, 0), (0, b.size)) if a.size else ()
        below = separation(a, b)
        if below is None:
            return ()
        above = separation(b, a)
        assert above is not None
        return ((-below, above),) if -below < above else ()


@dataclass(frozen=True)
class Plan:
    """`offsets` in bytes, one per tenant in their order; `size` in bytes, where the highest one ends (not rounded)."""

    offsets: tuple[int, ...]
    size: int
    lower_bound: int

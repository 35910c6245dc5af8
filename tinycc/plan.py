# SPDX-License-Identifier: Apache-2.0
"""Buffers (size, first use, last use) to offsets in one arena: a pure function, its checker, its lower bound, its picture.

The planner knows nothing of tensors. A buffer occupies `size` bytes during the steps `first..last`, both inclusive; two
buffers may share bytes if and only if they share no step. The arena is taken to start at the largest alignment in use.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# How far the search goes when the bound is out of reach, in pairs of buffers looked at (about 10 million a second).
# A count and not a time: a slow machine makes the same plan as a fast one.
EFFORT = 2_000_000


class PlanError(AssertionError):
    """A buffer or a plan that breaks the planner's own rules: a defect of tinycc, never of the model."""


@dataclass(frozen=True)
class Buffer:
    """Memory for the steps `first..last`, inclusive. `size` in bytes, may be 0; `align` in bytes, a power of two."""

    name: str
    size: int
    first: int
    last: int
    align: int

    def __post_init__(self) -> None:
        if self.size < 0 or self.first > self.last or self.align < 1 or self.align & (self.align - 1):
            raise PlanError(f"{self}: expected size >= 0, first <= last, and a power of two for align")

    def meets(self, other: Buffer) -> bool:
        """Whether both hold bytes in a common step, so that they must lie apart."""
        return self.size > 0 and other.size > 0 and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Plan:
    """`offsets` in bytes, one per buffer in their order; `size` in bytes, where the highest buffer ends (not rounded)."""

    offsets: tuple[int, ...]
    size: int
    lower_bound: int


def lower_bound(buffers: Sequence[Buffer]) -> int:
    """Bytes that no plan can go below: the largest need of any one step.

    Without alignment, the need is the sum of the live sizes. Buffers aligned to `a` or more bytes each take a multiple of
    `a`, but for the topmost, whose padding nobody needs: every alignment in use gives such a bound, and the largest counts.
    """
    return _need([buffers[i] for i in peak(buffers)[1]])


def peak(buffers: Sequence[Buffer]) -> tuple[int, tuple[int, ...]]:
    """The first step that needs the most, and the indices of the buffers alive there; those of size 0 do not count."""

    def alive(step: int) -> tuple[int, ...]:
        return tuple(i for i, b in enumerate(buffers) if b.size and b.first <= step <= b.last)

    steps = sorted({b.first for b in buffers if b.size})  # what is alive only grows where a buffer begins
    return max(((s, alive(s)) for s in steps), key=lambda at: _need([buffers[i] for i in at[1]]), default=(0, ()))


def _need(live: Sequence[Buffer]) -> int:
    """The lower bound for buffers that are alive together."""

    def bound(align: int) -> int:
        sizes = [b.size for b in live if b.align >= align]
        return sum(_round_up(size, align) for size in sizes) - max(_round_up(size, align) - size for size in sizes)

    return max((bound(align) for align in {b.align for b in live}), default=0)


def _round_up(value: int, align: int) -> int:
    return -(-value // align) * align


def plan_arena(buffers: Sequence[Buffer]) -> Plan:
    """The smallest arena found: greedy plans first, then a seeded, bounded search from each; it stops at the lower bound.

    What is searched is the order in which first fit places the buffers. No optimum is lost by that: placed by rising
    offset, the buffers of any plan move down or stay.
    """
    bound = lower_bound(buffers)
    space = _Space(buffers)
    best: list[int] | None = None
    for offsets in _candidates(space, bound):
        if best is None or space.end(offsets) < space.end(best):
            best = offsets
        if space.end(best) <= bound:
            break
    assert best is not None, "greedy plans exist for any buffers"
    return Plan(tuple(best), space.end(best), bound)


class _Space:
    """What may lie where. `apart[i]` has a `(j, below, above)` for each buffer j that i must keep away from: either
    `offset_i <= offset_j - below` or `offset_i >= offset_j + above`. Here the two distances are the sizes of i and of j;
    `place` relies on nothing else, so that other rules of separation would be a change of `apart` alone."""

    def __init__(self, buffers: Sequence[Buffer]) -> None:
        self.buffers = buffers
        self.apart = [
            [(j, b.size, other.size) for j, other in enumerate(buffers) if i != j and b.meets(other)]
            for i, b in enumerate(buffers)
        ]

    def place(self, order: Iterable[int]) -> list[int]:
        """First fit: buffer by buffer, the lowest legal offset above or between those placed before."""
        offsets = [-1] * len(self.buffers)
        for i in order:
            placed = [(offsets[j] - below, offsets[j] + above) for j, below, above in self.apart[i] if offsets[j] >= 0]
            mask = self.buffers[i].align - 1
            here = 0
            for until, onwards in sorted(placed):
                if here <= until:
                    break
                if here < onwards:
                    here = (onwards + mask) & ~mask
            offsets[i] = here
        return offsets

    def ends(self, offsets: Sequence[int]) -> list[int]:
        return [offset + b.size for offset, b in zip(offsets, self.buffers, strict=True)]

    def end(self, offsets: Sequence[int]) -> int:
        return max(self.ends(offsets), default=0)


def _candidates(space: _Space, bound: int) -> Iterator[list[int]]:
    """The greedy plans, then, from the smallest of them to the largest, what the search makes of each."""
    greedy = []
    for offsets in _greedy(space):
        greedy.append(offsets)
        yield offsets
    rng = random.Random(0)
    for offsets in sorted(greedy, key=space.end):
        yield from _improve(space, offsets, bound, EFFORT // len(greedy), rng)


def _greedy(space: _Space) -> Iterator[list[int]]:
    """Plans by the classic orders: large ones first, large and long ones first, long ones first, by time, back in time."""
    keys = [(-b.size, -b.size * (b.last - b.first + 1), b.first - b.last, b.first, -b.last) for b in space.buffers]
    for rule in range(5):
        order = sorted(range(len(keys)), key=lambda i: (keys[i][rule], keys[i], i))
        yield space.place(order)


def _improve(space: _Space, offsets: list[int], bound: int, effort: int, rng: random.Random) -> Iterator[list[int]]:
    """Plans by local search: a random walk starts at the highest buffer, goes from buffer to buffer through common steps,
    and gives some of those that it meets another place in the order.

    The new order stays unless it is worse: by the plan's end, then by the bytes that lie above `bound`. The odds of the walk
    hardly matter (measured); that it can reach any order from any other does.
    """

    def pick(count: int) -> int:
        return int(rng.random() * count)  # random() alone is promised to stay the same from one Python to the next

    def cost(ends: list[int]) -> tuple[int, int]:
        return max(ends), sum(end - bound for end in ends if end > bound)

    order = sorted(range(len(offsets)), key=offsets.__getitem__)
    ends = space.ends(offsets)
    for _ in range(min(effort // (len(order) + sum(map(len, space.apart))), 100 * len(order))):
        trial, here = order[:], ends.index(max(ends))
        while trial == order or rng.random() < 0.7:
            if rng.random() < 0.4:
                trial.remove(here)
                trial.insert(pick(len(order)), here)
            if space.apart[here]:
                here = space.apart[here][pick(len(space.apart[here]))][0]
        placed = space.place(trial)
        if cost(space.ends(placed)) <= cost(ends):
            order, ends = trial, space.ends(placed)
            yield placed


def check(buffers: Sequence[Buffer], plan: Plan) -> None:
    """Raises PlanError unless every buffer lies inside the arena, aligned, apart from all others alive in a common step."""
    if len(plan.offsets) != len(buffers):
        raise PlanError(f"{len(plan.offsets)} offsets for {len(buffers)} buffers")
    if plan.size < plan.lower_bound or plan.lower_bound != lower_bound(buffers):
        raise PlanError(f"size {plan.size}, lower bound {plan.lower_bound}, in truth {lower_bound(buffers)}")
    at = [f'buffer {i} "{b.name}" at {o}..{o + b.size}' for i, (b, o) in enumerate(zip(buffers, plan.offsets, strict=True))]
    for i, (b, offset) in enumerate(zip(buffers, plan.offsets, strict=True)):
        if offset < 0 or offset + b.size > plan.size:
            raise PlanError(f"{at[i]} lies outside the arena of {plan.size} bytes")
        if offset % b.align:
            raise PlanError(f"{at[i]} is not aligned to {b.align} bytes")
        for j, (other, start) in enumerate(zip(buffers[:i], plan.offsets, strict=False)):
            if b.meets(other) and offset < start + other.size and start < offset + b.size:
                steps = f"{max(b.first, other.first)}..{min(b.last, other.last)}"
                raise PlanError(f"{at[j]} and {at[i]} overlap, both alive in the steps {steps}")


def picture(buffers: Sequence[Buffer], plan: Plan, width: int = 96) -> str:
    """The arena as text: time goes down, addresses go right over `width` characters; a legend follows.

    A buffer is drawn as `[index name]`, cut to its room; `|` stands where one or more have no room for brackets, `.` for
    unused memory. The last column is the sum of the live sizes. Steps between which no buffer begins or ends share a line.
    """
    top, _ = peak(buffers)
    lines = [f"{plan.size:,} bytes in {len(buffers)} buffers; lower bound {plan.lower_bound:,}, set by step {top}"]
    used = [i for i, b in enumerate(buffers) if b.size]
    edges = sorted({buffers[i].first for i in used} | {buffers[i].last + 1 for i in used})
    for first, end in itertools.pairwise(edges):
        row, total = ["."] * width, 0
        for i in (i for i in used if buffers[i].first <= first <= buffers[i].last):
            total += buffers[i].size
            left = plan.offsets[i] * width // plan.size
            right = max(left + 1, (plan.offsets[i] + buffers[i].size) * width // plan.size)
            row[left:right] = _box(i, buffers[i].name, right - left)
        steps = f"{first}" if end == first + 1 else f"{first}-{end - 1}"
        lines.append(f"{steps:>9} {''.join(row)} {total:,}{' <- peak' if first <= top < end else ''}")
    lines.append(f"{'index':>9} {'offset':>11} {'size':>11} {'steps':>9}  name")
    for i, (b, offset) in enumerate(zip(buffers, plan.offsets, strict=True)):
        lines.append(f"{i:>9} {offset:>11,} {b.size:>11,} {f'{b.first}-{b.last}':>9}  {b.name}")
    return "\n".join(lines) + "\n"


def _box(index: int, name: str, room: int) -> str:
    """Exactly `room` characters. An index is shown in full or not at all."""
    if room < 2:
        return "|"
    label = f"{index} {name}" if room - 2 >= len(str(index)) else ""
    return f"[{label[: room - 2]:<{room - 2}}]"

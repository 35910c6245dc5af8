# SPDX-License-Identifier: Apache-2.0
"""Flash that costs next to nothing: kernels that read fewer bytes of constants in a few cycles more are taken unasked where all
of them together save a share of the model's flash for at most a share of its cycles. And flash that is asked for: the fewest
cycles that go with so many bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tinycc.ir import Op
from tinycc.kernels.candidate import Able, Account, Candidate, Taken, flash_of

LEAST = 50
"""The part of the constants and code that must be saved: a fiftieth."""
EACH, LITTLE = 4, 1024
"""The part of an operator's own cycles that may be, or of the model's, for operators that hardly count."""


def economical(taken: Taken, able: Able, fits: Callable[[Candidate], bool], thrift: float) -> Taken:
    """`taken`, with thrifty candidates that `fits` allows for where that is worth it: they save a share of the flash, or take
    neither more flash nor more cycles. `thrift`: the part of all cycles that they may take.

    Code is shared: with a kernel that suits some operators, another that suits them all may be there for nothing. So it is
    tried what comes of it without each kernel, one after the other, for as long as that is less.
    """
    swaps = sorted(_swaps(taken, able, fits), key=lambda swap: swap.rate)
    if not swaps:
        return taken
    flash, cycles = flash_of(taken)
    found, improved = _greedy(taken, swaps, thrift), True
    while improved:
        improved = False
        for name in sorted({swap.item.variant.name for swap in swaps}):
            rest = [swap for swap in swaps if swap.item.variant.name != name]
            if flash_of(tried := _greedy(taken, rest, thrift))[0] < flash_of(found)[0]:
                found, swaps, improved = tried, rest, True
                break
    found = _one_by_one(found, swaps, cycles + int(cycles * thrift))
    less, spent = flash_of(found)
    return found if less <= flash - flash // LEAST or spent <= cycles else taken


def _greedy(taken: Taken, swaps: list[_Swap], thrift: float) -> Taken:
    """The cheapest bytes first, as long as there are cycles for them."""
    found, left = dict(taken), int(flash_of(taken)[1] * thrift)
    for swap in swaps:
        spent = swap.cycles - (found[swap.op].cycles - taken[swap.op].cycles)
        if spent <= left and swap.item.constants < found[swap.op].constants:
            found[swap.op], left = swap.item, left - spent
    return _without_waste(taken, found)


def _one_by_one(found: Taken, swaps: list[_Swap], most: int) -> Taken:
    """One operator's candidate for another, of more constants perhaps, whose code is there or shorter: as long as flash falls,
    and there are no more than `most` cycles."""
    account = Account(found)
    least, improved = account.total[0], True
    while improved:
        improved = False
        for swap in swaps:
            before = account.move({swap.op: swap.item})
            flash, cycles = account.total
            if flash < least and cycles <= most:
                least, improved = flash, True
            else:
                account.move(before)
    return account.taken


HALVINGS = 16
"""How closely the price of a byte, in cycles, is found at which enough of them are saved."""


def saving(taken: Taken, able: Able, bytes: int) -> Taken:
    """What takes at least so many bytes of constants and code less than `taken`, for few cycles; as few as any if none does.

    Every operator has the candidate that costs least at one price of a byte for all: the lowest price that saves enough. What
    of that need not have been is taken back.
    """
    most = flash_of(taken)[0] - bytes
    low, high = 0.0, 1.0
    found = _priced(taken, able, high)
    while flash_of(found)[0] > most and high < HIGHEST:
        low, high = high, high * 8
        found = _priced(taken, able, high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tried = _priced(taken, able, middle)
        if flash_of(tried)[0] <= most:
            high, found = middle, tried
        else:
            low = middle
    return _taken_back(taken, found, most)


HIGHEST = 1e9


def _priced(taken: Taken, able: Able, price: float) -> Taken:
    """The least cycles and `price` times bytes. Code that several operators need is paid once: of every file of it that `taken`
    does not need it is tried what becomes of all without it."""

    def costs(choice: Taken) -> float:
        flash, cycles = flash_of(choice)
        return cycles + price * flash

    def least(item: Candidate) -> tuple[float, int]:
        return item.cycles + price * item.constants, item.cycles

    found = {op: min((taken[op], *able[op]), key=least) for op in taken}
    now, improved = costs(found), True
    there = {name for item in taken.values() for name in item.code}
    while improved:
        improved = False
        changed = [op for op in found if found[op] is not taken[op]]
        for name in sorted({name for op in changed for name in found[op].code} - there):
            moved = found | {op: _without(name, taken[op], able[op], least) for op in changed if name in found[op].code}
            if (cost := costs(moved)) < now:
                found, now, improved = moved, cost, True
                break
    return found


def _without(name: str, taken: Candidate, able: tuple[Candidate, ...], least: Callable[[Candidate], Any]) -> Candidate:
    """What costs least and has no file of code of that name."""
    return min((taken, *(item for item in able if name not in item.code)), key=least)


def _taken_back(taken: Taken, found: Taken, most: int) -> Taken:
    """As many cycles as there are to spare bytes for, the largest pieces first."""
    account = Account(found)
    for op in sorted(found, key=lambda op: taken[op].cycles - found[op].cycles):
        before = account.move({op: taken[op]})
        if account.total[0] > most:
            account.move(before)
    return account.taken


class _Swap:
    """A candidate in place of the one that was taken: cycles more, and cycles for each byte of constants less."""

    def __init__(self, item: Candidate, taken: Candidate) -> None:
        self.op: Op = item.op
        self.item = item
        self.cycles = item.cycles - taken.cycles
        self.rate = self.cycles / max(taken.constants - item.constants, 1)


def _swaps(taken: Taken, able: Able, fits: Callable[[Candidate], bool]) -> Iterator[_Swap]:
    little = sum(item.cycles for item in taken.values()) // LITTLE
    for op, found in able.items():
        for item in found:
            now = taken[op]
            quick = item.cycles <= now.cycles + max(now.cycles // EACH, little)
            if quick and item.constants < now.constants and fits(item):
                yield _Swap(item, now)


def _without_waste(taken: Taken, found: dict[Op, Candidate]) -> dict[Op, Candidate]:
    """Back to what was taken wherever the code of a kernel takes more than its constants save: for one kernel's operators at a
    time, then for each alone."""
    account = Account(found)
    least, improved = account.total[0], True
    while improved:
        improved = False
        changed = [op for op in found if account.taken[op] is not taken[op]]
        groups: dict[str, list[Op]] = {}
        for op in changed:
            groups.setdefault(account.taken[op].variant.name, []).append(op)
        for group in (*(groups[name] for name in sorted(groups)), *([op] for op in changed), changed):
            back = {op: taken[op] for op in group if account.taken[op] is not taken[op]}
            before = account.move(back)
            if back and account.total[0] <= least:
                least, improved = account.total[0], True
            else:
                account.move(before)
    return account.taken

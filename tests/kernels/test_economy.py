# SPDX-License-Identifier: Apache-2.0
"""Which kernels are taken to save flash: small models of candidates that are numbers alone, at both sides of every limit."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from tinycc.kernels.candidate import flash_of
from tinycc.kernels.economy import economical, saving


@dataclass(frozen=True, eq=False)
class Item:
    """A candidate: what of it the economy looks at. `code`: files with their bytes."""

    name: str
    cycles: int
    constants: int
    code: Mapping[str, int] = field(default_factory=dict)
    op: str = ""

    @property
    def variant(self) -> Any:
        return SimpleNamespace(name=self.name)


def model(*ops: tuple[Item, ...]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """(what is taken: the first of every operator, all that is able)."""
    able = {
        str(at): tuple(Item(item.name, item.cycles, item.constants, item.code, str(at)) for item in items)
        for at, items in enumerate(ops)
    }
    return {op: items[0] for op, items in able.items()}, able


def names(found: Mapping[Any, Any]) -> str:
    return " ".join(item.name for item in found.values())


def economy(*ops: tuple[Item, ...], thrift: float = 0.1, unfit: str = "") -> str:
    taken, able = model(*ops)
    return names(economical(taken, able, lambda item: item.variant.name != unfit, thrift))


FAST = Item("fast", 1000, 1000)


@pytest.mark.parametrize(
    ("ops", "expected"),
    [
        # A fiftieth of the flash, for cycles; or a little, for none.
        (((FAST, Item("thrifty", 1010, 980)),), "thrifty"),
        (((FAST, Item("thrifty", 1010, 981)),), "fast"),
        (((FAST, Item("thrifty", 1000, 981)),), "thrifty"),
        (((FAST, Item("thrifty", 1000, 1000)),), "fast"),
        # A tenth of the cycles; a quarter of an operator's own, or of one that hardly counts.
        (((FAST, Item("thrifty", 1100, 500)),), "thrifty"),
        (((FAST, Item("thrifty", 1101, 500)),), "fast"),
        (((FAST, Item("thrifty", 1250, 500)), (Item("big", 9000, 0),)), "thrifty big"),
        (((FAST, Item("thrifty", 1251, 500)), (Item("big", 9000, 0),)), "fast big"),
        (((Item("fast", 4, 1000), Item("thrifty", 13, 500)), (Item("big", 9212, 0),)), "thrifty big"),
        (((Item("fast", 4, 1000), Item("thrifty", 14, 500)), (Item("big", 9212, 0),)), "fast big"),
        # The cheapest bytes first, but for a kernel that keeps more from being saved; of equal ones no second time.
        (((FAST, Item("a", 1040, 800)), (FAST, Item("b", 1100, 400)), (FAST, Item("c", 1250, 0))), "a fast c"),
        (((FAST, Item("a", 1040, 800), Item("b", 1050, 800)),), "a"),
        (((FAST, Item("a", 1010, 900), Item("b", 1090, 500)),), "b"),
        (((FAST, Item("a", 1050, 500), Item("b", 1090, 900)),), "a"),
        # Code that constants do not pay for, of one operator and of several.
        (((FAST, Item("a", 1010, 500, {"a.c": 499})),), "fast"),
        (((FAST, Item("a", 1010, 500, {"a.c": 500})),), "fast"),
        (((FAST, Item("a", 1010, 500, {"a.c": 400})),), "a"),
        (((FAST, Item("a", 1010, 500, {"a.c": 800})), (FAST, Item("a", 1010, 500, {"a.c": 800}))), "a a"),
        (((FAST, Item("a", 1010, 500, {"a.c": 800})), (FAST, Item("b", 1010, 500, {"b.c": 300}))), "fast b"),
        (
            (
                (Item("fast", 1000, 1000, {"f.c": 600}), Item("a", 1010, 900, {"a.c": 300})),
                (Item("fast", 1000, 1000, {"f.c": 600}), Item("a", 1010, 900, {"a.c": 300})),
            ),
            "a a",
        ),
        (((FAST, Item("a", 1010, 500, {"a0.c": 501})), (FAST, Item("a", 1010, 500))), "fast a"),
        (((FAST, Item("a", 1010, 500, {"a0.c": 500})), (FAST, Item("a", 1010, 500))), "fast a"),
        (((FAST, Item("a", 1010, 500, {"a0.c": 499})), (FAST, Item("a", 1010, 500))), "a a"),
        # Without one kernel, another that suits all: less flash in all. As much is no reason.
        (
            (
                (FAST, Item("own", 1001, 480, {"own.c": 200}), Item("both", 1002, 500, {"both.c": 200})),
                (FAST, Item("both", 1002, 500, {"both.c": 200})),
            ),
            "both both",
        ),
        (((FAST, Item("a", 1001, 500), Item("b", 1002, 500)),), "a"),
    ],
)
def test_flash_that_costs_next_to_nothing(ops: tuple[tuple[Item, ...], ...], expected: str) -> None:
    assert economy(*ops) == expected


def test_what_does_not_fit_is_not_taken() -> None:
    assert economy((FAST, Item("a", 1010, 500), Item("b", 1020, 400))) == "b"
    assert economy((FAST, Item("a", 1010, 500), Item("b", 1020, 400)), unfit="b") == "a"


def drawn(rng: random.Random) -> list[tuple[Item, ...]]:
    """Three operators with three kernels each, of four files."""
    files = {f"{name}.c": rng.randrange(0, 60, 10) for name in "pqrs"}

    def item(name: str) -> Item:
        code = {file: files[file] for file in rng.sample(sorted(files), rng.randrange(3))}
        return Item(name, rng.randrange(1, 200), rng.randrange(0, 200, 5), code)

    return [tuple(item(name) for name in "abc") for _ in range(3)]


@pytest.mark.parametrize("seed", range(60))
def test_savings_against_all_choices(seed: int) -> None:
    """What is asked for is saved wherever that can be, and what is changed cannot be had back; cycles are near the fewest."""
    rng = random.Random(seed)
    taken, able = model(*drawn(rng))
    taken = {op: min(items, key=lambda item: item.cycles) for op, items in able.items()}
    choices = [flash_of(dict(zip(able, items, strict=True))) for items in product(*able.values())]
    flash = flash_of(taken)[0]
    for bytes in (1, 40, 100, flash):
        found = saving(taken, able, bytes)
        least = min(total for total, _ in choices)
        total, cycles = flash_of(found)
        if total <= flash - bytes:
            for op in found:
                back = flash_of({**found, op: taken[op]})[0]
                assert back > flash - bytes or found[op] is taken[op] or taken[op].cycles == found[op].cycles
            best = min(cycles for total, cycles in choices if total <= flash - bytes)
            assert cycles <= 2 * best
        else:
            assert least > flash - bytes - 60


SAVED = [
    # (bytes to save, what is taken): the fewest cycles for so many bytes, none where that is nothing, all where it is too much.
    (0, "fast fast fast"),
    (1, "fast cheap fast"),
    (100, "fast cheap fast"),
    (101, "fast fast small"),
    (500, "fast fast small"),
    (501, "fast cheap small"),
    (600, "fast cheap small"),
    (601, "least cheap small"),
    (9999, "least cheap small"),
]


@pytest.mark.parametrize(("bytes", "expected"), SAVED)
def test_flash_that_is_asked_for(bytes: int, expected: str) -> None:
    taken, able = model(
        (Item("fast", 100, 1000), Item("least", 900, 900)),
        (Item("fast", 100, 1000), Item("cheap", 150, 900), Item("dear", 400, 900)),
        (Item("fast", 100, 1000), Item("small", 400, 500)),
    )
    assert names(saving(taken, able, bytes)) == expected


def test_code_that_is_asked_to_go() -> None:
    """A file of code that one operator alone brings is tried without, and is paid for where many share it."""

    def three(code: int) -> tuple[tuple[Item, ...], ...]:
        return ((Item("fast", 100, 1000), Item("a", 101, 500, {"a.c": code}), Item("b", 110, 500, {"b.c": 10})),) * 3

    for code, expected in ((5, "a a a"), (900, "b b b")):
        taken, able = model(*three(code))
        assert names(saving(taken, able, 1400)) == expected
    taken, able = model((Item("fast", 100, 1000, {"a.c": 900}), Item("a", 101, 500, {"a.c": 900})))
    assert names(saving(taken, able, 500)) == "a"

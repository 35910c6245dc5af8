# SPDX-License-Identifier: Apache-2.0
"""What a model can take: RAM against cycles against flash, over the goals, what runs row by row, and budgets of either memory
in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from typing_extensions import Unpack

from tinycc.compiler import Model, ModelLike, as_model
from tinycc.device.bench import bench
from tinycc.errors import CompileError, fail
from tinycc.model_cost import cost_of, unbeaten
from tinycc.options import Keywords, Options
from tinycc.passes import STREAM
from tinycc.preferences import Goal
from tinycc.verification import verify

BUDGETS, FLASH_BUDGETS = 6, 4
"""Of RAM, and of flash, between the least and the most that the goals take."""
RUNS = 3
"""Input sets of the comparison with the reference, for each point."""

Advance = Callable[[int, int], None]
"""Called with (done, in all)."""


@dataclass(frozen=True)
class Point:
    """One way to compile a model, of which no other is as good in RAM, flash and cycles and better in one.

    `flags`: what asks for it on the command line. `ram`: bytes of the arena, or of all static memory where `counted`;
    `flash`: bytes of constants and code; `cycles` of one inference. `counted`: linked and run on the core in an emulator,
    else estimated. `verified`: by which runtime's results its own were right, None: not compared.
    """

    number: int
    flags: str
    ram: int
    flash: int
    cycles: int
    counted: bool
    verified: str | None
    options: Options

    @property
    def name(self) -> str:
        return f"{self.number}: {self.flags or 'the default'}"

    @property
    def costs(self) -> tuple[int, int, int]:
        return self.ram, self.flash, self.cycles


def explore(
    model: ModelLike,
    options: Options | None = None,
    *,
    compare: bool = True,
    advance: Advance | None = None,
    **keywords: Unpack[Keywords],
) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """All points that were tried, and those that nothing beats, the least RAM first; these are numbered from 1.

    Costs are estimates for `target`; with `on` they are counted on that core. With `compare` each of the points that nothing
    beats is also run on this machine and held against the reference runtime. Raises CompileError, also for a wrong result.
    """
    loaded, asked = as_model(model, options, keywords)
    if asked.on is not None:
        asked = replace(asked, target=asked.on)
    tried = _tried(loaded, asked)
    best = unbeaten(tried, lambda point: point.costs)
    done, total = 0, len(best) * (compare + (asked.on is not None))
    found = []
    for point in best:
        if asked.on is not None:
            point = _counted(loaded, point)
        if compare:
            point = replace(point, verified=_verified(loaded, point))
        found.append(point)
        done += total // len(best)
        if advance is not None:
            advance(done, total)
    if asked.on is not None:
        found = unbeaten(found, lambda point: point.costs)
    return tuple(tried), tuple(replace(point, number=number) for number, point in enumerate(found, 1))


def _tried(loaded: Model, asked: Options) -> list[Point]:
    """A point for each way that costs something else: the goals, by rows and whole, then budgets between what they take."""
    found: dict[tuple[int, int, int], Point] = {}
    for options in _goals(asked):
        _try(loaded, options, found)
    rams, flashes = _between([costs[0] for costs in found], BUDGETS), _between([costs[1] for costs in found], FLASH_BUDGETS)
    for budget in rams:
        for goal in (Goal.BALANCED, Goal.SPEED):
            _try(loaded, replace(asked, optimize=goal, ram=budget), found)
    for budget in flashes:
        for goal in (Goal.BALANCED, Goal.RAM):
            _try(loaded, replace(asked, optimize=goal, flash=budget), found)
    return sorted(found.values(), key=lambda point: point.costs)


def _between(taken: Sequence[int], count: int) -> list[int]:
    """So many budgets, in equal ratios, between the least and the most of what was taken."""
    least, most = min(taken), max(taken)
    return [round(least * (most / max(least, 1)) ** (step / (count + 1))) for step in range(1, count + 1)]


def _goals(asked: Options) -> Iterator[Options]:
    for without in dict.fromkeys((asked.without, asked.without | {STREAM})):
        for goal in Goal:
            if not (STREAM in without and (asked.stream_input or asked.stream_output)):
                yield replace(asked, optimize=goal, without=without)


def _try(loaded: Model, options: Options, found: dict[tuple[int, int, int], Point]) -> None:
    try:
        cost = cost_of(loaded, options)
    except CompileError:
        if options.ram is None:
            raise
        return  # It does not go with so little.
    costs = cost.ram, cost.flash, cost.cycles
    found.setdefault(costs, Point(0, _flags(options), *costs, counted=False, verified=None, options=options))


def _flags(options: Options) -> str:
    """What asks for the choice, beside what the user has said."""
    parts = [f"--optimize {options.optimize.value}"] if options.optimize is not Goal.BALANCED else []
    parts += [f"--{name} {bytes}" for name in ("ram", "flash") if (bytes := getattr(options, name)) is not None]
    return " ".join(parts + (["--no-stream"] if STREAM in options.without else []))


def _counted(loaded: Model, point: Point) -> Point:
    """On the core, where the results are looked at, too."""
    measured = bench(loaded, replace(point.options, on=point.options.target))
    return replace(point, ram=measured.ram_bytes, flash=measured.flash_bytes, cycles=measured.cycles_estimate, counted=True)


def _verified(loaded: Model, point: Point) -> str | None:
    """The runtime that says the same, None where none can say anything."""
    verdict = verify(loaded, replace(point.options, on=None, runs=min(point.options.runs, RUNS)))
    if not verdict.equal:
        raise fail(f"the C with {point.flags or 'the default'}", verdict.headline, "equal results", "Please report this.")
    return verdict.oracle if verdict.passed else None

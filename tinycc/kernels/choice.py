# SPDX-License-Identifier: Apache-2.0
"""The choice of kernels: one variant for every operator of a model, by its goal.

`speed`: each operator's fewest cycles. `balanced`: the same, where that takes little more memory than the smallest peak; and
flash that costs next to nothing is saved (economy.py).
`size`: the fewest bytes of constants and code in all; code that several operators need is paid once, so that a kernel that is
there anyway may win. `ram`: the smallest peak of memory that any choice reaches, and below it the fewest cycles: scratch is
saved where the peak is, not where there is room. All of them compute the same bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tinycc.errors import CompileError, Problem
from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Context, Cost, Origin, Variant, variants
from tinycc.kernels.candidate import Able, Account, Candidate, Taken
from tinycc.kernels.economy import economical, saving
from tinycc.kernels.folding import alike
from tinycc.ops.base import Operator
from tinycc.preferences import Goal, Policy
from tinycc.provider import MADE_FOR


@dataclass(frozen=True)
class Choice:
    """The variant that was taken, what it costs, and by name why the others for these types were not.

    `reason`: the choice in a line: what decided, for it and for the next best.
    """

    taken: Variant[Any]
    cost: Cost
    rejected: tuple[tuple[str, str], ...] = ()
    reason: str = ""


FAR = 3
"""How many times as fast what is there to save flash must be, to be taken for its speed."""
LITTLE = 2048
"""Bytes that a balanced choice may take beyond the least peak of memory, if they are more than a context's share of it."""


def choose(
    graph: Graph,
    context: Context,
    room: Mapping[Op, int] | None = None,
    pinned: Mapping[Op, str] | None = None,
    times: Mapping[Op, int] | None = None,
) -> Mapping[Op, Choice]:
    """A variant for every op of a model, inner graphs included, but for views, which need none. `room`: of some ops, the bytes
    of scratch that they may take, if there is a variant that takes no more, else as few as any. `pinned`: the names of those
    that are chosen already. `times`: how often some ops are computed in an inference.

    Raises CompileError for all ops that none computes, or not the one that it must be.
    """
    refused: dict[Op, dict[str, str]] = {}
    able: dict[Op, tuple[Candidate, ...]] = {}
    for op in graph.all_ops:
        assert isinstance(op, Operator)
        if not op.view:
            refused[op], able[op] = _judged(op, context, (times or {}).get(op, 1))
    _refuse([op for op, found in able.items() if not found], context)
    wanted = {op: _preferred(found, context.policy) for op, found in able.items()}
    wanted |= {op: _fitting(wanted[op], bytes) for op, bytes in (room or {}).items() if op in wanted}
    wanted |= _pinned(pinned, able, refused) if pinned else {}
    picked = _PICKED[context.goal](graph, wanted, context)
    picked = saving(picked, wanted, context.save) if context.save else picked
    needed = _needed(picked) if context.goal is Goal.SIZE else {}
    return {op: _choice(taken, able[op], wanted[op], refused[op], needed.get(op, set())) for op, taken in picked.items()}


_Judged = tuple[dict[str, str], tuple[Candidate, ...]]


def _judged(op: Operator, context: Context, times: int) -> _Judged:
    """(why variants cannot compute an operator, those that can): found once, as many layouts of a graph are tried. Kept in the
    operator, as what refers to it would keep it alive elsewhere."""
    known: list[tuple[Context, int, _Judged]] = op.__dict__.setdefault("_judged", [])
    context = context.asked
    for before, often, judged in known:
        if often == times and before == context:
            return judged
    reasons = {variant: _refusal(variant, op, context) for variant in candidates(op)}
    refused = {variant.name: why for variant, why in reasons.items() if why is not None}
    able = tuple(Candidate(variant, op, context, times) for variant, why in reasons.items() if why is None)
    known.append((context, times, (refused, able)))
    return refused, able


def _refusal(variant: Variant[Any], op: Operator, context: Context) -> str | None:
    """Why a variant cannot compute an operator, or another part of what it is a part of; None if it can."""
    return next((why for part in alike(op) if (why := variant.refusal(part, context)) is not None), None)


def roomier(op: Operator, context: Context, choice: Choice, room: Sequence[int]) -> tuple[Choice, range] | None:
    """Of an operator that is computed in turns, each of which may take so many bytes of scratch: what saves the most cycles of
    `choice`, which fits into all, and in which turns. None: there is nothing."""
    _, found = _judged(op, context, 1)
    faster = [item for item in _preferred(found, context.policy) if item.cost.cycles < choice.cost.cycles]
    turns = {item: _longest([bytes >= item.scratch for bytes in room]) for item in faster}
    saved = {item: (choice.cost.cycles - item.cost.cycles) * len(turns[item]) for item in faster}
    best = max(faster, key=lambda item: (saved[item], -item.scratch), default=None)
    return (Choice(best.variant, best.cost), turns[best]) if best is not None and saved[best] else None


def _longest(items: Sequence[bool]) -> range:
    """The longest run of those that hold."""
    best, start = range(0), 0
    for at, holds in enumerate(items):
        start = start if holds else at + 1
        best = range(start, at + 1) if at + 1 - start > len(best) else best
    return best


def candidates(op: Operator) -> tuple[Variant[Any], ...]:
    """The variants that serve the types of `op`, in the order of their declaration."""
    name = next((signature.name for signature in op.signatures if signature.matches(op)), None)
    return tuple(variant for variant in variants(type(op)) if name in variant.signatures)


def _refuse(ops: Iterable[Op], context: Context) -> None:
    where = f"{context.target.name} with {context.provider.name}" if context.provider.older else context.target.name
    problems = [Problem(str(op.origin), f"no kernel for {op.y.type} on {where}", "a supported form") for op in ops]
    if problems:
        raise CompileError(problems)


def _pinned(pinned: Mapping[Op, str], able: Able, refused: Mapping[Op, Mapping[str, str]]) -> Able:
    """The only candidate of each op whose kernel is chosen already. Raises CompileError for those that cannot be."""
    found = {op: tuple(item for item in able[op] if item.variant.name == name) for op, name in pinned.items() if op in able}
    problems = [
        Problem(str(op.origin), f"{pinned[op]} {refused[op].get(pinned[op], 'is no kernel for it')}", "what that kernel needs")
        for op, items in found.items()
        if not items
    ]
    if problems:
        raise CompileError(problems)
    return found


def _preferred(able: tuple[Candidate, ...], policy: Policy) -> tuple[Candidate, ...]:
    """Those that the policy prefers; all where there is none."""
    asked: Mapping[Policy, Callable[[Variant[Any]], bool]] = {
        Policy.AUTO: lambda variant: True,
        Policy.TINYCC: lambda variant: variant.origin is Origin.TINYCC,
        Policy.CMSIS_NN: lambda variant: variant.origin is Origin.CMSIS_NN,
        Policy.PORTABLE: lambda variant: not variant.features,
    }
    return tuple(item for item in able if asked[policy](item.variant)) or able


def _fitting(wanted: tuple[Candidate, ...], room: int) -> tuple[Candidate, ...]:
    most = max(room, min(item.scratch for item in wanted))
    return tuple(item for item in wanted if item.scratch <= most)


# What is taken, by goal.


def _fastest(graph: Graph, able: Able, context: Context) -> Taken:
    return {op: min(found, key=lambda item: item.speed) for op, found in able.items()}


def _smallest(graph: Graph, able: Able, context: Context) -> Taken:
    """A local search from each operator's own least: to another candidate of one operator, or of all that can have a variant,
    as long as the sum falls. (The sum is that of facility location, whose exact optimum is not worth its time here.)"""
    taken = {op: min(found, key=lambda item: (item.added(), item.speed)) for op, found in able.items()}
    by_name: dict[str, dict[Op, Candidate]] = {}
    for op, found in able.items():
        for item in found:
            by_name.setdefault(item.variant.name, {})[op] = item
    account = Account(taken)
    least, improved = account.total, True
    while improved:
        improved = False
        singles = ({op: item} for op, found in able.items() if len(found) > 1 for item in found)
        for move in (*by_name.values(), *singles):
            before = account.move(move)
            if account.total < least:
                least, improved = account.total, True
            else:
                account.move(before)
    return account.taken


def _needed(taken: Taken) -> Mapping[Op, set[str]]:
    """For every op the files of code that others need."""
    uses = Counter(name for item in taken.values() for name in item.code)
    return {op: {name for name, count in uses.items() if count > (name in item.code)} for op, item in taken.items()}


def _tightest(graph: Graph, able: Able, context: Context) -> Taken:
    needs = _needs(graph, able)
    return _within(needs, able, _least_peak(needs, able))


def _balanced(graph: Graph, able: Able, context: Context) -> Taken:
    """Flash is saved within the same limit, and what stores constants otherwise comes in for that alone, where there is another
    kernel that is not far slower: no model gets larger for it, though zeros that are not computed with may be faster."""
    needs = _needs(graph, able)
    peak = _least_peak(needs, able)
    most = peak + max(int(peak * context.spare), LITTLE)
    fitting = {op: tuple(item for item in found if needs[item] <= most) for op, found in able.items()}
    plain = {op: _plain(found) for op, found in fitting.items()}
    return economical(_fastest(graph, plain, context), able, lambda item: needs[item] <= most, context.thrift)


def _plain(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Those that are for speed, and those that are FAR times as fast."""
    speed = [item.cost.cycles for item in found if not item.variant.thrifty]
    least = min(speed, default=0)
    return tuple(item for item in found if not speed or not item.variant.thrifty or item.cost.cycles * FAR <= least)


def _least_peak(needs: Mapping[Candidate, int], able: Able) -> int:
    return max((min(needs[item] for item in found) for found in able.values()), default=0)


def _within(needs: Mapping[Candidate, int], able: Able, most: int) -> Taken:
    """The fewest cycles with at most so much memory."""
    return {op: min((item for item in found if needs[item] <= most), key=lambda item: item.speed) for op, found in able.items()}


def _needs(graph: Graph, able: Able) -> Mapping[Candidate, int]:
    """Bytes of all tensors that are there, and of scratch, while a candidate runs."""
    alive = _alive(graph)

    def need(item: Candidate) -> int:
        bytes, dying = alive[item.op]
        over = (value for name, value in item.op.operands if name in item.variant.in_place and value in dying)
        shared = any(value.type.bytes == item.op.y.type.bytes for value in over)
        return bytes + item.scratch - (item.op.y.type.bytes if shared else 0)

    return {item: need(item) for found in able.values() for item in found}


_PICKED: Mapping[Goal, Callable[[Graph, Able, Context], Taken]] = {
    Goal.BALANCED: _balanced,
    Goal.SPEED: _fastest,
    Goal.SIZE: _smallest,
    Goal.RAM: _tightest,
}


def _alive(graph: Graph, outside: int = 0) -> Mapping[Op, tuple[int, frozenset[Value]]]:
    """For every op the bytes of all tensors that are there while it runs, and which operands nothing reads behind it."""
    replaced = {output: operand for op in graph.ops for operand, output in op.updated}

    def owner(value: Value) -> Value:
        found = graph.owner(value)
        return owner(replaced[found]) if found in replaced else found

    last = {owner(value): number for number, op in enumerate(graph.ops) for value in (*op.inputs, *op.outputs)}
    last |= {owner(value): len(graph.ops) for value in graph.results}
    last |= {state.before: len(graph.ops) for state in graph.states}
    ends: dict[int, list[Value]] = {}
    for value, number in last.items():
        ends.setdefault(number, []).append(value)
    there = {value for value in graph.sources if value in last}
    bytes = outside + sum(_variable_bytes(value) for value in there)
    found: dict[Op, tuple[int, frozenset[Value]]] = {}
    for number, op in enumerate(graph.ops):
        new = {owner(value) for value in op.outputs} - there
        there |= new
        bytes += sum(_variable_bytes(value) for value in new)
        dying = there.intersection(ends.get(number, ()))
        found[op] = bytes, frozenset(value for value in op.inputs if owner(value) in dying)
        for inner in op.graphs.values():
            found.update(_alive(inner, bytes))
        there -= dying
        bytes -= sum(_variable_bytes(value) for value in dying)
    return found


def _variable_bytes(value: Value) -> int:
    return 0 if value.constant else value.type.bytes


# What is said of it.


def _choice(
    taken: Candidate, able: tuple[Candidate, ...], wanted: tuple[Candidate, ...], refused: Mapping[str, str], there: set[str]
) -> Choice:
    """`there`: files of code that other operators need."""
    policy, goal = taken.context.policy, taken.context.goal

    def tell(item: Candidate) -> str:
        if goal is Goal.SIZE:
            return f"{item.added(there):,} bytes"
        if goal is not Goal.BALANCED or item.speed >= taken.speed:
            return _TOLD[goal](item)
        thrifty = taken.variant.thrifty and item.constants > taken.constants
        held_back = f"{item.constants:,} bytes of constants" if thrifty else f"{item.scratch:,} bytes of scratch"
        return f"{_TOLD[goal](item)}, but {held_back}"

    others = {item.variant.name: f"costs {tell(item)}" for item in wanted if item is not taken}
    preferred = _preferred(able, policy)
    unwanted = {item.variant.name: f"not asked for by --kernels {policy.value}" for item in able if item not in preferred}
    unwanted |= {item.variant.name: f"{item.scratch:,} bytes of scratch" for item in preferred if item not in wanted}
    rejected = {**refused, **others, **unwanted}
    rivals = sorted((item for item in wanted if item is not taken), key=lambda item: _rank(item, goal, there))
    if rivals:
        next_best = f"{rivals[0].variant.name} {tell(rivals[0])}"
    elif rejected:
        name, why = next(iter((unwanted or refused).items()))
        next_best = f"{name} {why}"
    else:
        next_best = "there is no other kernel"
    return Choice(taken.variant, taken.cost, tuple(rejected.items()), f"{tell(taken)}; {next_best}")


def _cycles(item: Candidate) -> str:
    return f"{item.cost.cycles:,} cycles"


def _scratch(item: Candidate) -> str:
    return f"{item.scratch:,} bytes of scratch, {item.cost.cycles:,} cycles"


_TOLD: Mapping[Goal, Callable[[Candidate], str]] = {Goal.BALANCED: _cycles, Goal.SPEED: _cycles, Goal.RAM: _scratch}


def _rank(item: Candidate, goal: Goal, there: Collection[str]) -> tuple[int, int]:
    if goal in (Goal.BALANCED, Goal.SPEED):
        return item.speed
    return (item.added(there) if goal is Goal.SIZE else item.scratch), item.cost.cycles


# What an older library lacks.


@dataclass(frozen=True)
class Replacement:
    """What stands in for a function that an older library lacks."""

    operator: str
    function: str
    kernel: str


def replacements(graph: Graph, context: Context) -> tuple[Replacement, ...]:
    """For each op what would be taken with a library that lacks nothing, and is not."""
    if not context.provider.older:
        return ()
    complete = replace(context, provider=replace(context.provider, version=(MADE_FOR,)))
    wanted, taken = choose(graph, complete), choose(graph, context)
    pairs = ((op, wanted[op].taken.name, taken[op].taken.name) for op in taken)
    return tuple(Replacement(str(op.origin), function, kernel) for op, function, kernel in pairs if function != kernel)

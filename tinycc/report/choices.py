# SPDX-License-Identifier: Apache-2.0
"""Which kernel was chosen for each op, what it costs, and why it was not another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tinycc.ir import Graph, Op
from tinycc.kernels.base import Context
from tinycc.kernels.choice import Choice, choose
from tinycc.kernels.varying import variation
from tinycc.provider import Kind


def choices_text(graph: Graph, context: Context) -> str:
    """The choice for every op of `graph`, inner graphs included, views left out. Raises CompileError if one has none."""
    choices = choose(graph, context)
    return "\n".join(line for op, choice in choices.items() for line in _lines(op, choice, context))


def _lines(op: Op, choice: Choice, context: Context) -> Iterator[str]:
    read = ", ".join(f"{name}: {value.type}" for name, value in op.operands)
    yield f'{op.origin.kind} "{op.y.name}": {type(op).__name__}({read}) -> {op.y.type}'
    cost = f"{choice.cost.cycles:,} cycles, {choice.cost.instructions:,} instructions (estimates)"
    flash = f", {choice.cost.flash:,} bytes of flash" if choice.cost.flash else ""
    yield f"    takes {choice.taken.name}: {cost}{flash}"
    yield f"    as {choice.reason}"
    symbols = (symbol for call in choice.taken.bind(op, context) for symbol in call.symbols)
    varies = variation(op, symbols, context.target, bundled=context.provider.kind is Kind.BUNDLED)
    if varies.why:
        bound = "no bound is known" if varies.most is None else f"at most {varies.most:,} instructions"
        yield f"    may take longer for some values: {varies.why}; {bound}"
    costlier = [(name, why) for name, why in choice.rejected if why.startswith("costs")]
    unfit = [other for other in choice.rejected if other not in costlier]
    for why, names in _by_reason([*costlier, *unfit]).items():
        yield f"    not {', '.join(names)}: {why}"


def _by_reason(rejected: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The kernels that are rejected for each reason; of the ways of one (`NAME by palette2`) only the first has its name."""
    found: dict[str, list[str]] = {}
    before: dict[str, str] = {}
    for name, why in rejected:
        kernel, *way = name.split(" ", 1)
        found.setdefault(why, []).append(way[0] if way and before.get(why) == kernel else name)
        before[why] = kernel
    return found

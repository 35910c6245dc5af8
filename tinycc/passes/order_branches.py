# SPDX-License-Identifier: Apache-2.0
"""Order branches: ops stand in one order, whichever of those that are right the file has them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from tinycc.ir import Graph, Op, Value
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.passes.base import Pass


@dataclass(frozen=True)
class OrderBranches(Pass):
    """`%short = A(%x); %long = C(B(%x)); D(%short, %long)` -> `%long = C(B(%x)); %short = A(%x); D(%short, %long)`.

    What an op reads is made right in front of it, by branches of which the longest comes first: exporters sort graphs each in
    its own way, and their files of one network are to take the same memory. Where more is alive at a time then than in the
    file's order, that stays; so it does in graphs in which it says when memory is written: those with states, and with ops that
    run other graphs or end inferences.
    """

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        if graph.states or any(op.graphs or op.updates or op.period > 1 for op in graph.ops):
            return graph
        ordered = replace(graph, ops=_longest_first(graph))
        peaks = zip(_peaks(ordered), _peaks(graph), strict=True)
        return ordered if all(new <= old for new, old in peaks) else graph


def _longest_first(graph: Graph) -> tuple[Op, ...]:
    producers = graph.producers
    length: dict[Op, int] = {}
    makers: dict[Op, list[Op]] = {}
    for op in graph.ops:
        found = dict.fromkeys(producers[value] for value in op.inputs if value in producers)
        length[op] = max((length[maker] for maker in found), default=0) + (not op.view)
        makers[op] = sorted(found, key=lambda maker: length[maker])
    ends = [producers[value] for value in graph.outputs if value in producers]
    done: dict[Op, None] = {}
    waiting = [*reversed(graph.ops), *reversed(ends)]
    while waiting:
        missing = [maker for maker in makers[waiting[-1]] if maker not in done]
        if missing:
            waiting += missing
        else:
            done[waiting.pop()] = None
    return tuple(done)


def _peaks(graph: Graph) -> tuple[int, int]:
    """Bytes that are alive at a time, of whole tensors; and where elementwise ops write over an operand that is as long."""
    last: dict[Value, int] = {}
    for position, op in enumerate(graph.ops):
        last.update((graph.owner(value), position) for value in op.inputs)
    last.update((graph.owner(value), len(graph.ops)) for value in graph.outputs)
    alive = apart = over = sum(value.type.bytes for value in graph.inputs)
    for position, op in enumerate(graph.ops):
        made = [] if op.view else [value.type.bytes for value in op.outputs]
        read = {owner for value in op.inputs if not (owner := graph.owner(value)).constant}
        gone = [value.type.bytes for value in read if last[value] == position]
        written_over = isinstance(op, Pointwise | Broadcast) and made[0] in gone
        alive += sum(made)
        apart, over = max(apart, alive), max(over, alive - made[0] if written_over else alive)
        alive -= sum(gone) + sum(value.type.bytes for value in op.outputs if made and value not in last)
    return apart, over

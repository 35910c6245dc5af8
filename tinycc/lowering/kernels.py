# SPDX-License-Identifier: Apache-2.0
"""The kernels of a graph's operators, and of those that go row by row what computes the turns in which there is more room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tinycc.ir import Op
from tinycc.kernels.base import Context
from tinycc.kernels.calls import STAYS, Call, Path
from tinycc.kernels.choice import Choice, choose, roomier
from tinycc.lowering.order import Order
from tinycc.lowering.storage import ALIGN
from tinycc.ops.base import Operator
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Pad
from tinycc.schedule.estimate import fast
from tinycc.schedule.rows import Form, row_bytes
from tinycc.schedule.runs import Run

Room = Callable[[int], Sequence[int]]
"""Bytes of scratch that a step, by its number, may take, in each of its turns."""
WORTH = 100
"""What part of all cycles another kernel for some turns must save."""


@dataclass(frozen=True)
class Kernels:
    """What computes an operator: `usual`, and `roomy` in the turns of `path` of one that goes row by row."""

    usual: Choice
    roomy: Choice | None = None
    path: Path = STAYS

    def bind(self, op: Op, turn: int, context: Context) -> tuple[Call, ...]:
        """The calls of a part of the operator, in a turn."""
        if self.roomy is None or not self.path.first <= turn <= self.path.last:
            return self.usual.taken.bind(op, context)
        return tuple(call.called("roomy", self.path) for call in self.roomy.taken.bind(op, context))

    @property
    def edges(self) -> tuple[int, ...]:
        """The turns with which another one begins."""
        return (self.path.first, self.path.last + 1) if self.roomy is not None else ()

    def cycles(self, turns: int) -> int:
        """Of so many turns."""
        roomy = self.path.last - self.path.first + 1 if self.roomy is not None else 0
        return self.usual.cost.cycles * (turns - roomy) + (self.roomy.cost.cycles * roomy if self.roomy is not None else 0)

    @property
    def reason(self) -> str:
        if self.roomy is None:
            return self.usual.reason
        name, cycles = self.roomy.taken.name, self.roomy.cost.cycles
        return (
            f"{self.usual.reason}; in turns {self.path.first} to {self.path.last} there is room for {name}: {cycles:,} cycles"
        )


def kernels(order: Order, context: Context, runs: tuple[Run, ...], room: Room | None) -> Mapping[Op, Kernels]:
    """The kernels of each operator; of one that goes row by row, for what it does in most turns."""
    graph, known = order.graph, dict(context.pinned)
    pinned = {op: known[step] for op, step in order.steps.items() if step in known}
    if not runs:
        return {op: Kernels(choice) for op, choice in choose(graph, context, pinned=pinned).items()}
    forms = {form.op: form for run in runs for form in run.clock.forms}
    parts: dict[Op, Op] = {op: form.usual.op for op, form in forms.items()}
    ops = tuple(parts.get(op, op) for op in graph.ops if op not in forms or forms[op].sums is None)
    rooms = {op: room(number) for op, number in order.steps.items()} if room is not None else {}
    least = {parts.get(op, op): min(turns) for op, turns in rooms.items()} if room is not None else None
    times: dict[Op, int] = {form.usual.op: form.turns for form in forms.values()}
    pinned = {parts.get(op, op): name for op, name in pinned.items()}
    chosen = choose(replace(graph, ops=ops), fast(context), least, pinned, times)
    found = {op: Kernels(chosen[parts.get(op, op)]) for op in graph.all_ops if parts.get(op, op) in chosen}
    others = {op: Kernels(choice) for op, choice in choose(replace(graph, ops=_others(runs)), fast(context)).items()}
    cycles = sum(item.cycles(forms[op].turns if op in forms else 1) for op, item in found.items())
    for run in runs:
        for form in run.clock.forms:
            if form.op in found and len(rooms.get(form.op, ())) == form.turns:
                found[form.op] = _with_room(run, form, context, found[form.op].usual, rooms[form.op], cycles)
    return {**found, **others}


def _others(runs: tuple[Run, ...]) -> tuple[Op, ...]:
    """What turns compute that are another operator than most: rows of a frame."""
    forms = (form for run in runs for form in run.clock.forms if isinstance(form.op, Pad))
    parts = (form.block(turn).op for form in forms for turn in range(form.turns))
    return tuple(dict.fromkeys(op for op in parts if isinstance(op, Copy)))


def _with_room(run: Run, form: Form, context: Context, usual: Choice, room: Sequence[int], cycles: int) -> Kernels:
    """With another kernel in the turns that have room for it, if that is worth it for a model of so many `cycles`."""
    op = form.usual.op
    assert isinstance(op, Operator)
    found = roomier(op, fast(context), usual, room)
    if found is None:
        return Kernels(usual)
    choice, turns = found
    made = Kernels(usual, choice, Path(_drift(run, form), turns.start, turns.stop - 1))
    saved = usual.cost.cycles * form.turns - made.cycles(form.turns)
    return made if saved * WORTH >= cycles else Kernels(usual)


def _drift(run: Run, form: Form) -> int:
    """Bytes by which room for working memory moves on with each turn: between an operand that is used up, from the first row
    on, and the result that is filled behind it. 0: these have other places."""
    if len(form.readings) != 1:
        return 0
    (reading,) = form.readings
    if form.y in run.clock.lines or reading.value in run.clock.lines:
        return 0
    bytes = reading.step * row_bytes(reading.value)
    return bytes if bytes % ALIGN == 0 else 0

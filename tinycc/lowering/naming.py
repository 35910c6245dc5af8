# SPDX-License-Identifier: Apache-2.0
"""The names of run-time values in a program: of the pointers to them, and of what their bytes are."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.ir import Value
from tinycc.lowering.order import Order
from tinycc.ops.control import Control, While


class Names:
    """`pointers`: step 3 makes `y3`, and `y3_1` if it has a second output; a state has the name of what it becomes, and so has
    everything that lies in an operand's memory and is no view, if the element type is the same.

    `contents`: the bytes of a view are those of its operand; whatever else an op makes is something new, also where it replaces
    something in the same memory. `turns` are the contents of a loop's values from turn to turn, of those that change.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self.pointers: dict[Value, str] = {}
        self.contents: dict[Value, str] = {}
        self.turns: dict[tuple[While, int], str] = {}
        sources = {value: f"input_{index}" for index, value in enumerate(order.graph.inputs)}
        sources |= {state.before: f"state_{index}" for index, state in enumerate(order.graph.states)}
        self.pointers.update(sources)
        self.contents.update(sources)
        self._name_pointers()
        self._name_contents()

    def add(self, value: Value, name: str) -> None:
        """A value that the graph does not have."""
        self.pointers[value] = self.contents[value] = name

    def _name_pointers(self) -> None:
        given = self._given()
        for op, position in self._order.steps.items():
            replaced = {output: operand for operand, output in op.updated}
            for index, value in enumerate(op.outputs):
                other = replaced.get(value, given.get(value))
                if other is not None and other.dtype is value.dtype:
                    self.pointers[value] = self.pointers[other]
                else:
                    self.pointers[value] = _made(position, index)
            if isinstance(op, Control):
                for inner in op.graphs.values():
                    pairs = zip(inner.inputs, op.args, strict=True)
                    self.pointers.update((value, self.pointers[argument]) for value, argument in pairs)

    def _given(self) -> Mapping[Value, Value]:
        """What an inner graph gives -> the output of the op that runs it."""
        return {
            inner.owner(value): output
            for op, inner, _ in self._order.calls
            for value, output in (zip(inner.outputs, op.outputs, strict=True) if op.gives(inner) else ())
        }

    def _name_contents(self) -> None:
        for op, position in self._order.steps.items():
            if op.view:
                self.contents[op.y] = self.contents.get(op.inputs[0], "")
                continue
            self.contents.update((value, _made(position, index)) for index, value in enumerate(op.outputs))
            if isinstance(op, While):
                self._name_turns(op, position)
            elif isinstance(op, Control):
                for inner in op.graphs.values():
                    pairs = zip(inner.inputs, op.args, strict=True)
                    self.contents.update((value, self.contents[argument]) for value, argument in pairs)

    def _name_turns(self, op: While, position: int) -> None:
        for index, (argument, output) in enumerate(zip(op.args, op.outputs, strict=True)):
            if op.body.outputs[index] is op.body.inputs[index]:
                name = self.contents[output] = self.contents[argument]
            else:
                name = self.turns[op, index] = f"turn{position}_{index}"
            self.contents[op.condition.inputs[index]] = self.contents[op.body.inputs[index]] = name


def _made(position: int, index: int) -> str:
    return f"y{position}_{index}" if index else f"y{position}"

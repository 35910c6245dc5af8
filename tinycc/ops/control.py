# SPDX-License-Identifier: Apache-2.0
"""IF and WHILE: operators that run graphs. Sources: TFLM kernels/if.cc and while.cc.

A graph that an op runs reads nothing but its inputs and constants, and has no states: what it keeps from one inference to the
next is handed in and out as an operand and an output of the op.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.interpret import bounded, call
from tinycc.ir import Array, DType, Graph, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature


def _types(values: tuple[Value, ...]) -> str:
    return ", ".join(f"{value.dtype.value}{list(value.shape)}" for value in values) or "nothing"


def _agree(values: tuple[Value, ...], others: tuple[Value, ...]) -> bool:
    return len(values) == len(others) and all(a.type.same_storage(b.type) for a, b in zip(values, others, strict=True))


@dataclass(frozen=True, eq=False, kw_only=True)
class Control(Operator):
    """An op that runs graphs on `args`. It is never `known`: see `passes.resolve_control`."""

    args: tuple[Value, ...]

    @property
    def known(self) -> bool:
        return False

    def gives(self, graph: Graph) -> bool:
        """Whether what `graph` gives are the op's outputs."""
        return True


@dataclass(frozen=True, eq=False, kw_only=True)
class If(Control):
    """y = then(args) if condition else otherwise(args). Only the graph that is chosen runs.

    `replaced` are positions of an operand in `args` and of the output that takes over its memory: states.
    """

    condition: Value
    then: Graph
    otherwise: Graph
    replaced: tuple[tuple[int, int], ...] = ()

    signatures: ClassVar[tuple[Signature, ...]] = (Signature("any", {"condition": DType.BOOL}, ()),)

    @property
    def attributes(self) -> Iterator[tuple[str, Any]]:
        yield from (item for item in super().attributes if item[1] != ())

    @property
    def updated(self) -> Iterator[tuple[Value, Value]]:
        yield from ((self.args[position], self.outputs[output]) for position, output in self.replaced)

    def infer(self) -> tuple[TensorType, ...]:
        return tuple(value.type for value in self.then.outputs)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        chosen = self.then if read(self.condition).ravel()[0] else self.otherwise
        return tuple(call(chosen, [read(value) for value in self.args]))

    @property
    def macs(self) -> int:
        """Of the graph that has more."""
        return max(self.then.macs, self.otherwise.macs)

    @property
    def work(self) -> int:
        return max(self.then.work, self.otherwise.work)


def is_one_boolean(op: If) -> str | None:
    """the condition is one element"""
    return None if op.condition.type.elements == 1 else f"condition {op.condition.type}"


def branches_agree(op: If) -> str | None:
    """both subgraphs take the operands and give outputs of the same types"""
    for graph in (op.then, op.otherwise):
        if not _agree(graph.inputs, op.args):
            return f"operands {_types(op.args)} for {_types(graph.inputs)}"
    if not _agree(op.then.outputs, op.otherwise.outputs):
        return f"{_types(op.then.outputs)} and {_types(op.otherwise.outputs)}"
    return None


def runs_to_its_end(op: Control) -> str | None:
    """no operator inside ends the inference before its end

    Move CIRCULAR_BUFFER out of the subgraph.
    """
    early = [inner for graph in op.graphs.values() for inner in graph.ops if inner.period > 1]
    return f"{early[0].origin} inside" if early else None


If.conditions = (is_one_boolean, branches_agree, runs_to_its_end)


@dataclass(frozen=True, eq=False, kw_only=True)
class While(Control):
    """y = args; while condition(y): y = body(y).

    The values that go from iteration to iteration lie in the operands' memory. Multiply-accumulates are those of one iteration:
    how many there are is known at run time only. A loop that does not end is the model's: the C does not end either.
    """

    condition: Graph
    body: Graph

    signatures: ClassVar[tuple[Signature, ...]] = (Signature("any", {}, ()),)

    def gives(self, graph: Graph) -> bool:
        return graph is self.body

    @property
    def updated(self) -> Iterator[tuple[Value, Value]]:
        yield from zip(self.args, self.outputs, strict=True)

    def infer(self) -> tuple[TensorType, ...]:
        return tuple(value.type for value in self.args)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        values = [read(value) for value in self.args]
        with bounded(self.origin):
            while call(self.condition, values)[0].ravel()[0]:
                values = call(self.body, values)
        return tuple(map(np.asarray, values))

    @property
    def macs(self) -> int:
        return self.condition.macs + self.body.macs

    @property
    def work(self) -> int:
        return self.condition.work + self.body.work


def has_one_condition(op: While) -> str | None:
    """the condition gives one boolean"""
    outputs = op.condition.outputs
    return None if len(outputs) == 1 and outputs[0].type.elements == 1 and outputs[0].dtype is DType.BOOL else _types(outputs)


def values_stay(op: While) -> str | None:
    """the operands, what the subgraphs take and what the body gives are of the same types"""
    for values in (op.condition.inputs, op.body.inputs, op.body.outputs):
        if not _agree(values, op.args):
            return f"operands {_types(op.args)} and {_types(values)}"
    return None


While.conditions = (has_one_condition, values_stay, runs_to_its_end)

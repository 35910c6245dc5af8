# SPDX-License-Identifier: Apache-2.0
"""Resolve control flow: what is decided while compiling is not decided again at run time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from tinycc.errors import fail
from tinycc.ir import Graph, Op, Origin, Value
from tinycc.ops.control import If, While
from tinycc.ops.movement.reshape import Reshape
from tinycc.passes.base import Pass
from tinycc.passes.fold_constants import FoldConstants, evaluate
from tinycc.passes.remove_dead import RemoveDead
from tinycc.passes.rewrite import inline, renamed, substitute


@dataclass(frozen=True)
class ResolveControl(Pass):
    """`%y = If(const, %x)` -> the chosen graph's ops; constants that an op hands over -> constants inside its graphs; a While
    whose condition is false at once -> its operands, and what follows from constants among them; operands, outputs and values
    of a loop that nobody needs -> nothing.

    `first_test`: elements that computing a loop's first condition may take.
    """

    whole: ClassVar[bool] = True

    first_test: int = 2**20

    def rewrite(self, graph: Graph) -> Graph:
        return _Resolver(self, graph).resolved() if any(op.graphs for op in graph.ops) else graph

    def inner(self, graph: Graph) -> Graph:
        """A graph that an op runs, resolved with what has become known of it."""
        return RemoveDead().rewrite(self.rewrite(FoldConstants().rewrite(graph)))


class _Resolver:
    """One graph on its way: the ops so far, and what stands for values that are no longer made."""

    def __init__(self, step: ResolveControl, graph: Graph) -> None:
        self.step = step
        self.graph = graph
        self.names = graph.names
        self.read = {*graph.users, *graph.results}
        self.new: dict[Value, Value] = {}
        self.ops: list[Op] = []

    def resolved(self) -> Graph:
        for original in self.graph.ops:
            op = original.with_operands(self.new)
            if isinstance(op, If):
                self._if(op)
            elif isinstance(op, While):
                self._while(op)
            elif op.known:
                self.new.update(zip(op.outputs, evaluate(op), strict=True))
            else:
                self.ops.append(op)
        return substitute(self.graph, tuple(self.ops), self.new)

    def _if(self, op: If) -> None:
        constants = {position: value for position, value in enumerate(op.args) if value.constant}
        then, otherwise = (self.step.inner(_bound(graph, constants)) for graph in (op.then, op.otherwise))
        args = _without(op.args, constants)
        if op.condition.data is not None:
            chosen = then if op.condition.data.ravel()[0] else otherwise
            ops, known = inline(chosen, args, op.outputs, self.names, op.origin)
            self.ops += ops
            self.new.update(known)
            return
        outputs = [position for position, value in enumerate(op.outputs) if value in self.read]
        then, otherwise = (RemoveDead().rewrite(_giving(graph, outputs)) for graph in (then, otherwise))
        read = _read_inputs(then) | _read_inputs(otherwise)
        moved = {position - sum(gone < position for gone in constants): position for position in range(len(op.args))}
        kept = [position for position in range(len(args)) if position in read]
        pairs = tuple(
            (kept.index(position), outputs.index(output))
            for position in kept
            for before, output in op.replaced
            if moved[position] == before and before not in constants and output in outputs
        )
        if outputs:
            self.ops.append(
                replace(
                    op,
                    args=tuple(args[position] for position in kept),
                    then=_taking(then, kept),
                    otherwise=_taking(otherwise, kept),
                    replaced=pairs,
                    outputs=tuple(op.outputs[position] for position in outputs),
                )
            )

    def _while(self, op: While) -> None:
        initial = {position: value for position, value in enumerate(op.args) if value.constant}
        if op.condition.work <= self.step.first_test and not any(inner.graphs for inner in op.condition.ops):
            (first,) = self.step.inner(_bound(op.condition, initial)).outputs
            if first.data is not None and not first.data.any():
                for value, output in zip(op.args, op.outputs, strict=True):
                    self._is(output, value, op.origin)
                return
        same = [position for position, value in enumerate(op.body.outputs) if value is op.body.inputs[position]]
        outputs = list(op.outputs)
        for position in same:
            self._is(op.outputs[position], op.args[position], op.origin)
            outputs[position] = renamed(op.outputs[position], self.names)
        constants = {position: value for position, value in initial.items() if position in same}
        rest = [position for position in range(len(op.args)) if position not in constants]
        graphs = (op.condition, _giving(op.body, rest))
        condition, body = (self.step.inner(_bound(graph, constants)) for graph in graphs)
        if condition.outputs[0].data is not None:
            hint = "Does the body change what the condition looks at?"
            raise fail(str(op.origin), "a condition that is always true", "a loop that ends", hint, op.origin.kind)
        args, outputs = [op.args[position] for position in rest], [outputs[position] for position in rest]
        kept = _needed(condition, body, {position for position, value in enumerate(outputs) if value in self.read})
        self.ops.append(
            replace(
                op,
                args=tuple(args[position] for position in kept),
                condition=_taking(condition, kept),
                body=_taking(RemoveDead().rewrite(_giving(body, kept)), kept),
                outputs=tuple(outputs[position] for position in kept),
            )
        )

    def _is(self, output: Value, value: Value, origin: Origin) -> None:
        """`output` is `value`, under its own type."""
        if value.data is not None:
            self.new[output] = replace(output, data=value.data.reshape(output.shape))
        else:
            self.ops.append(Reshape(x=value, shape=output.shape, outputs=(output,), origin=origin))


def _without(values: tuple[Value, ...], positions: Collection[int]) -> list[Value]:
    return [value for position, value in enumerate(values) if position not in positions]


def _bound(graph: Graph, constants: Mapping[int, Value]) -> Graph:
    """`graph` with constants in place of inputs, by position."""
    new = {}
    for position, constant in constants.items():
        assert constant.data is not None
        value = graph.inputs[position]
        new[value] = replace(value, data=constant.data.reshape(value.shape))
    return substitute(replace(graph, inputs=tuple(_without(graph.inputs, constants))), graph.ops, new)


def _giving(graph: Graph, positions: Collection[int]) -> Graph:
    return replace(graph, outputs=tuple(graph.outputs[position] for position in positions))


def _taking(graph: Graph, positions: Collection[int]) -> Graph:
    return replace(graph, inputs=tuple(graph.inputs[position] for position in positions))


def _read_inputs(graph: Graph) -> set[int]:
    """The positions of the inputs that are read."""
    read = {*graph.users, *graph.results}
    return {position for position, value in enumerate(graph.inputs) if value in read}


def _needed(condition: Graph, body: Graph, wanted: set[int]) -> list[int]:
    """The positions of a loop's values that its condition or the outputs `wanted` depend on."""
    needed = wanted | _read_inputs(condition)
    while more := _read_inputs(RemoveDead().rewrite(_giving(body, sorted(needed)))) - needed:
        needed |= more
    return sorted(needed)

# SPDX-License-Identifier: Apache-2.0
"""If, Loop and Scan: what is decided while compiling becomes ops of the graph around, all else an If or a While."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx

from tinycc.errors import CompileError
from tinycc.frontends.onnx.builder import Builder, Traced
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.loops import Loop, Step, part
from tinycc.ir import DType, Value
from tinycc.ops.control import If
from tinycc.ops.elementwise.logical import LogicalAnd
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.slices import Slice

MAX_STEPS = 4096
"""Of a loop that must not stay one: every step becomes ops of its own."""
SHORT = 64
"""Nodes of all steps together of a loop that is shorter, and faster, without being one."""


def _graph(node: Node, name: str) -> Any:
    node.required(name)
    return node.attribute(name, None, onnx.GraphProto)


@row("If")
def if_(node: Node, build: Builder) -> tuple[Value, ...]:
    """The branch that a known condition takes; else the one that runs is chosen at run time."""
    condition = node.typed(node.x, DType.BOOL)
    if condition.type.elements != 1:
        raise node.error(f"a condition of {condition.type}", "one boolean")
    branches = _graph(node, "then_branch"), _graph(node, "else_branch")
    if condition.data is not None:
        return build.inline(branches[0 if condition.data.item() else 1])
    then, otherwise = (_traced(build, branch) for branch in branches)
    for a, b in zip(then.results, otherwise.results, strict=True):
        if not a.type.same_storage(b.type):
            hint = "Let both branches end in the same shape."
            raise node.error(f"{a.type} or {b.type}", "the same, whatever the condition at run time", hint)
    chosen = build.reshape(condition, ())
    if not then.ops and not otherwise.ops:
        pairs = zip(then.results, otherwise.results, strict=True)
        return tuple(build.op(Select, condition=chosen, x1=a, x2=b, leading=False) for a, b in pairs)
    captured = tuple(dict.fromkeys((*then.captured, *otherwise.captured)))
    then_graph, other_graph = (
        branch.closed(name, captured, build.ledger.names) for name, branch in (("then", then), ("else", otherwise))
    )
    return build.ops(If, args=captured, condition=chosen, then=then_graph, otherwise=other_graph)


def _traced(build: Builder, branch: Any) -> Traced:
    return build.traced(lambda: ((), build.inline(branch)))


@row("Loop")
def loop(node: Node, build: Builder) -> tuple[Value, ...]:
    """A loop; one that is short, or that must not stay one since a step needs to know its number, step by step."""
    body, state = _graph(node, "body"), [value for value in node.inputs[2:] if value is not None]
    steps, condition = node.optional(0), node.optional(1)
    if steps is not None and (steps.type.elements != 1 or steps.dtype is not DType.INT64):
        raise node.error(f"a number of steps of {steps.type}", "one int64")
    if condition is not None and (condition.type.elements != 1 or condition.dtype is not DType.BOOL):
        raise node.error(f"a condition of {condition.type}", "one boolean")
    going = build.constant(True, DType.BOOL) if condition is None else build.reshape(condition, ())
    if len(body.input) != 2 + len(state) or len(body.output) < 1 + len(state):
        raise node.error(f"a body with {len(body.input)} inputs for {len(state)} values", "two more than values")
    if going.data is not None and not going.data.item():
        steps = build.constant(np.int64(0))
    if steps is not None and steps.data is not None and steps.data.item() < 1:
        if len(body.output) > 1 + len(state):
            raise node.error("results of a loop without steps", "at least one step")
        return tuple(state)
    kept = _kept(body, state)

    def step(number: Value, values: Sequence[Value]) -> Step:
        given = [value if old is None else old for value, old in zip(values, kept, strict=True)]
        goes_on, *results = build.inline(body, (build.cast(number, DType.INT64), build.constant(True, DType.BOOL), *given))
        new = [result if old is None else value for result, value, old in zip(results, values, kept, strict=False)]
        return Step(goes_on, new, results[len(state) :])

    def stays() -> tuple[Value, ...]:
        turned = (False,) * (len(body.output) - 1 - len(state))
        return Loop(build, steps, going, state, step, turned).run()

    count = None if steps is None or steps.data is None else int(steps.data.item())
    try:
        return _either(build, body, count, stays, lambda: _unrolled(node, build, body, count, going, state))
    except CompileError as error:
        unknown = [item for item in enumerate((steps, condition)) if item[1] is not None and item[1].data is None]
        found = [f"operand {i} %{value.name} computed at run time" for i, value in unknown if value is not None]
        asked = [
            problem for text in found for problem in node.error(text, "a constant, since this loop cannot stay one").problems
        ]
        raise CompileError((*asked, *error.problems)) from error


def _either(
    build: Builder,
    body: Any,
    steps: int | None,
    stays: Callable[[], tuple[Value, ...]],
    unrolled: Callable[[], tuple[Value, ...]],
) -> tuple[Value, ...]:
    """A loop as one, or step by step."""
    if steps is not None and steps * len(body.node) <= SHORT:
        return unrolled()
    start = len(build.ledger.ops)
    try:
        return stays()
    except CompileError:
        if steps is None or steps > MAX_STEPS:
            raise
        del build.ledger.ops[start:]
        return unrolled()


def _kept(body: Any, state: Sequence[Value]) -> list[Value | None]:
    """Of each value of a loop: the constant that it is from the first step to the last, if it is one."""
    same = {node.output[0]: node.input[0] for node in body.node if node.op_type == "Identity"}

    def source(name: str) -> str:
        while name in same:
            name = same.pop(name)
        return name

    names = [(given.name, source(made.name)) for given, made in zip(body.input[2:], body.output[1:], strict=False)]
    return [value if value.constant and a == b else None for value, (a, b) in zip(state, names, strict=True)]


def _unrolled(node: Node, build: Builder, body: Any, limit: int | None, active: Value, state: list[Value]) -> tuple[Value, ...]:
    """Steps one after the other. Where the condition is known at run time only, values stay as they are once it fails."""
    rows: list[list[Value]] = []
    assert limit is not None
    for step in range(limit):
        if active.data is not None and not active.data.item():
            break
        goes_on, *results = build.inline(body, (build.constant(np.int64(step)), build.constant(True, DType.BOOL), *state))
        new, row = results[: len(state)], results[len(state) :]
        if active.data is None:
            if row:
                raise node.error("as many rows of results as the data says", "a number of steps known at compile time")
            new = [_selected(node, build, active, a, b) for a, b in zip(new, state, strict=True)]
        goes_on = build.reshape(goes_on, ())
        active = goes_on if active.data is not None else build.binary(LogicalAnd, active, goes_on)
        state = new
        rows.append(row)
    return (*state, *(_stacked(build, [row[i] for row in rows], 0) for i in range(len(rows[0]))))


def _selected(node: Node, build: Builder, condition: Value, a: Value, b: Value) -> Value:
    """a where the condition, one boolean, holds, else b."""
    if not a.type.same_storage(b.type):
        raise node.error(f"{a.type} or {b.type}", "the same, whatever the condition at run time")
    return build.op(Select, condition=condition, x1=a, x2=b, leading=False)


def _stacked(build: Builder, parts: Sequence[Value], axis: int) -> Value:
    """Values of one shape as slices along a new axis."""
    shape = parts[0].shape
    slices = tuple(build.reshape(part, (*shape[:axis], 1, *shape[axis:])) for part in parts)
    return slices[0] if len(slices) == 1 else build.op(Concatenation, xs=slices, axis=axis)


def _slice(build: Builder, x: Value, axis: int, at: int) -> Value:
    """x at one place of an axis, which is gone."""
    part = build.op(Slice, x=x, index=(*[slice(None)] * axis, slice(at, at + 1)))
    return build.reshape(part, (*x.shape[:axis], *x.shape[axis + 1 :]))


@row("Scan")
def scan(node: Node, build: Builder) -> tuple[Value, ...]:
    if node.version >= 9:
        return _scanned(node, build, list(node.given))
    lengths, *operands = node.inputs
    batch = next(value for value in operands if value is not None).shape[0]
    node.read.add("directions")
    if lengths is not None:
        node.error("sequences of different lengths", "sequences of one length")
    items = [
        _scanned(node, build, [_slice(build, value, 0, item) for value in operands if value is not None])
        for item in range(batch)
    ]
    return tuple(_stacked(build, parts, 0) for parts in zip(*items, strict=True))


def _scanned(node: Node, build: Builder, operands: list[Value]) -> tuple[Value, ...]:
    body, inputs = _graph(node, "body"), node.attr_int("num_scan_inputs", 0)
    count = len(operands) - inputs
    if not 0 < inputs <= len(operands) or len(body.input) != len(operands):
        raise node.error(f"{inputs} sequences of {len(operands)} operands", "as many as the body reads")
    state, sequences, outputs = operands[:count], operands[count:], len(body.output) - count
    axes = node.attr_ints("scan_input_axes") or (0,) * inputs
    ways = node.attr_ints("scan_input_directions") or node.attr_ints("directions") or (0,) * inputs
    places = node.attr_ints("scan_output_axes") or (0,) * outputs
    turned = node.attr_ints("scan_output_directions") or (0,) * outputs
    if (len(axes), len(ways), len(places), len(turned)) != (inputs, inputs, outputs, outputs):
        found = f"{len(axes)} and {len(places)} axes, {len(ways)} and {len(turned)} directions"
        raise node.error(found, f"{inputs} for what goes in and {outputs} for what comes out")
    axes = tuple(node.axis(axis, len(x.shape)) for axis, x in zip(axes, sequences, strict=True))
    steps = sequences[0].shape[axes[0]]
    if any(x.shape[axis] != steps for x, axis in zip(sequences, axes, strict=True)) or steps < 1:
        raise node.error(
            f"sequences of {', '.join(str(list(x.shape)) for x in sequences)}", "as many steps, at least 1, for all"
        )

    def unrolled() -> tuple[Value, ...]:
        values, rows = list(state), list[Sequence[Value]]()
        for step in range(steps):
            items = [
                _slice(build, x, axis, steps - 1 - step if way else step)
                for x, axis, way in zip(sequences, axes, ways, strict=True)
            ]
            results = build.inline(body, (*values, *items))
            values = list(results[:count])
            rows.append(results[count:])
        tables = ([row[i] for row in rows][:: -1 if turned[i] else 1] for i in range(outputs))
        return (*values, *(_stacked(build, table, 0) for table in tables))

    def step(number: Value, values: Sequence[Value]) -> Step:
        items = [part(build, x, axis, number, bool(way)) for x, axis, way in zip(sequences, axes, ways, strict=True)]
        results = build.inline(body, (*values, *items))
        return Step(build.constant(True, DType.BOOL), results[:count], results[count:])

    going, number = build.constant(True, DType.BOOL), build.constant(np.int64(steps))
    loop = Loop(build, number, going, state, step, tuple(map(bool, turned)))
    results = _either(build, body, steps, loop.run, unrolled)
    return (*results[:count], *(_moved(node, build, y, place) for y, place in zip(results[count:], places, strict=True)))


def _moved(node: Node, build: Builder, y: Value, place: int) -> Value:
    """y with its first axis at another place."""
    axis, rest = node.axis(place, len(y.shape)), list(range(1, len(y.shape)))
    return build.transpose(y, (*rest[:axis], 0, *rest[axis:]))

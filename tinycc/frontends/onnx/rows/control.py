# SPDX-License-Identifier: Apache-2.0
"""If, Loop and Scan: graphs inside nodes become ops of the graph around them, loops step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import DType, Value
from tinycc.ops.elementwise.logical import LogicalAnd
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.slices import Slice

MAX_STEPS = 4096
"""Of a loop: every step becomes ops of its own."""


def _graph(node: Node, name: str) -> Any:
    node.required(name)
    return node.attribute(name, None, onnx.GraphProto)


@row("If")
def if_(node: Node, build: Builder) -> tuple[Value, ...]:
    """The branch that a known condition takes; else both, of whose results the condition selects."""
    condition = node.typed(node.x, DType.BOOL)
    if condition.type.elements != 1:
        raise node.error(f"a condition of {condition.type}", "one boolean")
    then, otherwise = _graph(node, "then_branch"), _graph(node, "else_branch")
    if condition.data is not None:
        return build.inline(then if condition.data.item() else otherwise)
    chosen = build.reshape(condition, ())
    return tuple(_selected(node, build, chosen, a, b) for a, b in zip(build.inline(then), build.inline(otherwise), strict=True))


def _selected(node: Node, build: Builder, condition: Value, a: Value, b: Value) -> Value:
    """a where the condition, one boolean, holds, else b."""
    if not a.type.same_storage(b.type):
        raise node.error(f"{a.type} or {b.type}", "the same, whatever the condition at run time")
    return build.op(Select, condition=condition, x1=a, x2=b, leading=False)


@row("Loop")
def loop(node: Node, build: Builder) -> tuple[Value, ...]:
    """Steps one after the other. Where the condition is known at run time only, values stay as they are once it fails."""
    body, state = _graph(node, "body"), [value for value in node.inputs[2:] if value is not None]
    count, condition = node.optional(0), node.optional(1)
    limit = MAX_STEPS + 1 if count is None else node.integer(0)
    active = build.constant(True, DType.BOOL) if condition is None else build.reshape(condition, ())
    if len(body.input) != 2 + len(state) or len(body.output) < 1 + len(state):
        raise node.error(f"a body with {len(body.input)} inputs for {len(state)} values", "two more than values")
    rows: list[list[Value]] = []
    step = 0
    while step < limit and not (active.data is not None and not active.data.item()):
        if step == MAX_STEPS:
            raise node.error(f"more than {MAX_STEPS} steps", f"at most {MAX_STEPS}, known at compile time")
        number, going = build.constant(np.int64(step)), build.constant(True, DType.BOOL)
        goes_on, *results = build.inline(body, (number, going, *state))
        new, row = results[: len(state)], results[len(state) :]
        if active.data is None:
            if row:
                node.constant(1)  # says that it must be one
                raise node.error("as many rows of results as the data says", "a number of steps known at compile time")
            new = [_selected(node, build, active, a, b) for a, b in zip(new, state, strict=True)]
        goes_on = build.reshape(goes_on, ())
        active = goes_on if active.data is not None else build.binary(LogicalAnd, active, goes_on)
        state, step = new, step + 1
        rows.append(row)
    if not rows and len(body.output) > 1 + len(state):
        raise node.error("results of a loop without steps", "at least one step")
    return (*state, *(_stacked(build, [row[i] for row in rows], 0) for i in range(len(rows[0]) if rows else 0)))


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
    if len(axes) != inputs or len(ways) != inputs:
        raise node.error(f"axes {list(axes)}, directions {list(ways)}", f"{inputs} of each")
    axes = tuple(node.axis(axis, len(x.shape)) for axis, x in zip(axes, sequences, strict=True))
    steps = sequences[0].shape[axes[0]]
    if any(x.shape[axis] != steps for x, axis in zip(sequences, axes, strict=True)) or not 0 < steps <= MAX_STEPS:
        raise node.error(f"sequences of {', '.join(str(list(x.shape)) for x in sequences)}", f"1 to {MAX_STEPS} steps for all")
    rows: list[Sequence[Value]] = []
    for step in range(steps):
        parts = [
            _slice(build, x, axis, steps - 1 - step if way else step)
            for x, axis, way in zip(sequences, axes, ways, strict=True)
        ]
        results = build.inline(body, (*state, *parts))
        state = list(results[:count])
        rows.append(results[count:])
    places = node.attr_ints("scan_output_axes") or (0,) * outputs
    turned = node.attr_ints("scan_output_directions") or (0,) * outputs
    if len(places) != outputs or len(turned) != outputs:
        raise node.error(f"output axes {list(places)}, directions {list(turned)}", f"{outputs} of each")
    stacked = (
        _stacked(build, [row[i] for row in rows][:: -1 if turned[i] else 1], node.axis(places[i], len(rows[0][i].shape) + 1))
        for i in range(outputs)
    )
    return (*state, *stacked)

# SPDX-License-Identifier: Apache-2.0
"""RNN, GRU and LSTM: the products with the inputs of all steps at once, then step by step what depends on the last one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.elementwise import clamp
from tinycc.frontends.onnx.rows.matrices import dense
from tinycc.ir import Array, DType, Value
from tinycc.ops.elementwise.activations import Logistic, Tanh
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.comparison import Order
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.sequence import ReverseSequence
from tinycc.ops.movement.slices import Slice, Split

MAX_STEPS = 1000
"""Of a sequence: every step becomes calls of its own."""

Function = Callable[[Builder, Value], Value]
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
DEFAULTS = {"RNN": ["Tanh"], "GRU": ["Sigmoid", "Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}
FUNCTIONS: dict[str, Function] = {
    "Sigmoid": lambda build, x: build.op(Logistic, x=x),
    "Tanh": lambda build, x: build.op(Tanh, x=x),
    "Relu": lambda build, x: clamp(build, x, 0, float("inf")),
}


Step = Callable[[Builder, "Direction", Value, Value, "Value | None"], "tuple[Value, Value | None]"]


@dataclass(frozen=True)
class Direction:
    """Weights of one direction, gates one after the other, and what its steps start from."""

    weights: Array
    recurrent: Array
    bias: Array
    recurrent_bias: Array
    functions: tuple[Function, ...]
    hidden: Value
    cell: Value | None
    peephole: Array | None


@row("RNN", "GRU", "LSTM")
def recurrent(node: Node, build: Builder) -> tuple[Value, ...]:
    x = node.ranked(node.x, 3)
    batch_first = bool(node.attr_int("layout", 0))
    x = build.transpose(x, (1, 0, 2)) if batch_first else x
    steps, batch, _ = x.shape
    if steps > MAX_STEPS:
        raise node.error(f"{steps} steps", f"at most {MAX_STEPS}")
    lengths = node.optional(4)
    if lengths is not None and lengths.data is not None and (lengths.data == steps).all():
        lengths = None
    if lengths is not None and lengths.shape != (batch,):
        raise node.error(f"sequence_lens {lengths.type}", f"{batch} numbers")
    orders = {"forward": (1,), "reverse": (-1,), "bidirectional": (1, -1)}.get(node.attr_text("direction", "forward"))
    if orders is None:
        raise node.error("direction", "forward, reverse or bidirectional")
    reads_first = bool(node.attr_int("linear_before_reset", 0))
    input_forget = bool(node.attr_int("input_forget", 0))
    sequences, hidden, cells = [], [], []
    for number, order in enumerate(orders):
        direction = _direction(node, build, number, batch, len(orders))
        how = (reads_first, input_forget)
        outputs, last, cell = _in_order(node.kind, build, x, direction, order, how, lengths)
        sequences.append([build.reshape(y, (1, 1, *y.shape)) for y in outputs])
        hidden.append(build.reshape(last, (1, *last.shape)))
        cells.append(None if cell is None else build.reshape(cell, (1, *cell.shape)))
    rows = [_joined(build, [sequence[step] for sequence in sequences], 1) for step in range(steps)]
    y, h = _joined(build, rows, 0), _joined(build, hidden, 0)
    c = None if cells[0] is None else _joined(build, [cell for cell in cells if cell is not None], 0)
    if batch_first:
        y, h = build.transpose(y, (2, 0, 1, 3)), build.transpose(h, (1, 0, 2))
        c = None if c is None else build.transpose(c, (1, 0, 2))
    return (y, h) if c is None else (y, h, c)


def _joined(build: Builder, parts: list[Value], axis: int) -> Value:
    return parts[0] if len(parts) == 1 else build.op(Concatenation, xs=tuple(parts), axis=axis)


def _direction(node: Node, build: Builder, number: int, batch: int, directions: int) -> Direction:
    gates, kind = GATES[node.kind], node.kind
    size = node.attr_int("hidden_size", node.constant(2).shape[-1] if node.constant(2).ndim else 0)
    depth = node.x.shape[-1]
    weights = _part(node, 1, number, (directions, gates * size, depth))
    recurrent = _part(node, 2, number, (directions, gates * size, size))
    zeros = np.zeros(2 * gates * size, np.float32)
    bias = zeros if node.optional(3) is None else _part(node, 3, number, (directions, 2 * gates * size))
    if node.attr_float("clip", 0.0):
        raise node.error("clip", "no clip")
    names = node.attribute("activations", None, list)
    chosen = [name.decode("utf-8", "replace") for name in names] if names else DEFAULTS[kind] * directions
    count = len(DEFAULTS[kind])
    mine = chosen[number * count : (number + 1) * count]
    if len(mine) != count:
        raise node.error(f"{len(chosen)} activations", f"{count * directions}")
    if node.attr_floats("activation_alpha") or node.attr_floats("activation_beta") or not set(mine) <= set(FUNCTIONS):
        raise node.error(f"activations {chosen}", "Sigmoid, Tanh or Relu, without parameters")
    peephole = _part(node, 7, number, (directions, 3 * size)) if kind == "LSTM" and node.optional(7) is not None else None
    if peephole is not None and not peephole.any():
        peephole = None
    first = bool(node.attr_int("layout", 0))
    hidden = _initial(node, build, 5, number, (batch, size), batch_first=first)
    cell = _initial(node, build, 6, number, (batch, size), batch_first=first) if kind == "LSTM" else None
    half = gates * size
    return Direction(
        weights, recurrent, bias[:half], bias[half:], tuple(FUNCTIONS[name] for name in mine), hidden, cell, peephole
    )


def _part(node: Node, position: int, number: int, shape: tuple[int, ...]) -> Array:
    """What a constant operand, which must be float32 of this shape, holds for one direction."""
    content = node.constant(position)
    if content.shape != shape or content.dtype != np.float32:
        raise node.error(f"operand {position} {content.dtype}{list(content.shape)}", f"float32{list(shape)}")
    part: Array = content[number]
    return part


def _initial(node: Node, build: Builder, position: int, number: int, shape: tuple[int, int], *, batch_first: bool) -> Value:
    given = node.optional(position)
    if given is None:
        build.afford(*shape)
        return build.constant(np.zeros(shape, np.float32))
    whole = slice(None)
    index = (whole, slice(number, number + 1)) if batch_first else (slice(number, number + 1),)
    return build.reshape(build.op(Slice, x=given, index=index), shape)


def _in_order(
    kind: str, build: Builder, x: Value, d: Direction, order: int, how: tuple[bool, bool], lengths: Value | None
) -> tuple[list[Value], Value, Value | None]:
    """Hidden states of all steps, the last one, and the last cell. Sequences that end before the others are turned around by
    themselves, and so are their results."""
    if lengths is None or order > 0:
        return _run(kind, build, x, d, order, how, lengths)
    lengths = build.cast(lengths, DType.INT32)
    turned = build.op(ReverseSequence, x=x, lengths=lengths, axis=0, batch=1)
    outputs, hidden, cell = _run(kind, build, turned, d, 1, how, lengths)
    rows = _joined(build, [build.reshape(y, (1, *y.shape)) for y in outputs], 0)
    back = build.op(ReverseSequence, x=rows, lengths=lengths, axis=0, batch=1)
    parts = build.ops(Split, x=back, axis=0, sizes=(1,) * len(outputs)) if len(outputs) > 1 else (back,)
    return [build.reshape(part, part.shape[1:]) for part in parts], hidden, cell


def _run(
    kind: str, build: Builder, x: Value, d: Direction, order: int, how: tuple[bool, bool], lengths: Value | None
) -> tuple[list[Value], Value, Value | None]:
    """Hidden states of all steps, zeros behind the end of each sequence; the last one, and the last cell."""
    reads_first, input_forget = how
    steps, batch, _ = x.shape
    size = d.recurrent.shape[1]
    own_bias = d.bias + (d.recurrent_bias if kind != "GRU" else 0)
    from_inputs = dense(build, x, build.constant(d.weights), build.constant(own_bias))
    parts = build.ops(Split, x=from_inputs, axis=0, sizes=(1,) * steps) if steps > 1 else (from_inputs,)
    hidden, cell = d.hidden, d.cell
    kinds: dict[str, Step] = {"RNN": _rnn, "GRU": partial(_gru, reads_first), "LSTM": partial(_lstm, input_forget)}
    step = kinds[kind]
    outputs: list[Value | None] = [None] * steps
    for position in range(steps)[::order]:
        given = build.reshape(parts[position], (batch, GATES[kind] * size))
        if lengths is None:
            hidden, cell = step(build, d, given, hidden, cell)
            outputs[position] = hidden
            continue
        runs = build.binary(Order, build.reshape(lengths, (batch, 1)), build.like(lengths, position), relation="GREATER")
        new, new_cell = step(build, d, given, hidden, cell)
        outputs[position] = _where(build, runs, new, build.like(new, 0))
        hidden = _where(build, runs, new, hidden)
        cell = None if new_cell is None or cell is None else _where(build, runs, new_cell, cell)
    return [value for value in outputs if value is not None], hidden, cell


def _where(build: Builder, condition: Value, a: Value, b: Value) -> Value:
    return build.op(Select, condition=condition, x1=a, x2=b, leading=False)


def _split(build: Builder, x: Value, count: int) -> tuple[Value, ...]:
    return build.ops(Split, x=x, axis=1, sizes=(x.shape[1] // count,) * count)


def _product(build: Builder, hidden: Value, weights: Array, bias: Array | None = None) -> Value:
    return dense(build, hidden, build.constant(weights), None if bias is None else build.constant(bias))


def _rnn(build: Builder, d: Direction, given: Value, hidden: Value, cell: Value | None) -> tuple[Value, None]:
    """h' = f(x W + h R + b)."""
    return d.functions[0](build, build.binary(Add, given, _product(build, hidden, d.recurrent))), None


def _gru(
    reads_first: bool, build: Builder, d: Direction, given: Value, hidden: Value, cell: Value | None
) -> tuple[Value, None]:
    """z, r = f(x W + h R + b); n = g(x W + r * (h R + b)), or with (r * h) R; h' = (1 - z) n + z h."""
    f, g = d.functions
    size = hidden.shape[1]
    z_in, r_in, n_in = _split(build, given, 3)
    zr = _product(build, hidden, d.recurrent[: 2 * size], d.recurrent_bias[: 2 * size])
    z_of, r_of = _split(build, zr, 2)
    z, r = f(build, build.binary(Add, z_in, z_of)), f(build, build.binary(Add, r_in, r_of))
    weights, bias = d.recurrent[2 * size :], d.recurrent_bias[2 * size :]
    if reads_first:
        part = build.binary(Mul, r, _product(build, hidden, weights, bias))
    else:
        part = _product(build, build.binary(Mul, r, hidden), weights, bias)
    n = g(build, build.binary(Add, n_in, part))
    return build.binary(Add, n, build.binary(Mul, z, build.binary(Sub, hidden, n))), None


def _lstm(
    input_forget: bool, build: Builder, d: Direction, given: Value, hidden: Value, cell: Value | None
) -> tuple[Value, Value]:
    """i, o, f = f(x W + h R + b); c' = f * c + i * g(...); h' = o * h(c'). Gates in the order i, o, f, c."""
    assert cell is not None
    f, g, h = d.functions
    i, o, forget, c = _split(build, build.binary(Add, given, _product(build, hidden, d.recurrent)), 4)
    peep_i, peep_o, peep_f = (None,) * 3 if d.peephole is None else np.split(d.peephole, 3)
    i = f(build, _peeped(build, i, cell, peep_i))
    forget = f(build, _peeped(build, forget, cell, peep_f))
    if input_forget:
        forget = build.binary(Sub, build.like(i, 1), i)
    new = build.binary(Add, build.binary(Mul, forget, cell), build.binary(Mul, i, g(build, c)))
    o = f(build, _peeped(build, o, new, peep_o))
    return build.binary(Mul, o, h(build, new)), new


def _peeped(build: Builder, x: Value, cell: Value, peephole: Array | None) -> Value:
    return x if peephole is None else build.binary(Add, x, build.binary(Mul, cell, build.constant(peephole)))

# SPDX-License-Identifier: Apache-2.0
"""RNN, GRU and LSTM: the products with the inputs of all steps at once, then a loop of what depends on the last one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.gates import Function, functions
from tinycc.frontends.onnx.rows.loops import Loop, part
from tinycc.frontends.onnx.rows.loops import Step as LoopStep
from tinycc.frontends.onnx.rows.matrices import dense, product
from tinycc.ir import DType, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.comparison import Order
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.sequence import ReverseSequence
from tinycc.ops.movement.slices import Slice, Split

MAX_STEPS = 2**15
"""Of a sequence."""
SHORT = 8
"""Steps that become calls of their own; more are a loop."""

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}

Step = Callable[[Builder, "Direction", Value, Value, "Value | None"], "tuple[Value, Value | None]"]


@dataclass(frozen=True)
class Direction:
    """Weights of one direction, gates one after the other, and what its steps start from. `product`: of a hidden state with the
    recurrent weights, where they are no tensor."""

    weights: Value | None
    recurrent: Value | None
    bias: Value
    recurrent_bias: Value
    functions: tuple[Function, ...]
    hidden: Value
    cell: Value | None
    peephole: Value | None
    product: Function | None = None

    def of_hidden(self, build: Builder, hidden: Value) -> Value:
        """The product with all recurrent weights."""
        if self.product is not None:
            return self.product(build, hidden)
        assert self.recurrent is not None
        return _product(build, hidden, self.recurrent)


@row("RNN", "GRU", "LSTM")
def recurrent(node: Node, build: Builder) -> tuple[Value, ...]:
    x = node.ranked(node.x, 3)
    batch_first = bool(node.attr_int("layout", 0))
    x = build.transpose(x, (1, 0, 2)) if batch_first else x
    steps, batch, _ = x.shape
    if not 1 <= steps <= MAX_STEPS:
        raise node.error(f"{steps} steps", f"1 to {MAX_STEPS}")
    lengths = node.optional(4)
    if lengths is not None and lengths.data is not None and (lengths.data == steps).all():
        lengths = None
    if lengths is not None and lengths.shape != (batch,):
        raise node.error(f"sequence_lens {lengths.type}", f"{batch} numbers")
    if lengths is not None and lengths.data is not None and not ((lengths.data >= 0) & (lengths.data <= steps)).all():
        raise node.error(f"sequence_lens {lengths.data.tolist()}", f"numbers from 0 to {steps}, the steps of x")
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
        sequences.append(build.reshape(outputs, (steps, 1, *outputs.shape[1:])))
        hidden.append(build.reshape(last, (1, *last.shape)))
        cells.append(None if cell is None else build.reshape(cell, (1, *cell.shape)))
    y, h = _joined(build, sequences, 1), _joined(build, hidden, 0)
    c = None if cells[0] is None else _joined(build, [cell for cell in cells if cell is not None], 0)
    if batch_first:
        y, h = build.transpose(y, (2, 0, 1, 3)), build.transpose(h, (1, 0, 2))
        c = None if c is None else build.transpose(c, (1, 0, 2))
    return (y, h) if c is None else (y, h, c)


def _joined(build: Builder, parts: list[Value], axis: int) -> Value:
    return parts[0] if len(parts) == 1 else build.op(Concatenation, xs=tuple(parts), axis=axis)


def _direction(node: Node, build: Builder, number: int, batch: int, directions: int) -> Direction:
    gates, kind = GATES[node.kind], node.kind
    chosen = functions(node, kind, number, directions)
    size = node.attr_int("hidden_size", node.input(2).shape[-1] if node.input(2).shape else 0)
    depth, half = node.x.shape[-1], gates * size
    weights = _part(node, build, 1, number, (directions, half, depth))
    recurrent = _part(node, build, 2, number, (directions, half, size))
    build.afford(2 * half)
    bias = build.constant(np.zeros(2 * half, np.float32))
    if node.optional(3) is not None:
        bias = _part(node, build, 3, number, (directions, 2 * half))
    has_peephole = kind == "LSTM" and node.optional(7) is not None
    peephole = _part(node, build, 7, number, (directions, 3 * size)) if has_peephole else None
    if peephole is not None and peephole.data is not None and not peephole.data.any():
        peephole = None
    first = bool(node.attr_int("layout", 0))
    hidden = _initial(node, build, 5, number, (batch, size), batch_first=first)
    cell = _initial(node, build, 6, number, (batch, size), batch_first=first) if kind == "LSTM" else None
    own, recurrent_bias = _rows(build, bias, 0, half), _rows(build, bias, half, 2 * half)
    return Direction(weights, recurrent, own, recurrent_bias, chosen, hidden, cell, peephole)


def _part(node: Node, build: Builder, position: int, number: int, shape: tuple[int, ...]) -> Value:
    """What an operand, which must be float32 of this shape, holds for one direction."""
    value = node.input(position)
    if value.shape != shape or value.dtype is not DType.FLOAT32:
        raise node.error(f"operand {position} of {value.type}", f"float32{list(shape)}")
    return build.reshape(_rows(build, value, number, number + 1), shape[1:])


def _rows(build: Builder, value: Value, start: int, end: int) -> Value:
    """Part of the first dimension."""
    whole = (start, end) == (0, value.shape[0])
    return value if whole else build.op(Slice, x=value, index=(slice(start, end),))


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
) -> tuple[Value, Value, Value | None]:
    """Hidden states of all steps [steps,batch,size], the last one, and the last cell. Sequences that end before the others are
    turned around by themselves, and so are their results."""
    if lengths is None or order > 0:
        return _run(kind, build, x, d, order, how, lengths)
    lengths = build.cast(lengths, DType.INT32)
    turned = build.op(ReverseSequence, x=x, lengths=lengths, axis=0, batch=1)
    outputs, hidden, cell = _run(kind, build, turned, d, 1, how, lengths)
    return build.op(ReverseSequence, x=outputs, lengths=lengths, axis=0, batch=1), hidden, cell


def _run(
    kind: str, build: Builder, x: Value, d: Direction, order: int, how: tuple[bool, bool], lengths: Value | None
) -> tuple[Value, Value, Value | None]:
    """Hidden states of all steps, zeros behind the end of each sequence; the last one, and the last cell."""
    assert d.weights is not None
    own_bias = d.bias if kind == "GRU" else build.binary(Add, d.bias, d.recurrent_bias)
    return run_steps(kind, build, _product(build, x, d.weights, own_bias), d, order, how, lengths)


def run_steps(
    kind: str, build: Builder, from_inputs: Value, d: Direction, order: int, how: tuple[bool, bool], lengths: Value | None
) -> tuple[Value, Value, Value | None]:
    """The same of the products with the inputs, [steps,batch,gates], biases added."""
    reads_first, input_forget = how
    steps, batch, gates = from_inputs.shape
    kinds: dict[str, Step] = {"RNN": _rnn, "GRU": partial(_gru, reads_first), "LSTM": partial(_lstm, input_forget)}
    step = kinds[kind]

    def one(number: Value, given: Value, state: Sequence[Value]) -> tuple[Value, tuple[Value, ...]]:
        """The output and the state behind a step."""
        hidden, cell = state[0], state[1] if len(state) > 1 else None
        new, new_cell = step(build, d, build.reshape(given, (batch, gates)), hidden, cell)
        after = (new,) if new_cell is None else (new, new_cell)
        if lengths is None:
            return new, after
        runs = build.binary(Order, build.reshape(lengths, (batch, 1)), build.cast(number, lengths.dtype), relation="GREATER")
        kept = tuple(_where(build, runs, a, b) for a, b in zip(after, state, strict=True))
        return _where(build, runs, new, build.like(new, 0)), kept

    state: tuple[Value, ...] = (d.hidden,) if d.cell is None else (d.hidden, d.cell)
    if steps <= SHORT:
        rows, state = _each(build, from_inputs, order, one, state)
    else:
        *kept, rows = _looped(build, from_inputs, order, one, state)
        state = tuple(kept)
    return rows, state[0], state[1] if len(state) > 1 else None


One = Callable[[Value, Value, Sequence[Value]], "tuple[Value, tuple[Value, ...]]"]


def _each(build: Builder, x: Value, order: int, one: One, state: tuple[Value, ...]) -> tuple[Value, tuple[Value, ...]]:
    """The outputs of all steps, which are ops of their own, and the last state."""
    steps = x.shape[0]
    parts = build.ops(Split, x=x, axis=0, sizes=(1,) * steps) if steps > 1 else (x,)
    rows: dict[int, Value] = {}
    for position in range(steps)[::order]:
        output, state = one(build.constant(np.int64(position)), parts[position], state)
        rows[position] = build.reshape(output, (1, *output.shape))
    return _joined(build, [rows[position] for position in range(steps)], 0), state


def _looped(build: Builder, x: Value, order: int, one: One, state: tuple[Value, ...]) -> tuple[Value, ...]:
    """The last state and the outputs of all steps."""
    true = build.constant(True, DType.BOOL)

    def body(number: Value, values: Sequence[Value]) -> LoopStep:
        output, after = one(number, part(build, x, 0, number, order < 0), values)
        return LoopStep(true, after, (output,))

    return Loop(build, build.constant(np.int64(x.shape[0])), true, state, body, (order < 0,)).run()


def _where(build: Builder, condition: Value, a: Value, b: Value) -> Value:
    return build.op(Select, condition=condition, x1=a, x2=b, leading=False)


def _split(build: Builder, x: Value, count: int) -> tuple[Value, ...]:
    return build.ops(Split, x=x, axis=1, sizes=(x.shape[1] // count,) * count)


def _product(build: Builder, x: Value, weights: Value, bias: Value | None = None) -> Value:
    """x [...,I] times weights [O,I], plus bias [O]."""
    if weights.constant and (bias is None or bias.constant):
        return dense(build, x, weights, bias)
    y = product(build, x, build.transpose(weights, (1, 0)))
    return y if bias is None else build.binary(Add, y, bias)


def _rnn(build: Builder, d: Direction, given: Value, hidden: Value, cell: Value | None) -> tuple[Value, None]:
    """h' = f(x W + h R + b)."""
    return d.functions[0](build, build.binary(Add, given, d.of_hidden(build, hidden))), None


def _gru(
    reads_first: bool, build: Builder, d: Direction, given: Value, hidden: Value, cell: Value | None
) -> tuple[Value, None]:
    """z, r = f(x W + h R + b); n = g(x W + r * (h R + b)), or with (r * h) R; h' = (1 - z) n + z h."""
    f, g = d.functions
    assert d.recurrent is not None
    recurrent, size = d.recurrent, hidden.shape[1]
    z_in, r_in, n_in = _split(build, given, 3)
    zr = _product(build, hidden, _rows(build, recurrent, 0, 2 * size), _rows(build, d.recurrent_bias, 0, 2 * size))
    z_of, r_of = _split(build, zr, 2)
    z, r = f(build, build.binary(Add, z_in, z_of)), f(build, build.binary(Add, r_in, r_of))
    weights, bias = (_rows(build, value, 2 * size, 3 * size) for value in (recurrent, d.recurrent_bias))
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
    i, o, forget, c = _split(build, build.binary(Add, given, d.of_hidden(build, hidden)), 4)
    size = cell.shape[1]
    peeps = [None if d.peephole is None else _rows(build, d.peephole, part * size, (part + 1) * size) for part in range(3)]
    peep_i, peep_o, peep_f = peeps
    i = f(build, _peeped(build, i, cell, peep_i))
    forget = f(build, _peeped(build, forget, cell, peep_f))
    if input_forget:
        forget = build.binary(Sub, build.like(i, 1), i)
    new = build.binary(Add, build.binary(Mul, forget, cell), build.binary(Mul, i, g(build, c)))
    o = f(build, _peeped(build, o, new, peep_o))
    return build.binary(Mul, o, h(build, new)), new


def _peeped(build: Builder, x: Value, cell: Value, peephole: Value | None) -> Value:
    return x if peephole is None else build.binary(Add, x, build.binary(Mul, cell, peephole))

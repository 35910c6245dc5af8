# SPDX-License-Identifier: Apache-2.0
"""Models with IF, WHILE and STABLEHLO_COMPOSITE: who shares memory with whom, in many ways.

Every loop ends for any input: counters come from inputs that hold 0 to 3, or are bounded by the condition.

Long: a function a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from flatbuffers import flexbuffers
from model_builder import GraphBuilder, ModelBuilder
from opcases import Case

Builder = Callable[[ModelBuilder], Sequence[int]]
Q8 = {"scale": 0.1, "zero_point": 3}
SHAPE = (1, 4, 4, 3)

_CASES: list[tuple[str, str, str, str, Builder]] = []


def case(op: str, dtype: str, oracle: str = "tflm") -> Callable[[Builder], Builder]:
    """Register a function that builds a model and returns its outputs."""

    def register(build: Builder) -> Builder:
        _CASES.append((op, dtype, build.__name__.strip("_"), oracle, build))
        return build

    return register


@cache
def all_cases() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for op, dtype, name, oracle, build in _CASES:
        m = ModelBuilder()
        model = m.build(outputs=list(build(m)))
        found.setdefault(op, []).append(Case(op, dtype, name, model, oracle))
    return found


# What subgraphs are made of.


def subgraph(m: ModelBuilder, build: Callable[[GraphBuilder], Sequence[int]]) -> int:
    g = m.subgraph(f"sub{len(m._file.graphs)}")
    g.outputs = list(build(g))
    return g.index


def make(g: GraphBuilder, op: str, inputs: Sequence[int], shape: Sequence[int], dtype: str = "float32", **options: Any) -> int:
    """The result of an operator. Quantization is in `scale` and `zero_point`, if any."""
    q = {key: options.pop(key) for key in ("scale", "zero_point") if key in options}
    y = g.tensor(shape, dtype, **q)
    g.op(op, inputs, [y], **options)
    return y


def x8(g: GraphBuilder, shape: Sequence[int] = SHAPE) -> int:
    return g.input(shape, "int8", **Q8)


def conv(g: GraphBuilder, x: int, kernel: int, seed: int, shape: Sequence[int] = SHAPE) -> int:
    """A convolution that keeps the shape."""
    rng = np.random.default_rng(seed)
    channels = shape[-1]
    w = g.const(rng.integers(-90, 90, (channels, kernel, kernel, channels), dtype=np.int8), scale=[0.01] * channels, axis=0)
    b = g.const(rng.integers(-900, 900, channels, dtype=np.int32), scale=[0.001] * channels, axis=0)
    return make(g, "CONV_2D", [x, w, b], shape, "int8", **Q8, stride_h=1, stride_w=1, padding="SAME")


def relu8(g: GraphBuilder, x: int, shape: Sequence[int] = SHAPE) -> int:
    return make(g, "RELU", [x], shape, "int8", **Q8)


def unary(op: str, shape: Sequence[int] = (2, 3)) -> Callable[[GraphBuilder], Sequence[int]]:
    def build(g: GraphBuilder) -> Sequence[int]:
        return [make(g, op, [g.input(shape)], shape)]

    return build


def one(g: GraphBuilder, value: float = 1, dtype: str = "int32") -> int:
    return g.const(np.array([value], dtype))


def increment(g: GraphBuilder, i: int) -> int:
    return make(g, "ADD", [i, one(g)], (1,), "int32")


def less(m: ModelBuilder, limit: int | None = None, others: Sequence[Callable[[GraphBuilder], int]] = ()) -> int:
    """The condition i < limit, or i < n for operands i, n; `others` make the further inputs."""

    def build(g: GraphBuilder) -> Sequence[int]:
        i = g.input((1,), "int32")
        n = g.input((1,), "int32") if limit is None else one(g, limit)
        for other in others:
            other(g)
        return [make(g, "LESS", [i, n], (1,), "bool")]

    return subgraph(m, build)


def boolean(m: GraphBuilder, shape: Sequence[int] = (1,)) -> int:
    return m.input(shape, "bool")


def branch(m: ModelBuilder, c: int, args: Sequence[int], outputs: Sequence[int], then: int, otherwise: int) -> Sequence[int]:
    m.op("IF", [c, *args], outputs, then_subgraph_index=then, else_subgraph_index=otherwise)
    return outputs


def loop(m: GraphBuilder, args: Sequence[int], outputs: Sequence[int], condition: int, body: int) -> Sequence[int]:
    m.op("WHILE", args, outputs, cond_subgraph_index=condition, body_subgraph_index=body)
    return outputs


def f32(g: GraphBuilder) -> int:
    return g.input((2, 3))


# IF.


@case("IF", "int8")
def convolutions_of_two_kinds(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), x8(m)
    then = subgraph(m, lambda g: [relu8(g, conv(g, conv(g, x8(g), 3, 1), 3, 2))])
    otherwise = subgraph(m, lambda g: [conv(g, x8(g), 1, 3)])
    return branch(m, c, [x], [m.tensor(SHAPE, "int8", **Q8)], then, otherwise)


@case("IF", "int8")
def input_used_inside_and_after(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), x8(m)
    then = subgraph(m, lambda g: [relu8(g, conv(g, x8(g), 3, 1))])
    otherwise = subgraph(m, lambda g: [conv(g, relu8(g, x8(g)), 1, 3)])
    (y,) = branch(m, c, [x], [m.tensor(SHAPE, "int8", **Q8)], then, otherwise)
    return [make(m, "ADD", [x, y], SHAPE, "int8", scale=0.2, zero_point=-4)]


@case("IF", "int8")
def between_convolutions(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m, ()), x8(m)
    h = conv(m, x, 3, 7)
    then = subgraph(m, lambda g: [conv(g, x8(g), 3, 1)])
    otherwise = subgraph(m, lambda g: [x8(g)])
    (y,) = branch(m, c, [h], [m.tensor(SHAPE, "int8", **Q8)], then, otherwise)
    return [conv(m, y, 3, 8), relu8(m, h)]


@case("IF", "float32")
def passes_its_operand_through(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)
    y = m.tensor((2, 3))
    branch(m, c, [x], [y], subgraph(m, lambda g: [f32(g)]), subgraph(m, unary("TANH")))
    return [y, x]


@case("IF", "float32")
def both_pass_through(m: ModelBuilder) -> Sequence[int]:
    c, a, b = boolean(m), f32(m), f32(m)
    y = m.tensor((2, 3))

    def first(g: GraphBuilder) -> Sequence[int]:
        return [(f32(g), f32(g))[0]]

    def second(g: GraphBuilder) -> Sequence[int]:
        return [(f32(g), f32(g))[1]]

    return branch(m, c, [a, b], [y], subgraph(m, first), subgraph(m, second))


@case("IF", "float32")
def gives_constants(m: ModelBuilder) -> Sequence[int]:
    c = boolean(m)
    then = subgraph(m, lambda g: [g.const(np.arange(6, dtype=np.float32).reshape(2, 3))])
    otherwise = subgraph(m, lambda g: [g.const(np.full((2, 3), -7, np.float32))])
    return branch(m, c, [], [m.tensor((2, 3))], then, otherwise)


@case("IF", "float32")
def gives_a_constant_or_a_result(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)

    def constant(g: GraphBuilder) -> Sequence[int]:
        f32(g)
        return [g.const(np.arange(6, dtype=np.float32).reshape(2, 3))]

    (y,) = branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, constant), subgraph(m, unary("TANH")))
    return [make(m, "MUL", [y, y], (2, 3))]


@case("IF", "float32")
def gives_a_value_twice(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)

    def twice(g: GraphBuilder) -> Sequence[int]:
        return [make(g, "TANH", [f32(g)], (2, 3))] * 2

    def different(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        return [make(g, "RELU", [x], (2, 3)), make(g, "NEG", [x], (2, 3))]

    outputs = [m.tensor((2, 3)), m.tensor((2, 3))]
    return branch(m, c, [x], outputs, subgraph(m, twice), subgraph(m, different))


@case("IF", "float32")
def swaps_its_operands(m: ModelBuilder) -> Sequence[int]:
    c, a, b = boolean(m), f32(m), f32(m)

    def swap(g: GraphBuilder) -> Sequence[int]:
        first, second = f32(g), f32(g)
        return [second, first]

    def keep(g: GraphBuilder) -> Sequence[int]:
        return [f32(g), f32(g)]

    y = branch(m, c, [a, b], [m.tensor((2, 3)), m.tensor((2, 3))], subgraph(m, swap), subgraph(m, keep))
    return [make(m, "SUB", y, (2, 3)), *y]


@case("IF", "float32")
def gives_views(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)

    def viewed(g: GraphBuilder) -> Sequence[int]:
        h = make(g, "EXP", [f32(g)], (2, 3))
        return [make(g, "RESHAPE", [h, g.const(np.array([3, 2], np.int32))], (3, 2)), h]

    def operand(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        return [make(g, "RESHAPE", [x, g.const(np.array([3, 2], np.int32))], (3, 2)), x]

    return branch(m, c, [x], [m.tensor((3, 2)), m.tensor((2, 3))], subgraph(m, viewed), subgraph(m, operand))


@case("IF", "float32")
def in_place_chains(m: ModelBuilder) -> Sequence[int]:
    """Element-wise operators that may work in place, on an operand that the other branch reads, too."""
    c, x = boolean(m), f32(m)
    h = make(m, "TANH", [x], (2, 3))

    def then(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        y = make(g, "RELU", [x], (2, 3))
        return [make(g, "NEG", [y], (2, 3)), make(g, "EXP", [x], (2, 3))]

    def otherwise(g: GraphBuilder) -> Sequence[int]:
        y = make(g, "ABS", [f32(g)], (2, 3))
        z = make(g, "NEG", [y], (2, 3))
        return [z, make(g, "EXP", [z], (2, 3))]

    return branch(m, c, [h], [m.tensor((2, 3)), m.tensor((2, 3))], subgraph(m, then), subgraph(m, otherwise))


@case("IF", "float32")
def computed_condition(m: ModelBuilder) -> Sequence[int]:
    i, x = m.input((1,), "int32"), f32(m)
    c = make(m, "GREATER_EQUAL", [i, one(m, 2)], (1,), "bool")
    return branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, unary("TANH")), subgraph(m, unary("EXP")))


@case("IF", "float32")
def known_condition(m: ModelBuilder) -> Sequence[int]:
    x = f32(m)
    c = m.const(np.array([False]))
    return branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, unary("TANH")), subgraph(m, unary("EXP")))


@case("IF", "float32")
def an_output_that_nobody_reads(m: ModelBuilder) -> Sequence[int]:
    c, a, b = boolean(m), f32(m), f32(m)

    def then(g: GraphBuilder) -> Sequence[int]:
        a, b = f32(g), f32(g)
        return [make(g, "TANH", [b], (2, 3)), make(g, "ADD", [a, b], (2, 3))]

    def otherwise(g: GraphBuilder) -> Sequence[int]:
        a, b = f32(g), f32(g)
        return [make(g, "NEG", [a], (2, 3)), make(g, "EXP", [b], (2, 3))]

    return branch(m, c, [a, b], [m.tensor((2, 3)), m.tensor((2, 3))], subgraph(m, then), subgraph(m, otherwise))[1:]


@case("IF", "float32")
def if_in_if(m: ModelBuilder) -> Sequence[int]:
    c, d, x = boolean(m), boolean(m), f32(m)
    tanh, exp = subgraph(m, unary("TANH")), subgraph(m, unary("EXP"))

    def inner(g: GraphBuilder) -> Sequence[int]:
        c, x = boolean(g), f32(g)
        h = make(g, "NEG", [x], (2, 3))
        y = g.tensor((2, 3))
        g.op("IF", [c, h], [y], then_subgraph_index=tanh, else_subgraph_index=exp)
        return [make(g, "ADD", [y, h], (2, 3))]

    def flat(g: GraphBuilder) -> Sequence[int]:
        boolean(g)
        return [make(g, "RELU", [f32(g)], (2, 3))]

    return branch(m, c, [d, x], [m.tensor((2, 3))], subgraph(m, inner), subgraph(m, flat))


@case("IF", "float32")
def one_subgraph_in_two_places(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)
    tanh, exp = subgraph(m, unary("TANH")), subgraph(m, unary("EXP"))
    (y,) = branch(m, c, [x], [m.tensor((2, 3))], tanh, exp)
    (z,) = branch(m, c, [y], [m.tensor((2, 3))], exp, tanh)
    return [z, *branch(m, c, [x], [m.tensor((2, 3))], tanh, tanh)]


@case("IF", "int8")
def other_quantization_inside(m: ModelBuilder) -> Sequence[int]:
    """Only the codes go over."""
    c, x = boolean(m), x8(m)

    def then(g: GraphBuilder) -> Sequence[int]:
        x = g.input(SHAPE, "int8", scale=0.02, zero_point=-20)
        return [make(g, "LOGISTIC", [x], SHAPE, "int8", scale=1 / 256, zero_point=-128)]

    def otherwise(g: GraphBuilder) -> Sequence[int]:
        x = g.input(SHAPE, "int8", scale=0.3, zero_point=20)
        return [make(g, "RELU", [x], SHAPE, "int8", scale=0.1, zero_point=-128)]

    (y,) = branch(m, c, [x], [m.tensor(SHAPE, "int8", scale=0.5, zero_point=9)], subgraph(m, then), subgraph(m, otherwise))
    return [make(m, "TANH", [y], SHAPE, "int8", scale=1 / 128)]


@case("IF", "int8")
def known_condition_and_other_quantization(m: ModelBuilder) -> Sequence[int]:
    x = x8(m)

    def then(g: GraphBuilder) -> Sequence[int]:
        x = g.input(SHAPE, "int8", scale=0.02, zero_point=-20)
        return [make(g, "LOGISTIC", [x], SHAPE, "int8", scale=1 / 256, zero_point=-128)]

    index = subgraph(m, then)
    (y,) = branch(m, m.const(np.array(True)), [x], [m.tensor(SHAPE, "int8", scale=0.5, zero_point=9)], index, index)
    return [make(m, "TANH", [y], SHAPE, "int8", scale=1 / 128)]


@case("IF", "float32")
def constant_operands(m: ModelBuilder) -> Sequence[int]:
    """Weights and a shape handed over, as some converters do."""
    c, x = boolean(m), f32(m)
    w, shape = m.const(np.arange(12, dtype=np.float32).reshape(4, 3) / 8), m.const(np.array([4, 2], np.int32))

    def dense(g: GraphBuilder) -> Sequence[int]:
        x, w, shape = f32(g), g.input((4, 3)), g.input((2,), "int32")
        y = make(g, "FULLY_CONNECTED", [x, w, -1], (2, 4))
        return [make(g, "RESHAPE", [y, shape], (4, 2))]

    def padded(g: GraphBuilder) -> Sequence[int]:
        x, _, shape = f32(g), g.input((4, 3)), g.input((2,), "int32")
        y = make(g, "PAD", [x, g.const(np.array([[0, 0], [1, 0]], np.int32))], (2, 4))
        return [make(g, "RESHAPE", [y, shape], (4, 2))]

    return branch(m, c, [x, w, shape], [m.tensor((4, 2))], subgraph(m, dense), subgraph(m, padded))


# WHILE.


def counting(m: ModelBuilder, body: Callable[[GraphBuilder, int], int], **tensor: Any) -> Sequence[int]:
    """while i < n: x = body(x). i starts at 0."""
    tensor = tensor or {"shape": (2, 3), "dtype": "float32"}
    n, x = m.input((1,), "int32"), m.input(**tensor)

    def step(g: GraphBuilder) -> Sequence[int]:
        i, n, x = g.input((1,), "int32"), g.input((1,), "int32"), g.input(**tensor)
        return [increment(g, i), n, body(g, x)]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor(**tensor)]
    condition = less(m, others=[lambda g: g.input(**tensor)])
    return [*loop(m, [one(m, 0), n, x], outputs, condition, subgraph(m, step)), x]


@case("WHILE", "float32")
def counts(m: ModelBuilder) -> Sequence[int]:
    return counting(m, lambda g, x: make(g, "TANH", [x], (2, 3)))


@case("WHILE", "float32")
def chain_in_the_body(m: ModelBuilder) -> Sequence[int]:
    def body(g: GraphBuilder, x: int) -> int:
        h = make(g, "NEG", [make(g, "EXP", [x], (2, 3))], (2, 3))
        return make(g, "ADD", [h, x], (2, 3))

    return counting(m, body)[2:3]


@case("WHILE", "int8")
def convolution_in_the_body(m: ModelBuilder) -> Sequence[int]:
    return counting(m, lambda g, x: conv(g, relu8(g, x), 3, 5), shape=SHAPE, dtype="int8", **Q8)


@case("WHILE", "int8")
def odd_channels_and_add(m: ModelBuilder) -> Sequence[int]:
    shape = (1, 3, 5, 7)

    def body(g: GraphBuilder, x: int) -> int:
        return make(g, "ADD", [conv(g, x, 3, 5, shape), x], shape, "int8", **Q8)

    return counting(m, body, shape=shape, dtype="int8", **Q8)


@case("WHILE", "int16")
def int16_tensor(m: ModelBuilder) -> Sequence[int]:
    q = {"scale": 2.0**-12}
    body = lambda g, x: make(g, "ADD", [x, x], (1, 5), "int16", **q)  # noqa: E731
    return counting(m, body, shape=(1, 5), dtype="int16", **q)


@case("WHILE", "float32")
def view_as_result(m: ModelBuilder) -> Sequence[int]:
    def body(g: GraphBuilder, x: int) -> int:
        h = make(g, "RESHAPE", [make(g, "NEG", [x], (2, 3)), g.const(np.array([3, 2], np.int32))], (3, 2))
        return make(g, "RESHAPE", [make(g, "EXP", [h], (3, 2)), g.const(np.array([2, 3], np.int32))], (2, 3))

    return counting(m, body)


@case("WHILE", "float32")
def transposed_each_time(m: ModelBuilder) -> Sequence[int]:
    def body(g: GraphBuilder, x: int) -> int:
        return make(g, "TRANSPOSE", [x, g.const(np.array([1, 0], np.int32))], (3, 3))

    return counting(m, body, shape=(3, 3), dtype="float32")


@case("WHILE", "float32")
def constant_as_result(m: ModelBuilder) -> Sequence[int]:
    return counting(m, lambda g, x: g.const(np.full((2, 3), 5, np.float32)))


@case("WHILE", "float32")
def reads_itself_after_the_result(m: ModelBuilder) -> Sequence[int]:
    """a, b = -a, a * b: what replaces a is there before the last reader of a."""
    n, a, b = m.input((1,), "int32"), f32(m), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, a, b = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g)
        negative = make(g, "NEG", [a], (2, 3))
        return [increment(g, i), n, negative, make(g, "MUL", [a, b], (2, 3))]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3)), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, a, b], outputs, less(m, others=[f32, f32]), subgraph(m, body))
    return outputs[2:]


@case("WHILE", "float32")
def fibonacci(m: ModelBuilder) -> Sequence[int]:
    """a, b = b, a + b; both start with the same value, which is read afterwards."""
    n, x = m.input((1,), "int32"), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, a, b = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g)
        return [increment(g, i), n, b, make(g, "ADD", [a, b], (2, 3))]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3)), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, x, x], outputs, less(m, others=[f32, f32]), subgraph(m, body))
    return [*outputs, make(m, "ADD", [x, outputs[3]], (2, 3))]


@case("WHILE", "float32")
def swaps(m: ModelBuilder) -> Sequence[int]:
    n, a, b = m.input((1,), "int32"), f32(m), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, a, b = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g)
        return [increment(g, i), n, b, a]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3)), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, a, b], outputs, less(m, others=[f32, f32]), subgraph(m, body))
    return [outputs[2], outputs[3], outputs[2]]


@case("WHILE", "float32")
def rotates_and_doubles(m: ModelBuilder) -> Sequence[int]:
    """a, b, c = c, a, a: one value in two places, and a ring."""
    n, a, b, c = m.input((1,), "int32"), f32(m), f32(m), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, a, _, c = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g), f32(g)
        return [increment(g, i), n, c, a, a]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), *(m.tensor((2, 3)) for _ in range(3))]
    loop(m, [one(m, 0), n, a, b, c], outputs, less(m, others=[f32, f32, f32]), subgraph(m, body))
    return outputs[2:]


@case("WHILE", "float32")
def one_result_for_two(m: ModelBuilder) -> Sequence[int]:
    n, a, b = m.input((1,), "int32"), f32(m), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, a, b = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g)
        y = make(g, "SUB", [a, b], (2, 3))
        return [increment(g, i), n, y, y]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3)), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, a, b], outputs, less(m, others=[f32, f32]), subgraph(m, body))
    return outputs[2:]


@case("WHILE", "float32")
def unchanged_operands(m: ModelBuilder) -> Sequence[int]:
    """Weights and a tensor that stay what they are, one of them a constant; all of them read afterwards."""
    n, x, t = m.input((1,), "int32"), f32(m), f32(m)
    w = m.const(np.arange(9, dtype=np.float32).reshape(3, 3) / 8)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x, t, w = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g), g.input((3, 3))
        y = make(g, "FULLY_CONNECTED", [x, w, -1], (2, 3))
        return [increment(g, i), n, make(g, "ADD", [y, t], (2, 3)), t, w]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3)), m.tensor((2, 3)), m.tensor((3, 3))]
    condition = less(m, others=[f32, f32, lambda g: g.input((3, 3))])
    loop(m, [one(m, 0), n, x, t, w], outputs, condition, subgraph(m, body))
    return [make(m, "SUB", [outputs[2], outputs[3]], (2, 3)), outputs[3], outputs[4], make(m, "NEG", [t], (2, 3))]


@case("WHILE", "float32")
def values_that_nobody_needs(m: ModelBuilder) -> Sequence[int]:
    """A second counter, as TensorFlow's loops have."""
    n, x = m.input((1,), "int32"), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, k, x = g.input((1,), "int32"), g.input((1,), "int32"), g.input((1,), "int32"), f32(g)
        return [increment(g, i), n, increment(g, k), make(g, "TANH", [x], (2, 3))]

    outputs = [*(m.tensor((1,), "int32") for _ in range(3)), m.tensor((2, 3))]
    condition = less(m, others=[lambda g: g.input((1,), "int32"), f32])
    loop(m, [one(m, 0), n, one(m, 0), x], outputs, condition, subgraph(m, body))
    return outputs[3:]


@case("WHILE", "bool")
def flag_as_condition(m: ModelBuilder) -> Sequence[int]:
    """The condition's subgraph hands a value on."""
    go, x = boolean(m), m.input((1,), "int32")

    def body(g: GraphBuilder) -> Sequence[int]:
        boolean(g)
        i = increment(g, g.input((1,), "int32"))
        return [make(g, "LESS", [i, one(g, 3)], (1,), "bool"), i]

    def condition(g: GraphBuilder) -> Sequence[int]:
        go = boolean(g)
        g.input((1,), "int32")
        return [go]

    outputs = [m.tensor((1,), "bool"), m.tensor((1,), "int32")]
    return loop(m, [go, x], outputs, subgraph(m, condition), subgraph(m, body))


@case("WHILE", "float32")
def condition_on_a_float(m: ModelBuilder) -> Sequence[int]:
    """while sum(x^2) < 40: x = x^2 + 2."""
    x = f32(m)

    def condition(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        square = make(g, "MUL", [x, x], (2, 3))
        total = make(g, "SUM", [square, g.const(np.array([0, 1], np.int32))], ())
        return [make(g, "LESS", [total, g.const(np.array(40, np.float32))], (), "bool")]

    def body(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        return [make(g, "ADD", [make(g, "MUL", [x, x], (2, 3)), g.const(np.array([2], np.float32))], (2, 3))]

    return loop(m, [x], [m.tensor((2, 3))], subgraph(m, condition), subgraph(m, body))


@case("WHILE", "float32")
def false_at_once(m: ModelBuilder) -> Sequence[int]:
    x = f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        return [increment(g, g.input((1,), "int32")), make(g, "TANH", [f32(g)], (2, 3))]

    outputs = [m.tensor((1,), "int32"), m.tensor((2, 3))]
    return loop(m, [one(m, 7), x], outputs, less(m, limit=5, others=[f32]), subgraph(m, body))


@case("WHILE", "int32")
def constants_alone(m: ModelBuilder) -> Sequence[int]:
    """Nothing but constants goes in; the loop has work all the same."""
    x = m.input((1,), "int32")

    def body(g: GraphBuilder) -> Sequence[int]:
        return [increment(g, g.input((1,), "int32"))]

    (y,) = loop(m, [one(m, 0)], [m.tensor((1,), "int32")], less(m, limit=5), subgraph(m, body))
    return [make(m, "ADD", [x, y], (1,), "int32")]


@case("WHILE", "float32")
def operand_read_afterwards(m: ModelBuilder) -> Sequence[int]:
    n, x = m.input((1,), "int32"), f32(m)
    h = make(m, "EXP", [x], (2, 3))
    v = make(m, "RESHAPE", [h, m.const(np.array([3, 2], np.int32))], (3, 2))

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x = g.input((1,), "int32"), g.input((1,), "int32"), f32(g)
        return [increment(g, i), n, make(g, "TANH", [x], (2, 3))]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, h], outputs, less(m, others=[f32]), subgraph(m, body))
    return [outputs[2], make(m, "NEG", [v], (3, 2))]


@case("WHILE", "float32")
def loop_after_loop(m: ModelBuilder) -> Sequence[int]:
    n, x = m.input((1,), "int32"), f32(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x = g.input((1,), "int32"), g.input((1,), "int32"), f32(g)
        return [increment(g, i), n, make(g, "TANH", [x], (2, 3))]

    condition, index = less(m, others=[f32]), subgraph(m, body)
    first = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3))]
    second = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, x], first, condition, index)
    loop(m, [one(m, 1), first[1], first[2]], second, condition, index)
    return [*second, first[2]]


def inner_loop(m: ModelBuilder) -> Callable[[GraphBuilder, int, int], int]:
    """while j < 2: x = tanh(x) * 2, as something to put into a body."""

    def body(g: GraphBuilder) -> Sequence[int]:
        j, x = g.input((1,), "int32"), f32(g)
        y = make(g, "TANH", [x], (2, 3))
        return [increment(g, j), make(g, "ADD", [y, y], (2, 3))]

    condition, index = less(m, limit=2, others=[f32]), subgraph(m, body)

    def build(g: GraphBuilder, j: int, x: int) -> int:
        outputs = [g.tensor((1,), "int32"), g.tensor((2, 3))]
        loop(g, [j, x], outputs, condition, index)
        return outputs[1]

    return build


@case("WHILE", "float32")
def while_in_while(m: ModelBuilder) -> Sequence[int]:
    inner = inner_loop(m)
    return counting(m, lambda g, x: inner(g, one(g, 0), x))


@case("WHILE", "float32")
def while_in_while_with_more_readers(m: ModelBuilder) -> Sequence[int]:
    inner = inner_loop(m)

    def body(g: GraphBuilder, x: int) -> int:
        y = inner(g, one(g, 0), x)
        z = inner(g, one(g, 1), y)
        return make(g, "ADD", [make(g, "SUB", [x, y], (2, 3)), z], (2, 3))

    return counting(m, body)


@case("WHILE", "float32")
def if_in_while(m: ModelBuilder) -> Sequence[int]:
    n, x = m.input((1,), "int32"), f32(m)
    tanh, keep = subgraph(m, unary("TANH")), subgraph(m, lambda g: [f32(g)])

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x = g.input((1,), "int32"), g.input((1,), "int32"), f32(g)
        c = make(g, "EQUAL", [i, one(g, 1)], (1,), "bool")
        y = g.tensor((2, 3))
        g.op("IF", [c, x], [y], then_subgraph_index=tanh, else_subgraph_index=keep)
        return [increment(g, i), n, make(g, "ADD", [y, y], (2, 3))]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, x], outputs, less(m, others=[f32]), subgraph(m, body))
    return outputs[2:]


@case("WHILE", "float32")
def if_as_result_of_while(m: ModelBuilder) -> Sequence[int]:
    """What the IF gives is what the loop carries; the IF's own operand is carried, too."""
    n, x = m.input((1,), "int32"), f32(m)
    tanh, keep = subgraph(m, unary("EXP")), subgraph(m, lambda g: [f32(g)])

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x, t = g.input((1,), "int32"), g.input((1,), "int32"), f32(g), f32(g)
        c = make(g, "EQUAL", [i, one(g, 1)], (1,), "bool")
        y, z = g.tensor((2, 3)), g.tensor((2, 3))
        g.op("IF", [c, x], [y], then_subgraph_index=tanh, else_subgraph_index=keep)
        g.op("IF", [c, t], [z], then_subgraph_index=keep, else_subgraph_index=tanh)
        return [increment(g, i), n, z, y]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3)), m.tensor((2, 3))]
    loop(m, [one(m, 0), n, x, x], outputs, less(m, others=[f32, f32]), subgraph(m, body))
    return outputs[2:]


@case("IF", "float32")
def while_in_if(m: ModelBuilder) -> Sequence[int]:
    c, x, k = boolean(m), f32(m), m.input((1,), "int32")
    inner = inner_loop(m)

    def looping(g: GraphBuilder) -> Sequence[int]:
        x, k = f32(g), g.input((1,), "int32")
        y = inner(g, k, x)
        return [y, x, make(g, "NEG", [y], (2, 3))]

    def other(g: GraphBuilder) -> Sequence[int]:
        x, k = f32(g), g.input((1,), "int32")
        y = inner(g, k, make(g, "NEG", [x], (2, 3)))
        return [x, y, y]

    outputs = [m.tensor((2, 3)) for _ in range(3)]
    return branch(m, c, [x, k], outputs, subgraph(m, looping), subgraph(m, other))


# uint8: subgraphs take and give what the front end has made int8 of.

QU8 = {"scale": 0.1, "zero_point": 131}


def u8(g: GraphBuilder) -> int:
    return g.input((2, 3), "uint8", **QU8)


def doubled8(g: GraphBuilder, x: int) -> int:
    return make(g, "ADD", [x, x], (2, 3), "uint8", **QU8)


def cast(g: GraphBuilder) -> int:
    """The codes of an input, which is not quantized here, as floats."""
    return make(g, "CAST", [g.input((2, 3), "uint8")], (2, 3))


@case("IF", "uint8", "litert")
def one_branch_computes(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), u8(m)
    y = m.tensor((2, 3), "uint8", **QU8)
    return branch(m, c, [x], [y], subgraph(m, lambda g: [doubled8(g, u8(g))]), subgraph(m, lambda g: [u8(g)]))


@case("IF", "uint8", "litert")
def nobody_computes(m: ModelBuilder) -> Sequence[int]:
    c, a, b = boolean(m), u8(m), u8(m)
    y = m.tensor((2, 3), "uint8", **QU8)
    branches = [subgraph(m, lambda g, which=which: [(u8(g), u8(g))[which]]) for which in range(2)]  # type: ignore[misc]
    return branch(m, c, [a, b], [y], *branches)


@case("IF", "uint8", "litert")
def codes_and_values(m: ModelBuilder) -> Sequence[int]:
    """One branch reads the codes, the other what they stand for."""
    c, x = boolean(m), u8(m)
    values = subgraph(m, lambda g: [make(g, "DEQUANTIZE", [doubled8(g, u8(g))], (2, 3))])
    return branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, lambda g: [cast(g)]), values)


@case("IF", "uint8", "litert")
def codes_of_a_result(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), doubled8(m, u8(m))
    negative = subgraph(m, lambda g: [make(g, "NEG", [cast(g)], (2, 3))])
    return branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, lambda g: [cast(g)]), negative)


@case("IF", "uint8", "litert")
def codes_alone(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), m.input((2, 3), "uint8")
    negative = subgraph(m, lambda g: [make(g, "NEG", [cast(g)], (2, 3))])
    return branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, lambda g: [cast(g)]), negative)


@case("WHILE", "uint8", "litert")
def carries_codes(m: ModelBuilder) -> Sequence[int]:
    n, x = m.input((1,), "int32"), u8(m)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x = g.input((1,), "int32"), g.input((1,), "int32"), u8(g)
        most = g.const(np.full((2, 3), 200, np.uint8), **QU8)
        return [increment(g, i), n, make(g, "MINIMUM", [doubled8(g, x), most], (2, 3), "uint8", **QU8)]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32"), m.tensor((2, 3), "uint8", **QU8)]
    loop(m, [one(m, 0), n, x], outputs, less(m, others=[u8]), subgraph(m, body))
    return [outputs[2], doubled8(m, outputs[2])]


# Variables: TFLM keeps those of subgraphs, too.


def variable(g: GraphBuilder) -> int:
    """A handle of the variable s."""
    handle = g.tensor((1,), "resource")
    g.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    return handle


def content(g: GraphBuilder, handle: int) -> int:
    return make(g, "READ_VARIABLE", [handle], (2, 3))


def accumulated(g: GraphBuilder, handle: int, x: int) -> int:
    """s += x."""
    y = make(g, "ADD", [content(g, handle), x], (2, 3))
    g.op("ASSIGN_VARIABLE", [handle, y], [])
    return y


def filtered(g: GraphBuilder, x: int) -> int:
    """An SVDF, whose state is a variable tensor."""
    rng = np.random.default_rng(1)
    feature = g.const(rng.integers(-90, 90, (4, 10), dtype=np.int8), scale=[0.01])
    time = g.const(rng.integers(-90, 90, (4, 8), dtype=np.int8), scale=[0.005])
    bias = g.const(rng.integers(-900, 900, 4, dtype=np.int32), scale=[0.004])
    state = g.tensor((1, 32), "int8", scale=0.8, variable=True)
    options = {"rank": 1, "fused_activation_function": "RELU"}
    return make(g, "SVDF", [x, feature, time, bias, state], (1, 4), "int8", **FILTERED, **options)


UNFILTERED, FILTERED = {"scale": 0.06, "zero_point": -3}, {"scale": 0.24, "zero_point": -128}


def unfiltered(g: GraphBuilder) -> int:
    return g.input((1, 10), "int8", **UNFILTERED)


@case("IF", "float32")
def variable_changed_in_a_branch(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)
    then = subgraph(m, lambda g: [accumulated(g, variable(g), f32(g))])
    (y,) = branch(m, c, [x], [m.tensor((2, 3))], then, subgraph(m, unary("NEG")))
    return [y, content(m, variable(m))]


@case("IF", "float32")
def variable_read_in_a_branch(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), f32(m)
    handle = variable(m)
    before = content(m, handle)

    def read(g: GraphBuilder) -> Sequence[int]:
        return [make(g, "SUB", [content(g, variable(g)), f32(g)], (2, 3))]

    (y,) = branch(m, c, [x], [m.tensor((2, 3))], subgraph(m, read), subgraph(m, unary("NEG")))
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    return [make(m, "ADD", [before, y], (2, 3))]


@case("WHILE", "float32")
def variable_changed_in_the_body(m: ModelBuilder) -> Sequence[int]:
    def body(g: GraphBuilder, x: int) -> int:
        accumulated(g, variable(g), x)
        return make(g, "NEG", [x], (2, 3))

    return [*counting(m, body), content(m, variable(m))]


@case("IF", "float32", "litert")
def handle_as_operand(m: ModelBuilder) -> Sequence[int]:
    """TFLM refuses to run it: the handle reaches the subgraph too late."""
    c, x, handle = boolean(m), f32(m), variable(m)
    m.op("ASSIGN_VARIABLE", [handle, x], [])
    before = content(m, handle)

    def then(g: GraphBuilder) -> Sequence[int]:
        handle, x = g.input((1,), "resource"), f32(g)
        return [accumulated(g, handle, x)]

    def otherwise(g: GraphBuilder) -> Sequence[int]:
        handle, _ = g.input((1,), "resource"), f32(g)
        return [content(g, handle)]

    (y,) = branch(m, c, [handle, x], [m.tensor((2, 3))], subgraph(m, then), subgraph(m, otherwise))
    return [y, make(m, "SUB", [before, content(m, handle)], (2, 3))]


@case("IF", "int8")
def filter_in_a_branch(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), unfiltered(m)

    def otherwise(g: GraphBuilder) -> Sequence[int]:
        unfiltered(g)
        return [g.const(np.full((1, 4), 7, np.int8), **FILTERED)]

    then = subgraph(m, lambda g: [filtered(g, unfiltered(g))])
    return branch(m, c, [x], [m.tensor((1, 4), "int8", **FILTERED)], then, subgraph(m, otherwise))


@case("IF", "int8")
def one_filter_in_two_places(m: ModelBuilder) -> Sequence[int]:
    c, x = boolean(m), unfiltered(m)
    index = subgraph(m, lambda g: [filtered(g, unfiltered(g))])
    (y,) = branch(m, c, [x], [m.tensor((1, 4), "int8", **FILTERED)], index, index)
    return [y, *branch(m, c, [x], [m.tensor((1, 4), "int8", **FILTERED)], index, index)]


@case("IF", "int16")
def one_stacker_in_two_places(m: ModelBuilder) -> Sequence[int]:
    """Its result is the state that the second call finds."""
    x, z = m.input((3,), "int16"), m.input((3,), "int16")

    def stacked(g: GraphBuilder) -> Sequence[int]:
        y, valid = g.tensor((6,), "int16"), g.tensor((), "bool")
        options = {"num_channels": 3, "stacker_left_context": 1, "stacker_right_context": 0, "stacker_step": 1}
        g.custom("SignalStacker", [g.input((3,), "int16")], [y, valid], bytes(flexbuffers.Dumps(options)))
        return [y, valid]

    always, index = m.const(np.array([True])), subgraph(m, stacked)
    outputs: list[int] = []
    for operand in (x, z, x):
        outputs += branch(m, always, [operand], [m.tensor((6,), "int16"), m.tensor((), "bool")], index, index)
    return outputs


@case("WHILE", "int8")
def filter_in_the_body(m: ModelBuilder) -> Sequence[int]:
    n, x = m.input((1,), "int32"), unfiltered(m)

    def result(g: GraphBuilder) -> int:
        return g.input((1, 4), "int8", **FILTERED)

    def body(g: GraphBuilder) -> Sequence[int]:
        i, n, x, _ = g.input((1,), "int32"), g.input((1,), "int32"), unfiltered(g), result(g)
        return [increment(g, i), n, x, filtered(g, x)]

    outputs = [m.tensor((1,), "int32"), m.tensor((1,), "int32")]
    outputs += [m.tensor((1, 10), "int8", **UNFILTERED), m.tensor((1, 4), "int8", **FILTERED)]
    start = m.const(np.full((1, 4), 7, np.int8), **FILTERED)
    loop(m, [one(m, 0), n, x, start], outputs, less(m, others=[unfiltered, result]), subgraph(m, body))
    return outputs[3:]


# STABLEHLO_COMPOSITE.


def composite(m: GraphBuilder, args: Sequence[int], outputs: Sequence[int], index: int) -> Sequence[int]:
    options = {"name": "test.composite", "composite_attributes": flexbuffers.Dumps({}), "decomposition_subgraph_index": index}
    m.op("STABLEHLO_COMPOSITE", args, outputs, **options)
    return outputs


@case("STABLEHLO_COMPOSITE", "float32", "litert")
def decomposed(m: ModelBuilder) -> Sequence[int]:
    x = f32(m)
    w = m.const(np.arange(3, dtype=np.float32))

    def build(g: GraphBuilder) -> Sequence[int]:
        x, w = f32(g), g.input((3,))
        return [make(g, "ADD", [make(g, "MUL", [x, w], (2, 3)), x], (2, 3)), x]

    index = subgraph(m, build)
    y, z = composite(m, [x, w], [m.tensor((2, 3)), m.tensor((2, 3))], index)
    return [y, *composite(m, [z, w], [m.tensor((2, 3)), m.tensor((2, 3))], index)]


@case("STABLEHLO_COMPOSITE", "float32", "litert")
def composite_in_composite(m: ModelBuilder) -> Sequence[int]:
    x = f32(m)
    inner = subgraph(m, unary("TANH"))

    def build(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        (y,) = composite(g, [x], [g.tensor((2, 3))], inner)
        return [make(g, "SUB", [y, x], (2, 3))]

    return composite(m, [x], [m.tensor((2, 3))], subgraph(m, build))

# SPDX-License-Identifier: Apache-2.0
"""Random models with nested IF and WHILE over a few small tensors: for who may share memory with whom."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from model_builder import GraphBuilder, ModelBuilder

UNARY = ("NEG", "ABS", "RELU", "FLOOR")
BINARY = ("ADD", "SUB", "MAXIMUM", "MINIMUM")
SHAPES = ((2, 3), (3, 2))


class _Random:
    """Values are float32[2,3], small integers; loops count an int32 up to 1 to 3."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.model = ModelBuilder()

    def build(self) -> bytes:
        m = self.model
        flags = [m.input((1,), "bool"), m.input((1,), "bool")]
        values = [m.input(SHAPES[0]) for _ in range(self.rng.randint(1, 3))]
        values = self.ops(m, values, flags, 3)
        return m.build(outputs=self.rng.choices(values, k=self.rng.randint(1, 3)))

    def ops(self, g: GraphBuilder, values: list[int], flags: list[int], depth: int) -> list[int]:
        for _ in range(self.rng.randint(0 if depth < 3 else 2, 5)):
            kind = self.rng.random()
            if depth and kind < 0.2:
                values = values + self.branch(g, values, flags, depth)
            elif depth and kind < 0.4:
                values = values + self.loop(g, values, flags, depth)
            else:
                values = [*values, self.op(g, values)]
        return values

    def op(self, g: GraphBuilder, values: Sequence[int]) -> int:
        kind = self.rng.random()
        if kind < 0.05:
            return g.const(np.full(SHAPES[0], self.rng.randint(-3, 3), np.float32))
        y = g.tensor(SHAPES[0])
        if kind < 0.2:
            turned = g.tensor(SHAPES[1])
            x = self.rng.choice(values)
            g.op("RESHAPE", [x, g.const(np.array(SHAPES[1], np.int32))], [turned])
            g.op("RESHAPE", [turned, g.const(np.array(SHAPES[0], np.int32))], [y])
        elif kind < 0.6:
            g.op(self.rng.choice(UNARY), [self.rng.choice(values)], [y])
        else:
            g.op(self.rng.choice(BINARY), self.rng.choices(values, k=2), [y])
        return y

    def subgraph(self, arguments: int, flags: int, counted: bool) -> tuple[GraphBuilder, list[int], list[int], list[int]]:
        g = self.model.subgraph(f"sub{len(self.model._file.graphs)}")
        counter = [g.input((1,), "int32")] if counted else []
        return g, counter, [g.input((1,), "bool") for _ in range(flags)], [g.input(SHAPES[0]) for _ in range(arguments)]

    def branch(self, g: GraphBuilder, values: list[int], flags: list[int], depth: int) -> list[int]:
        arguments = self.rng.choices(values, k=self.rng.randint(1, 3))
        results = self.rng.randint(1, 3)
        numbers = []
        for _ in range(2):
            inner, _, inner_flags, inner_values = self.subgraph(len(arguments), len(flags), counted=False)
            inner.outputs = self.rng.choices(self.ops(inner, inner_values, inner_flags, depth - 1), k=results)
            numbers.append(inner.index)
        outputs = [g.tensor(SHAPES[0]) for _ in range(results)]
        inputs = [self.rng.choice(flags), *flags, *arguments]
        g.op("IF", inputs, outputs, then_subgraph_index=numbers[0], else_subgraph_index=numbers[1])
        return outputs

    def loop(self, g: GraphBuilder, values: list[int], flags: list[int], depth: int) -> list[int]:
        arguments = self.rng.choices(values, k=self.rng.randint(1, 3))
        test, (i,), _, _ = self.subgraph(len(arguments), len(flags), counted=True)
        again = test.tensor((1,), "bool")
        test.op("LESS", [i, test.const(np.array([self.rng.randint(0, 3)], np.int32))], [again])
        test.outputs = [again]
        body, (i,), inner_flags, inner_values = self.subgraph(len(arguments), len(flags), counted=True)
        after = body.tensor((1,), "int32")
        body.op("ADD", [i, body.const(np.array([1], np.int32))], [after])
        made = self.rng.choices(self.ops(body, inner_values, inner_flags, depth - 1), k=len(arguments))
        body.outputs = [after, *self.rng.choice([inner_flags, inner_flags[::-1]]), *made]
        outputs = [g.tensor((1,), "int32"), *(g.tensor((1,), "bool") for _ in flags), *(g.tensor(SHAPES[0]) for _ in made)]
        inputs = [g.const(np.array([0], np.int32)), *flags, *arguments]
        g.op("WHILE", inputs, outputs, cond_subgraph_index=test.index, body_subgraph_index=body.index)
        return outputs[1 + len(flags) :]


def random_model(seed: int) -> bytes:
    return _Random(seed).build()

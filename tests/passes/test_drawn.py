# SPDX-License-Identifier: Apache-2.0
"""Drawn chains with transpositions and changes of shape between their operators: after every pass the same results."""

from __future__ import annotations

import math

import families
import numpy as np
import pytest
from drafts import Draft, Sample, Tensor
from families import Step, chainable, reshape, transpose
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.execution.inputs import random_inputs
from tinycc.interpret import interpret
from tinycc.ir import Graph
from tinycc.passes import stages
from tinycc.passes.layout import moved_bytes

EXAMPLES = 120
MOVERS: tuple[Step, ...] = (families.tile, families.mirror_pad, families.gather, families.broadcast_to, families.cumsum)
MIXERS: tuple[Step, ...] = (families.batch_matmul, families.select_v2, families.arg_extreme, families.cast, families.add_n)
KINDS = ("float32", "int8")


def regrouped(d: Draft, x: Tensor) -> Tensor:
    """Other dimensions that are cut where the old ones are."""
    sizes = list(x.shape)
    at = d.number(0, len(sizes) - 2)
    if d.one_of(True, False):
        sizes[at : at + 2] = [sizes[at] * sizes[at + 1]]
    else:
        divisor = d.one_of(*(n for n in range(1, sizes[at] + 1) if sizes[at] % n == 0))
        sizes[at : at + 1] = [divisor, sizes[at] // divisor]
    y = d.like(x, sizes)
    d.apply("RESHAPE", [x, d.ints(sizes)], [y], new_shape=sizes)
    return y


def between(d: Draft, x: Tensor) -> Tensor:
    """Nothing, or up to three movements."""
    for _ in range(d.number(0, 3)):
        if x.rank > 1 and math.prod(x.shape):
            x = d.one_of(transpose, transpose, regrouped)(d, x) if x.rank < 6 else reshape(d, x)
    return x


def net(d: Draft) -> Sample:
    d.sums()
    tensors = [d.x(d.shape(2, 4, size=4))]
    for _ in range(d.number(2, 4)):
        x = between(d, tensors[-1] if not d.chance(3) else d.one_of(*tensors))
        also = (*MOVERS, *MIXERS) if x.dtype == d.dtype and 1 < x.rank < 5 else ()
        tensors.append(between(d, d.one_of(*chainable(d, x), *also)(d, x)))
    read = {index for operator in d.operators for index in operator.inputs}
    made = [tensor for tensor in d.made if tensor.index not in d.inputs]
    return d.sample(*(tensor for tensor in made if tensor.index not in read or d.chance(6)))


@st.composite
def nets(draw: st.DrawFn, kind: str) -> Sample:
    return net(Draft(draw, kind))


def compare(sample: Sample, graph: Graph, after: Graph, name: str) -> None:
    for seed in range(2):
        arrays = random_inputs(graph.inputs, seed).arrays
        for found, expected in zip(interpret(after, arrays), interpret(graph, arrays), strict=True):
            if expected.dtype.kind != "f":
                np.testing.assert_array_equal(found, expected, err_msg=name)
                continue
            finite = np.abs(expected[np.isfinite(expected)])
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * finite.max(initial=1.0), err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_results_stay(kind: str) -> None:
    compared = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(nets(kind))
    def stays(sample: Sample) -> None:
        nonlocal compared
        try:
            graph = load(sample.model).graph
        except CompileError:
            return
        before = moved_bytes(graph)
        for name, after in stages(graph):
            compare(sample, graph, after, name)
            assert moved_bytes(after) <= before, name
        compared += 1

    stays()
    assert compared > EXAMPLES // 2

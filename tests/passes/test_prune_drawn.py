# SPDX-License-Identifier: Apache-2.0
"""Drawn chains of layers whose weights are partly zeros and whose biases hold some channels at their limits: what remains after
pruning has the codes that it had."""

from __future__ import annotations

from dataclasses import replace

import families
import numpy as np
import pytest
from drafts import Draft, Sample
from families import Step, chainable
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_drawn import compare
from test_prune_channels import pruned

from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.ir import Graph, Op
from tinycc.ops.convolution.base import WeightedSum

EXAMPLES = 150
LAYERS: tuple[Step, ...] = (
    families.conv_2d,
    families.conv_2d,
    families.depthwise_conv_2d,
    families.transpose_conv,
    families.dense,
)
BETWEEN: tuple[Step, ...] = (
    *(families.arithmetic, families.arithmetic, families.concatenation, families.concatenation, families.pad, families.reshape),
    *(families.pool_2d, families.resize, families.reduction, families.function, families.transpose),
)


def net(d: Draft) -> Sample:
    """Layers and what leaves channels apart in turn, the last one a layer, which alone decides what is read."""
    d.sums()
    tensors = [d.x((1, d.number(2, 5), d.number(2, 5), d.number(2, 6)))]
    for number in range(d.number(3, 6)):
        x = tensors[-1] if not d.chance(3) else d.one_of(*tensors)
        possible = [*chainable(d, x), *([families.transpose_conv] if x.rank == 4 and x.dtype == d.dtype else [])]
        wanted = [step for step in (BETWEEN if number % 2 else LAYERS) if step in possible]
        tensors.append(d.one_of(*(wanted or possible))(d, x))
    read = {index for operator in d.operators for index in operator.inputs}
    made = [tensor for tensor in d.made if tensor.index not in d.inputs]
    return d.sample(*(tensor for tensor in made if tensor.index not in read))


def thinned(graph: Graph, seed: int) -> Graph:
    """Whole channels of weights are zeros, and some sums far from 0."""
    rng = np.random.default_rng(seed)
    ops: list[Op] = []
    for op in graph.ops:
        if isinstance(op, WeightedSum) and op.weights.data is not None and op.weights.dtype.is_integer:
            weights = op.weights.data.copy()
            weights[..., rng.random(weights.shape[-1]) < 0.4] = 0
            changes = {"weights": replace(op.weights, data=weights)}
            if op.bias is not None and op.bias.data is not None:
                far = rng.choice([0, 2**22, -(2**22)], op.bias.data.shape)
                changes["bias"] = replace(op.bias, data=(op.bias.data // 2 + far).astype(op.bias.data.dtype))
            op = replace(op, **changes)
        ops.append(op)
    return replace(graph, ops=tuple(ops))


@st.composite
def nets(draw: st.DrawFn, kind: str) -> tuple[Sample, int]:
    return net(Draft(draw, kind)), draw(st.integers(0, 999))


@pytest.mark.parametrize(("kind", "examples"), [("int8", EXAMPLES), ("int16x8", EXAMPLES), ("hybrid", 20)])
def test_codes_stay(kind: str, examples: int) -> None:
    lost = 0

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(nets(kind))
    def stay(drawn: tuple[Sample, int]) -> None:
        nonlocal lost
        sample, seed = drawn
        try:
            graph = thinned(load(sample.model).graph, seed)
        except CompileError:
            return
        after = pruned(graph)
        compare(sample, graph, after, "prune-channels")
        lost += sum(value.kept is not None for op in after.ops for value in op.outputs)

    stay()
    assert lost > 10 or kind == "hybrid"

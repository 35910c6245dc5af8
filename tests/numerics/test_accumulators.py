# SPDX-License-Identifier: Apache-2.0
"""Bounds of accumulators: they are what the operators' own sums can reach, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from case_types import all_cases

from tinycc.analysis.accumulators import Interval, Weighted, accumulators, codes_of, in_channels, least_bits, partial_sums
from tinycc.compiler import load
from tinycc.ir import Array
from tinycc.ops.convolution.base import centred
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv

KINDS = ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED", "BATCH_MATMUL")
SMALL = 1200
"""Input elements of which every one is tried alone."""


def operators() -> Iterator[tuple[str, Weighted]]:
    """Those of the case tables that have integers, constant weights and a small input."""
    for case in all_cases():
        if case.op in KINDS and case.dtype != "float32":
            for op in load(case.model).graph.ops:
                known = isinstance(op, Conv2D | DepthwiseConv2D | TransposeConv | FullyConnected) and op.weights.constant
                if known and op.x.dtype.is_integer and op.x.type.elements <= SMALL:
                    yield case.id, op


OPERATORS = dict(operators())
SOME = sorted(OPERATORS)[::7]


def linear(op: Weighted) -> Array:
    """What each input element adds to each output's accumulator, per code of it: int64[inputs, outputs before O, O]."""
    assert op.weights.data is not None
    weights = centred(op.weights, op.weights.data)
    count = op.x.type.elements
    ones = np.eye(count, dtype=np.int64)
    if isinstance(op, FullyConnected):
        return (ones.reshape(count, op.batch, op.depth) @ weights.T).reshape(count, -1, op.channels)
    images = ones.reshape(-1, *op.x.shape[1:])
    return op.sums(images, weights).reshape(count, -1, op.channels)


def inputs_of(op: Weighted, x: Interval) -> tuple[Array, Array]:
    """The bounds of each input element, without the zero point."""
    low, high = (np.broadcast_to(bound, op.x.shape[-1:]) for bound in (x.low, x.high))
    return tuple(np.broadcast_to(bound - op.x.zero_point, op.x.shape).ravel() for bound in (low, high))  # type: ignore[return-value]


def check(op: Weighted, x: Interval) -> None:
    effect = linear(op)
    low, high = inputs_of(op, x)
    ends = np.stack([effect * low[:, None, None], effect * high[:, None, None]])
    bias = 0 if op.bias is None or op.bias.data is None else op.bias.data.astype(np.int64).ravel()
    found, some = accumulators(op, x), partial_sums(op, x)
    assert found is not None
    assert some is not None
    np.testing.assert_array_equal(found.low, ends.min(0).sum(0).min(0) + bias)
    np.testing.assert_array_equal(found.high, ends.max(0).sum(0).max(0) + bias)
    assert (some.low <= np.minimum(ends.min(0), 0).sum(0).min(0)).all()
    assert (some.high >= np.maximum(ends.max(0), 0).sum(0).max(0)).all()
    assert (some.low <= np.minimum(found.low - bias, 0)).all()
    assert (some.high >= np.maximum(found.high - bias, 0)).all()


@pytest.mark.parametrize("name", SOME)
def test_bounds_are_met_by_inputs_of_any_code(name: str) -> None:
    op = OPERATORS[name]
    check(op, codes_of(op.x))


@pytest.mark.parametrize("name", SOME[::2])
def test_bounds_are_met_by_inputs_of_few_codes(name: str) -> None:
    """Channels with ranges of their own, many of which leave the zero point out."""
    op = OPERATORS[name]
    if isinstance(op, FullyConnected) and op.depth % op.x.shape[-1]:
        pytest.skip("rows are not made of channels")
    rng = np.random.default_rng(len(name))
    bounds = np.sort(rng.integers(*op.x.dtype.limits, (2, op.x.shape[-1]), endpoint=True), 0)
    check(op, Interval(bounds[0], bounds[1]))


def test_every_kind_is_among_them() -> None:
    kinds = {type(OPERATORS[name]) for name in SOME}
    assert kinds == {Conv2D, DepthwiseConv2D, TransposeConv, FullyConnected}
    assert any(isinstance(op, Conv2D) and op.groups > 1 for op in OPERATORS.values())
    assert any(len(in_channels(OPERATORS[name])) > 1 for name in SOME)


def test_computed_weights_may_be_any() -> None:
    found = 0
    for case in all_cases():
        if case.op == "BATCH_MATMUL" and case.dtype in ("int8", "int16"):
            for op in load(case.model).graph.ops:
                if isinstance(op, BatchMatMul) and op.x.dtype.is_integer:
                    bounds, most = accumulators(op), op.x_matrix[1] * (2 * 2 ** (8 * op.x.dtype.bytes)) ** 2 / 4
                    assert bounds is not None
                    assert bounds.low.shape == (op.weights_matrix[1],)
                    assert 0 < bounds.largest <= most
                    found += 1
    assert found


def test_bits() -> None:
    assert least_bits([]) == 1
    assert least_bits([Interval(np.array([0]), np.array([0]))]) == 1
    assert least_bits([Interval(np.array([-1]), np.array([0]))]) == 1
    for bits in (2, 8, 24, 32):
        most, least = np.array([2 ** (bits - 1) - 1]), np.array([-(2 ** (bits - 1))])
        assert least_bits([Interval(least, most)]) == bits
        assert Interval(least, most).within(bits)
        assert not Interval(least - 1, most).within(bits)
        assert not Interval(least, most + 1).within(bits)

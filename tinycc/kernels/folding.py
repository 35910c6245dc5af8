# SPDX-License-Identifier: Apache-2.0
"""The staircases of operators that are sums of products with weights: what kernels with folded requantizations start from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np

from tinycc.analysis.accumulators import Weighted, accumulators, filters
from tinycc.analysis.rounding import single_rule
from tinycc.ir import Array, DType
from tinycc.numerics.rules import Requantization
from tinycc.numerics.staircase import Rule, Staircase, double_rounding, real_scale, staircase
from tinycc.ops.convolution.base import WeightedSum

OpT = TypeVar("OpT")
ResultT = TypeVar("ResultT")


_WHOLES: WeakKeyDictionary[object, object] = WeakKeyDictionary()


def is_part(part: OpT, whole: OpT) -> None:
    """`part` is `whole` for some of its rows: the same weights and the same arithmetic."""
    _WHOLES[part] = whole


_ALIKE: WeakKeyDictionary[object, tuple[object, ...]] = WeakKeyDictionary()


def are_alike(usual: OpT, parts: tuple[OpT, ...]) -> None:
    """What computes `usual` computes these other parts of the same operator, too."""
    _ALIKE[usual] = parts


def alike(op: OpT) -> tuple[OpT, ...]:
    """The parts that the kernel of `op` must be able to compute, itself among them."""
    return (op, *cast(tuple[OpT, ...], _ALIKE.get(op, ())))


def once(function: Callable[[OpT], ResultT]) -> Callable[[OpT], ResultT]:
    """Keep the result for as long as the op lives: facts, costs and bindings ask for the same again."""
    known: WeakKeyDictionary[object, ResultT] = WeakKeyDictionary()

    @wraps(function)
    def remembered(op: OpT) -> ResultT:
        if op not in known:
            known[op] = function(op)
        return known[op]

    return remembered


def once_for_all(function: Callable[[OpT], ResultT]) -> Callable[[OpT], ResultT]:
    """As `once`, for what follows from weights and arithmetic, never from the size of the image: the parts of an operator have
    it in common, and so the same constants."""
    remembered = once(function)

    @wraps(function)
    def shared(op: OpT) -> ResultT:
        return remembered(cast(OpT, _WHOLES.get(op, op)))

    return shared


def rule_of(op: WeightedSum, channels: int | None = None) -> Rule:
    """The requantization of an int8 operator, for each of its output channels, or for the first `channels` of them."""
    count = op.channels if channels is None else channels
    bounds = op.y.zero_point, int(op.range.min), int(op.range.max)
    if op.rounding is Requantization.SINGLE:
        return single_rule(op, count)
    if op.rounding is Requantization.REAL:
        return real_scale(np.resize(op.real_scales, count), *bounds, ties_to_even=False)
    entries = op.requantization
    return double_rounding((entries * (op.channels // len(entries)))[:count], *bounds)


@once_for_all
def sums_offset(op: Weighted) -> Array:
    """int64[channels]: what the requantization is given less the sum of codes times weights: bias and zero point."""
    weights = filters(op)
    assert weights is not None
    bias = 0 if op.bias is None or op.bias.data is None else op.bias.data.astype(np.int64).ravel()
    offset: Array = bias - op.x.zero_point * weights.sum((0, 1, 2))
    return offset


@once_for_all
def stairs_of(op: Weighted) -> Staircase | None:
    """The exact steps by the sum of codes times weights (padding counts as zero points), saturating as int8 does. None where
    weights or bias are computed, or the types are others.
    """
    reached = accumulators(op) if op.x.dtype is DType.INT8 and op.y.dtype is DType.INT8 else None
    if reached is None or filters(op) is None:
        return None
    low, high = np.resize(reached.low, op.channels), np.resize(reached.high, op.channels)
    return staircase(rule_of(op), low, high).after(sums_offset(op)).saturating()

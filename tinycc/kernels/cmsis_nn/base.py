# SPDX-License-Identifier: Apache-2.0
"""What variants that call CMSIS-NN share: its structs, and the form of a variant."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from tinycc.ir import Value
from tinycc.kernels.base import Context, Fact, OpT, Origin, Variant
from tinycc.kernels.calls import Arg, Call, Struct, multiplier_tables, struct
from tinycc.kernels.costs import Estimate
from tinycc.kernels.facts import rounds_twice
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.ops.base import Clamped
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.elementwise.arithmetic import Binary
from tinycc.ops.window import Pair
from tinycc.target import Feature


def arm(
    symbol: str,
    op: type[OpT],
    signatures: tuple[str, ...],
    args: Callable[[OpT, Context], tuple[Arg, ...]],
    cost: Estimate,
    *,
    facts: tuple[Fact[OpT], ...] = (),
    features: Collection[Feature] = (),
    in_place: tuple[str, ...] = (),
) -> Variant[OpT]:
    """The variant that is one call of `symbol`, which returns a status. What it requantizes it rounds twice."""
    if issubclass(op, (WeightedSum, Binary)):
        twice: Fact[Any] = rounds_twice
        facts = (twice, *facts)

    def bind(op: OpT, context: Context) -> tuple[Call, ...]:
        return (Call(symbol, args(op, context), checked=True),)

    return Variant(symbol, op, signatures, bind, cost, facts, frozenset(features), Origin.CMSIS_NN, in_place)


def activation(op: Clamped) -> Struct:
    return struct("cmsis_nn_activation", min=int(op.range.min), max=int(op.range.max))


def dims(n: int, h: int, w: int, c: int) -> Struct:
    """`cmsis_nn_dims`."""
    return struct("cmsis_nn_dims", n=n, h=h, w=w, c=c)


def nhwc(value: Value) -> Struct:
    """The `cmsis_nn_dims` of a rank-4 tensor."""
    n, h, w, c = value.shape
    return dims(n, h, w, c)


def tile(size: Pair) -> Struct:
    """`cmsis_nn_tile`, which has the width first."""
    return struct("cmsis_nn_tile", w=size.w, h=size.h)


def channel_quantization(entries: list[Multiplier]) -> Struct:
    """`cmsis_nn_per_channel_quant_params`."""
    multiplier, shift = multiplier_tables(entries)
    return struct("cmsis_nn_per_channel_quant_params", multiplier=multiplier, shift=shift)


def tensor_quantization(entry: Multiplier) -> Struct:
    """`cmsis_nn_per_tensor_quant_params`."""
    return struct("cmsis_nn_per_tensor_quant_params", multiplier=entry.multiplier, shift=entry.shift)

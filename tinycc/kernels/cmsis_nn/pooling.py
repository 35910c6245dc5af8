# SPDX-License-Identifier: Apache-2.0
"""Pools by CMSIS-NN."""

from __future__ import annotations

from typing import Any, TypeVar

from tinycc.kernels.base import Context, Cost, Fact, Origin, Variant
from tinycc.kernels.calls import Arg, Call, Tensor, context, struct
from tinycc.kernels.cmsis_nn import counts, counts16
from tinycc.kernels.cmsis_nn.base import activation, arm, dims, tile
from tinycc.kernels.cmsis_nn.versions import one_image
from tinycc.kernels.costs import CALL, bundled, cost_of
from tinycc.ops.base import Operator
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.ops.window import Pair
from tinycc.target import Unit


def cost(op: Operator, context: Context) -> Cost:
    """By the inputs of all windows: counted on a Cortex-M4 for plain C, reckoned for Arm's."""
    assert isinstance(op, Pool2D)
    rates = {Unit.PLAIN: (7, 40), Unit.DSP: (5, 40), Unit.MVE: (1, 10)}
    found = [rates[unit] for unit in context.units or (Unit.PLAIN,)]
    each = max(work * op.work + element * op.y.type.elements for work, element in found)
    return cost_of(CALL + round(each * context.target.instructions), context.target)


MOST_IMAGES = 64
"""Of a pool that is a call for each of them."""
PoolT = TypeVar("PoolT", bound=Pool2D)


def pool_args(op: Pool2D, scratch: int, image: int | None = None) -> tuple[Arg, ...]:
    """The argument list that the pools share: for all images, or for one of them."""
    window, first = op.window, image or 0
    count, per_x, per_y = op.x.shape[0], op.x.type.elements // op.x.shape[0], op.y.type.elements // op.x.shape[0]
    images = count if image is None else 1
    params = struct(
        "cmsis_nn_pool_params",
        stride=tile(window.stride),
        padding=tile(Pair(window.padding.top, window.padding.left)),
        activation=activation(op),
    )
    return (
        *(context("sums", scratch), params),
        *(dims(images, *op.x.shape[1:]), Tensor(op.x, first * per_x)),
        dims(1, window.size.h, window.size.w, 1),
        *(dims(images, *op.y.shape[1:]), Tensor(op.y, first * per_y)),
    )


def with_sums(op: AveragePool2D, context: Context) -> tuple[Arg, ...]:
    """The DSP code keeps a sum for each channel."""
    return pool_args(op, context.scratch(dsp=4 * op.x.shape[3]))


def no_scratch(op: MaxPool2D, context: Context) -> tuple[Arg, ...]:
    return pool_args(op, 0)


def in_turn(symbol: str, cls: type[PoolT], type: str, *facts: Fact[PoolT]) -> Variant[PoolT]:
    """A call for each image: before version 6 the functions take one."""

    def bind(op: PoolT, context: Context) -> tuple[Call, ...]:
        scratch = context.scratch(dsp=4 * op.x.shape[3]) if isinstance(op, AveragePool2D) else 0
        return tuple(Call(symbol, pool_args(op, scratch, image), checked=True) for image in range(op.x.shape[0]))

    name = f"{symbol} by image"
    return Variant(name, cls, (type,), bind, cost, (*facts, some_images), origin=Origin.CMSIS_NN)


def some_images(op: Pool2D, context: Context) -> str | None:
    """there are several images, at most 64, and CMSIS-NN is older than version 6"""
    fits = 1 < op.x.shape[0] <= MOST_IMAGES and not context.provider.has(6)
    return None if fits else f"{op.x.shape[0]} images, {context.provider.name}"


def ties_away_from_zero(op: AveragePool2D, context: Context) -> str | None:
    """no scale changes, and a mean in the middle between two codes is rounded away from zero, or there is none"""
    return "other ties" if not op.as_tflite or (op.ties_up and op.has_ties) else None


AVERAGE_S8 = bundled(counts.of_pool, counts.AVERAGE_POOL, cost)
MAX_S8 = bundled(counts.of_pool, counts.MAX_POOL, cost)
AVERAGE_S16 = bundled(counts.of_pool, counts16.AVERAGE_POOL, cost)
MAX_S16 = bundled(counts.of_pool, counts16.MAX_POOL, cost)

VARIANTS: tuple[Variant[Any], ...] = (
    arm("arm_avgpool_s8", AveragePool2D, ("int8",), with_sums, AVERAGE_S8, facts=(ties_away_from_zero, one_image)),
    arm("arm_avgpool_s16", AveragePool2D, ("int16",), with_sums, AVERAGE_S16, facts=(ties_away_from_zero, one_image)),
    arm("arm_max_pool_s8", MaxPool2D, ("int8",), no_scratch, MAX_S8, facts=(one_image,)),
    arm("arm_max_pool_s16", MaxPool2D, ("int16",), no_scratch, MAX_S16, facts=(one_image,)),
    in_turn("arm_avgpool_s8", AveragePool2D, "int8", ties_away_from_zero),
    in_turn("arm_avgpool_s16", AveragePool2D, "int16", ties_away_from_zero),
    in_turn("arm_max_pool_s8", MaxPool2D, "int8"),
    in_turn("arm_max_pool_s16", MaxPool2D, "int16"),
)

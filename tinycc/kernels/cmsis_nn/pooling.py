# SPDX-License-Identifier: Apache-2.0
"""Pools by CMSIS-NN."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Tensor, context, struct
from tinycc.kernels.cmsis_nn.base import activation, arm, dims, nhwc, tile
from tinycc.kernels.cmsis_nn.versions import one_image
from tinycc.kernels.costs import Rate, arm_rate
from tinycc.ops.pooling import AveragePool2D, MaxPool2D, Pool2D
from tinycc.ops.window import Pair


def pool_args(op: Pool2D, scratch: int) -> tuple[Arg, ...]:
    """The argument list that the pools share."""
    window = op.window
    params = struct(
        "cmsis_nn_pool_params",
        stride=tile(window.stride),
        padding=tile(Pair(window.padding.top, window.padding.left)),
        activation=activation(op),
    )
    return (
        *(context("sums", scratch), params),
        *(nhwc(op.x), Tensor(op.x)),
        dims(1, window.size.h, window.size.w, 1),
        *(nhwc(op.y), Tensor(op.y)),
    )


def with_sums(op: AveragePool2D, context: Context) -> tuple[Arg, ...]:
    """The DSP code keeps a sum for each channel."""
    return pool_args(op, context.scratch(dsp=4 * op.x.shape[3]))


def no_scratch(op: MaxPool2D, context: Context) -> tuple[Arg, ...]:
    return pool_args(op, 0)


def ties_away_from_zero(op: AveragePool2D, context: Context) -> str | None:
    """no scale changes, and a mean in the middle between two codes is rounded away from zero, or there is none"""
    return "other ties" if not op.as_tflite or (op.ties_up and op.has_ties) else None


COST = arm_rate(Rate(0, 30), dsp=Rate(0, 20), mve=Rate(0, 5))

VARIANTS: tuple[Variant[Any], ...] = (
    arm("arm_avgpool_s8", AveragePool2D, ("int8",), with_sums, COST, facts=(ties_away_from_zero, one_image)),
    arm("arm_avgpool_s16", AveragePool2D, ("int16",), with_sums, COST, facts=(ties_away_from_zero, one_image)),
    arm("arm_max_pool_s8", MaxPool2D, ("int8",), no_scratch, COST, facts=(one_image,)),
    arm("arm_max_pool_s16", MaxPool2D, ("int16",), no_scratch, COST, facts=(one_image,)),
)

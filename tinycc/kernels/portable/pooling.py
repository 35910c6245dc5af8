# SPDX-License-Identifier: Apache-2.0
"""Pools in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Tensor
from tinycc.kernels.portable.base import range_f32, tk, window_shape
from tinycc.ops.pooling import AveragePool2D, L2Pool2D, MaxPool2D, Pool2D


def ties_up(op: AveragePool2D, context: Context) -> str | None:
    """a mean in the middle between two codes is rounded up, and there can be one"""
    return None if op.ties_up and op.has_ties else "no such ties"


def up_s8(op: AveragePool2D) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), window_shape(op.x, op.y, op.window), int(op.range.min), int(op.range.max))


def pool_f32(op: Pool2D) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), window_shape(op.x, op.y, op.window), range_f32(op.range))


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_avg_pool_up_s8", AveragePool2D, ("int8",), up_s8, facts=(ties_up,)),
    tk("tk_avg_pool_f32", AveragePool2D, ("float32",), pool_f32),
    tk("tk_max_pool_f32", MaxPool2D, ("float32",), pool_f32),
    tk("tk_l2_pool_f32", L2Pool2D, ("float32",), pool_f32),
)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of pool."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Tensor, context, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantized import activation, dims, nhwc, range_f32, tile, window_shape
from tinycc.ops.base import Operator
from tinycc.ops.conditions import is_float, is_int8
from tinycc.ops.pooling import AveragePool2D, L2Pool2D, MaxPool2D, Pool2D
from tinycc.target import Target


def pool_args(op: Pool2D, scratch: int) -> tuple[Arg, ...]:
    """The argument list that CMSIS-NN's pools share."""
    window = op.window
    params = struct(
        "cmsis_nn_pool_params",
        stride=tile(window.stride.w, window.stride.h),
        padding=tile(window.padding.left, window.padding.top),
        activation=activation(op),
    )
    return (
        context("sums", scratch),
        params,
        nhwc(op.x),
        Tensor(op.x),
        dims(1, window.size.h, window.size.w, 1),
        nhwc(op.y),
        Tensor(op.y),
    )


def _arm(symbol: str, dtype: DType, *, sums: bool) -> Kernel:
    """A function of CMSIS-NN. `sums`: its DSP code keeps one for each channel."""

    def lower(op: Pool2D, target: Target) -> tuple[Call, ...]:
        scratch = target.scratch(dsp=4 * op.x.shape[3]) if sums else 0
        return (Call(symbol, pool_args(op, scratch), checked=True),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype)


def _f32(symbol: str) -> Kernel:
    def lower(op: Pool2D, target: Target) -> tuple[Call, ...]:
        args = (Tensor(op.x), Tensor(op.y), window_shape(op.x, op.y, op.window), range_f32(op.range))
        return (Call(symbol, args),)

    return Kernel(symbol, lower, lambda op, target: is_float(op))


def lower_up_s8(op: AveragePool2D, target: Target) -> tuple[Call, ...]:
    shape = window_shape(op.x, op.y, op.window)
    return (Call("tk_avg_pool_up_s8", (Tensor(op.x), Tensor(op.y), shape, int(op.range.min), int(op.range.max))),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[AveragePool2D] = (
    Kernel("tk_avg_pool_up_s8", lower_up_s8, lambda op, target: is_int8(op) and op.ties_up and op.has_ties),
    _arm("arm_avgpool_s8", DType.INT8, sums=True),
    _arm("arm_avgpool_s16", DType.INT16, sums=True),
    _f32("tk_avg_pool_f32"),
)

KERNELS[MaxPool2D] = (
    _arm("arm_max_pool_s8", DType.INT8, sums=False),
    _arm("arm_max_pool_s16", DType.INT16, sums=False),
    _f32("tk_max_pool_f32"),
)

KERNELS[L2Pool2D] = (_f32("tk_l2_pool_f32"),)

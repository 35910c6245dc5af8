# SPDX-License-Identifier: Apache-2.0
"""SVDF by CMSIS-NN."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Scratch, Struct, Table, Tensor, struct, tensor_or_null
from tinycc.kernels.cmsis_nn.base import arm, dims, tensor_quantization
from tinycc.kernels.costs import Rate, arm_rate
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.svdf import Svdf
from tinycc.program.types import Content


def svdf_args(op: Svdf, context: Context) -> tuple[Arg, ...]:
    batch, inputs = op.x.shape
    sizes = 4 * batch * op.filters, 4 * batch * op.units
    scratch = [
        struct("cmsis_nn_context", buf=Scratch(role, size), size=size)
        for role, size in zip(("per_filter", "per_unit"), sizes, strict=True)
    ]
    low, high = op.activation_state.dtype.limits
    params = struct(
        "cmsis_nn_svdf_params",
        rank=op.rank,
        input_offset=op.x.zero_point,
        output_offset=op.y.zero_point,
        input_activation=struct("cmsis_nn_activation", min=low, max=high),
        output_activation=struct("cmsis_nn_activation", min=-128, max=127),
    )
    return (
        *(*scratch, params, tensor_quantization(op.state_multiplier), tensor_quantization(op.output_multiplier)),
        *(dims(batch, inputs, 1, 1), Tensor(op.x)),
        *(dims(batch, op.memory * op.filters, 1, 1), Tensor(op.activation_state)),
        *(dims(op.filters, inputs, 1, 1), Tensor(op.weights_feature)),
        *(dims(op.filters, op.memory, 1, 1), Tensor(op.weights_time)),
        *(dims(op.units, 1, 1, 1), tensor_or_null(op.bias)),
        *(dims(batch, op.units, 1, 1), Tensor(op.y)),
    )


def with_kernel_sums(op: Svdf, context: Context) -> tuple[Arg, ...]:
    return (kernel_sums(op, context), *svdf_args(op, context))


def kernel_sums(op: Svdf, context: Context) -> Struct:
    """The context of `arm_svdf_s8`: with Helium, what the input's zero point adds to each filter's sum."""
    if not context.may_use_mve:
        return struct("cmsis_nn_context", buf=None, size=0)
    assert op.weights_feature.data is not None
    sums = wrapped(-op.x.zero_point * op.weights_feature.data.sum(1, dtype=np.int64))
    return struct("cmsis_nn_context", buf=Table("kernel_sums", sums.astype(np.int32), Content.BIAS), size=4 * op.filters)


def centred_state(op: Svdf, context: Context) -> str | None:
    """the state has zero point 0

    CMSIS-NN's 8-bit state has none; TFLM's reference adds it, and wraps around where that goes beyond 8 bits.
    """
    return f"zero point {op.activation_state.zero_point}" if op.activation_state.zero_point else None


COST = arm_rate(Rate(5, 30), dsp=Rate(3, 30), mve=Rate(1, 20))

VARIANTS: tuple[Variant[Svdf], ...] = (
    arm("arm_svdf_state_s16_s8", Svdf, ("int8, int16 state",), svdf_args, COST),
    arm("arm_svdf_s8", Svdf, ("int8",), with_kernel_sums, COST, facts=(centred_state,)),
)

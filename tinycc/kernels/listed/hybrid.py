# SPDX-License-Identifier: Apache-2.0
"""Kernels of hybrid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinycc.ir import Array, DType
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantized import range_f32
from tinycc.target import Target


def dynamic_weights(role: str, weights: Array, scales: Array, asymmetric: bool) -> Struct:
    """The kernels' `tk_dynamic_weights`. `scales`: float32, of the rows in turn."""
    sums = weights.reshape(-1, weights.shape[-1]).sum(1, dtype=np.int64).astype(np.int32)
    return struct(
        "tk_dynamic_weights",
        data=Table(f"{role}_weights", weights),
        row_sums=Table(f"{role}_row_sums", sums) if asymmetric else None,
        scales=Table(f"{role}_scales", scales),
        cycle=len(scales),
    )


NO_WEIGHTS = struct("tk_dynamic_weights", data=None, row_sums=None, scales=None, cycle=0)


def hybrid(symbol: str, shape: Callable[[Any], Struct], weights: DType = DType.INT8) -> Kernel:
    """The kernel symbol(x, weights, weight scales, bias, y, scratch, shape, params) for weights of that type."""

    def lower(op: Any, target: Target) -> tuple[Call, ...]:
        scales, sizes = op.weights_scales, shape(op)
        params = struct(
            "tk_hybrid",
            asymmetric=int(op.hybrid_scheme.asymmetric),
            scale_step=int(len(scales) > 1),
            weights_first=int(op.hybrid_scheme.weights_first),
            range=range_f32(op.range),
        )
        bias = None if op.bias is None else Tensor(op.bias)
        batch = dict(sizes.fields)["batch"]
        assert isinstance(batch, int)
        scratch = Scratch("quantized", op.x.type.elements // batch)
        table = Table("weight_scales", np.asarray(scales, np.float32))
        return (Call(symbol, (Tensor(op.x), Tensor(op.weights), table, bias, Tensor(op.y), scratch, sizes, params)),)

    return Kernel(symbol, lower, lambda op, target: op.hybrid and op.weights.dtype is weights)

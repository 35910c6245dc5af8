# SPDX-License-Identifier: Apache-2.0
"""Kernels of reduction."""

from __future__ import annotations

from tinycc.kernels.calls import Struct, struct
from tinycc.kernels.listed.quantized import int_list
from tinycc.ops.reduction.base import Reduction


def reduce_shape(op: Reduction) -> Struct:
    """The `tk_reduce` of an operator."""
    loops = op.loops
    return struct(
        "tk_reduce",
        rank=len(loops),
        dims=int_list(tuple(loop.size for loop in loops)),
        stride=int_list(tuple(loop.strides[0] for loop in loops)),
    )

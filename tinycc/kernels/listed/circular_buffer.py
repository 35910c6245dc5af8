# SPDX-License-Identifier: Apache-2.0
"""Kernels of circular_buffer."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.signal.circular_buffer import CircularBuffer
from tinycc.target import Target


def lower(op: CircularBuffer, target: Target) -> tuple[Call, ...]:
    rows = op.last.shape[1]
    sizes = (rows, op.x.type.elements, op.cycles)
    args = (Tensor(op.x), Tensor(op.y), Tensor(op.wait), *sizes)
    return (Call("tk_circular_buffer_s8", args, stops=op.cycles > 1),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[CircularBuffer] = (Kernel("tk_circular_buffer_s8", lower),)

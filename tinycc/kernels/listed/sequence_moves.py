# SPDX-License-Identifier: Apache-2.0
"""Kernels of sequence_moves."""

from __future__ import annotations

import math

from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.cast import as_int32
from tinycc.kernels.listed.quantized import int_list
from tinycc.ops.base import Operator
from tinycc.ops.movement.sequence import DynamicUpdateSlice, ReverseSequence
from tinycc.ops.strides import row_major
from tinycc.target import Target


def lower_update(op: DynamicUpdateSlice, target: Target) -> tuple[Call, ...]:
    calls, start = as_int32(op.start)
    shape = struct(
        "tk_update_shape",
        rank=len(op.x.shape),
        dims=int_list(op.x.shape),
        update_dims=int_list(op.block.shape),
    )
    return (*calls, Call("tk_update_slice", (Tensor(op.x), Tensor(op.block), start, Tensor(op.y), shape, op.x.dtype.bytes)))


def lower_reverse(op: ReverseSequence, target: Target) -> tuple[Call, ...]:
    calls, lengths = as_int32(op.lengths)
    shape, size = op.x.shape, op.x.dtype.bytes
    steps = [step * size for step in row_major(shape)]
    first, last = sorted((op.axis, op.batch))
    outer, middle = math.prod(shape[:first]), math.prod(shape[first + 1 : last])
    loops = struct(
        "tk_reverse_shape",
        dims=int_list((outer, middle, shape[op.batch])),
        stride=int_list((steps[first] * shape[first], steps[last] * shape[last], steps[op.batch])),
        steps=shape[op.axis],
        step_stride=steps[op.axis],
        row_bytes=steps[last],
    )
    return (*calls, Call("tk_reverse_sequence", (Tensor(op.x), lengths, Tensor(op.y), loops)))


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[DynamicUpdateSlice] = (Kernel("tk_update_slice", lower_update, in_place=("x",)),)
KERNELS[ReverseSequence] = (Kernel("tk_reverse_sequence", lower_reverse),)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of movement."""

from __future__ import annotations

import numpy as np

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.moves import in_rows, lower_rows, lower_strided
from tinycc.kernels.listed.quantized import dims, int_list
from tinycc.ops.base import Operator
from tinycc.ops.movement.pad import Frame, Pad
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.window import Pair
from tinycc.target import Target

MAX_TRANSPOSED = Pair(2**16 - 1, (2**16 - 1) // 7)
"""Rows and columns of a matrix that `arm_transpose_s8` counts in 16 bits: Helium also the bytes from a row to the seventh after
it."""


def lower_pad_s8(op: Pad, target: Target) -> tuple[Call, ...]:
    frames = (*[Frame(0, 1, 0)] * (4 - len(op.frames)), *op.frames)
    before, size, after = (dims(*(frame[part] for frame in frames)) for part in range(3))
    return (Call("arm_pad_s8", (Tensor(op.x), Tensor(op.y), int(op.value), size, before, after), checked=True),)


def lower_pad(op: Pad, target: Target) -> tuple[Call, ...]:
    shape = struct(
        "tk_pad_shape",
        rank=len(op.frames),
        dims=int_list(tuple(frame.size for frame in op.frames)),
        before=int_list(tuple(frame.before for frame in op.frames)),
        after=int_list(tuple(frame.after for frame in op.frames)),
    )
    value = Table("pad_value", np.asarray([op.value], op.x.dtype.numpy)) if op.fill is None else Tensor(op.fill)
    return (Call("tk_pad", (Tensor(op.x), Tensor(op.y), shape, op.x.dtype.bytes, value)),)


def lower_transpose_s8(op: Transpose, target: Target) -> tuple[Call, ...]:
    shape, permutation = op.merged
    padding = (1,) * (4 - len(shape))
    x, y = (dims(*sizes, *padding) for sizes in (shape, tuple(shape[axis] for axis in permutation)))
    axes = Table("permutation", np.asarray(permutation, np.int32), "uint32_t")
    params = struct("cmsis_nn_transpose_params", num_dims=len(shape), permutations=axes)
    return (Call("arm_transpose_s8", (Tensor(op.x), Tensor(op.y), x, y, params), checked=True),)


def arm_transposes(op: Transpose, target: Target) -> bool:
    """Whether `arm_transpose_s8`, which moves bytes, is the one: rows that stay whole are faster by memcpy. Up to four
    dimensions, the last two of them within its counters."""
    if op.x.dtype is not DType.INT8 or not op.x.type.elements:
        return False
    shape, permutation = op.merged
    scattered = permutation[-1] != len(shape) - 1
    return scattered and len(shape) <= 4 and shape[-2] <= MAX_TRANSPOSED.h and shape[-1] <= MAX_TRANSPOSED.w


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[Pad] = (
    Kernel("arm_pad_s8", lower_pad_s8, lambda op, target: op.x.dtype is DType.INT8 and len(op.frames) <= 4 and op.fill is None),
    Kernel("tk_pad", lower_pad),
)

KERNELS[Transpose] = (
    Kernel("tk_copy_rows", lower_rows, in_rows),
    Kernel("arm_transpose_s8", lower_transpose_s8, arm_transposes),
    Kernel("tk_copy_strided", lower_strided),
)

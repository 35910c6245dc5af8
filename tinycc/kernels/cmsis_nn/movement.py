# SPDX-License-Identifier: Apache-2.0
"""PAD, TRANSPOSE, CONCATENATION and copies by CMSIS-NN."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Origin, Variant
from tinycc.kernels.calls import Arg, Call, Table, Tensor, struct
from tinycc.kernels.cmsis_nn.base import arm, dims
from tinycc.kernels.costs import Rate, arm_rate
from tinycc.kernels.pieces import one_scale_for_all, pieces
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Frame, Pad
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.window import Pair
from tinycc.program.types import Content

MAX_TRANSPOSED = Pair(2**16 - 1, (2**16 - 1) // 7)
"""Rows and columns of a matrix that `arm_transpose_s8` counts in 16 bits: Helium also the bytes from a row to the seventh after
it."""


def pad_args(op: Pad, context: Context) -> tuple[Arg, ...]:
    frames = (*[Frame(0, 1, 0)] * (4 - len(op.frames)), *op.frames)
    before, size, after = (dims(*(frame[part] for frame in frames)) for part in range(3))
    return (Tensor(op.x), Tensor(op.y), int(op.value), size, before, after)


def constant_frame(op: Pad, context: Context) -> str | None:
    """at most four separate runs of dimensions are padded, with a constant"""
    if len(op.frames) <= 4 and op.fill is None:
        return None
    return f"{len(op.frames)} runs" + (", a value computed at run time" if op.fill else "")


def transpose_args(op: Transpose, context: Context) -> tuple[Arg, ...]:
    shape, permutation = op.merged
    padding = (1,) * (4 - len(shape))
    x, y = (dims(*sizes, *padding) for sizes in (shape, tuple(shape[axis] for axis in permutation)))
    axes = Table("permutation", np.asarray(permutation, np.int32), Content.TABLE, "uint32_t")
    return (Tensor(op.x), Tensor(op.y), x, y, struct("cmsis_nn_transpose_params", num_dims=len(shape), permutations=axes))


def scattered_matrix(op: Transpose, context: Context) -> str | None:
    """the last dimension does not stay the last, there are at most four, and the last two are within the function's counters

    Rows that stay whole are faster by memcpy.
    """
    if not op.x.type.elements:
        return "no elements"
    shape, permutation = op.merged
    scattered = permutation[-1] != len(shape) - 1
    if scattered and len(shape) <= 4 and shape[-2] <= MAX_TRANSPOSED.h and shape[-1] <= MAX_TRANSPOSED.w:
        return None
    return f"permutation {list(permutation)} of {list(shape)}"


def bind_concatenation(op: Concatenation, context: Context) -> tuple[Call, ...]:
    """Whatever the axis: with all that follows it as x, y and z are 1 and arm_concatenation_s8_y, _z and _w the same."""
    return tuple(
        Call("arm_concatenation_s8_x", (Tensor(part), columns, 1, 1, op.rows, Tensor(op.y), op.columns, start))
        for part, columns, start in pieces(op)
    )


def counts_of_16_bits(op: Concatenation, context: Context) -> str | None:
    """rows and columns are less than 2**16"""
    return None if max(op.rows, op.columns) < 2**16 else f"{op.rows} rows of {op.columns} elements"


def bind_copy(op: Copy, context: Context) -> tuple[Call, ...]:
    size = op.x.type.bytes
    return (Call("arm_reshape_s8", (Tensor(op.x), Tensor(op.y), size)),) if size else ()


BYTES = arm_rate(Rate(0, 0.9))

VARIANTS: tuple[Variant[Any], ...] = (
    arm("arm_pad_s8", Pad, ("int8",), pad_args, arm_rate(Rate(0, 1.5)), facts=(constant_frame,)),
    arm("arm_transpose_s8", Transpose, ("int8",), transpose_args, arm_rate(Rate(0, 7)), facts=(scattered_matrix,)),
    Variant(
        "arm_concatenation_s8_x",
        Concatenation,
        ("int8",),
        bind_concatenation,
        BYTES,
        (one_scale_for_all, counts_of_16_bits),
        origin=Origin.CMSIS_NN,
    ),
    Variant("arm_reshape_s8", Copy, ("int8",), bind_copy, BYTES, origin=Origin.CMSIS_NN),
)

# SPDX-License-Identifier: Apache-2.0
"""Kernels of moves."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.quantized import int_list
from tinycc.ops.base import Operator
from tinycc.ops.movement.base import Fill, Movement, Walk
from tinycc.ops.strides import Loop
from tinycc.target import Target


def _pointers(walk: Walk) -> tuple[Tensor | Table, Tensor]:
    source = Table(*walk.source) if isinstance(walk.source, Fill) else Tensor(walk.source, walk.source_offset)
    return source, Tensor(walk.target, walk.target_offset)


def copy_rows(walk: Walk) -> Call:
    *outer, row = walk.loops
    size = walk.target.dtype.bytes
    rows, (x_step, y_step) = outer[0] if outer else Loop(1, (row.size, row.size))
    return Call("tk_copy_rows", (*_pointers(walk), rows, row.size * size, x_step * size, y_step * size))


def copy_strided(walk: Walk) -> Call:
    shape = struct(
        "tk_copy_shape",
        rank=len(walk.loops),
        dims=int_list(tuple(loop.size for loop in walk.loops)),
        x_stride=int_list(tuple(loop.strides[0] for loop in walk.loops)),
        y_stride=int_list(tuple(loop.strides[1] for loop in walk.loops)),
    )
    return Call("tk_copy_strided", (*_pointers(walk), shape, walk.target.dtype.bytes))


def lower_rows(op: Movement, target: Target) -> tuple[Call, ...]:
    return tuple(copy_rows(walk) for walk in op.walks)


def lower_strided(op: Movement, target: Target) -> tuple[Call, ...]:
    return tuple(copy_strided(walk) for walk in op.walks)


def in_rows(op: Movement, target: Target) -> bool:
    return all(walk.rows for walk in op.walks)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Movement] = (Kernel("tk_copy_rows", lower_rows, in_rows), Kernel("tk_copy_strided", lower_strided))

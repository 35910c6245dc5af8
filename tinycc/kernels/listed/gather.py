# SPDX-License-Identifier: Apache-2.0
"""Kernels of gather."""

from __future__ import annotations

import math

import numpy as np

from tinycc.ir import Value
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.cast import as_int32
from tinycc.kernels.listed.quantized import int_list
from tinycc.ops.base import Operator
from tinycc.ops.conversion.cast import TYPE_NUMBERS
from tinycc.ops.movement.gather import Gather, GatherNd, OneHot, QuantizedEmbedding, ScatterNd
from tinycc.ops.strides import Shape, row_major
from tinycc.target import Target


def gather_call(op: Gather, y: Tensor | Scratch) -> tuple[Call, ...]:
    s = op.sizes
    shape = struct(
        "tk_gather_shape",
        batch=s["batch"],
        outer=s["outer"],
        axis=s["axis"],
        count=s["count"],
        row_bytes=s["row"] * op.x.dtype.bytes,
    )
    calls, indices = as_int32(op.indices)
    return (*calls, Call("tk_gather", (Tensor(op.x), indices, y, shape)))


def lower_gather(op: Gather, target: Target) -> tuple[Call, ...]:
    return gather_call(op, Tensor(op.y))


def lower_embedding(op: QuantizedEmbedding, target: Target) -> tuple[Call, ...]:
    rows = Scratch("rows", op.y.type.elements)
    dequantize = Call("tk_dequantize_s8_f32", (rows, Tensor(op.y), op.y.type.elements, op.x.scale, 0))
    return (*gather_call(op, rows), dequantize)


def index_shape(indices: Value, shape: Shape) -> Struct:
    """The `tk_index_shape` of coordinates into a tensor of `shape`."""
    depth = indices.shape[-1]
    return struct(
        "tk_index_shape",
        count=math.prod(indices.shape[:-1]),
        depth=depth,
        dims=int_list(shape[:depth]),
        stride=int_list(tuple(row_major(shape)[:depth])),
        slice_elements=math.prod(shape[depth:]),
    )


def lower_gather_nd(op: GatherNd, target: Target) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    args = (Tensor(op.x), indices, Tensor(op.y), index_shape(op.indices, op.x.shape), op.x.dtype.bytes)
    return (*calls, Call("tk_gather_nd", args))


def lower_gather_nd_constant(op: GatherNd, target: Target) -> tuple[Call, ...]:
    """With the coordinates known, they are row numbers."""
    assert op.indices.data is not None
    depth = op.indices.shape[-1]
    sizes = np.asarray(op.x.shape[:depth], np.int64)
    row = math.prod(op.x.shape[depth:])
    limited = np.clip(op.indices.data.reshape(math.prod(op.indices.shape[:-1]), depth), 0, sizes - 1)
    rows = limited @ (np.asarray(row_major(op.x.shape)[:depth], np.int64) // row)
    shape = struct(
        "tk_gather_shape",
        batch=1,
        outer=1,
        axis=int(sizes.prod()),
        count=len(rows),
        row_bytes=row * op.x.dtype.bytes,
    )
    return (Call("tk_gather", (Tensor(op.x), Table("rows", rows.astype(np.int32)), Tensor(op.y), shape)),)


def lower_scatter_nd(op: ScatterNd, target: Target) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    shape = index_shape(op.indices, op.shape)
    number = TYPE_NUMBERS[op.slices.dtype]
    return (*calls, Call("tk_scatter_nd", (indices, Tensor(op.slices), Tensor(op.y), op.y.type.elements, shape, number)))


def lower_one_hot(op: OneHot, target: Target) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    outer, inner = math.prod(op.indices.shape[: op.axis]), math.prod(op.indices.shape[op.axis :])
    args = (indices, Tensor(op.on), Tensor(op.off), Tensor(op.y), outer, op.depth, inner, op.y.dtype.bytes)
    return (*calls, Call("tk_one_hot", args))


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Gather] = (Kernel("tk_gather", lower_gather),)
KERNELS[QuantizedEmbedding] = (Kernel("tk_gather", lower_embedding),)

KERNELS[GatherNd] = (
    Kernel("tk_gather", lower_gather_nd_constant, lambda op, target: op.indices.constant),
    Kernel("tk_gather_nd", lower_gather_nd),
)

KERNELS[ScatterNd] = (Kernel("tk_scatter_nd", lower_scatter_nd),)
KERNELS[OneHot] = (Kernel("tk_one_hot", lower_one_hot),)

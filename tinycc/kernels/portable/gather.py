# SPDX-License-Identifier: Apache-2.0
"""Places given by indices, in plain C."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinycc.ir import DType, Value
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.costs import rate
from tinycc.kernels.portable.base import all_types, ints, usual
from tinycc.kernels.portable.conversion import TYPE_NUMBERS, as_int32
from tinycc.ops.movement.gather import Gather, GatherNd, OneHot, QuantizedEmbedding, ScatterNd, SparseToDense
from tinycc.ops.movement.update import REDUCTIONS, Segments, UpdateRows
from tinycc.ops.strides import Shape, row_major
from tinycc.program.types import Content


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


def bind_gather(op: Gather, context: Context) -> tuple[Call, ...]:
    return gather_call(op, Tensor(op.y))


def bind_embedding(op: QuantizedEmbedding, context: Context) -> tuple[Call, ...]:
    rows = Scratch("rows", op.y.type.elements)
    dequantize = Call("tk_dequantize_s8_f32", (rows, Tensor(op.y), op.y.type.elements, op.x.scale, 0))
    return (*gather_call(op, rows), dequantize)


def index_shape(count: int, depth: int, shape: Shape) -> Struct:
    """The `tk_index_shape` of so many indices of `depth` coordinates into a tensor of `shape`."""
    return struct(
        "tk_index_shape",
        count=count,
        depth=depth,
        dims=ints(shape[:depth]),
        stride=ints(row_major(shape)[:depth]),
        slice_elements=math.prod(shape[depth:]),
    )


def _counted(indices: Value) -> tuple[int, int]:
    """How many indices there are, and the coordinates of each."""
    return math.prod(indices.shape[:-1]), indices.shape[-1]


def bind_gather_nd(op: GatherNd, context: Context) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    args = (Tensor(op.x), indices, Tensor(op.y), index_shape(*_counted(op.indices), op.x.shape), op.x.dtype.bytes)
    return (*calls, Call("tk_gather_nd", args))


def bind_rows(op: GatherNd, context: Context) -> tuple[Call, ...]:
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
    return (Call("tk_gather", (Tensor(op.x), Table("rows", rows.astype(np.int32), Content.TABLE), Tensor(op.y), shape)),)


def constant_coordinates(op: GatherNd, context: Context) -> str | None:
    """the coordinates are constants"""
    return None if op.indices.constant else f"%{op.indices.name} computed at run time"


def bind_scatter_nd(op: ScatterNd, context: Context) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    shape = index_shape(*_counted(op.indices), op.shape)
    number = TYPE_NUMBERS[op.slices.dtype]
    return (*calls, Call("tk_scatter_nd", (indices, Tensor(op.slices), Tensor(op.y), op.y.type.elements, shape, number)))


def bind_sparse_to_dense(op: SparseToDense, context: Context) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    shape = index_shape(op.count, len(op.shape), op.shape)
    step = int(op.values.type.elements > 1)
    args = (indices, Tensor(op.values), Tensor(op.other), Tensor(op.y), op.y.type.elements, shape, step, op.y.dtype.bytes)
    return (*calls, Call("tk_sparse_to_dense", args))


def bind_update_rows(op: UpdateRows, context: Context) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    (rows, size), how = op.x.shape, list(REDUCTIONS).index(op.reduction)
    sizes = (rows, size, math.prod(op.indices.shape), TYPE_NUMBERS[op.x.dtype], how)
    return (*calls, Call("tk_update_rows", (Tensor(op.x), indices, Tensor(op.slices), Tensor(op.y), *sizes)))


PASSING_OVER = {"max": 5, "min": 6}
"""`tk_update` of float32 where NaN is passed over."""


def bind_segments(op: Segments, context: Context) -> tuple[Call, ...]:
    """Rows of what has no part in the reduction, updated in place."""
    calls, indices = as_int32(op.indices)
    y, size, real = Tensor(op.y), math.prod(op.row), op.x.dtype is DType.FLOAT32
    how = PASSING_OVER[op.reduction] if real and op.reduction in PASSING_OVER else list(REDUCTIONS).index(op.reduction)
    start = Table("start", np.asarray([op.start], op.x.dtype.numpy), Content.TABLE)
    elements = op.y.type.elements
    shape = struct("tk_copy_shape", rank=1, dims=ints([elements]), x_stride=ints([0]), y_stride=ints([1]))
    filled = Call("tk_copy_strided", (start, y, shape, op.x.dtype.bytes))
    sizes = (op.count, size, op.indices.type.elements, TYPE_NUMBERS[op.x.dtype], how)
    return (*calls, filled, Call("tk_update_rows", (y, indices, Tensor(op.x), y, *sizes)))


def bind_one_hot(op: OneHot, context: Context) -> tuple[Call, ...]:
    calls, indices = as_int32(op.indices)
    outer, inner = math.prod(op.indices.shape[: op.axis]), math.prod(op.indices.shape[op.axis :])
    args = (indices, Tensor(op.on), Tensor(op.off), Tensor(op.y), outer, op.depth, inner, op.y.dtype.bytes)
    return (*calls, Call("tk_one_hot", args))


VARIANTS: tuple[Variant[Any], ...] = (
    Variant("tk_gather", Gather, all_types(Gather), bind_gather, rate(element=4)),
    Variant("tk_gather", QuantizedEmbedding, all_types(QuantizedEmbedding), bind_embedding, rate(element=16)),
    Variant("tk_gather", GatherNd, all_types(GatherNd), bind_rows, rate(element=4), (constant_coordinates,)),
    Variant("tk_gather_nd", GatherNd, all_types(GatherNd), bind_gather_nd, rate(element=12)),
    Variant("tk_scatter_nd", ScatterNd, all_types(ScatterNd), bind_scatter_nd, usual(())),
    Variant("tk_sparse_to_dense", SparseToDense, all_types(SparseToDense), bind_sparse_to_dense, usual(())),
    Variant("tk_update_rows", UpdateRows, all_types(UpdateRows), bind_update_rows, rate(element=4), in_place=("x",)),
    Variant("tk_update_rows", Segments, all_types(Segments), bind_segments, rate(element=4)),
    Variant("tk_one_hot", OneHot, all_types(OneHot), bind_one_hot, usual(())),
)

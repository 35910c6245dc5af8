# SPDX-License-Identifier: Apache-2.0
"""GATHER, EMBEDDING_LOOKUP, GATHER_ND, SCATTER_ND, SPARSE_TO_DENSE, ONE_HOT: places given by indices, often at run time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import RUN_TIME_TYPES, Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.strides import MAX_LOOPS, Shape

INDEX_TYPES = (DType.INT32, DType.INT64)


def indexed(*operands: str) -> tuple[Signature, ...]:
    """The signatures of an operator that moves the elements of `operands` to where `indices` say."""
    return tuple(
        Signature(f"{dtype.value} by {index.value}", {**dict.fromkeys(operands, dtype), "indices": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in (*RUN_TIME_TYPES, DType.INT4)
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Gather(Operator):
    """y[b, o, i] = x[b, o, indices[b, i]]: slices of x along `axis`, the first `batch` dimensions shared with the indices.

    b: those dimensions; o: the others in front of `axis`. An index outside x is moved to the nearer end (the reference kernels
    refuse it or read astray). EMBEDDING_LOOKUP is the same along dimension 0. Source: TFLM gather.cc, embedding_lookup.cc.
    """

    x: Value
    indices: Value
    axis: int
    batch: int

    signatures: ClassVar[tuple[Signature, ...]] = indexed("x")

    def infer(self) -> tuple[TensorType, ...]:
        x, indices = self.x.shape, self.indices.shape
        return (TensorType((*x[: self.axis], *indices[self.batch :], *x[self.axis + 1 :]), self.x.dtype),)

    @property
    def sizes(self) -> dict[str, int]:
        """x as [batch * per_batch, axis, row], the indices as [batch, count]."""
        shape = self.x.shape
        return {
            "batch": math.prod(shape[: self.batch]),
            "outer": math.prod(shape[: self.axis]),
            "axis": shape[self.axis],
            "count": math.prod(self.indices.shape[self.batch :]),
            "row": math.prod(shape[self.axis + 1 :]),
        }

    def eval(self, read: Reader) -> tuple[Array, ...]:
        s = self.sizes
        x = read(self.x).reshape(s["outer"], s["axis"], s["row"])
        indices = np.clip(read(self.indices).reshape(s["batch"], 1, s["count"]), 0, s["axis"] - 1)
        rows = np.broadcast_to(indices, (s["batch"], s["outer"] // s["batch"], s["count"])).reshape(s["outer"], s["count"])
        return (x[np.arange(s["outer"])[:, None], rows].reshape(self.infer()[0].shape),)


@dataclass(frozen=True, eq=False, kw_only=True)
class QuantizedEmbedding(Gather):
    """y[i] = scale * x[indices[i]]: float32 rows of an int8 table whose zero point is 0. Source: TFLM embedding_lookup.cc."""

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"int8 to float32 by {index.value}", {"x": DType.INT8, "indices": index}, (DType.FLOAT32,))
        for index in INDEX_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(super().infer()[0].shape, DType.FLOAT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return ((self.x.scale * super().eval(read)[0].astype(np.int64)).astype(np.float32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class GatherNd(Operator):
    """y[i] = x[indices[i, 0], indices[i, 1], ...], elements or slices of x; a coordinate outside x is moved to the nearer end.

    Source: TFLM gather_nd.cc.
    """

    x: Value
    indices: Value

    signatures: ClassVar[tuple[Signature, ...]] = indexed("x")

    def infer(self) -> tuple[TensorType, ...]:
        *count, depth = self.indices.shape
        return (TensorType((*count, *self.x.shape[depth:]), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        indices = np.moveaxis(read(self.indices), -1, 0)
        limited = tuple(np.clip(part, 0, size - 1) for part, size in zip(indices, self.x.shape, strict=False))
        x = read(self.x)
        return (x[limited] if limited else np.broadcast_to(x, self.infer()[0].shape),)


@dataclass(frozen=True, eq=False, kw_only=True)
class ScatterNd(Operator):
    """y = 0 in `shape`, then y[indices[i, 0], indices[i, 1], ...] += slices[i]. Equal indices add up (integers wrap, booleans
    are combined by OR); indices outside y are left out. Source: LiteRT reference_ops.h `ScatterNd`.
    """

    indices: Value
    slices: Value
    shape: Shape

    signatures: ClassVar[tuple[Signature, ...]] = indexed("slices")

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.slices.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        depth = self.indices.shape[-1]
        indices = read(self.indices).reshape(math.prod(self.indices.shape[:-1]), depth)
        inside = ((indices >= 0) & (indices < np.asarray(self.shape[:depth], np.int64))).all(1)
        y = np.zeros(self.shape, self.slices.dtype.numpy)
        slices = read(self.slices).reshape(len(indices), *self.shape[depth:])
        np.add.at(y, tuple(indices[inside].T), slices[inside])
        return (y,)


@dataclass(frozen=True, eq=False, kw_only=True)
class SparseToDense(Operator):
    """y = other in `shape`, but y[indices[i, 0], indices[i, 1], ...] = values[i], or the one value for all.

    Of equal indices the last counts; those outside y are left out. Source: LiteRT sparse_to_dense.cc, which then writes astray.

    indices: [N,D] for the D dimensions of y, [N] for one dimension, or a single one.
    """

    indices: Value
    values: Value
    other: Value
    shape: Shape

    signatures: ClassVar[tuple[Signature, ...]] = indexed("values", "other")

    @property
    def count(self) -> int:
        """Indices."""
        return self.indices.type.elements // max(len(self.shape), 1)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.values.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        indices = read(self.indices).reshape(self.count, len(self.shape))
        values = np.broadcast_to(read(self.values).ravel(), (self.count,))
        y = np.full(self.shape, read(self.other).ravel()[0], self.values.dtype.numpy)
        inside = ((indices >= 0) & (indices < np.asarray(self.shape, np.int64))).all(1)
        for index, value in zip(indices[inside], values[inside], strict=True):
            y[tuple(index)] = value
        return (y,)


@dataclass(frozen=True, eq=False, kw_only=True)
class OneHot(Operator):
    """y[o, d, i] = on if indices[o, i] == d else off, with the new dimension of size `depth` at `axis`.

    Source: LiteRT one_hot.cc.
    """

    indices: Value
    on: Value
    off: Value
    depth: int
    axis: int

    signatures: ClassVar[tuple[Signature, ...]] = indexed("on", "off")

    def infer(self) -> tuple[TensorType, ...]:
        shape = self.indices.shape
        return (TensorType((*shape[: self.axis], self.depth, *shape[self.axis :]), self.on.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        places = np.arange(self.depth).reshape(-1, *[1] * (len(self.indices.shape) - self.axis))
        hit = np.expand_dims(read(self.indices), self.axis) == places
        return (np.where(hit, read(self.on).ravel()[0], read(self.off).ravel()[0]).astype(self.on.dtype.numpy),)


def few_coordinates(op: GatherNd | ScatterNd) -> str | None:
    """an index has at most six coordinates"""
    return f"indices {op.indices.type}" if op.indices.shape[-1] > MAX_LOOPS else None


def matching_values(op: SparseToDense) -> str | None:
    """there is one value for each index or for all, and each index has as many coordinates as the result has dimensions"""
    rank, indices = len(op.shape), op.indices.shape
    coordinates = indices[1] if len(indices) == 2 else 1
    fits = len(indices) <= 2 and coordinates == rank and op.values.type.elements in (1, op.count)
    return None if fits else f"indices {op.indices.type} and values {op.values.type} for {list(op.shape)}"


def single_other(op: SparseToDense) -> str | None:
    """there is one value for all other places"""
    return None if op.other.type.elements == 1 else f"{op.other.type}"


def few_dimensions(op: SparseToDense) -> str | None:
    """the result has at most six dimensions"""
    return f"{list(op.shape)}" if len(op.shape) > MAX_LOOPS else None


def symmetric_table(op: QuantizedEmbedding) -> str | None:
    """the table is quantized per tensor with zero point 0"""
    q = op.x.type.quantization
    return None if q is not None and not q.per_channel and q.zero_point == 0 else f"%{op.x.name} with {q}"


def readable(op: Gather | GatherNd) -> str | None:
    """no index leads into an operand without elements"""
    return f"indices {list(op.indices.shape)} into {list(op.x.shape)}" if 0 in op.x.shape and op.y.type.elements else None


Gather.conditions = (readable,)
QuantizedEmbedding.conditions = (readable, symmetric_table)
GatherNd.conditions = (readable, few_coordinates)
ScatterNd.conditions = (not_empty, few_coordinates)
SparseToDense.conditions = (matching_values, single_other, few_dimensions, not_empty)

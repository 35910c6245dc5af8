# SPDX-License-Identifier: Apache-2.0
"""GATHER, EMBEDDING_LOOKUP, GATHER_ND, SCATTER_ND, ONE_HOT: places given by indices, which may come at run time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.ops.cast import TYPE_NUMBERS, as_int32
from tinycc.ops.quantized import int_list
from tinycc.ops.shapes import MAX_LOOPS, Shape, dimension, integer, integers, not_empty, row_major
from tinycc.target import Target

INDEX_TYPES = (DType.INT32, DType.INT64)


def indexed(*operands: str) -> tuple[Signature, ...]:
    """The signatures of an operator that moves the elements of `operands` to where `indices` say."""
    return tuple(
        Signature(f"{dtype.value} by {index.value}", {**dict.fromkeys(operands, dtype), "indices": index}, (dtype,))
        for index in INDEX_TYPES
        for dtype in (*TYPE_NUMBERS, DType.INT4)
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

    tflite: ClassVar[tuple[str, ...]] = ("GATHER", "EMBEDDING_LOOKUP")
    signatures: ClassVar[tuple[Signature, ...]] = indexed("x")

    @classmethod
    def from_tflite(cls, node: Node) -> Operator:
        if node.origin.kind == "EMBEDDING_LOOKUP":
            return _embedding(node)
        x, indices = node.input(0), node.input(1)
        rank = len(x.shape)
        axis = dimension(node, int(node.options.get("axis", 0)), rank)
        batch = int(node.options.get("batch_dims", 0))
        batch += len(indices.shape) if batch < 0 else 0
        if not 0 <= batch <= min(axis, len(indices.shape)) or x.shape[:batch] != indices.shape[:batch]:
            raise node.error(
                f"{batch} batch dimensions of {list(x.shape)} and {list(indices.shape)}",
                "equal dimensions in front of the axis",
            )
        return cls(x=x, indices=indices, axis=axis, batch=batch, outputs=node.outputs, origin=node.origin)

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

    tflite: ClassVar[tuple[str, ...]] = ()
    also: ClassVar[tuple[str, ...]] = ("EMBEDDING_LOOKUP",)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(f"int8 to float32 by {index.value}", {"x": DType.INT8, "indices": index}, (DType.FLOAT32,))
        for index in INDEX_TYPES
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(super().infer()[0].shape, DType.FLOAT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return ((self.x.scale * super().eval(read)[0].astype(np.int64)).astype(np.float32),)


def _embedding(node: Node) -> Operator:
    indices, x = node.input(0), node.input(1)
    if len(indices.shape) != 1 or not x.shape:
        raise node.error(f"indices {indices.type} of {x.type}", "a list of row numbers of a table")
    cls = QuantizedEmbedding if x.dtype is DType.INT8 and node.outputs[0].dtype is DType.FLOAT32 else Gather
    return cls(x=x, indices=indices, axis=0, batch=0, outputs=node.outputs, origin=node.origin)


@dataclass(frozen=True, eq=False, kw_only=True)
class GatherNd(Operator):
    """y[i] = x[indices[i, 0], indices[i, 1], ...], elements or slices of x; a coordinate outside x is moved to the nearer end.

    Source: TFLM gather_nd.cc.
    """

    x: Value
    indices: Value

    tflite: ClassVar[tuple[str, ...]] = ("GATHER_ND",)
    signatures: ClassVar[tuple[Signature, ...]] = indexed("x")

    @classmethod
    def from_tflite(cls, node: Node) -> GatherNd:
        x, indices = node.input(0), node.input(1)
        if not indices.shape or indices.shape[-1] > len(x.shape):
            raise node.error(
                f"indices {indices.type} of {list(x.shape)}", f"at most {len(x.shape)} coordinates in the last row"
            )
        return cls(x=x, indices=indices, outputs=node.outputs, origin=node.origin)

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

    tflite: ClassVar[tuple[str, ...]] = ("SCATTER_ND",)
    signatures: ClassVar[tuple[Signature, ...]] = indexed("slices")

    @classmethod
    def from_tflite(cls, node: Node) -> ScatterNd:
        indices, slices, shape = node.input(0), node.input(1), integers(node, 2)
        depth = indices.shape[-1] if indices.shape else -1
        if min(shape, default=0) < 0 or not 0 <= depth <= len(shape) or slices.shape != indices.shape[:-1] + shape[depth:]:
            raise node.error(f"indices {indices.type}, slices {slices.type} for {list(shape)}", "a slice for each index")
        return cls(indices=indices, slices=slices, shape=shape, outputs=node.outputs, origin=node.origin)

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
class OneHot(Operator):
    """y[o, d, i] = on if indices[o, i] == d else off, with the new dimension of size `depth` at `axis`.

    Source: LiteRT one_hot.cc.
    """

    indices: Value
    on: Value
    off: Value
    depth: int
    axis: int

    tflite: ClassVar[tuple[str, ...]] = ("ONE_HOT",)
    signatures: ClassVar[tuple[Signature, ...]] = indexed("on", "off")

    @classmethod
    def from_tflite(cls, node: Node) -> OneHot:
        indices, depth, on, off = node.input(0), integer(node, 1), node.input(2), node.input(3)
        axis = dimension(node, int(node.options.get("axis", -1)), len(indices.shape) + 1)
        if depth < 0 or on.type.elements != 1 or off.type.elements != 1:
            raise node.error(f"depth {depth}, values {on.type} and {off.type}", "a depth of at least 0 and one value each")
        return cls(indices=indices, on=on, off=off, depth=depth, axis=axis, outputs=node.outputs, origin=node.origin)

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


def symmetric_table(op: QuantizedEmbedding) -> str | None:
    """the table is quantized per tensor with zero point 0"""
    q = op.x.type.quantization
    return None if q is not None and not q.per_channel and q.zero_point == 0 else f"%{op.x.name} with {q}"


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


def readable(op: Gather | GatherNd) -> str | None:
    """no index leads into an operand without elements"""
    return f"indices {list(op.indices.shape)} into {list(op.x.shape)}" if 0 in op.x.shape and op.y.type.elements else None


Gather.conditions = (readable,)
Gather.kernels = (Kernel("tk_gather", lower_gather),)
QuantizedEmbedding.conditions = (readable, symmetric_table)
QuantizedEmbedding.kernels = (Kernel("tk_gather", lower_embedding),)
GatherNd.conditions = (readable, few_coordinates)
GatherNd.kernels = (
    Kernel("tk_gather", lower_gather_nd_constant, lambda op, target: op.indices.constant),
    Kernel("tk_gather_nd", lower_gather_nd),
)
ScatterNd.conditions = (not_empty, few_coordinates)
ScatterNd.kernels = (Kernel("tk_scatter_nd", lower_scatter_nd),)
OneHot.kernels = (Kernel("tk_one_hot", lower_one_hot),)

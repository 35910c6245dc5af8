# SPDX-License-Identifier: Apache-2.0
"""Places given by indices, and images in another size."""

from __future__ import annotations

from functools import partial

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import dimension, integer, integers
from tinycc.ir import DType
from tinycc.ops.base import Operator
from tinycc.ops.movement.gather import Gather, GatherNd, OneHot, QuantizedEmbedding, ScatterNd, SparseToDense
from tinycc.ops.movement.update import Segments
from tinycc.ops.resize import Resize, ResizeBilinear, ResizeNearest


def embedding_lookup(node: Node) -> Operator:
    indices, x = node.input(0), node.input(1)
    if len(indices.shape) != 1 or not x.shape:
        raise node.error(f"indices {indices.type} of {x.type}", "a list of row numbers of a table")
    cls = QuantizedEmbedding if x.dtype is DType.INT8 and node.outputs[0].dtype is DType.FLOAT32 else Gather
    return cls(x=x, indices=indices, axis=0, batch=0, outputs=node.outputs, origin=node.origin)


MAX_SIZE = 2**15
"""Height and width: positions count in 1/1024 pixels."""


def gather(node: Node) -> Gather:
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
    return Gather(x=x, indices=indices, axis=axis, batch=batch, outputs=node.outputs, origin=node.origin)


def gather_nd(node: Node) -> GatherNd:
    x, indices = node.input(0), node.input(1)
    if not indices.shape or indices.shape[-1] > len(x.shape):
        raise node.error(f"indices {indices.type} of {list(x.shape)}", f"at most {len(x.shape)} coordinates in the last row")
    return GatherNd(x=x, indices=indices, outputs=node.outputs, origin=node.origin)


def scatter_nd(node: Node) -> ScatterNd:
    indices, slices, shape = node.input(0), node.input(1), integers(node, 2)
    depth = indices.shape[-1] if indices.shape else -1
    if min(shape, default=0) < 0 or not 0 <= depth <= len(shape) or slices.shape != indices.shape[:-1] + shape[depth:]:
        raise node.error(f"indices {indices.type}, slices {slices.type} for {list(shape)}", "a slice for each index")
    return ScatterNd(indices=indices, slices=slices, shape=shape, outputs=node.outputs, origin=node.origin)


def sparse_to_dense(node: Node) -> SparseToDense:
    indices, shape, values, other = node.input(0), integers(node, 1), node.input(2), node.input(3)
    if min(shape, default=0) < 0:
        raise node.error(f"shape {list(shape)}", "sizes of at least 0")
    return SparseToDense(indices=indices, values=values, other=other, shape=shape, outputs=node.outputs, origin=node.origin)


MAX_SEGMENTS = 2**24


def segments(reduction: str, node: Node) -> Segments:
    x, indices, count = node.input(0), node.input(1), integer(node, 2)
    rank = len(indices.shape)
    if x.shape[:rank] != indices.shape or not 0 <= count <= MAX_SEGMENTS:
        found = f"{indices.type} for {x.type}, {count} segments"
        raise node.error(found, f"an index for each row, and at most {MAX_SEGMENTS:,} segments")
    return Segments(x=x, indices=indices, count=count, reduction=reduction, outputs=node.outputs, origin=node.origin)


def segment_sum(node: Node) -> Segments:
    """Its indices say how many rows there are: LiteRT takes such as begin with 0 and rise by 1 at most."""
    x, indices = node.input(0), node.input(1)
    known = node.constant(1).ravel()
    rises = np.diff(known, prepend=known.dtype.type(0))
    if not x.shape or indices.shape != x.shape[:1] or not ((rises == 0) | (rises == 1)).all() or known[:1].any():
        raise node.error(f"{indices.type} for {x.type}", "an index for each row, from 0 on, each as before or 1 more")
    count = int(known[-1]) + 1 if known.size else 0
    return Segments(x=x, indices=indices, count=count, reduction="add", outputs=node.outputs, origin=node.origin)


def one_hot(node: Node) -> OneHot:
    indices, depth, on, off = node.input(0), integer(node, 1), node.input(2), node.input(3)
    axis = dimension(node, int(node.options.get("axis", -1)), len(indices.shape) + 1)
    if depth < 0 or on.type.elements != 1 or off.type.elements != 1:
        raise node.error(f"depth {depth}, values {on.type} and {off.type}", "a depth of at least 0 and one value each")
    return OneHot(indices=indices, on=on, off=off, depth=depth, axis=axis, outputs=node.outputs, origin=node.origin)


def resize(cls: type[Resize], node: Node) -> Resize:
    x, size = node.input(0), integers(node, 1)
    options = {name: bool(node.options.get(name, False)) for name in ("align_corners", "half_pixel_centers")}
    if len(x.shape) != 4 or len(size) != 2 or not all(0 < n < MAX_SIZE for n in (*size, *x.shape[1:3])):
        raise node.error(f"{list(x.shape)} to {list(size)}", f"four dimensions, height and width of 1 to {MAX_SIZE - 1}")
    return cls(x=x, size=(size[0], size[1]), **options, outputs=node.outputs, origin=node.origin)


ROWS = {
    "GATHER": Row(gather, (Gather,)),
    "EMBEDDING_LOOKUP": Row(embedding_lookup, (Gather, QuantizedEmbedding)),
    "GATHER_ND": Row(gather_nd, (GatherNd,)),
    "SCATTER_ND": Row(scatter_nd, (ScatterNd,)),
    "SPARSE_TO_DENSE": Row(sparse_to_dense, (SparseToDense,)),
    "SEGMENT_SUM": Row(segment_sum, (Segments,)),
    "UNSORTED_SEGMENT_SUM": Row(partial(segments, "add"), (Segments,)),
    "UNSORTED_SEGMENT_PROD": Row(partial(segments, "mul"), (Segments,)),
    "UNSORTED_SEGMENT_MAX": Row(partial(segments, "max"), (Segments,)),
    "UNSORTED_SEGMENT_MIN": Row(partial(segments, "min"), (Segments,)),
    "ONE_HOT": Row(one_hot, (OneHot,)),
    "RESIZE_NEAREST_NEIGHBOR": Row(partial(resize, ResizeNearest), (ResizeNearest,)),
    "RESIZE_BILINEAR": Row(partial(resize, ResizeBilinear), (ResizeBilinear,)),
}

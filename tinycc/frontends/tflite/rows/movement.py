# SPDX-License-Identifier: Apache-2.0
"""Operators that move elements."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import partial

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import dimension, integer, integers
from tinycc.frontends.tflite.unsigned import OFFSET
from tinycc.ir import Array, DType, TensorType
from tinycc.ops.base import Activation
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.sequence import Corner, DynamicSlice, DynamicUpdateSlice, ReverseSequence
from tinycc.ops.movement.slices import Index, Pack, Slice, Split, Unpack
from tinycc.ops.movement.spread import Dilate, MatrixDiag, MatrixSetDiag
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.strides import Shape


def _requantized(x: TensorType, y: TensorType) -> Array | None:
    """What each uint8 code of x is in y's units, for int8 that is uint8 in the file; None if it stays what it is."""
    if x.dtype is not DType.INT8 or x.quantization is None or y.quantization is None or x.quantization == y.quantization:
        return None
    scale = np.float32(x.quantization.scale) * (np.float32(1) / np.float32(y.quantization.scale))
    zero_points = x.quantization.zero_point + OFFSET, y.quantization.zero_point + OFFSET
    scaled = np.arange(256, dtype=np.float32) * scale + np.float32(-zero_points[0]) * scale
    codes = np.clip(np.trunc(scaled + np.copysign(np.float32(0.5), scaled)) + zero_points[1], 0, 255)
    table: Array = np.roll(codes - OFFSET, OFFSET).astype(np.int8)
    return table


def _fill_value(node: Node) -> float | int | None:
    """None: what operand 2 holds at run time."""
    x, y = node.input(0), node.outputs[0]
    if node.optional(2) is None:
        zero = y.type.quantization.zero_points[0] if y.type.quantization is not None else 0
        if y.dtype.is_integer and not y.dtype.limits[0] <= zero <= y.dtype.limits[1]:
            raise node.error(f"zero point {zero}", f"a value of {y.dtype.value}")
        return 0 if y.dtype is DType.INT16 and not node.numerics.padded_zero else zero
    fill = node.input(2)
    if fill.type.elements != 1 or fill.dtype is not x.dtype:
        raise node.error(f"pad value {fill.type}", f"one element of type {x.dtype.value}")
    if x.dtype is DType.INT8 and fill.type.quantization != y.type.quantization:
        raise node.error(f"pad value {fill.type} for output {y.type}", "the output's scale and zero point")
    return None if fill.data is None else fill.data.item()


def _reshaped(node: Node) -> Shape:
    """The constant operand 1 if there is one, else the option, else what the output declares (all that TFLM looks at)."""
    requested = node.optional(1)
    if requested is not None and requested.data is not None:
        shape = integers(node, 1)
    elif requested is None and node.options.get("new_shape"):
        shape = tuple(node.option("new_shape"))
    else:
        shape = node.declared()
        if requested is not None and (
            shape.count(-1) > 1 or (-1 not in shape and math.prod(shape) != node.input(0).type.elements)
        ):
            node.constant(1)  # which it is not
        if -1 not in shape:
            return shape
    elements = node.input(0).type.elements
    if shape == (0,) and elements == 1:
        return ()  # how old converters wrote a scalar
    known = math.prod(size for size in shape if size != -1)
    if shape.count(-1) == 1 and known > 0 and elements % known == 0:
        return tuple(elements // known if size == -1 else size for size in shape)
    if min(shape, default=0) < 0:
        raise node.error(
            f"shape {list(shape)} for {elements} elements", "non-negative sizes, one -1 that divides evenly at most"
        )
    return shape


def _squeezed(node: Node) -> Shape:
    shape = node.input(0).shape
    rank = len(shape)
    axes = tuple(node.options.get("squeeze_dims") or ())
    for axis in axes:
        if not -rank <= axis < rank or shape[axis] != 1:
            raise node.error(f"axis {axis} squeezed out of {list(shape)}", "an axis of size 1")
    gone = {axis % rank for axis in axes} if axes else {axis for axis in range(rank) if shape[axis] == 1}
    return tuple(size for axis, size in enumerate(shape) if axis not in gone)


def _expanded(node: Node) -> Shape:
    shape = node.input(0).shape
    where = node.constant(1)
    if where.size != 1 or where.dtype.kind != "i":
        raise node.error(f"axis operand {node.input(1).type}", "one integer")
    axis, rank = int(where.ravel()[0]), len(shape) + 1
    if not -rank <= axis < rank:
        raise node.error(f"axis {axis} for {list(shape)}", f"{-rank} to {rank - 1}")
    axis %= rank
    return (*shape[:axis], 1, *shape[axis:])


MASKS = ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
MAX_ENTRIES = 16
"""Ranges of a STRIDED_SLICE, new axes among them."""


def _sliced(node: Node) -> Index:
    shape = node.input(0).shape
    begins, sizes = integers(node, 1), integers(node, 2)
    if not len(begins) == len(sizes) == len(shape):
        raise node.error(f"begin {list(begins)}, size {list(sizes)} of {list(shape)}", "one number for each dimension")
    ends = [total if size == -1 else begin + size for begin, size, total in zip(begins, sizes, shape, strict=True)]
    if not all(0 <= begin <= end <= total for begin, end, total in zip(begins, ends, shape, strict=True)):
        raise node.error(f"begin {list(begins)}, size {list(sizes)} of {list(shape)}", "a part of the operand")
    return tuple(map(slice, begins, ends))


def _reversed(node: Node) -> Index:
    rank = len(node.input(0).shape)
    axes = {dimension(node, axis, rank) for axis in integers(node, 1)}
    return tuple(slice(None, None, -1 if axis in axes else None) for axis in range(rank))


def _strided(node: Node) -> Index:
    begins, ends, strides = (integers(node, position) for position in (1, 2, 3))
    if not len(begins) == len(ends) == len(strides) <= MAX_ENTRIES or 0 in strides:
        found = f"{len(begins)} begins, {len(ends)} ends, strides {list(strides)[:MAX_ENTRIES]}"
        raise node.error(found, f"as many of each, at most {MAX_ENTRIES}, and strides other than 0")
    masks = {name: int(node.options.get(f"{name}_mask", 0)) for name in MASKS}
    bits = [{name for name, mask in masks.items() if mask >> i & 1} for i in range(len(begins))]
    sizes = iter(node.input(0).shape)
    unnamed = len(node.input(0).shape) - sum(not here & {"ellipsis", "new_axis"} for here in bits)
    if unnamed < 0 or sum("ellipsis" in here for here in bits) > 1:
        raise node.error(f"{len(begins)} ranges of {node.input(0).type}", "one ellipsis and one range a dimension at most")
    offset = bool(node.options.get("offset", False))
    index: list[slice | int | None] = []
    for here, begin, end, stride in zip(bits, begins, ends, strides, strict=True):
        if "ellipsis" in here:
            index += [slice(None) for _ in itertools.islice(sizes, unnamed)]
        elif "new_axis" in here:
            index.append(None)
        else:
            index.append(_range(node, next(sizes), begin, end, stride, here, offset))
    return tuple(index)


def _range(node: Node, size: int, begin: int, end: int, stride: int, bits: set[str], offset: bool) -> slice | int:
    """One dimension's part. Positions before the first element or behind the last are moved to the ends."""
    low, high = (0, size) if stride > 0 else (-1, size - 1)

    def position(index: int) -> int:
        return min(max(index + size if index < 0 else index, low), high)

    first = (low if stride > 0 else high) if "begin" in bits else position(begin)
    if "shrink_axis" in bits:
        if not 0 <= first < size:
            raise node.error(f"index {begin} of a dimension of {size}", f"{-size} to {size - 1}")
        return first
    last = (high if stride > 0 else low) if "end" in bits else position(end + first if offset else end)
    return slice(first, None if last < 0 else last, stride) if first >= 0 else slice(0, 0)


def concatenation(node: Node) -> Concatenation:
    xs = tuple(node.input(position) for position in range(max(len(node.inputs), 1)))
    axis, rank = node.option("axis"), len(xs[0].shape)
    if not -rank <= axis < rank:
        raise node.error(f"axis {axis} of {list(xs[0].shape)}", f"{-rank} to {rank - 1}" if rank else "no scalars")
    if node.activation is not Activation.NONE:
        raise node.error(f"fused activation {node.activation.name}", "NONE, as no runtime takes another")
    tables = tuple(_requantized(x.type, node.outputs[0].type) if node.numerics.unsigned else None for x in xs)
    return Concatenation(
        xs=xs,
        axis=axis % rank,
        tables=tables if any(table is not None for table in tables) else (),
        outputs=node.outputs,
        origin=node.origin,
    )


def pad(node: Node) -> Pad:
    x, table = node.input(0), node.constant(1)
    if table.dtype.kind != "i" or table.size != 2 * len(x.shape) or (table < 0).any():
        raise node.error(f"paddings {table.tolist()} for {x.type}", "two non-negative integers for each dimension")
    before, after = (tuple(map(int, side)) for side in table.reshape(-1, 2).T)
    value = _fill_value(node)
    content: float | int = 0 if value is None else value
    fill = node.input(2) if value is None else None
    return Pad(x=x, before=before, after=after, value=content, fill=fill, outputs=node.outputs, origin=node.origin)


def transpose(node: Node) -> Transpose:
    x = node.input(0)
    table = node.constant(1)
    permutation = tuple(table.ravel().tolist())
    if table.dtype.kind != "i" or sorted(permutation) != list(range(len(x.shape))):
        raise node.error(f"permutation {list(permutation)} of {list(x.shape)}", f"each of 0 to {len(x.shape) - 1} once")
    return Transpose(x=x, permutation=permutation, outputs=node.outputs, origin=node.origin)


def reshape(shape_of: Callable[[Node], Shape], node: Node) -> Reshape:
    x, shape = node.input(0), shape_of(node)
    if math.prod(shape) != x.type.elements:
        raise node.error(
            f"{list(shape)} requested for {list(x.shape)}",
            f"{x.type.elements} elements",
            "If the input shape was changed: the model fixes this one.",
        )
    return Reshape(x=x, shape=shape, outputs=node.outputs, origin=node.origin)


def dynamic_update_slice(node: Node) -> DynamicUpdateSlice:
    x, block, start = node.input(0), node.input(1), node.input(2)
    fits = len(block.shape) == len(x.shape) and all(map(int.__le__, block.shape, x.shape))
    if not fits or start.shape != (len(x.shape),):
        raise node.error(f"{list(block.shape)} at {start.type} of {list(x.shape)}", "a block that fits, one start a dimension")
    corner = Corner.given(len(x.shape))
    return DynamicUpdateSlice(x=x, block=block, start=start, corner=corner, outputs=node.outputs, origin=node.origin)


def reverse_sequence(node: Node) -> ReverseSequence:
    x, lengths = node.input(0), node.input(1)
    rank = len(x.shape)
    axis = dimension(node, int(node.option("seq_dim")), rank)
    batch = dimension(node, int(node.options.get("batch_dim", 0)), rank)
    if axis == batch or lengths.shape != (x.shape[batch],):
        raise node.error(f"{lengths.type} along {batch} and {axis} of {list(x.shape)}", "one length for each batch")
    return ReverseSequence(x=x, lengths=lengths, axis=axis, batch=batch, outputs=node.outputs, origin=node.origin)


def part(index: Callable[[Node], Index], node: Node) -> Slice | DynamicSlice:
    late = any(value is not None and value.data is None for value in node.inputs[1:])
    return (
        _late_part(index, node) if late else Slice(x=node.input(0), index=index(node), outputs=node.outputs, origin=node.origin)
    )


def _late_part(index: Callable[[Node], Index], node: Node) -> DynamicSlice:
    """A part of fixed size whose place is computed at run time."""
    x, found = node.input(0), node.part()
    sizes = found.sizes(x.shape) if found is not None else ()
    if found is None or None in sizes or found.begins == ():
        index(node)  # which finds the operand that is no constant
        raise node.error("a part whose size is computed at run time", "a fixed size")
    fixed = tuple(size for size in sizes if size is not None)
    if not all(0 < size <= dim for size, dim in zip(fixed, x.shape, strict=True)):
        raise node.error(f"a part of {list(fixed)} of {list(x.shape)}", "a part of the operand")
    begins = list(enumerate(found.begins))
    corner = Corner(
        tuple(-1 if begin.known else d for d, begin in begins),
        tuple(begin.plus if begin.known else 0 for _, begin in begins),
        from_end=len(found.kept) < len(x.shape),
    )
    shape = tuple(fixed[d] for d in found.kept)
    start = node.input(1)
    return DynamicSlice(x=x, start=start, corner=corner, sizes=fixed, shape=shape, outputs=node.outputs, origin=node.origin)


def split(node: Node) -> Split:
    even = node.origin.kind == "SPLIT"
    x = node.input(1 if even else 0)
    axis = dimension(node, integer(node, 0 if even else 2), len(x.shape))
    total, count = x.shape[axis], len(node.outputs)
    sizes = (total // count,) * count if even else integers(node, 1)
    known = sum(size for size in sizes if size != -1)
    if sizes.count(-1) == 1:
        sizes = tuple(total - known if size == -1 else size for size in sizes)
    if sum(sizes) != total or min(sizes) < 0 or len(sizes) != count:
        raise node.error(f"{list(sizes)} of {total} for {count} outputs", "sizes of all outputs that add up")
    node.check_repeated("num_splits", count)
    return Split(x=x, axis=axis, sizes=sizes, outputs=node.outputs, origin=node.origin)


def unpack(node: Node) -> Unpack:
    x = node.input(0)
    axis = dimension(node, int(node.option("axis")), len(x.shape))
    if x.shape[axis] != len(node.outputs):
        raise node.error(f"{len(node.outputs)} outputs for axis {axis} of {list(x.shape)}", f"{x.shape[axis]}")
    node.check_repeated("num", len(node.outputs))
    return Unpack(x=x, axis=axis, outputs=node.outputs, origin=node.origin)


def pack(node: Node) -> Pack:
    xs = tuple(node.input(position) for position in range(max(len(node.inputs), 1)))
    shapes = {part.shape for part in xs}
    if len(shapes) > 1:
        raise node.error(f"operands of shapes {', '.join(str(list(shape)) for shape in sorted(shapes))}", "equal shapes")
    axis = dimension(node, int(node.option("axis")), len(xs[0].shape) + 1)
    node.check_repeated("values_count", len(xs))
    return Pack(xs=xs, axis=axis, outputs=node.outputs, origin=node.origin)


def matrix_diag(node: Node) -> MatrixDiag:
    x = node.input(0)
    if not x.shape:
        raise node.error("a scalar input", "at least one dimension")
    return MatrixDiag(x=x, outputs=node.outputs, origin=node.origin)


def matrix_set_diag(node: Node) -> MatrixSetDiag:
    x, values = node.input(0), node.input(1)
    if len(x.shape) < 2 or values.shape != (*x.shape[:-2], min(x.shape[-2:])):
        raise node.error(f"{values.type} for the diagonals of {x.type}", "matrices, and an element for each place")
    return MatrixSetDiag(x=x, values=values, outputs=node.outputs, origin=node.origin)


MAX_DILATED = 2**31 - 1


def dilate(node: Node) -> Dilate:
    x, steps, value = node.input(0), integers(node, 1), node.constant(2)
    if len(steps) != len(x.shape) or min(steps, default=1) < 1 or value.size != 1 or 0 in x.shape:
        raise node.error(
            f"steps {list(steps)}, {value.size} values for {x.type}", "a step of at least 1 a dimension, one value"
        )
    if math.prod((size - 1) * step + 1 for size, step in zip(x.shape, steps, strict=True)) > MAX_DILATED:
        raise node.error(f"steps {list(steps)} for {x.type}", f"a result of at most {MAX_DILATED:,} elements")
    return Dilate(x=x, steps=steps, value=value.ravel()[0].item(), outputs=node.outputs, origin=node.origin)


ROWS = {
    "MATRIX_DIAG": Row(matrix_diag, (MatrixDiag,)),
    "MATRIX_SET_DIAG": Row(matrix_set_diag, (MatrixSetDiag,)),
    "DILATE": Row(dilate, (Dilate,)),
    "CONCATENATION": Row(concatenation, (Concatenation,)),
    "PAD": Row(pad, (Pad,)),
    "PADV2": Row(pad, (Pad,)),
    "TRANSPOSE": Row(transpose, (Transpose,)),
    "RESHAPE": Row(partial(reshape, _reshaped), (Reshape,)),
    "SQUEEZE": Row(partial(reshape, _squeezed), (Reshape,)),
    "EXPAND_DIMS": Row(partial(reshape, _expanded), (Reshape,)),
    "DYNAMIC_UPDATE_SLICE": Row(dynamic_update_slice, (DynamicUpdateSlice,)),
    "REVERSE_SEQUENCE": Row(reverse_sequence, (ReverseSequence,)),
    "SLICE": Row(partial(part, _sliced), (Slice, DynamicSlice)),
    "STRIDED_SLICE": Row(partial(part, _strided), (Slice, DynamicSlice)),
    "REVERSE_V2": Row(partial(part, _reversed), (Slice,)),
    "SPLIT": Row(split, (Split,)),
    "SPLIT_V": Row(split, (Split,)),
    "UNPACK": Row(unpack, (Unpack,)),
    "PACK": Row(pack, (Pack,)),
}

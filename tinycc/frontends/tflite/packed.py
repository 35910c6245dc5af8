# SPDX-License-Identifier: Apache-2.0
"""Constants that a file holds in another form than their elements: sparse ones, and those that TFLM's tools compressed.

What is wrong with the data raises ValueError with what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array, TensorType

# -- sparse --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """One dimension of a sparse tensor in its order of traversal. Dense: `segments` is None. Sparse: elements
    segments[p] to segments[p + 1] of `indices` are the positions that are there below position p of the levels before."""

    size: int
    segments: tuple[int, ...] | None = None
    indices: tuple[int, ...] = ()


@dataclass(frozen=True)
class SparsityRecord:
    """`order[l]` is the dimension of level l; from the tensor's rank on, it is block dimension number order[l] - rank, which
    divides dimension `blocked[...]`."""

    order: tuple[int, ...]
    blocked: tuple[int, ...]
    levels: tuple[Level, ...]


def densified(record: SparsityRecord, shape: tuple[int, ...], elements: Array) -> Array:
    """The whole tensor: `elements` where the record says, in its order, zeros elsewhere.

    Source: TFLite sparsity/format_converter `FormatConverter::Populate`.
    """
    rank = len(shape)
    count = rank + len(record.blocked)
    if sorted(record.order) != list(range(count)) or len(record.levels) != count or not set(record.blocked) <= set(range(rank)):
        raise ValueError("a sparse tensor whose dimensions do not add up")
    if any(level_dim >= rank for level_dim in record.order[:rank]):
        raise ValueError("a sparse tensor with blocks in front of its dimensions")
    blocks = {record.blocked[dim - rank]: record.levels[level].size for level, dim in enumerate(record.order) if dim >= rank}
    if any(block < 1 or shape[dim] % block for dim, block in blocks.items()):
        raise ValueError(f"a sparse tensor of {list(shape)} in blocks of {list(blocks.values())}")
    whole_blocks = [size // blocks.get(dim, 1) for dim, size in enumerate(shape)]
    sizes = [whole_blocks[dim] if dim < rank else blocks[record.blocked[dim - rank]] for dim in record.order]
    coordinates = _positions(record, sizes, int(np.prod(shape, dtype=np.int64)))
    index = np.zeros((rank, coordinates.shape[1]), np.int64)
    for level, dim in enumerate(record.order):
        if dim < rank:
            index[dim] = coordinates[level]
        else:
            outer = record.blocked[dim - rank]
            index[outer] = index[outer] * sizes[level] + coordinates[level]
    if index.shape[1] != elements.size:
        raise ValueError(f"{elements.size} elements for a sparse tensor that has {index.shape[1]}")
    whole = np.zeros(shape, elements.dtype)
    whole[tuple(index)] = elements.ravel()
    return whole


def _positions(record: SparsityRecord, sizes: Sequence[int], most: int) -> Array:
    """The coordinates, level by level, of all elements that are there; they are below `sizes`."""
    found: Array = np.zeros((0, 1), np.int64)
    place = np.zeros(1, np.int64)  # the number of each position among those of its level
    for level, size in zip(record.levels, sizes, strict=True):
        if level.segments is None:
            if len(place) * size > most:
                raise ValueError("a sparse tensor with more elements than it has room for")
            step = np.tile(np.arange(size), len(place))
            found = np.vstack([np.repeat(found, size, axis=1), step])
            place = np.repeat(place, size) * size + step
            continue
        segments, indices = np.array(level.segments, np.int64), np.array(level.indices, np.int64)
        if len(segments) <= place.max(initial=-1) + 1 or (np.diff(segments) < 0).any() or segments.min(initial=0) < 0:
            raise ValueError("a sparse tensor with segments that do not follow each other")
        starts, counts = segments[place], segments[place + 1] - segments[place]
        outside = segments.max(initial=0) > len(indices) or indices.min(initial=0) < 0 or indices.max(initial=-1) >= size
        if outside or counts.sum() > most:
            raise ValueError("a sparse tensor with indices outside of it")
        begins = np.repeat(np.cumsum(counts) - counts, counts)
        place = np.repeat(starts, counts) + np.arange(counts.sum()) - begins
        found = np.vstack([np.repeat(found, counts, axis=1), indices[place]])
    return found


# -- compressed by TFLM's tools ------------------------------------------------------------------------------------------

HEADER = 16
"""Bytes in front of the tables: kind, version, two reserved, and twelve of the kind's own."""
MAX_WIDTH = 7
MAX_CODED = 2**20
"""Bytes of Huffman codes in a tensor."""
LUT, HUFFMAN, PRUNING = 0, 1, 2


def decoded(coded: bytes, ancillary: bytes, type: TensorType) -> Array:
    """What TFLM_DECODE makes of a tensor and the table that belongs to it.

    Source: TFLM decode.cc, decode_state_lut.cc, decode_state_prune.cc, decode_state_huffman.cc.
    """
    if len(ancillary) < HEADER:
        raise ValueError(f"a table of {len(ancillary)} bytes, without header")
    kind, version, kind_version = ancillary[0], ancillary[1], ancillary[4]
    if (version, kind_version) != (1, 1):
        raise ValueError(f"version {version}.{kind_version} of the compression; 1.1 is known")
    table = ancillary[HEADER:]
    if kind == LUT:
        return looked_up(coded, table, ancillary[5] & 7, ancillary[6], type)
    if kind == PRUNING:
        return _restored(coded, table, type)
    if kind == HUFFMAN:
        return _huffman(coded, table, ancillary[5], type)
    raise ValueError(f"compression of kind {kind}; look-up tables, Huffman codes and pruning are known")


def _bits(data: bytes, count: int) -> Array:
    """The first `count` bits, from the highest of each byte on."""
    if count > 8 * len(data):
        raise ValueError(f"{len(data)} bytes of compressed data for {count} bits")
    return np.unpackbits(np.frombuffer(data, np.uint8, -(-count // 8)), count=count)


def _channels(type: TensorType) -> Array:
    """The number of the table for each element: that of its channel, if there are several along the first or last axis."""
    q = type.quantization
    if q is None or not q.per_channel:
        return np.zeros(type.shape, np.int64)
    if q.axis not in (0, len(type.shape) - 1):
        raise ValueError(f"compression along axis {q.axis}; TFLM knows the first and the last")
    places = np.arange(len(q.scales)).reshape([-1 if axis == q.axis else 1 for axis in range(len(type.shape))])
    return np.broadcast_to(places, type.shape)


def looked_up(coded: bytes, table: bytes, width: int, stride: int, type: TensorType) -> Array:
    """Indices of `width` bits into the channel's part of a table, which is `stride` elements long."""
    if not 1 <= width <= MAX_WIDTH:
        raise ValueError(f"indices of {width} bits; 1 to {MAX_WIDTH} are known")
    bits = _bits(coded, width * type.elements).reshape(-1, width)
    indices = (bits @ (1 << np.arange(width)[::-1])).reshape(type.shape) + _channels(type) * stride
    values = np.frombuffer(table, type.dtype.numpy.newbyteorder("<"), len(table) // type.dtype.bytes)
    if indices.max(initial=-1) >= values.size:
        raise ValueError(f"index {indices.max()} into a table of {values.size} values")
    found: Array = values[indices].astype(type.dtype.numpy)
    return found


def _restored(coded: bytes, table: bytes, type: TensorType) -> Array:
    """A bit for each element: whether it is the next of the table, or a zero, which is the channel's zero point."""
    kept = _bits(coded, type.elements).astype(bool).reshape(type.shape)
    values = np.frombuffer(table, type.dtype.numpy.newbyteorder("<"), len(table) // type.dtype.bytes)
    if kept.sum() > values.size:
        raise ValueError(f"{kept.sum()} elements from a table of {values.size}")
    zero_points = np.array(type.quantization.zero_points if type.quantization else (0,), np.int64)
    if type.dtype.numpy != np.int8 and zero_points.any():
        raise ValueError("zero points in pruned data other than int8")
    whole = zero_points[_channels(type) if zero_points.size > 1 else np.zeros(type.shape, np.int64)].astype(type.dtype.numpy)
    whole[kept] = values[: int(kept.sum())]
    return whole


_SHORT, _LONG = (15, 11, np.uint16), (31, 27, np.uint32)
"""Entries of Huffman tables: the bit that says it is a symbol, the lowest of the four bits with a count, the type."""


def _huffman(coded: bytes, table: bytes, flags: int, type: TensorType) -> Array:
    """Xtensa's tables. The walk through them is done for every bit at which a code could begin, all at the same time."""
    found_bit, count_bit, entry = _LONG if flags & 1 else _SHORT
    if type.dtype.numpy not in ((np.int8, np.int16) if flags & 1 else (np.int8,)):
        raise ValueError(f"Huffman codes of {type.dtype.value}")
    entries = np.frombuffer(table, np.dtype(entry).newbyteorder("<"), len(table) // entry().itemsize).astype(np.int64)
    if len(coded) > MAX_CODED or not entries.size:
        raise ValueError(f"{len(coded)} bytes of Huffman codes, a table of {entries.size}; at most {MAX_CODED:,}, at least 1")
    window = _windows(coded)
    start = np.arange(8 * len(coded))
    used, last = np.zeros_like(start), np.full_like(start, (flags >> 4) + 1)
    offset, value = np.zeros_like(start), np.zeros_like(start)
    walking, length = np.ones(start.shape, bool), np.zeros_like(start)
    for _ in range(32):
        at = start[walking] + used[walking]
        bits = np.where(at < window.size, window[np.minimum(at, window.size - 1)] >> (32 - last[walking]), 0)
        offset[walking] += bits
        value[walking] = np.where(offset[walking] < entries.size, entries[np.minimum(offset[walking], entries.size - 1)], 0)
        used[walking] += last[walking]
        count = value >> count_bit & 15
        ends = walking & (value >> found_bit & 1 == 1)
        length[ends] = used[ends] - np.maximum(last[ends] - count[ends], 0)
        walking &= ~ends
        if not walking.any():
            break
        offset[walking] += value[walking] & ((1 << count_bit) - 1)
        last[walking] = count[walking] + 1
    return _followed(length, value, type)


def _windows(coded: bytes) -> Array:
    """The 32 bits from each bit on, zeros behind the end."""
    data = np.frombuffer(coded + bytes(8), np.uint8).astype(np.int64)
    words = sum(data[i : i + len(coded)] << (32 - 8 * i) for i in range(5))
    window: Array = (np.asarray(words)[:, None] >> (8 - np.arange(8)) & 0xFFFFFFFF).ravel()
    return window


def _followed(length: Array, value: Array, type: TensorType) -> Array:
    """The symbols of the codes one behind the other, the first at bit 0."""
    steps, place = length.tolist(), 0
    symbols: list[int] = []
    for _ in range(type.elements):
        if place >= len(steps) or not steps[place]:
            raise ValueError(f"Huffman codes that end after {len(symbols)} of {type.elements} elements")
        symbols.append(place)
        place += steps[place]
    codes: Array = value[np.array(symbols, np.int64)].astype(np.uint32).astype(type.dtype.numpy)
    return codes.reshape(type.shape)

# SPDX-License-Identifier: Apache-2.0
"""Weights in fewer bytes than one each, without losing a bit: the encoders of what runtime/kernels/coded reads.

An array is coded unit by unit: `units` is int8[units, weights of a unit].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.calls import Function, Struct, Table, struct
from tinycc.kernels.costs import Loops
from tinycc.program.types import Content

GROUP, RUN, LONGEST = 32, 16, 10
"""Weights of a mask, of a run of one width; bits of the longest word of a Huffman code (TK_HUFFMAN_LONGEST)."""
ENTROPY = 7.6
"""Bits of information in a weight from which on no code is looked for."""


@dataclass(frozen=True, eq=False)
class Coded:
    """`tk_coded_weights`: the stream, and what tells what is in it. `longest`: bits of a Huffman code's longest word."""

    next: str
    stream: Array
    table: Array | None = None
    step: int = 0
    longest: int = 0

    @property
    def bytes(self) -> int:
        return self.stream.nbytes + (0 if self.table is None else self.table.nbytes)

    @property
    def lookup(self) -> int:
        """Bytes of working memory beside the tile."""
        return 2 << self.longest if self.longest else 0

    @property
    def fields(self) -> Struct:
        table = self.table
        return struct(
            "tk_coded_weights",
            next=Function(self.next),
            stream=Table("weights", self.stream, Content.WEIGHTS),
            bytes=self.stream.nbytes,
            table=None if table is None else Table("code", table, Content.TABLE),
            table_bytes=0 if table is None else table.nbytes,
            step=self.step,
            longest=self.longest,
        )


@dataclass(frozen=True)
class Coding:
    """`size`: bytes of what `encode` makes, None where it cannot. `loops`: how often its decoder goes through its loops."""

    name: str
    size: Callable[[Array], int | None]
    encode: Callable[[Array], Coded]
    loops: Callable[[Array], Loops]


def _padded(units: Array, to: int) -> Array:
    """int8[units, groups, to], zeros behind the end of each unit."""
    return np.pad(units, ((0, 0), (0, -units.shape[1] % to))).reshape(len(units), -1, to)


# -- a mask, and the weights that are not 0 ------------------------------------------------------------------------------------


def _mask_widths(size: int) -> Array:
    """Bytes of the masks of a unit."""
    return np.asarray([(min(GROUP, size - at) + 7) // 8 for at in range(0, size, GROUP)], np.int64)


def _mask_size(units: Array) -> int:
    return len(units) * int(_mask_widths(units.shape[1]).sum()) + int(np.count_nonzero(units))


def _mask(units: Array) -> Coded:
    groups = _padded(units, GROUP)
    wide = np.tile(_mask_widths(units.shape[1]), len(units))
    groups = groups.reshape(-1, GROUP)
    counts = np.count_nonzero(groups, axis=1)
    starts = np.cumsum(wide + counts) - (wide + counts)
    stream = np.zeros(int((wide + counts).sum()), np.uint8)
    bytes = np.packbits(groups != 0, axis=1)
    for k in range(GROUP // 8):
        there = wide > k
        stream[starts[there] + k] = bytes[there, wide[there] - 1 - k]
    group, place = np.nonzero(groups)
    rank = np.arange(len(group)) - (np.cumsum(counts) - counts)[group]
    stream[starts[group] + wide[group] + rank] = groups[group, place].view(np.uint8)
    return Coded("tk_next_mask_s8", stream)


def _mask_loops(units: Array) -> Loops:
    groups = len(units) * -(-units.shape[1] // GROUP)
    return {"unit": len(units), "group": groups, "nonzero": int(np.count_nonzero(units))}


# -- a palette -----------------------------------------------------------------------------------------------------------------


def _distinct(codes: Array) -> Array:
    """The values that occur, in order."""
    found: Array = np.nonzero(np.bincount(codes.astype(np.int64).ravel() + 128, minlength=256))[0] - 128
    return found


def _palettes(units: Array, bits: int) -> list[Array] | None:
    """The values of all units, or of each; None if these are too many."""
    most = 1 << bits
    together = _distinct(units)
    if len(together) <= most:
        return [together]
    each = []
    for unit in units:
        each.append(_distinct(unit))
        if len(each[-1]) > most:
            return None
    return each


def _palette_size(bits: int) -> Callable[[Array], int | None]:
    def size(units: Array) -> int | None:
        found = _palettes(units, bits)
        return None if found is None else len(units) * -(-units.shape[1] * bits // 8) + (len(found) << bits)

    return size


def _palette(bits: int) -> Callable[[Array], Coded]:
    def encode(units: Array) -> Coded:
        palettes = _palettes(units, bits)
        assert palettes is not None
        several = len(palettes) > 1
        codes = np.stack([np.searchsorted(palettes[i if several else 0], unit) for i, unit in enumerate(units)])
        spread = (codes[:, :, None] >> np.arange(bits) & 1).astype(np.uint8).reshape(len(units), -1)
        table = np.stack([np.pad(palette, (0, (1 << bits) - len(palette))) for palette in palettes])
        stream = np.packbits(spread, axis=1, bitorder="little").ravel()
        step = 1 << bits if several else 0
        return Coded(f"tk_next_palette{bits}_s8", stream, table.astype(np.int8).view(np.uint8).ravel(), step)

    return encode


def _each(units: Array) -> Loops:
    return {"unit": len(units), "weight": units.size}


# -- a width for every run -----------------------------------------------------------------------------------------------------


def _runs(units: Array) -> tuple[Array, Array, Array, Array]:
    """(runs, weights of each, bits of its weights, bytes of its fields)."""
    size = units.shape[1]
    runs = _padded(units, RUN).reshape(-1, RUN)
    counts = np.tile([min(RUN, size - at) for at in range(0, size, RUN)], len(units))
    wide = runs.astype(np.int64)
    most = np.maximum(wide, ~wide).max(1)
    widths = np.where(runs.any(1), np.ceil(np.log2(most + 1)).astype(np.int64) + 1, 0)
    return runs, counts, widths, (counts * widths + 7) // 8


def _leads(units: Array) -> Array:
    """bool: whether the byte with two widths stands in front of a run."""
    first: Array = np.arange(-(-units.shape[1] // RUN)) % 2 == 0
    return first


def _widths_size(units: Array) -> int:
    return int(_runs(units)[3].sum()) + len(units) * int(_leads(units).sum())


def _widths(units: Array) -> Coded:
    runs, _, widths, bytes = _runs(units)
    leads = np.tile(_leads(units), len(units))
    starts = np.cumsum(bytes + leads) - (bytes + leads)
    stream = np.zeros(int((bytes + leads).sum()), np.uint8)
    (first,) = np.nonzero(leads)
    second = np.minimum(first + 1, len(runs) - 1)
    stream[starts[first]] = widths[first] | np.where((second > first) & ~leads[second], widths[second], 0) << 4
    for width in range(1, 9):
        (which,) = np.nonzero(widths == width)
        bits = runs[which].view(np.uint8)[:, :, None] >> np.arange(width, dtype=np.uint8) & 1
        fields = np.packbits(bits.reshape(len(which), RUN * width), axis=1, bitorder="little")
        there = np.arange(2 * width) < bytes[which, None]
        places = (starts + leads)[which, None] + np.arange(2 * width)
        stream[places[there]] = fields[there]
    return Coded("tk_next_widths_s8", stream)


def _widths_loops(units: Array) -> Loops:
    return {"unit": len(units), "run": len(_runs(units)[0])}


# -- a canonical Huffman code --------------------------------------------------------------------------------------------------


def lengths_of(counts: Array, longest: int = LONGEST) -> Array:
    """int64[symbols]: bits of the words of the best code with none beyond `longest`, 0 for a symbol that does not occur."""
    found: Array = np.asarray(_best_code(tuple(counts.tolist()), longest), np.int64)
    return found


@lru_cache(maxsize=256)
def _best_code(occurring: tuple[int, ...], longest: int) -> tuple[int, ...]:
    """Package-merge (Larmore and Hirschberg 1990)."""
    counts = np.asarray(occurring)
    (symbols,) = np.nonzero(counts)
    lengths = np.zeros(len(counts), np.int64)
    if len(symbols) < 2:
        lengths[symbols] = 1
        return tuple(lengths.tolist())
    single: list[tuple[int, tuple[int, ...]]] = sorted((int(counts[symbol]), (int(symbol),)) for symbol in symbols)
    level = single
    for _ in range(longest - 1):
        pairs = zip(level[::2], level[1::2], strict=False)
        level = sorted([*single, *((one[0] + two[0], one[1] + two[1]) for one, two in pairs)])
    for _, package in level[: 2 * len(symbols) - 2]:
        np.add.at(lengths, list(package), 1)
    return tuple(lengths.tolist())


def _canonical(units: Array) -> tuple[Array, Array]:
    """(lengths of the words, symbols in their order), of weights as bytes."""
    lengths = lengths_of(np.bincount(units.view(np.uint8).ravel(), minlength=256))
    (symbols,) = np.nonzero(lengths)
    return lengths, symbols[np.argsort(lengths[symbols], kind="stable")]


def _huffman_size(units: Array) -> int:
    """At once where no code would be better than bytes."""
    counts = np.bincount(units.view(np.uint8).ravel(), minlength=256)
    share = counts[counts > 0] / units.size
    if -(share * np.log2(share)).sum() > ENTROPY:
        return units.size
    lengths, symbols = _canonical(units)
    return -(-int((counts * lengths).sum()) // 8) + int(lengths.max()) + len(symbols)


def _huffman(units: Array) -> Coded:
    lengths, symbols = _canonical(units)
    words, word, before = np.zeros(256, np.int64), 0, 0
    for symbol in symbols:
        word <<= int(lengths[symbol]) - before
        before = int(lengths[symbol])
        words[symbol] = word
        word += 1
    flat = units.view(np.uint8).ravel()
    bits_of = lengths[flat]
    starts = np.cumsum(bits_of) - bits_of
    bits = np.zeros(int(bits_of.sum()), np.uint8)
    for k in range(before):
        there = bits_of > k
        bits[starts[there] + k] = words[flat[there]] >> (bits_of[there] - 1 - k) & 1
    table = np.concatenate((np.bincount(lengths[symbols], minlength=before + 1)[1:], symbols)).astype(np.uint8)
    return Coded("tk_next_huffman_s8", np.packbits(bits, bitorder="little"), table, longest=before)


def _huffman_loops(units: Array) -> Loops:
    lengths, symbols = _canonical(units)
    return {"entry": 1 << int(lengths.max()), "symbol": len(symbols), **_each(units)}


CODINGS = (
    Coding("mask", _mask_size, _mask, _mask_loops),
    Coding("palette2", _palette_size(2), _palette(2), _each),
    Coding("palette4", _palette_size(4), _palette(4), _each),
    Coding("widths", _widths_size, _widths, _widths_loops),
    Coding("huffman", _huffman_size, _huffman, _huffman_loops),
)

# SPDX-License-Identifier: Apache-2.0
"""A function of one code, exactly, by pieces that are quadratic in integers.

    y = clamp((a + ((b + (c * r >> p)) * r >> q)) >> FRACTION) + move        r = code - first code of its piece

A table of 65,536 results is no table for a microcontroller. The pieces are as long as they can be: one for a tail that is flat,
short ones where the function bends, a new one at every corner. A parabola that is near misses the code where the function lies
next to the middle between two: those codes, one in two hundred, are listed with the move by one that they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array

FRACTION = 15
"""Bits of a result below the code."""
SLACK = 1 / 64
"""Of a code, by which a piece may be off: longer pieces would have more codes that move."""
MOST_BYTES = 6 * 1024
"""Of a curve: 16 for a piece, 3 for a code that moves."""
_STEEPEST = 2**15
"""Codes for one code: what 31 bits hold."""


@dataclass(frozen=True, eq=False)
class Curve:
    """starts: int64[n], first codes, the least of all as 0; terms: int64[n, 3] that hold int32: a, b and c; shifts:
    int64[n, 2]: p and q. moved: int64[m], codes that move, in order; moves: int64[m], by 1 or -1. low, high: the clamp."""

    starts: Array
    terms: Array
    shifts: Array
    moved: Array
    moves: Array
    low: int
    high: int

    @property
    def bytes(self) -> int:
        return 16 * len(self.starts) + 3 * len(self.moved)

    def __call__(self, codes: Array) -> Array:
        """The results of int64 codes from 0 on."""
        piece = np.searchsorted(self.starts, codes, side="right") - 1
        (a, b, c), (p, q), rest = self.terms.T[:, piece], self.shifts.T[:, piece], codes - self.starts[piece]
        results = (a + ((b + (c * rest >> p)) * rest >> q)) >> FRACTION
        where = np.searchsorted(self.moved, codes)
        known = np.append(self.moved, -1)[where] == codes
        moved: Array = np.clip(results, self.low, self.high) + known * np.append(self.moves, 0)[where]
        return moved


def curve(real: Array, codes: Array, low: int, high: int) -> Curve | None:
    """The curve whose results for codes 0, 1, and so on are `codes`: `real`, float64, rounded and clamped to [low, high]. None
    if it takes more than `MOST_BYTES`."""
    wanted = np.clip(real, low, high)
    pieces: list[tuple[int, Array]] = []
    for piece in _pieces(wanted):
        pieces.append(piece)
        if 16 * len(pieces) > MOST_BYTES:
            return None
    found = replace(_in_integers(pieces), low=low, high=high)
    moves = codes.astype(np.int64) - found(np.arange(len(wanted)))
    moved = np.flatnonzero(moves)
    found = replace(found, moved=moved, moves=moves[moved])
    return found if np.abs(moves).max() <= 1 and found.bytes <= MOST_BYTES else None


def _pieces(wanted: Array) -> Iterator[tuple[int, Array]]:
    """(first code, a, b and c in codes) of pieces that are as long as they can be."""
    first, more = 0, 1
    while first < len(wanted):
        end, terms = first + 1, np.asarray([wanted[first], 0.0, 0.0])
        growing = True
        while more:
            longer = _fit(wanted[first : end + more]) if end + more <= len(wanted) else None
            if longer is not None:
                end, terms = end + more, longer
            growing = growing and longer is not None
            more = 2 * more if growing else more // 2
        yield first, terms
        first, more = end, end - first


def _fit(wanted: Array) -> Array | None:
    """a, b and c of a parabola that is near enough to all values: through three of them, moved into the middle."""
    last = len(wanted) - 1
    at = np.unique(np.rint(last * (1 - np.cos(np.pi * np.asarray([1, 3, 5]) / 6)) / 2).astype(np.int64))
    terms = np.zeros(3)
    terms[: len(at)] = np.polynomial.polynomial.polyfit(at, wanted[at], len(at) - 1)
    rest = np.arange(len(wanted), dtype=np.float64)
    off = wanted - (terms[0] + (terms[1] + terms[2] * rest) * rest)
    most, least = off.max(), off.min()
    terms[0] += (most + least) / 2
    return terms if most - least <= 2 * SLACK and np.abs(terms[1:]).max() < _STEEPEST else None


def _in_integers(pieces: list[tuple[int, Array]]) -> Curve:
    """With as many bits as fit into 32. Half a code is in the first term, so that results are rounded."""
    starts = np.asarray([first for first, _ in pieces], np.int64)
    a, b, c = np.asarray([terms for _, terms in pieces]).T
    q = _shift(b, FRACTION)
    p = _shift(c, FRACTION + q)
    parts = ((a + 0.5, FRACTION), (b, FRACTION + q), (c, FRACTION + q + p))
    terms = np.stack([np.rint(np.ldexp(part, scale)).astype(np.int64) for part, scale in parts], axis=1)
    return Curve(starts, terms, np.stack((p, q), axis=1), starts[:0], starts[:0], 0, 0)


def _shift(numbers: Array, before: Array | int) -> Array:
    """By how much more than `before` they can go up to the left within 31 bits; 0 to 31."""
    with np.errstate(divide="ignore"):
        bits = np.where(numbers == 0, 0, np.ceil(np.log2(np.abs(numbers))))
    shift: Array = np.clip(30 - before - bits, 0, 31).astype(np.int64)
    return shift

# SPDX-License-Identifier: Apache-2.0
"""Weights for the kernels tk_gemm*: see runtime/kernels/dsp/tk_gemm_s8.h."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.numerics.high_word import HighWord


def rounded_up(n: int, to: int) -> int:
    return -(-n // to) * to


def woven_pairs(weights: Array) -> Array:
    """int8[channels, steps, 2]: the weights in the order in which inputs are woven. weights: int8[channels, segments, bytes].

    Bytes k and k + 2, then k + 1 and k + 3 of each four of a segment; where its last four has one byte, only the former.
    """
    channels, segments, count = weights.shape
    fours = np.pad(weights, ((0, 0), (0, 0), (0, -count % 4))).reshape(channels, segments, -1, 2, 2)  # four, half, odd
    pairs = fours.swapaxes(3, 4).reshape(channels, segments, -1, 2)
    return pairs[:, :, : pairs.shape[2] - is_half(count)].reshape(channels, -1, 2)


def is_half(count: int) -> bool:
    """Whether of the last four bytes of a segment of `count` only the first is in use."""
    return count % 4 == 1


def gemm_words(pairs: Array, formula: HighWord, *, folded: bool) -> Array:
    """uint32: the stream of all channel pairs. pairs: of weights, int8[channels, steps, 2]."""
    f = formula
    columns = (f.multiplier, f.addend) if folded else (f.multiplier, f.addend, f.below, f.shift)
    return stream(pairs, f.start, np.stack(columns, 1))


def stream(pairs: Array, starts: Array, constants: Array | None = None) -> Array:
    """uint32: of all channel pairs where sums begin, the weights, `constants` behind them: none for the kernels *_apart_*.

    An odd number of channels is rounded up with one that is computed and not stored.
    """
    constants = np.zeros((len(pairs), 0), np.int64) if constants is None else constants
    starts = 257 * starts - 128 * pairs.astype(np.int64).sum((1, 2))
    if len(pairs) % 2:
        pairs, constants, starts = (np.concatenate((item, item[-1:])) for item in (pairs, constants, starts))
    twos = len(pairs) // 2
    products = pairs.astype(np.int8).reshape(twos, 2, -1, 2).transpose(0, 2, 3, 1)  # step, half, channel
    words = np.ascontiguousarray(products.reshape(twos, -1)).view("<u4")
    parts = (starts.reshape(twos, 2), words, constants.reshape(twos, -1))
    return np.concatenate([as_words(part) for part in parts], axis=1).ravel()


def as_words(numbers: Array) -> Array:
    """Two's complement."""
    return (numbers.astype(np.int64) & 0xFFFFFFFF).astype(np.uint32)

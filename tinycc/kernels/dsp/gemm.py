# SPDX-License-Identifier: Apache-2.0
"""Weights for the kernels tk_gemm*: see runtime/kernels/dsp/tk_gemm_s8.h."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.numerics.high_word import HighWord


def rounded_up(n: int, to: int) -> int:
    return -(-n // to) * to


def gemm_words(weights: Array, formula: HighWord, *, folded: bool) -> Array:
    """uint32: the stream of all channel pairs. weights: int8[channels, depth], depth a multiple of 4; an odd number of channels
    is rounded up with one that is computed and not stored."""
    f = formula
    columns = (f.multiplier, f.addend) if folded else (f.multiplier, f.addend, f.below, f.shift)
    constants = np.stack(columns, 1)
    starts = 257 * f.start - 128 * weights.astype(np.int64).sum(1)
    if len(weights) % 2:
        weights, constants, starts = (np.concatenate((item, item[-1:])) for item in (weights, constants, starts))
    pairs, depth = len(weights) // 2, weights.shape[1]
    quads = weights.astype(np.int8).reshape(pairs, 2, depth // 4, 2, 2)  # pair, channel, four, half, odd
    products = quads.transpose(0, 2, 4, 3, 1).reshape(pairs, -1)  # odd, half, channel: bytes c[k], d[k], c[k+2], d[k+2]
    words = np.ascontiguousarray(products).view(np.uint8).view("<u4").reshape(pairs, depth // 2)
    parts = (starts.reshape(pairs, 2), words, constants.reshape(pairs, -1))
    return np.concatenate([as_words(part) for part in parts], axis=1).ravel()


def as_words(numbers: Array) -> Array:
    """Two's complement."""
    return (numbers.astype(np.int64) & 0xFFFFFFFF).astype(np.uint32)

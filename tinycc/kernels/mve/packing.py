# SPDX-License-Identifier: Apache-2.0
"""Weights and constants as the kernels of runtime/kernels/mve read them."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.numerics.staircase import Ints
from tinycc.numerics.staircase_mve import MovedForm, PairForm

OCTET = 8
STEP = 16
"""Inputs of int8 in a vector."""
STEP_S16 = 8
"""And of int16."""
_OCTET_LANES = np.asarray([[0, 2, 4, 6], [1, 3, 5, 7]])
"""Channels of an octet by tile and lane."""


def steps(depth: int, step: int = STEP) -> int:
    """Steps of `step` products for a window of `depth` inputs."""
    return -(-depth // step)


def octets(channels: int) -> int:
    return -(-channels // OCTET)


def blocks(weights: Array, step: int = STEP) -> Array:
    """int8[O, K] -> int8[O, steps, step]: the window's tail first, filled up with zeros."""
    channels, depth = weights.shape
    count = steps(depth, step)
    padded = np.zeros((channels, count * step), np.int8)
    padded[:, :depth] = weights
    split = padded.reshape(channels, count, step)
    return np.concatenate((split[:, -1:], split[:, :-1]), axis=1)


def tiles(entries: Array) -> Array:
    """[O, ...] -> [octets, 2, 4, ...]: by tile and lane, channels beyond the last zero."""
    count = octets(len(entries))
    padded = np.zeros((count * OCTET, *entries.shape[1:]), entries.dtype)
    padded[: len(entries)] = entries
    return padded.reshape(count, OCTET, *entries.shape[1:])[:, _OCTET_LANES]


def gemm_stream(weights: Array, constants: Array, step: int = STEP) -> Array:
    """The stream of tk_mve_gemm.h, int8[n]: weights int8[O, K]; constants int32[octets, 2, n] of each tile."""
    products = gemm_products(weights, step)
    return _side_by_side(products, _words(constants).reshape(len(products), -1))


def gemm_products(weights: Array, step: int = STEP) -> Array:
    """int8[O, K] -> int8[tiles, 4 * step * steps]: what that stream has in front of the constants of each tile."""
    products = tiles(blocks(weights, step)).transpose(0, 1, 3, 2, 4)
    return products.reshape(2 * len(products), -1)


def pair_constants(form: PairForm) -> Array:
    """For tk_mve_gemm_s8: m0 c0 m2 c2 c1 m1 c3 m3 of each tile."""
    m, c = tiles(form.multiplier), tiles(form.offset)
    order = (m[..., 0], c[..., 0], m[..., 2], c[..., 2], c[..., 1], m[..., 1], c[..., 3], m[..., 3])
    return np.stack(order, axis=-1).astype(np.int32)


def signed_constants(bias: Ints, multiplier: Ints, right: Ints) -> Array:
    """For tk_mve_gemm_signed_s8: biases, multipliers, minus the right shifts of each tile."""
    return np.concatenate((tiles(bias), tiles(multiplier), -tiles(right)), axis=-1).astype(np.int32)


def high_constants(bias: Ints, multiplier: Ints) -> Array:
    """For tk_mve_gemm_s16, tk_mve_dense_s16, tk_mve_taps_s16: biases, multipliers of each tile."""
    return np.concatenate((tiles(bias), tiles(multiplier)), axis=-1).astype(np.int32)


def wide_constants(bias: Ints, multiplier: Ints, shift: Ints) -> Array:
    """For tk_mve_dense_signed_s16: biases, left shifts, multipliers, minus the right shifts of each tile."""
    left, minus_right = np.maximum(shift, 0), np.minimum(shift, 0)
    return np.concatenate([tiles(part) for part in (bias, left, multiplier, minus_right)], axis=-1).astype(np.int32)


def cells_by1_stream(kernels: Array, constants: Array) -> Array:
    """For tk_mve_cells_by1(_signed)_s8, int8[n]: kernels int8[C, h, w], h and w at most 3; constants int32[C, 3]."""
    channels, height, width = kernels.shape
    placed = np.zeros((channels, 6, 4), np.int8)
    placed[:, 2 : 2 + height, :width] = kernels
    return _side_by_side(_words(constants), placed)


def cells_by2_stream(kernels: Array, constants: Array) -> Array:
    """For tk_mve_cells_by2(_signed)_s8, int8[n]: kernels int8[C, h, w], h and w at most 4; constants int32[C, 3]."""
    channels, height, width = kernels.shape
    placed = np.zeros((channels, 4, 4), np.int8)
    placed[:, :height, :width] = kernels
    return _side_by_side(placed, _words(constants))


def lines_stream(constants: Array, fields: Array) -> Array:
    """For tk_mve_lines_s8, int8[n]: constants int32[C, 3]; fields int8[C, pieces, field]."""
    return _side_by_side(_words(constants), fields)


def _words(constants: Array) -> Array:
    """int32 -> the bytes of each row."""
    return np.ascontiguousarray(constants, "<i4").view(np.int8)


def _side_by_side(*parts: Array) -> Array:
    """Row by row, one part's after the other's."""
    return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1).reshape(-1)


def moved_constants(form: MovedForm) -> Array:
    """int32[C, 3]: b, m, a."""
    return np.stack((form.bias, form.multiplier, form.offset), axis=1).astype(np.int32)


def signed_scalars(bias: Ints, multiplier: Ints, right: Ints) -> Array:
    """int32[C, 3]: b, m, -e."""
    return np.stack((bias, multiplier, -right), axis=1).astype(np.int32)


def dense_stream(weights: Array, constants: Array, step: int = STEP) -> Array:
    """The stream of tk_mve_dense_*, int8[n]: weights int8[O, K]; constants int32[octets, 2, n] of each tile."""
    split = blocks(weights, step)
    count = octets(len(weights))
    padded = np.zeros((count * OCTET, *split.shape[1:]), np.int8)
    padded[: len(weights)] = split
    products = padded.reshape(count, OCTET, *split.shape[1:]).transpose(0, 2, 1, 3).reshape(count, -1)
    return _side_by_side(products, _words(constants).reshape(count, -1))


def taps_stream(weights: Array, constants: Array) -> Array:
    """The stream of tk_mve_taps_s8, int8[n]: weights int8[C, taps]; constants int32[octets, 2, 12] of each tile."""
    count = octets(len(weights))
    padded = np.zeros((count * OCTET, weights.shape[1]), np.int8)
    padded[: len(weights)] = weights
    return _side_by_side(padded.reshape(count, OCTET, -1).transpose(0, 2, 1), _words(constants).reshape(count, -1))


def pixels_stream(weights: Array, bias: Ints, multiplier: Ints) -> Array:
    """The stream of tk_mve_taps_s16, int8[n]: weights int8[taps, C]; bias and multiplier int64[C]."""
    count = octets(weights.shape[1])
    padded = np.zeros((len(weights), count * OCTET), np.int8)
    padded[:, : weights.shape[1]] = weights
    starts, multipliers = (_words(tiles(part).reshape(count, -1)) for part in (bias, multiplier))
    firsts = [*range(0, weights.shape[1] // 16 * 2, 2), *range(weights.shape[1] // 16 * 2, count)]
    groups = []
    for first, end in zip(firsts, [*firsts[1:], count], strict=True):
        parts = starts[first:end], padded[:, first * OCTET : end * OCTET], multipliers[first:end]
        groups += [part.reshape(-1) for part in parts]
    return np.concatenate(groups)

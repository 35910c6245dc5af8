# SPDX-License-Identifier: Apache-2.0
"""Pruning and clustering of an array of weights: which become zero, and which values are left."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array

ROUNDS = 30
"""Of k-means, which has settled long before."""


def pruned(weights: Array, share: float, zero: int = 0, scales: Array | None = None) -> Array:
    """The `share` of the weights that are nearest to 0 become 0. zero: the code of 0; scales: of the codes, an array that goes
    with the weights, where they have different ones."""
    size = np.abs(weights.astype(np.float64) - zero) * (1.0 if scales is None else scales)
    count = round(share * weights.size)
    made = weights.copy().ravel()
    made[np.argsort(size.ravel(), kind="stable")[:count]] = zero
    return made.reshape(weights.shape)


def clustered(weights: Array, count: int, zero: int = 0) -> Array:
    """At most `count` different values, by k-means. Zeros stay where they are the most frequent value; codes stay codes."""
    values, index, counts = np.unique(weights, return_inverse=True, return_counts=True)
    if len(values) <= count:
        return weights
    numbers = values.astype(np.float64)
    kept = values == zero if values[counts.argmax()] == zero else np.zeros(len(values), np.bool_)
    moved = np.flatnonzero(~kept)
    centres = _means(numbers[moved], counts[moved], count - int(kept.any()))
    made = numbers.copy()
    made[moved] = centres
    rounded = np.rint(made) if weights.dtype.kind in "iu" else made
    return rounded[index].astype(weights.dtype).reshape(weights.shape)


def _means(values: Array, counts: Array, clusters: int) -> Array:
    """For every value, which are sorted, the centre of its cluster."""
    if clusters >= len(values):
        return values
    mass, moment = (np.concatenate(([0.0], np.cumsum(part))) for part in (counts, counts * values))
    centres = np.interp((np.arange(clusters) + 0.5) / clusters, mass[1:] / mass[-1], values)
    for _ in range(ROUNDS):
        edges = np.concatenate(([0], np.searchsorted(values, (centres[1:] + centres[:-1]) / 2), [len(values)]))
        sizes = mass[edges[1:]] - mass[edges[:-1]]
        fresh = np.where(sizes > 0, (moment[edges[1:]] - moment[edges[:-1]]) / np.maximum(sizes, 1e-9), centres)
        if np.array_equal(fresh, centres):
            break
        centres = np.sort(fresh)
    edges = np.searchsorted(values, (centres[1:] + centres[:-1]) / 2)
    nearest: Array = centres[np.searchsorted(edges, np.arange(len(values)), side="right")]
    return nearest

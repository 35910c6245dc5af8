# SPDX-License-Identifier: Apache-2.0
"""TfIdfVectorizer of numbers: how often runs of them occur."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import Array, DType, Value
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.ops.elementwise.comparison import Equality, Order
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.gather import Gather
from tinycc.ops.reduction.extremes import ReduceAll
from tinycc.ops.reduction.sums import ReduceSum

MAX_SKIPS = 64
"""Between two numbers of a run: each distance becomes calls of its own."""


@row("TfIdfVectorizer")
def tf_idf(node: Node, build: Builder) -> Value:
    """y[n, index of a run] = how often it occurs in row n, with gaps of up to max_skip_count; or whether; times a weight."""
    x, mode = node.ranked(node.typed(node.x, DType.INT32, DType.INT64), 1, 2), node.attr_text("mode", "TF")
    if "pool_strings" in node.attributes:
        raise node.error("texts", "numbers", "Do this before the model: let it begin with numbers.")
    indexes = np.asarray(node.attr_ints("ngram_indexes") or (), np.int64)
    weights = node.attr_floats("weights")
    shortest, longest = node.attr_int("min_gram_length", 1), node.attr_int("max_gram_length", 1)
    skips, pool = node.attr_int("max_skip_count", 0), list(_pool(node))
    if skips > MAX_SKIPS:
        raise node.error(f"max_skip_count {skips}", f"at most {MAX_SKIPS}")
    if mode not in ("TF", "IDF", "TFIDF") or sum(len(grams) for grams in pool) != len(indexes) or not len(indexes):
        raise node.error(f"mode {mode}, {len(indexes)} indices", "an index for each run of numbers")
    rows = build.reshape(x, (1, *x.shape)) if len(x.shape) == 1 else x
    counts: list[Value] = []
    for length, grams in enumerate(pool, 1):
        found = [
            _occurrences(build, rows, grams, gap)
            for gap in range(1, 2 + (skips if length > 1 else 0))
            if shortest <= length <= longest and len(grams) and (length - 1) * gap < rows.shape[1]
        ]
        none = build.constant(np.zeros((rows.shape[0], len(grams)), np.float32))
        if len(grams):
            counts.append(reduce(lambda a, b: build.binary(Add, a, b), found) if found else none)
    total = counts[0] if len(counts) == 1 else build.op(Concatenation, xs=tuple(counts), axis=1)
    y = _weighed(build, total, mode, weights)
    places = np.full(int(indexes.max()) + 1, len(indexes))
    places[indexes] = np.arange(len(indexes))
    zero = build.constant(np.zeros((rows.shape[0], 1), np.float32))
    padded = build.op(Concatenation, xs=(y, zero), axis=1) if (places == len(indexes)).any() else y
    y = build.op(Gather, x=padded, indices=build.constant(places), axis=1, batch=0)
    return build.reshape(y, y.shape[1:]) if len(x.shape) == 1 else y


def _pool(node: Node) -> Iterator[Array]:
    """The runs of one number, of two, ...: [runs, length] each."""
    numbers = np.asarray(node.attr_ints("pool_int64s") or (), np.int64)
    starts = [*(node.attr_ints("ngram_counts") or ()), len(numbers)]
    for length, (start, end) in enumerate(pairwise(starts), 1):
        if not 0 <= start <= end <= len(numbers) or (end - start) % length:
            raise node.error(f"ngram_counts {starts[:-1]} of {len(numbers)} numbers", "where runs of each length begin")
        yield numbers[start:end].reshape(-1, length)


def _occurrences(build: Builder, x: Value, grams: Array, gap: int) -> Value:
    """[N,C] -> [N,runs]: how often each run occurs with its numbers `gap` apart."""
    length = grams.shape[1]
    count = x.shape[1] - (length - 1) * gap
    build.afford(x.shape[0], count, *grams.shape)
    places = np.arange(count)[:, None] + gap * np.arange(length)
    seen = build.op(Gather, x=x, indices=build.constant(places), axis=1, batch=0)
    parted = build.reshape(seen, (x.shape[0], count, 1, length))
    equal = build.binary(Equality, parted, build.constant(grams, x.dtype), relation="EQUAL")
    whole = build.cast(build.op(ReduceAll, x=equal, axes=(3,), keep_dims=False), DType.FLOAT32)
    return build.op(ReduceSum, x=whole, axes=(1,), keep_dims=False)


def _weighed(build: Builder, counts: Value, mode: str, weights: tuple[float, ...] | None) -> Value:
    if mode == "IDF":
        some = build.binary(Order, counts, build.like(counts, 0), relation="GREATER")
        counts = build.cast(some, DType.FLOAT32)
    if mode == "TF" or weights is None:
        return counts
    return build.binary(Mul, counts, build.constant(np.asarray(weights, np.float32)))

# SPDX-License-Identifier: Apache-2.0
"""Probabilities of classes out of scores of their pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import not_empty

EDGE = np.float32(1e-7)
"""Probabilities of pairs lie so far from 0 and 1 at least."""
CLOSE = np.float32(0.005)
"""The iteration ends when the errors are below this, divided by the number of classes."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PairwiseProbabilities(Operator):
    """y[r] = the probabilities of the classes that fit best to those of their pairs, found by iteration.

    x: [R,pairs], the scores of (0,1), (0,2), ..., (1,2), ...; y: [R,classes]. That of class i against j is
    1 - logistic(slope * score + offset). Source: onnx.reference op_svm_classifier.py; Wu, Lin, Weng: Probability estimates for
    multi-class classification by pairwise coupling, second method.
    """

    x: Value
    slopes: tuple[float, ...]
    offsets: tuple[float, ...]
    classes: int

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32", DType.FLOAT32, x=DType.FLOAT32),)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], self.classes), DType.FLOAT32),)

    @property
    def work(self) -> int:
        return self.x.shape[0] * self.classes**2 * max(100, self.classes)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (np.stack([self._coupled(row) for row in read(self.x)]),)

    def _coupled(self, scores: Array) -> Array:
        k, one = self.classes, np.float32(1)
        r = np.zeros((k, k), np.float32)
        for (i, j), score, a, b in zip(combinations(range(k), 2), scores, self.slopes, self.offsets, strict=True):
            value = score * np.float32(a) + np.float32(b)
            logistic = one / (one + np.exp(-np.abs(value)))
            won = one - (one - logistic if value < 0 else logistic)
            r[i, j] = min(max(won, EDGE), one - EDGE)
            r[j, i] = one - r[i, j]
        q = -(r.T * r)
        np.fill_diagonal(q, (r * r).sum(0))
        p = np.full(k, one / np.float32(k))
        for _ in range(max(100, k)):
            qp = q @ p
            total = p @ qp
            if np.abs(qp - total).max() < CLOSE / np.float32(k):
                break
            for t in range(k):
                step = (total - qp[t]) / q[t, t]
                p[t] += step
                total = (total + step * (step * q[t, t] + 2 * qp[t])) / (one + step) / (one + step)
                qp = (qp + step * q[t]) / (one + step)
                p /= one + step
        return p


def a_score_for_each_pair(op: PairwiseProbabilities) -> str | None:
    """there are a score, a slope and an offset for each pair of classes"""
    pairs = op.classes * (op.classes - 1) // 2
    fits = len(op.x.shape) == 2 and op.x.shape[1] == len(op.slopes) == len(op.offsets) == pairs
    return None if fits else f"{op.x.type}, {len(op.slopes)} slopes for {op.classes} classes"


PairwiseProbabilities.conditions = (not_empty, a_score_for_each_pair)

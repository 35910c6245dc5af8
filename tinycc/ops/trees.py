# SPDX-License-Identifier: Apache-2.0
"""Ensembles of decision trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature

LEAF, NAN, LAST = 0xFFFF, 0x8000, 0x8000
MOST = 2**16 - 1
"""Nodes, votes: what indices of 16 bits reach."""
VOTING: dict[str, Any] = {"sum": np.add, "min": np.minimum, "max": np.maximum}
"""How the votes of several trees become one, in the order of the `tk_voting` of tk_tree_votes.h."""


@dataclass(frozen=True, eq=False)
class Trees:
    """Nodes in the order in which they are met: behind a branch the node for what is not above the threshold; `next` is the
    other one, or a leaf's first vote. Layout and flags: runtime/kernels/trees/tk_tree_ensemble_f32.h."""

    threshold: Array
    feature: Array
    next: Array
    root: Array
    target: Array
    weight: Array
    base: Array
    factor: float
    voting: str = "sum"

    def __str__(self) -> str:
        return f"<{len(self.root)} trees of {len(self.feature)} nodes>"

    @property
    def unit(self) -> float | None:
        """A power of two of which all thresholds are multiples by a number of 16 bits; None where there is none."""
        inner = self.threshold[self.feature != LEAF].astype(np.float64)
        if not np.isfinite(inner).all():
            return None
        parts, powers = np.frexp(inner)
        whole = parts * 2.0**53
        trailing = [(int(item) & -int(item)).bit_length() - 1 for item in whole if item]
        least = min((int(power) - 53 + zeros for power, zeros in zip(powers[whole != 0], trailing, strict=True)), default=0)
        unit = 2.0**least
        fits = np.abs(inner / unit).max(initial=0) < 2**15 and np.float32(unit) == unit and unit >= np.finfo(np.float32).tiny
        return unit if fits else None


@dataclass(frozen=True, eq=False, kw_only=True)
class TreeEnsemble(Operator):
    """y[r,k] = base[k] + factor * sum over the trees of the votes for k of the leaf that row r falls into; or the least, or the
    largest, of these votes, 0 where there is none.

    x: [R,F]; y: [R,K]. A branch goes on to its next node if x[r,feature] <= threshold (or, with the flag, if it is NaN), else
    to its other one; a threshold of NaN leads to the other one always. The votes are added up tree by tree, in float32.
    Source: ONNX ai.onnx.ml TreeEnsemble, TreeEnsembleRegressor, TreeEnsembleClassifier (before `post_transform`).
    """

    x: Value
    trees: Trees

    signatures: ClassVar[tuple[Signature, ...]] = (signature("float32", DType.FLOAT32, x=DType.FLOAT32),)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], len(self.trees.base)), DType.FLOAT32),)

    @property
    def work(self) -> int:
        return self.x.shape[0] * len(self.trees.root) * 16

    def eval(self, read: Reader) -> tuple[Array, ...]:
        t, x = self.trees, read(self.x)
        start = {"sum": 0.0, "min": np.inf, "max": -np.inf}[t.voting]
        y = np.full((len(x), len(t.base)), start, np.float32)
        for root in t.root:
            leaves = self._leaves(x, int(root))
            for row, leaf in enumerate(leaves):
                at = int(t.next[leaf])
                while True:
                    place = row, int(t.target[at]) & ~LAST
                    y[place] = VOTING[t.voting](y[place], t.weight[at])
                    if t.target[at] & LAST:
                        break
                    at += 1
        y = np.where(np.isfinite(y) | (t.voting == "sum"), y, np.float32(0))
        result: Array = y * np.float32(t.factor) + t.base
        return (result.astype(np.float32),)

    def _leaves(self, x: Array, root: int) -> Array:
        """The leaf of each row."""
        t, rows = self.trees, np.arange(len(x))
        nodes = np.full(len(x), root)
        while (inner := t.feature[nodes] != LEAF).any():
            feature = t.feature[nodes]
            value = x[rows, np.where(inner, feature & ~np.uint16(NAN), 0)]
            with np.errstate(invalid="ignore"):
                stays = np.where((feature & NAN) != 0, ~(value > t.threshold[nodes]), value <= t.threshold[nodes])
            nodes = np.where(inner, np.where(stays, nodes + 1, t.next[nodes]), nodes)
        return nodes


def indexable(op: TreeEnsemble) -> str | None:
    """there are less than 65,536 nodes and votes, and at most 32,767 features

    Train fewer or shallower trees.
    """
    nodes, votes = len(op.trees.feature), len(op.trees.target)
    if max(nodes, votes) > MOST or op.x.shape[1] > NAN - 1 or len(op.trees.base) > LAST - 1:
        return f"{nodes:,} nodes, {votes:,} votes, {op.x.shape[1]:,} features"
    return None


TreeEnsemble.conditions = (indexable,)

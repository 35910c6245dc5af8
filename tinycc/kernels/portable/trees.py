# SPDX-License-Identifier: Apache-2.0
"""Ensembles of decision trees in plain C."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost
from tinycc.kernels.calls import Arg, Field, Scratch, Struct, Table, Tensor
from tinycc.kernels.costs import Estimate, cost_of
from tinycc.kernels.portable.base import tk
from tinycc.ops.base import Operator
from tinycc.ops.trees import LEAF, NAN, VOTING, TreeEnsemble
from tinycc.program.types import Content, Decisions
from tinycc.target import Feature


def trees(op: TreeEnsemble) -> tuple[Arg, ...]:
    return _args(op, "tk_tree_ensemble", op.trees.threshold)


def small_trees(op: TreeEnsemble) -> tuple[Arg, ...]:
    t, unit = op.trees, op.trees.unit
    assert unit is not None
    inner = np.where(t.feature == LEAF, 0, t.threshold.astype(np.float64) / unit)
    return _args(op, "tk_tree_ensemble_s16_trees", inner.astype(np.int16), unit=float(unit))


def _args(op: TreeEnsemble, name: str, threshold: Array, **more: float) -> tuple[Arg, ...]:
    t = op.trees
    floats = {name: Table(name, getattr(t, name), Content.WEIGHTS) for name in ("weight", "base")}
    numbers = {
        name: Table(name, getattr(t, name).view(np.int16), Content.WEIGHTS) for name in ("feature", "next", "root", "target")
    }
    shape = {"trees": len(t.root), "features": op.x.shape[1], "outputs": len(t.base), "factor": float(t.factor)}
    shape["voting"] = list(VOTING).index(t.voting)
    fields: dict[str, Arg] = {"threshold": Table("threshold", threshold, Content.WEIGHTS), **floats, **numbers, **shape, **more}
    return (Tensor(op.x), Tensor(op.y), Struct(name, tuple(fields.items())), op.x.shape[0])


def decisions(op: TreeEnsemble) -> Decisions:
    t = op.trees
    inner = t.feature != LEAF
    return Decisions(
        feature=np.where(inner, (t.feature & ~np.uint16(NAN)).astype(np.int64), -1),
        largest=in_order(t.threshold),
        next=t.next,
        root=t.root,
        other=inner & ((t.feature & NAN) != 0),
        shown=t.threshold,
    )


def branches(op: TreeEnsemble) -> tuple[Arg, ...]:
    t = op.trees
    fields: dict[str, Field] = {
        "leaves": decisions(op),
        "target": Table("target", t.target.view(np.int16), Content.WEIGHTS),
        "weight": Table("weight", t.weight, Content.WEIGHTS),
        "base": Table("base", t.base, Content.WEIGHTS),
        "trees": len(t.root),
        "features": op.x.shape[1],
        "outputs": len(t.base),
        "factor": float(t.factor),
        "voting": list(VOTING).index(t.voting),
    }
    scratch = Scratch("order", 4 * op.x.shape[1]), Scratch("leaf", 2 * len(t.root))
    return (Tensor(op.x), Tensor(op.y), *scratch, Struct("tk_tree_branches", tuple(fields.items())), op.x.shape[0])


def in_order(reals: Array) -> Array:
    """int32 in the order of float32, of -0 as of 0."""
    bits = (reals.astype(np.float32) + np.float32(0)).view(np.int32)
    ordered: Array = np.where(bits < 0, bits ^ np.int32(2**31 - 1), bits)
    return ordered


MOST_NODES, DEEPEST = 2**14, 100
"""Of branches as code: what compilers take in some seconds; blocks within blocks that C99 promises, but for some."""


def plain_trees(op: TreeEnsemble, context: Context) -> str | None:
    """trees of at most 16,384 nodes, at most 100 branches deep, in which every node has one above it, and a number"""
    t = op.trees
    if len(t.feature) > MOST_NODES:
        return f"{len(t.feature):,} nodes"
    inner = t.feature != LEAF
    above = np.concatenate([t.root, np.flatnonzero(inner) + 1, t.next[inner]])
    if len(np.unique(above)) != len(above) or np.isnan(t.threshold[inner]).any():
        return "branches that share what follows"
    deepest = depths(op).max(initial=0)
    return None if deepest <= DEEPEST else f"{deepest} branches"


def depths(op: TreeEnsemble) -> Array:
    """How many branches lead to each node."""
    t, found = op.trees, np.zeros(len(op.trees.feature), np.int64)
    for node in range(len(found)):
        if t.feature[node] != LEAF:  # what follows a node lies behind it
            found[node + 1] = found[t.next[node]] = found[node] + 1
    return found


def fixed_weights(op: TreeEnsemble, context: Context) -> str | None:
    """the weights are those of the model, for good"""
    return None if context.fixed else "weights that may change"


def small_thresholds(op: TreeEnsemble, context: Context) -> str | None:
    """all thresholds are a number of 16 bits times one power of two"""
    return "thresholds with more digits" if op.trees.unit is None else None


COMPARISON = 15
"""Instructions more for a comparison of floats without a unit for them."""
TABLE_BYTES = 4
"""Of a node, beside its threshold."""


def steps(op: TreeEnsemble) -> float:
    """Branches that a row meets in all trees, if it goes either way as often."""
    leaves = depths(op)[op.trees.feature == LEAF]
    return float((leaves * 0.5**leaves).sum())


def _table_cost(threshold_bytes: int, branch: int) -> Estimate:
    """`branch`: instructions of one."""

    def estimate(op: Operator, context: Context) -> Cost:
        assert isinstance(op, TreeEnsemble)
        each = branch + (0 if Feature.FPU in context.target.features else COMPARISON)
        instructions = op.x.shape[0] * (len(op.trees.root) * 20 + steps(op) * each)
        flash = (threshold_bytes + TABLE_BYTES) * len(op.trees.feature) + 2 * len(op.trees.root)
        return cost_of(round(instructions), context.target, flash)

    return estimate


def _branch_cost(op: Operator, context: Context) -> Cost:
    """The bytes are those of code."""
    assert isinstance(op, TreeEnsemble)
    instructions = op.x.shape[0] * (len(op.trees.root) * 26 + steps(op) * 4.5 + 10 * op.x.shape[1] + 15)
    return cost_of(round(instructions), context.target, round(decisions(op).code_bytes * context.target.code_bytes))


VARIANTS = (
    tk("tk_tree_ensemble_s16", TreeEnsemble, ("float32",), small_trees, facts=(small_thresholds,), cost=_table_cost(2, 27)),
    tk("tk_tree_ensemble_f32", TreeEnsemble, ("float32",), trees, cost=_table_cost(4, 25)),
    tk("tk_tree_branches_f32", TreeEnsemble, ("float32",), branches, facts=(fixed_weights, plain_trees), cost=_branch_cost),
)

# SPDX-License-Identifier: Apache-2.0
"""Ensembles of decision trees in plain C."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost
from tinycc.kernels.calls import Arg, Struct, Table, Tensor
from tinycc.kernels.costs import Estimate, cost_of
from tinycc.kernels.portable.base import tk
from tinycc.ops.base import Operator
from tinycc.ops.trees import LEAF, VOTING, TreeEnsemble
from tinycc.program.types import Content


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


def small_thresholds(op: TreeEnsemble, context: Context) -> str | None:
    """all thresholds are a number of 16 bits times one power of two"""
    return "thresholds with more digits" if op.trees.unit is None else None


STEPS = 8
"""Branches from a root to a leaf, more or less: whatever the trees are, what is compared is the time of one."""


def _cost(threshold_bytes: int, branch: int) -> Estimate:
    """A branch's cycles; and the bytes of thresholds, which is all in which the kernels differ."""

    def estimate(op: Operator, context: Context) -> Cost:
        assert isinstance(op, TreeEnsemble)
        instructions = op.x.shape[0] * len(op.trees.root) * (STEPS * branch + 20)
        return cost_of(instructions, context.target, threshold_bytes * len(op.trees.feature))

    return estimate


VARIANTS = (
    tk("tk_tree_ensemble_s16", TreeEnsemble, ("float32",), small_trees, facts=(small_thresholds,), cost=_cost(2, 16)),
    tk("tk_tree_ensemble_f32", TreeEnsemble, ("float32",), trees, cost=_cost(4, 14)),
)

# SPDX-License-Identifier: Apache-2.0
"""Ensembles of decision trees in plain C."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.calls import Arg, Struct, Table, Tensor
from tinycc.kernels.portable.base import tk
from tinycc.ops.trees import TreeEnsemble
from tinycc.program.types import Content


def trees(op: TreeEnsemble) -> tuple[Arg, ...]:
    t = op.trees
    floats = {name: Table(name, getattr(t, name), Content.WEIGHTS) for name in ("threshold", "weight", "base")}
    numbers = {
        name: Table(name, getattr(t, name).view(np.int16), Content.WEIGHTS) for name in ("feature", "next", "root", "target")
    }
    shape = {"trees": len(t.root), "features": op.x.shape[1], "outputs": len(t.base), "factor": float(t.factor)}
    params = Struct("tk_tree_ensemble", (*floats.items(), *numbers.items(), *shape.items()))
    return (Tensor(op.x), Tensor(op.y), params, op.x.shape[0])


VARIANTS = (tk("tk_tree_ensemble_f32", TreeEnsemble, ("float32",), trees),)

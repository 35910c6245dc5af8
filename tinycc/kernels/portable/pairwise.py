# SPDX-License-Identifier: Apache-2.0
"""Probabilities out of scores of pairs, in plain C."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.calls import Arg, Scratch, Table, Tensor
from tinycc.kernels.portable.base import tk
from tinycc.ops.pairwise import PairwiseProbabilities
from tinycc.program.types import Content


def pairwise(op: PairwiseProbabilities) -> tuple[Arg, ...]:
    numbers = [Table(name, np.array(getattr(op, name), np.float32), Content.WEIGHTS) for name in ("slopes", "offsets")]
    working = Scratch("matrix", 4 * op.classes**2), Scratch("product", 4 * op.classes)
    return (Tensor(op.x), *numbers, Tensor(op.y), *working, op.x.shape[0], op.classes)


VARIANTS = (tk("tk_pairwise_probabilities_f32", PairwiseProbabilities, ("float32",), pairwise),)

# SPDX-License-Identifier: Apache-2.0
"""What candidates take together, kept up move by move, is what it is when it is summed anew."""

from __future__ import annotations

import random

from conftest import ROOT

from tinycc.compiler import load
from tinycc.kernels.base import Context
from tinycc.kernels.candidate import Account, Candidate, flash_of
from tinycc.kernels.choice import candidates
from tinycc.ops.base import Operator
from tinycc.passes import run_passes
from tinycc.target import TARGETS


def test_moves_are_summed() -> None:
    graph = run_passes(load(ROOT / "examples" / "digits" / "digits_int8.tflite").graph)
    context = Context(TARGETS["cortex-m4"])
    able = {
        op: [Candidate(variant, op, context) for variant in candidates(op) if variant.refusal(op, context) is None]
        for op in graph.all_ops
        if isinstance(op, Operator) and not op.view
    }
    rng = random.Random(0)
    account = Account({op: rng.choice(found) for op, found in able.items()})
    for _ in range(50):
        moved = {op: rng.choice(able[op]) for op in rng.sample(list(able), 3)}
        total = account.total
        before = account.move(moved)
        assert account.total == flash_of(account.taken)
        if rng.random() < 0.5:
            account.move(before)
            assert account.total == total

# SPDX-License-Identifier: Apache-2.0
"""What is said of kernels whose work depends on the data, and which trees become branches, at both sides of each condition."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from spelled import spelled

from tinycc.compiler import load
from tinycc.ir import Op
from tinycc.kernels.base import Context
from tinycc.kernels.portable import trees
from tinycc.kernels.steady import branching, steady, written
from tinycc.kernels.varying import NONE, VARYING, variation
from tinycc.ops.trees import LEAF, NAN, VOTING
from tinycc.target import TARGETS

CORE, BARE = "cortex-m4", Context(TARGETS["cortex-m4"])
STEADY = min(name for name in steady(CORE) & steady("cortex-m0") if name.startswith("tk"))
BRANCHING = min(branching() - steady(CORE) - set(VARYING))


def layer(dtype: str) -> Op:
    return load(spelled(f"FULLY_CONNECTED {dtype} 1x4 2")).graph.ops[-1]


CODES, FLOATS = layer("int8"), layer("float32")


@pytest.mark.parametrize(
    ("op", "symbols", "core", "bundled", "why"),
    [
        (CODES, [STEADY], CORE, True, ""),
        (CODES, [STEADY], CORE, False, ""),
        (CODES, [STEADY, "arm_relu_q7"], CORE, False, "Arm's library was not looked at"),
        (CODES, ["arm_nothing"], CORE, True, "nobody has looked"),
        (FLOATS, [STEADY], CORE, True, ""),
        (FLOATS, [STEADY], "generic", True, ""),
        (FLOATS, [STEADY], "cortex-m0", True, "floats are computed by a library"),
        (FLOATS, [], "cortex-m0", True, ""),
        (CODES, [STEADY], "cortex-m0", True, ""),
        (CODES, [BRANCHING], CORE, True, "it branches by values"),
        (CODES, ["tk_nothing", "tk_softmax_s8"], CORE, True, "nobody has looked"),
    ],
)
def test_what_depends_on_the_data(op: Op, symbols: list[str], core: str, bundled: bool, why: str) -> None:
    found = variation(op, symbols, TARGETS[core], bundled=bundled)
    assert found.why.startswith(why)
    assert (found == NONE) == (not why)
    assert found.most == (None if why else 0)


def test_softmax_varies_by_so_much_on_cores_that_are_known() -> None:
    known, unknown = (variation(CODES, ["tk_softmax_s8"], TARGETS[core], bundled=True) for core in (CORE, "rv32imc"))
    assert known.why == unknown.why != ""
    assert known.most is not None
    assert known.most > 0
    assert unknown.most is None


def test_what_runs_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(CODES), "graphs", property(lambda op: {"body": None}))
    assert variation(CODES, [STEADY], TARGETS[CORE], bundled=True).why.startswith("it decides what runs")


def test_what_is_written_as_steady() -> None:
    found = json.loads(written(["tk_a", "tk_b"], {"tk_b": ["line"]}))
    assert (found["steady"], found["depends"]) == (["tk_a"], {"tk_b": ["line"]})


# -- trees ---------------------------------------------------------------------------------------------------------------------


def tree(threshold: float = 0.5, second: int = 2, unit: float | None = None) -> Any:
    """A branch, and what follows."""
    made = SimpleNamespace(
        feature=np.asarray([1 | NAN, LEAF, LEAF], np.uint16),
        next=np.asarray([second, 0, 0], np.uint16),
        threshold=np.asarray([threshold, 0, 0], np.float32),
        **{name: np.zeros(1, np.uint16) for name in ("root", "target")},
        **{name: np.zeros(1, np.float32) for name in ("weight", "base")},
        unit=unit,
        factor=1.0,
        voting=next(iter(VOTING)),
    )
    return SimpleNamespace(trees=made, x=SimpleNamespace(shape=(1, 2)), y=None)


@pytest.mark.parametrize(
    ("op", "nodes", "deepest", "holds"),
    [
        (tree(), 3, 1, True),
        (tree(), 2, 1, False),
        (tree(), 3, 0, False),
        (tree(second=1), 3, 1, False),
        (tree(threshold=np.nan), 3, 1, False),
    ],
)
def test_trees_that_become_branches(monkeypatch: pytest.MonkeyPatch, op: Any, nodes: int, deepest: int, holds: bool) -> None:
    monkeypatch.setattr(trees, "MOST_NODES", nodes)
    monkeypatch.setattr(trees, "DEEPEST", deepest)
    assert (trees.plain_trees(op, BARE) is None) == holds


def test_thresholds_of_16_bits() -> None:
    assert trees.small_thresholds(tree(unit=0.25), BARE) is None
    assert trees.small_thresholds(tree(), BARE) is not None
    fields = dict(trees.small_trees(tree(unit=0.25))[2].fields)  # type: ignore[union-attr]
    assert fields["threshold"].data.tolist() == [2, 0, 0]


def test_weights_for_good() -> None:
    assert trees.fixed_weights(tree(), BARE) is None
    assert trees.fixed_weights(tree(), Context(BARE.target, fixed=False)) is not None


def test_branches_as_integers() -> None:
    made = trees.decisions(tree())
    assert (made.feature.tolist(), made.other.tolist()) == ([1, -1, -1], [True, False, False])
    assert trees.in_order(np.asarray([-1.0, -0.0, 0.0, 1.0], np.float32)).tolist()[1:3] == [0, 0]
    assert trees.steps(tree()) == 1.0


@pytest.mark.parametrize(("core", "more"), [("cortex-m4", 0), ("cortex-m0", trees.COMPARISON)])
def test_comparisons_of_floats(monkeypatch: pytest.MonkeyPatch, core: str, more: int) -> None:
    monkeypatch.setattr(trees, "TreeEnsemble", SimpleNamespace)
    assert trees._table_cost(4, 7)(tree(), Context(TARGETS[core])).instructions == 20 + 7 + more

# SPDX-License-Identifier: Apache-2.0
"""Trees as code and as tables: the same bits, on both sides of every threshold and on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from harness import build_many, prefix_of
from onnx_learned_cases import ensembles, trees

from tinycc.codegen.decisions import functions
from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.ir import Array
from tinycc.kernels.base import Context
from tinycc.kernels.portable.trees import decisions, in_order, plain_trees
from tinycc.ops.trees import TreeEnsemble
from tinycc.program.types import Decisions
from tinycc.target import find_target

BRANCHES = "tk_tree_branches_f32"
ESTIMATORS = ROOT / "tests" / "frontends" / "estimators"
NAMES = (
    "decision_tree",
    "extra_trees",
    "random_forest_regressor",
    "gradient_boosting",
    "lightgbm",
    "xgboost",
    "isolation_forest",
)
PLAIN = Context(find_target("generic"))
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, -np.nan, 1e-42, -1e-42], np.float32)


def pinned(source: bytes | Path, kernel: str, name: str) -> Compilation:
    """With one kernel for every step of trees."""
    plain = compile(load(source), name=name)
    steps = [step for step in plain.program.all_steps if step.kernel.startswith("tk_tree_")]
    return compile(load(source), name=name, pinned=[(step.number, kernel) for step in steps])


def ensembles_of(made: Compilation) -> list[TreeEnsemble]:
    return [op for op in made.graph.ops if isinstance(op, TreeEnsemble)]


def rows(made: Compilation) -> list[Array]:
    """Drawn from the thresholds, the next floats on both sides of them, and what is special."""
    (x,) = made.graph.inputs
    found = np.concatenate([op.trees.threshold for op in ensembles_of(made)])
    sides = [np.nextafter(found, np.float32(side)) for side in (-np.inf, np.inf)]
    pool = np.concatenate([found, *sides, SPECIAL]).astype(np.float32)
    rng = np.random.default_rng(7)
    return [rng.choice(pool, x.shape).astype(np.float32) for _ in range(40)]


def test_the_same_bits_as_tables(runtime_archive: Path, tmp_path: Path) -> None:
    sources: dict[str, bytes | Path] = {name: ESTIMATORS / f"{name}.onnx" for name in NAMES}
    sources |= {case.name.replace(" ", "_").replace(",", ""): case.data for case in (*trees(), *ensembles())}
    made: dict[str, tuple[Compilation, Compilation]] = {}
    for number, (name, source) in enumerate(sources.items()):
        if all(plain_trees(op, PLAIN) is None for op in ensembles_of(compile(load(source)))):
            made[name] = pinned(source, BRANCHES, f"b{number}"), pinned(source, "tk_tree_ensemble_f32", f"t{number}")
    assert len(made) > len(NAMES) + 8
    library = build_many([item for pair in made.values() for item in pair], tmp_path, runtime_archive)
    for name, pair in made.items():
        for x in rows(pair[0]):
            results = []
            for compilation in pair:
                with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
                    results.append(host.run([x]).outputs)
            for a, b in zip(*results, strict=True):
                assert a.tobytes() == b.tobytes(), name


def test_the_order_of_floats() -> None:
    reals = np.sort(np.concatenate([np.linspace(-3, 3, 101), [1e-42, -1e-42, np.inf, -np.inf]]).astype(np.float32))
    assert (np.diff(in_order(reals).astype(np.int64)) > 0).all()
    assert in_order(np.float32([-0.0]))[0] == in_order(np.float32([0.0]))[0] == 0


def test_as_people_read_it() -> None:
    tree = Decisions(
        feature=np.array([2, -1, 0, -1, -1]),
        largest=in_order(np.float32([1.5, 0, -2.25, 0, 0])),
        next=np.array([2, 0, 4, 3, 6]),
        root=np.array([0]),
        other=np.array([False, False, True, False, False]),
        shown=np.float32([1.5, 0, -2.25, 0, 0]),
    )
    assert functions(tree, "leaves_1") == [
        "/* Tree 0. */",
        "static uint16_t leaves_1_0(const int32_t *x)",
        "{",
        "    if (x[2] <= INT32_C(1069547520)) { /* 1.5 */",
        "        return 0;",
        "    }",
        "    if (x[0] <= INT32_C(-1074790401) || x[0] == INT32_MAX) { /* -2.25 */",
        "        return 3;",
        "    }",
        "    return 6;",
        "}",
        "",
        "/* The leaf of every tree for a row x. */",
        "static void leaves_1(const int32_t *x, uint16_t *leaf)",
        "{",
        "    leaf[0] = leaves_1_0(x);",
        "}",
    ]


@pytest.mark.parametrize(("optimize", "branches"), [("speed", True), ("size", False)])
def test_speed_and_size(optimize: str, branches: bool) -> None:
    """Of a hundred trees, tables are smaller and branches faster."""
    made = compile(load(ESTIMATORS / "gradient_boosting.onnx"), target="cortex-m4", optimize=optimize)
    kernels = {step.kernel for step in made.program.all_steps}
    assert (BRANCHES in kernels) is branches


def test_weights_that_may_change_are_tables() -> None:
    made = compile(load(ESTIMATORS / "gradient_boosting.onnx"), target="cortex-m4", optimize="speed", external_weights=True)
    assert BRANCHES not in {step.kernel for step in made.program.all_steps}


def test_what_is_decided_is_what_numpy_says() -> None:
    made = compile(load(ESTIMATORS / "decision_tree.onnx"), optimize="speed")
    (op,) = ensembles_of(made)
    found = decisions(op)
    for x in rows(made):
        row = np.where(np.isnan(x.ravel()), np.int32(2**31 - 1), in_order(x.ravel()))
        node = 0
        while found.feature[node] >= 0:
            node = node + 1 if row[found.feature[node]] <= found.largest[node] else int(found.next[node])
        wanted = interpret(made.graph, [x])[1].ravel()
        votes = np.zeros(len(wanted), np.float32)
        at = int(found.next[node])
        votes[op.trees.target[at : at + len(wanted)] & 0x7FFF] = op.trees.weight[at : at + len(wanted)]
        np.testing.assert_array_equal(votes, wanted)

# SPDX-License-Identifier: Apache-2.0
"""Models of ai.onnx.ml as scikit-learn and the boosting libraries export them, drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx_models import Case, case, noise
from onnx_models import node as n

from tinycc.frontends.onnx.trees import BRANCHES

ML = "ai.onnx.ml"
ROWS = {"x": [5, 4]}
TEXTS = ["setosa", "versicolor", "virginica"]


def learned(kind: str, outputs: str = "y", inputs: str = "x", **attributes: Any) -> Any:
    return n(kind, inputs, outputs, domain=ML, **attributes)


def ml(name: str, nodes: list[Any], outputs: str = "y", **more: Any) -> Case:
    return case(name, nodes, more.pop("inputs", ROWS), outputs=outputs, domains=more.pop("domains", {ML: 3}), opset=17, **more)


def with_maps(data: bytes) -> bytes:
    """The model whose last output is what ZipMap makes."""
    model = onnx.load_from_string(data)
    number = helper.make_tensor_type_proto(TensorProto.FLOAT, None)
    model.graph.output[-1].type.CopyFrom(
        helper.make_sequence_type_proto(helper.make_map_type_proto(TensorProto.STRING, number))
    )
    return model.SerializeToString()


def forest(
    seed: int, kind: str, targets: int, modes: tuple[str, ...], *, trees: int = 3, depth: int = 4, positive: bool = False
) -> dict[str, Any]:
    """Attributes of trees of which a branch ends with odds of one in four; `kind`: class or target."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids")
    }
    columns |= {"falsenodeids": [], "missing_value_tracks_true": []}
    votes: dict[str, list[Any]] = {"treeids": [], "nodeids": [], "ids": [], "weights": []}

    def grow(tree: int, level: int) -> int:
        number = sum(item == tree for item in columns["treeids"])
        leaf = level == depth or (level > 0 and rng.random() < 0.25)
        place = len(columns["treeids"])
        mode = "LEAF" if leaf else str(rng.choice(modes))
        row = (tree, number, int(rng.integers(4)), float(np.float32(rng.standard_normal())), mode, 0, 0, int(rng.integers(2)))
        names = (
            "treeids",
            "nodeids",
            "featureids",
            "values",
            "modes",
            "truenodeids",
            "falsenodeids",
            "missing_value_tracks_true",
        )
        for name, item in zip(names, row, strict=True):
            columns[name].append(item)
        if leaf:
            for target in range(targets):
                weight = float(np.float32(rng.random() if positive else rng.standard_normal()))
                for name, item in zip(votes, (tree, number, target, weight), strict=True):
                    votes[name].append(item)
        else:
            columns["truenodeids"][place] = grow(tree, level + 1)
            columns["falsenodeids"][place] = grow(tree, level + 1)
        return number

    for tree in range(trees):
        grow(tree, 0)
    nodes = {f"nodes_{name}": items for name, items in columns.items()}
    return nodes | {f"{kind}_{name}": items for name, items in votes.items()}


def trees() -> Iterator[Case]:
    every = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT")
    for seed, modes in enumerate([(mode,) for mode in every]):
        attributes = forest(seed, "target", 1, modes)
        yield ml(f"regressor {modes[0]}", [learned("TreeEnsembleRegressor", n_targets=1, **attributes)])
    attributes = forest(5, "target", 3, ("BRANCH_LEQ",), trees=7)
    yield ml(
        "regressor of three, base", [learned("TreeEnsembleRegressor", n_targets=3, base_values=[1.0, 2.0, 3.0], **attributes)]
    )
    yield ml("average", [learned("TreeEnsembleRegressor", n_targets=3, aggregate_function="AVERAGE", **attributes)])
    for transform in ("NONE", "SOFTMAX", "LOGISTIC"):
        attributes = forest(6, "class", 3, ("BRANCH_LEQ",), positive=transform == "NONE")
        node = learned("TreeEnsembleClassifier", "l p", classlabels_int64s=[7, 3, 9], post_transform=transform, **attributes)
        yield ml(f"classifier {transform}", [node], "l p")
    for positive, transform in ((True, "NONE"), (False, "LOGISTIC"), (False, "NONE")):
        attributes = forest(8, "class", 1, ("BRANCH_LT",), positive=positive)
        node = learned("TreeEnsembleClassifier", "l p", classlabels_int64s=[0, 1], post_transform=transform, **attributes)
        yield ml(f"two classes, one score, {positive} {transform}", [node], "l p")
    attributes = forest(9, "class", 3, ("BRANCH_LEQ",))
    node = learned("TreeEnsembleClassifier", "l p", classlabels_strings=TEXTS, **attributes)
    zipped = ml("texts, ZipMap", [node, learned("ZipMap", "z", "p", classlabels_strings=TEXTS)], "l z")
    yield replace(zipped, data=with_maps(zipped.data))


def linear() -> Iterator[Case]:
    weights, bias = noise(12).tolist(), noise(3).tolist()
    yield ml("LinearRegressor", [learned("LinearRegressor", targets=3, coefficients=weights, intercepts=bias)])
    for transform in ("NONE", "SOFTMAX", "LOGISTIC"):
        node = learned(
            "LinearClassifier",
            "l p",
            coefficients=weights,
            intercepts=bias,
            classlabels_ints=[0, 1, 2],
            post_transform=transform,
        )
        yield ml(f"LinearClassifier {transform}", [node], "l p")
    supports = noise(24, seed=3).tolist()
    for kind in ("LINEAR", "RBF", "POLY", "SIGMOID"):
        attributes = {"kernel_type": kind, "kernel_params": [0.3, 0.5, 2.0], "support_vectors": supports, "n_supports": 6}
        yield ml(f"SVMRegressor {kind}", [learned("SVMRegressor", coefficients=noise(6).tolist(), rho=[0.25], **attributes)])


def machines() -> Iterator[Case]:
    """SVMClassifier: two classes, and more, with and without probabilities."""
    for k, probabilities in ((2, False), (2, True), (4, False), (4, True)):
        pairs = k * (k - 1) // 2
        fits = {"prob_a": [-2.0 - i for i in range(pairs)], "prob_b": [0.1 * i for i in range(pairs)]} if probabilities else {}
        for kind in ("LINEAR", "RBF"):
            node = learned(
                "SVMClassifier",
                "l p",
                classlabels_ints=[2 * i for i in range(k)],
                coefficients=noise(k - 1, 3 * k).ravel().tolist(),
                support_vectors=noise(3 * k, 4, seed=1).ravel().tolist(),
                vectors_per_class=[3] * k,
                kernel_type=kind,
                kernel_params=[0.3, 0.0, 3.0],
                rho=[0.1 * i for i in range(pairs)],
                **fits,
            )
            yield ml(f"SVMClassifier {k} {kind} {probabilities}", [node], "l p")


def preparation() -> Iterator[Case]:
    yield ml("Scaler", [learned("Scaler", offset=[1.0, -2.0, 0.5, 0.0], scale=[2.0, 1.0, 0.1, 3.0])])
    for norm in ("MAX", "L1", "L2"):
        yield ml(f"Normalizer {norm}", [n("Abs", "x", "a"), learned("Normalizer", inputs="a", norm=norm)])
    yield ml("Binarizer", [learned("Binarizer", threshold=0.25)])
    limits = {"lo": np.array(0, np.int64), "hi": np.array(3, np.int64)}
    for zeros, to in ((1, TensorProto.INT64), (0, TensorProto.FLOAT)):
        encoder = learned("OneHotEncoder", inputs="t", cats_int64s=[2, 0, 1, 3], zeros=zeros)
        nodes = [n("Clip", "k lo hi", "c"), n("Cast", "c", "t", to=to), encoder]
        yield case(f"OneHotEncoder {zeros}", nodes, {"k": (TensorProto.INT64, [5, 2])}, limits, domains={ML: 3}, opset=17)
    vectors = learned("FeatureVectorizer", inputs="x z", inputdimensions=[2, 1])
    yield ml("FeatureVectorizer", [vectors], inputs={"x": [3, 2], "z": [3, 1]})
    root = [
        n("Sqrt", "x", "s"),
        learned("Imputer", inputs="s", imputed_value_floats=[1.0, 2.0, 3.0, 4.0], replaced_value_float=float("nan")),
    ]
    yield ml("Imputer", root)
    yield ml(
        "ArrayFeatureExtractor", [learned("ArrayFeatureExtractor", inputs="x i")], constants={"i": np.array([2, 0], np.int64)}
    )


def numbered(seed: int, modes: tuple[str, ...], **attributes: Any) -> Any:
    """A TreeEnsemble of drawn trees; sets of numbers are -1, 0 and 2."""
    made = forest(seed, "target", 1, modes, trees=5)
    keys = list(zip(made["nodes_treeids"], made["nodes_nodeids"], strict=True))
    inner = [at for at, mode in enumerate(made["nodes_modes"]) if mode != "LEAF"]
    leaves = [at for at, mode in enumerate(made["nodes_modes"]) if mode == "LEAF"]
    ways: dict[str, list[int]] = {f"nodes_{way}{end}": [] for way in ("true", "false") for end in ("nodeids", "leafs")}
    for at in inner:
        for way in ("true", "false"):
            to = keys.index((keys[at][0], made[f"nodes_{way}nodeids"][at]))
            ways[f"nodes_{way}leafs"].append(int(to in leaves))
            ways[f"nodes_{way}nodeids"].append((leaves if to in leaves else inner).index(to))
    kinds = [BRANCHES.index(made["nodes_modes"][at]) for at in inner]
    sets = [number for kind in kinds if kind == BRANCHES.index("BRANCH_MEMBER") for number in (2.0, -1.0, 0.0, float("nan"))]
    members = {"membership_values": helper.make_tensor("m", TensorProto.FLOAT, [len(sets)], sets)} if sets else {}
    splits = np.round(np.array([made["nodes_values"][at] for at in inner], np.float32))
    return learned(
        "TreeEnsemble",
        inputs="v",
        n_targets=2,
        tree_roots=[inner.index(at) for at in inner if keys[at][1] == 0],
        nodes_featureids=[made["nodes_featureids"][at] for at in inner],
        nodes_missing_value_tracks_true=[made["nodes_missing_value_tracks_true"][at] for at in inner],
        nodes_modes=helper.make_tensor("k", TensorProto.UINT8, [len(inner)], kinds),
        nodes_splits=numpy_helper.from_array(splits, "s"),
        leaf_targetids=[at % 2 for at in range(len(leaves))],
        leaf_weights=numpy_helper.from_array(noise(len(leaves)), "w"),
        **members,
        **ways,
        **attributes,
    )


def ensembles() -> Iterator[Case]:
    """Of whole numbers, so that equality occurs, some of them NaN."""
    whole = [n("Round", "x", "r"), n("Sqrt", "r", "q"), n("Sub", "r q", "d"), n("Add", "d q", "v")]
    version = {"domains": {ML: 5}}
    for mode in BRANCHES:
        yield ml(f"TreeEnsemble {mode}", [*whole, numbered(BRANCHES.index(mode), (mode,))], **version)
    for voting in range(4):
        every = numbered(20 + voting, BRANCHES, aggregate_function=voting)
        yield ml(f"TreeEnsemble {voting}", [*whole, every], **version)
    for voting in ("MIN", "MAX"):
        attributes = forest(5, "target", 3, ("BRANCH_LEQ", "BRANCH_NEQ"), trees=7)
        node = learned(
            "TreeEnsembleRegressor", n_targets=3, aggregate_function=voting, base_values=[1.0, 2.0, 3.0], **attributes
        )
        yield ml(f"regressor {voting}", [node])


FAMILIES = {"ensembles": ensembles, "trees": trees, "linear": linear, "machines": machines, "preparation": preparation}

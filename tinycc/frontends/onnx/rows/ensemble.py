# SPDX-License-Identifier: Apache-2.0
"""TreeEnsemble of ai.onnx.ml 5, whose nodes and leaves lie in lists of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count, groupby

import numpy as np
import onnx

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.learned import DOMAIN, features
from tinycc.frontends.onnx.tensors import array_of
from tinycc.frontends.onnx.trees import BRANCHES, Branch, Key, aggregate, branch_of, laid_out, many
from tinycc.ir import Value
from tinycc.ops.trees import NAN, TreeEnsemble

AGGREGATE_SUM = 1


def numbers(node: Node, name: str) -> list[float]:
    """An attribute that is a tensor."""
    tensor = node.attribute(name, None, onnx.TensorProto)
    return [] if tensor is None else [float(item) for item in array_of(tensor).ravel()]


@row("TreeEnsemble", domain=DOMAIN)
def tree_ensemble(node: Node, build: Builder) -> Value:
    x, targets = features(node, build), node.attr_int("n_targets", 1)
    build.afford(targets)
    if targets < 1:
        raise node.error(f"{targets} targets", "at least one")
    leaves = list(zip(many(node, "leaf_targetids"), numbers(node, "leaf_weights"), strict=True))
    for target, weight in leaves:
        if not 0 <= target < targets or not np.isfinite(weight):
            raise node.error(f"a vote of {weight:g} for {target} of {targets}", "a finite one for one of the targets")
    places = count(1)
    votes: dict[Key, list[tuple[int, float]]] = {}
    branches: dict[Key, Branch | None] = {}

    def end(number: int, leaf: int) -> Key:
        """The key of what a branch leads to; every way to a leaf has a leaf of its own."""
        if not leaf:
            return 0, number
        if not 0 <= number < len(leaves):
            raise node.error(f"leaf {number} of {len(leaves)}", "one that is there")
        key = next(places), number
        branches[key], votes[key] = None, [leaves[number]]
        return key

    for position, (mode, feature, tracked, yes, no, values) in enumerate(_nodes(node, x.shape[1])):
        branches[0, position] = branch_of(mode, feature, end(*yes), end(*no), tracked, values)
    roots = [(0, number) for number in many(node, "tree_roots")]
    chosen = aggregate(node, node.attr_int("aggregate_function", AGGREGATE_SUM))
    trees = laid_out(node, branches, votes, roots, np.zeros(targets, np.float32), chosen)
    if transform := node.attr_int("post_transform", 0):
        hint = "Put Softmax or Sigmoid behind it: ONNX Runtime takes 1 for LOGISTIC and 2 for SOFTMAX, ONNX does not."
        raise node.error(f"post_transform {transform}", "0 (NONE)", hint)
    return build.op(TreeEnsemble, x=x, trees=trees)


def _nodes(node: Node, width: int) -> Iterator[tuple[str, int, bool, Key, Key, list[float]]]:
    """Of each branch: mode, feature, whether NaN goes the way of what holds; where that and the other one lead, as (number,
    whether it is a leaf's); the numbers that it compares with. Raises CompileError."""
    node.read.add("nodes_hitrates")
    ways = [many(node, f"nodes_{name}") for name in ("truenodeids", "trueleafs", "falsenodeids", "falseleafs")]
    modes, splits = numbers(node, "nodes_modes"), numbers(node, "nodes_splits")
    features = many(node, "nodes_featureids")
    tracks = many(node, "nodes_missing_value_tracks_true") or (0,) * len(features)
    if {len(items) for items in (*ways, modes, splits, tracks)} != {len(features)}:
        raise node.error("attributes of nodes of different lengths", "one entry for each node")
    sets = _members(numbers(node, "membership_values"))
    for mode, feature, tracked, split, yes, yes_leaf, no, no_leaf in zip(modes, features, tracks, splits, *ways, strict=True):
        if not 0 <= mode < len(BRANCHES) or not 0 <= feature < min(width, NAN - 1):
            raise node.error(f"a node of mode {mode:g} for feature {feature} of {width}", "a mode and a feature that there are")
        name = BRANCHES[int(mode)]
        values = next(sets, None) if name == "BRANCH_MEMBER" else [split]
        if values is None:
            raise node.error("fewer sets of membership_values than nodes with one", "one each, with NaN behind it")
        yield name, feature, bool(tracked), (yes, yes_leaf), (no, no_leaf), values


def _members(values: list[float]) -> Iterator[list[float]]:
    """The numbers between NaNs."""
    for nan, group in groupby(values, math.isnan):
        if not nan:
            yield list(group)

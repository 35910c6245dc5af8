# SPDX-License-Identifier: Apache-2.0
"""The nodes and votes of tree ensembles, as ai.onnx.ml lists them, in the form of `tinycc.ops.trees`."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import onnx.numpy_helper

from tinycc.frontends.onnx.node import Node
from tinycc.ir import Array
from tinycc.ops.trees import LAST, LEAF, MOST, NAN, Trees

MODES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "LEAF")
AGGREGATES = ("SUM", "AVERAGE")


@dataclass(frozen=True)
class _Branch:
    """`x[feature] <= threshold` goes to `low`, all else to `high`; NaN to `low` with `nan_low`."""

    feature: int
    threshold: float
    low: tuple[int, int]
    high: tuple[int, int]
    nan_low: bool


@dataclass
class _Layout:
    """The arrays of `Trees` while they are filled."""

    threshold: list[float] = field(default_factory=list)
    feature: list[int] = field(default_factory=list)
    next: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)

    def node(self, feature: int, threshold: float, next: int) -> int:
        self.feature.append(feature)
        self.threshold.append(threshold)
        self.next.append(next)
        return len(self.feature) - 1

    def leaf(self, votes: list[tuple[int, float]]) -> None:
        self.node(LEAF, 0.0, len(self.target))
        for position, (target, weight) in enumerate(votes):
            self.target.append(target | (LAST if position == len(votes) - 1 else 0))
            self.weight.append(weight)


def floats(node: Node, name: str) -> tuple[float, ...]:
    """An attribute of floats, or its twin of doubles, `NAME_as_tensor`."""
    twin = node.attributes.get(f"{name}_as_tensor")
    if twin is not None:
        node.read.add(f"{name}_as_tensor")
        return tuple(float(item) for item in onnx.numpy_helper.to_array(twin).ravel())
    return node.attr_floats(name, ()) or ()


def many(node: Node, name: str) -> tuple[int, ...]:
    """An attribute of any number of integers: as many as a model may have nodes, and more."""
    content = node.attribute(name, [], list)
    if not all(isinstance(item, int) for item in content):
        raise node.error(f"attribute {name} of another type", "integers")
    return tuple(content)


def texts(node: Node, name: str) -> tuple[str, ...]:
    content = node.attribute(name, [], list)
    return tuple(item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item) for item in content)


def read_trees(node: Node, kind: str, base: Array, *, alone: bool = False) -> Trees:
    """The trees of a node; `kind`: what the names of its votes begin with, "class" or "target". `base`: a number per target.

    `alone`: all votes are for one class, whichever number it has.

    Raises CompileError.
    """
    aggregate = node.attr_text("aggregate_function", "SUM")
    if aggregate not in AGGREGATES:
        raise node.error(f"aggregate_function {aggregate}", " or ".join(AGGREGATES))
    branches, roots = _branches(node)
    votes = _votes(node, kind, len(base), alone)
    layout = _Layout()
    starts = [_lay_out(node, layout, branches, votes, root) for root in roots]
    if max(len(layout.feature), len(layout.target)) > MOST:
        hint = "Train fewer or shallower trees."
        raise node.error(f"{len(layout.feature):,} nodes, {len(layout.target):,} votes", f"at most {MOST:,} of each", hint)
    return Trees(
        threshold=np.array(layout.threshold, np.float32),
        feature=np.array(layout.feature, np.uint16),
        next=np.array(layout.next, np.uint16),
        root=np.array(starts, np.uint16),
        target=np.array(layout.target, np.uint16),
        weight=np.array(layout.weight, np.float32),
        base=base.astype(np.float32),
        factor=1.0 if aggregate == "SUM" else 1.0 / max(len(roots), 1),
    )


def _branches(node: Node) -> tuple[dict[tuple[int, int], _Branch | None], list[tuple[int, int]]]:
    """(tree, node) -> branch, None for a leaf; and the roots, in order."""
    node.read.add("nodes_hitrates")
    node.read.add("nodes_hitrates_as_tensor")
    lists = [many(node, f"nodes_{name}") for name in ("treeids", "nodeids", "featureids")]
    lists += [many(node, f"nodes_{name}") for name in ("truenodeids", "falsenodeids")]
    tracks = many(node, "nodes_missing_value_tracks_true") or (0,) * len(lists[0])
    values, modes = floats(node, "nodes_values"), texts(node, "nodes_modes")
    if len({len(items) for items in (*lists, tracks, values, modes)}) != 1 or not modes:
        raise node.error("attributes of nodes of different lengths", "one entry for each node")
    width = node.x.shape[-1] if node.x.shape else 1
    found: dict[tuple[int, int], _Branch | None] = {}
    children: set[tuple[int, int]] = set()
    for tree, number, feature, yes, no, tracked, value, mode in zip(*lists, tracks, values, modes, strict=True):
        if (tree, number) in found:
            raise node.error(f"node {number} of tree {tree} twice", "each once")
        if mode not in MODES:
            raise node.error(f"a node of mode {mode}", " or ".join(MODES))
        branch = None if mode == "LEAF" else _branch(tree, feature, yes, no, bool(tracked), value, mode)
        if branch is not None and not 0 <= feature < min(width, NAN - 1):
            raise node.error(f"feature {feature} of {width}", "a feature of the input")
        found[tree, number] = branch
        children |= set() if branch is None else {branch.low, branch.high}
    roots = [key for key in found if key not in children]
    if [tree for tree, _ in roots] != list(dict.fromkeys(tree for tree, _ in found)):
        raise node.error(f"{len(roots)} nodes that no branch leads to", "one root for each tree")
    return found, roots


def _branch(tree: int, feature: int, yes: int, no: int, tracked: bool, value: float, mode: str) -> _Branch:
    """Every mode as `<=`: x < t is x <= the last float before t; x >= t and x > t are those with the ways exchanged."""
    single = np.float32(value)
    strict = mode in ("BRANCH_LT", "BRANCH_GTE")
    if float(single) > value or (strict and float(single) == value):
        single = np.nextafter(single, np.float32(-np.inf))
    threshold = float(single)
    ways = (tree, yes), (tree, no)
    swapped = mode in ("BRANCH_GTE", "BRANCH_GT")
    low, high = ways[::-1] if swapped else ways
    return _Branch(feature, threshold, low, high, tracked != swapped)


def _votes(node: Node, kind: str, targets: int, alone: bool) -> dict[tuple[int, int], list[tuple[int, float]]]:
    lists = [many(node, f"{kind}_{name}") for name in ("treeids", "nodeids", "ids")]
    weights = floats(node, f"{kind}_weights")
    lists[2] = (0,) * len(lists[2]) if alone else lists[2]
    if len({len(items) for items in (*lists, weights)}) != 1:
        raise node.error("attributes of votes of different lengths", "one entry for each vote")
    found: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for tree, number, target, weight in zip(*lists, weights, strict=True):
        if not 0 <= target < targets:
            raise node.error(f"a vote for {target} of {targets}", "one of the classes or targets")
        if not math.isfinite(weight):
            raise node.error(f"a vote of {weight:g}", "a finite number")
        found[tree, number].append((target, weight))
    return found


def _lay_out(
    node: Node,
    layout: _Layout,
    branches: dict[tuple[int, int], _Branch | None],
    votes: dict[tuple[int, int], list[tuple[int, float]]],
    root: tuple[int, int],
) -> int:
    """Append a tree, low branches first; the number of its root."""
    start, pending, seen = len(layout.feature), [(root, -1)], set()
    while pending:
        key, parent = pending.pop()
        if key not in branches or key in seen:
            what = "a cycle or a node with two parents" if key in seen else "a node that is not there"
            raise node.error(f"{what}: {key[1]} of tree {key[0]}", "a tree")
        seen.add(key)
        if parent >= 0:
            layout.next[parent] = len(layout.feature)
        branch = branches[key]
        if branch is None:
            layout.leaf(votes.get(key) or [(0, 0.0)])
            continue
        here = layout.node(branch.feature | (NAN if branch.nan_low else 0), branch.threshold, 0)
        pending += [(branch.high, here), (branch.low, -1)]
        if len(layout.feature) > MOST:
            raise node.error(f"more than {MOST:,} nodes", f"at most {MOST:,}", "Train fewer or shallower trees.")
    return start

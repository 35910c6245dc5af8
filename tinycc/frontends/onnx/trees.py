# SPDX-License-Identifier: Apache-2.0
"""The nodes and votes of tree ensembles, as ai.onnx.ml lists them, in the form of `tinycc.ops.trees`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.tensors import array_of
from tinycc.ir import Array
from tinycc.ops.trees import LAST, LEAF, MOST, NAN, Trees

BRANCHES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER")
"""In the order of TreeEnsemble's numbers."""
MODES = (*BRANCHES[:-1], "LEAF")
AGGREGATES = ("AVERAGE", "SUM", "MIN", "MAX")

Key = tuple[int, int]


@dataclass(frozen=True)
class Branch:
    """`x[feature] <= threshold` goes to `low`, all else to `high`; NaN to `low` with `nan_low`.

    With several numbers, in ascending order: what is none of `members` goes to `low`, all else to `high`, and NaN to `high`
    with `nan_high`.
    """

    feature: int
    threshold: float
    low: Key
    high: Key
    nan_low: bool
    members: tuple[float, ...] = ()
    nan_high: bool = False


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

    def branch(self, branch: Branch) -> tuple[list[int], list[int]]:
        """Append it; which nodes then lead to `low`, behind which it must follow, and to `high`."""
        if not branch.members:
            here = self.node(branch.feature | (NAN if branch.nan_low else 0), branch.threshold, 0)
            return [], [here]
        low, high = list[int](), list[int]()
        for number, member in enumerate(branch.members):
            flag = NAN if branch.nan_high and number == 0 else 0
            below = np.nextafter(np.float32(member), np.float32(-np.inf))
            within = self.node(branch.feature | flag, member, len(self.feature) + 3)
            high.append(self.node(branch.feature, float(below), 0))
            low.append(self.node(branch.feature, math.nan, 0))  # leads on whatever x is
        return [*low, within], high


def floats(node: Node, name: str) -> tuple[float, ...]:
    """An attribute of floats, or its twin of doubles, `NAME_as_tensor`."""
    twin = node.attributes.get(f"{name}_as_tensor")
    if twin is not None:
        node.read.add(f"{name}_as_tensor")
        return tuple(float(item) for item in array_of(twin).ravel())
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


def aggregate(node: Node, number: int | None = None) -> str:
    """The attribute: a word, or the number of one. Raises CompileError."""
    given = node.attr_text("aggregate_function", "SUM") if number is None else str(number)
    name = AGGREGATES[number] if number is not None and 0 <= number < len(AGGREGATES) else given
    if name not in AGGREGATES:
        raise node.error(f"aggregate_function {name}", " or ".join(AGGREGATES))
    return name


def read_trees(node: Node, kind: str, base: Array, *, alone: bool = False) -> Trees:
    """The trees of a node; `kind`: what the names of its votes begin with, "class" or "target". `base`: a number per target.

    `alone`: all votes are for one class, whichever number it has.

    Raises CompileError.
    """
    branches, roots = _branches(node)
    return laid_out(node, branches, _votes(node, kind, len(base), alone), roots, base, aggregate(node))


def laid_out(
    node: Node,
    branches: dict[Key, Branch | None],
    votes: dict[Key, list[tuple[int, float]]],
    roots: list[Key],
    base: Array,
    aggregate: str,
) -> Trees:
    """Trees whose nodes have keys: branches, and None for leaves. Raises CompileError for what are no trees, or too large."""
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
        factor=1.0 / max(len(roots), 1) if aggregate == "AVERAGE" else 1.0,
        voting=aggregate.lower() if aggregate in ("MIN", "MAX") else "sum",
    )


def _branches(node: Node) -> tuple[dict[Key, Branch | None], list[Key]]:
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
    found: dict[Key, Branch | None] = {}
    children: set[Key] = set()
    for tree, number, feature, yes, no, tracked, value, mode in zip(*lists, tracks, values, modes, strict=True):
        if (tree, number) in found:
            raise node.error(f"node {number} of tree {tree} twice", "each once")
        if mode not in MODES:
            raise node.error(f"a node of mode {mode}", " or ".join(MODES))
        branch = None if mode == "LEAF" else branch_of(mode, feature, (tree, yes), (tree, no), bool(tracked), [value])
        if branch is not None and not 0 <= feature < min(width, NAN - 1):
            raise node.error(f"feature {feature} of {width}", "a feature of the input")
        found[tree, number] = branch
        children |= set() if branch is None else {branch.low, branch.high}
    roots = [key for key in found if key not in children]
    if [tree for tree, _ in roots] != list(dict.fromkeys(tree for tree, _ in found)):
        raise node.error(f"{len(roots)} nodes that no branch leads to", "one root for each tree")
    return found, roots


def branch_of(mode: str, feature: int, yes: Key, no: Key, tracked: bool, values: Sequence[float]) -> Branch:
    """Every mode as one of the two forms of a Branch; `tracked`: NaN goes the way `yes`, whatever the comparison says.

    x < t is x <= the last float before t; x >= t and x > t are those with the ways exchanged.
    """
    singles = [np.float32(value) for value in values]
    if mode in ("BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER"):
        other = mode == "BRANCH_NEQ"
        members = tuple(sorted({float(single) for single, value in zip(singles, values, strict=True) if single == value}))
        low, high = (yes, no) if other else (no, yes)
        if not members:  # No float32 is such a number.
            return Branch(feature, math.inf, low, high, other or not tracked)
        return Branch(feature, 0.0, low, high, False, members, tracked and not other)
    single, value = singles[0], values[0]
    strict = mode in ("BRANCH_LT", "BRANCH_GTE")
    if float(single) > value or (strict and float(single) == value):
        single = np.nextafter(single, np.float32(-np.inf))
    swapped = mode in ("BRANCH_GTE", "BRANCH_GT")
    low, high = (no, yes) if swapped else (yes, no)
    return Branch(feature, float(single), low, high, tracked != swapped)


def _votes(node: Node, kind: str, targets: int, alone: bool) -> dict[Key, list[tuple[int, float]]]:
    lists = [many(node, f"{kind}_{name}") for name in ("treeids", "nodeids", "ids")]
    weights = floats(node, f"{kind}_weights")
    lists[2] = (0,) * len(lists[2]) if alone else lists[2]
    if len({len(items) for items in (*lists, weights)}) != 1:
        raise node.error("attributes of votes of different lengths", "one entry for each vote")
    found: dict[Key, list[tuple[int, float]]] = defaultdict(list)
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
    branches: dict[Key, Branch | None],
    votes: dict[Key, list[tuple[int, float]]],
    root: Key,
) -> int:
    """Append a tree, low branches first; the number of its root."""
    start, seen = len(layout.feature), set[Key]()
    pending: list[tuple[Key, list[int]]] = [(root, [])]
    while pending:
        key, parents = pending.pop()
        if key not in branches or key in seen:
            what = "a cycle or a node with two parents" if key in seen else "a node that is not there"
            raise node.error(f"{what}: {key[1]} of tree {key[0]}", "a tree")
        seen.add(key)
        for parent in parents:
            layout.next[parent] = len(layout.feature)
        branch = branches[key]
        if branch is None:
            layout.leaf(votes.get(key) or [(0, 0.0)])
            continue
        low, high = layout.branch(branch)
        pending += [(branch.high, high), (branch.low, low)]
        if len(layout.feature) > MOST:
            raise node.error(f"more than {MOST:,} nodes", f"at most {MOST:,}", "Train fewer or shallower trees.")
    return start

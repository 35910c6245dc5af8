# SPDX-License-Identifier: Apache-2.0
"""ai.onnx.ml: what scikit-learn and the boosting libraries export. Texts are numbers of labels, which the value names."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.matrices import dense
from tinycc.frontends.onnx.trees import floats, many, read_trees, texts
from tinycc.ir import Array, DType, TensorType, Value
from tinycc.ops.elementwise.activations import Logistic, Tanh
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.comparison import Equality, Order
from tinycc.ops.elementwise.division import Div
from tinycc.ops.elementwise.functions import Abs, Exp, Neg, Sqrt
from tinycc.ops.elementwise.power import Pow
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.gather import Gather
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.pairwise import PairwiseProbabilities
from tinycc.ops.reduction.extremes import ArgMax, ReduceMax
from tinycc.ops.reduction.sums import ReduceSum
from tinycc.ops.trees import TreeEnsemble

DOMAIN = "ai.onnx.ml"
TRANSFORMS = ("NONE", "LOGISTIC", "SOFTMAX")
NORMS = ("MAX", "L1", "L2")


def features(node: Node, build: Builder) -> Value:
    """The first operand as float32 [rows, features]."""
    x = node.ranked(node.x, 1, 2)
    x = x if len(x.shape) == 2 else build.reshape(x, (1, *x.shape))
    return build.cast(x, DType.FLOAT32)


def transform(node: Node) -> str:
    name = node.attr_text("post_transform", "NONE")
    if name not in TRANSFORMS:
        raise node.error(f"post_transform {name}", " or ".join(TRANSFORMS))
    return name


def probabilities(build: Builder, scores: Value, name: str) -> Value:
    if name == "LOGISTIC":
        return build.op(Logistic, x=scores)
    return build.op(Softmax, types=(scores.type,), x=scores, beta=1.0) if name == "SOFTMAX" else scores


def chosen(build: Builder, condition: Value, x1: Value, x2: Value) -> Value:
    """x1 where the condition holds, else x2."""
    return build.op(Select, condition=condition, x1=x1, x2=x2, leading=False)


class Labels:
    """The classes of a classifier: numbers, or texts, which are numbers that a value has names for."""

    def __init__(self, node: Node) -> None:
        numbers = node.attr_ints("classlabels_int64s") or node.attr_ints("classlabels_ints") or ()
        self.names = texts(node, "classlabels_strings")
        if bool(numbers) == bool(self.names):
            raise node.error("labels of two kinds" if numbers else "no labels", "classlabels_int64s or classlabels_strings")
        self.numbers = numbers or tuple(range(len(self.names)))

    def __len__(self) -> int:
        return len(self.numbers)

    def of(self, build: Builder, index: Value) -> Value:
        """The labels for class numbers, int64 [rows]."""
        if self.numbers != tuple(range(len(self))):
            index = build.op(Gather, x=build.constant(np.array(self.numbers, np.int64)), indices=index, axis=0, batch=0)
        if self.names:
            build.labels[index] = self.names
        return index


def best(build: Builder, scores: Value) -> Value:
    """The number of the largest score in each row."""
    return build.op(ArgMax, types=(TensorType((scores.shape[0],), DType.INT64),), x=scores, axis=1)


def decided(build: Builder, node: Node, labels: Labels, scores: Value, *, fractions: bool) -> tuple[Value, Value]:
    """(label, probabilities) of scores [rows, classes], or [rows, 1] where there are two.

    One score is the second class's: with `fractions` it lies between 0 and 1, and above one half it wins, else above 0.
    """
    name = transform(node)
    if scores.shape[1] == len(labels) > 1:
        return labels.of(build, best(build, scores)), probabilities(build, scores, name)
    if scores.shape[1] != 1 or len(labels) != 2:
        raise node.error(f"{scores.shape[1]} scores for {len(labels)} classes", "one score each")
    if name == "SOFTMAX":
        raise node.error("post_transform SOFTMAX of one score", "NONE or LOGISTIC")
    wins = build.binary(Order, scores, build.like(scores, 0.5 if fractions else 0.0), relation="GREATER")
    index = build.reshape(build.cast(wins, DType.INT64), (scores.shape[0],))
    if fractions:
        pair = build.binary(Sub, build.like(scores, 1.0), scores), scores
    else:
        pair = build.op(Neg, x=scores), scores
        if name == "LOGISTIC":
            pair = build.op(Logistic, x=pair[0]), build.op(Logistic, x=pair[1])
    return labels.of(build, index), build.op(Concatenation, xs=pair, axis=1)


@row("TreeEnsembleRegressor", domain=DOMAIN)
def tree_regressor(node: Node, build: Builder) -> Value:
    x, targets = features(node, build), node.attr_int("n_targets", 1)
    build.afford(targets)
    base = np.array(floats(node, "base_values") or (0.0,) * targets, np.float32)
    if len(base) != targets:
        raise node.error(f"{len(base)} base values for {targets} targets", "one each")
    return probabilities(build, build.op(TreeEnsemble, x=x, trees=read_trees(node, "target", base)), transform(node))


@row("TreeEnsembleClassifier", domain=DOMAIN)
def tree_classifier(node: Node, build: Builder) -> tuple[Value, ...]:
    x, labels = features(node, build), Labels(node)
    given = floats(node, "base_values")
    voted = set(many(node, "class_ids"))
    alone = len(labels) == 2 and len(voted) == 1
    count = 1 if alone else len(labels)
    base = np.zeros(count, np.float32) if not given else np.array(given, np.float32)[-count:]
    if len(base) != count or len(given) not in (0, 1, len(labels)):
        raise node.error(f"{len(given)} base values for {len(labels)} classes", "one each")
    fractions = alone and min(floats(node, "class_weights"), default=0.0) >= 0
    scores = build.op(TreeEnsemble, x=x, trees=read_trees(node, "class", base, alone=alone))
    return decided(build, node, labels, scores, fractions=fractions)


def linear(node: Node, build: Builder, rows: int) -> Value:
    x = features(node, build)
    weights = np.array(floats(node, "coefficients"), np.float32)
    intercepts = node.attr_floats("intercepts")
    if not rows or weights.size != rows * x.shape[1] or len(intercepts or (0,) * rows) != rows:
        found = f"{weights.size} coefficients, {len(intercepts or ())} intercepts"
        raise node.error(found, f"{rows} times {x.shape[1]} and {rows}")
    bias = None if intercepts is None else build.constant(np.array(intercepts, np.float32))
    return dense(build, x, build.constant(weights.reshape(rows, x.shape[1])), bias)


@row("LinearRegressor", domain=DOMAIN)
def linear_regressor(node: Node, build: Builder) -> Value:
    return probabilities(build, linear(node, build, node.attr_int("targets", 1)), transform(node))


@row("LinearClassifier", domain=DOMAIN)
def linear_classifier(node: Node, build: Builder) -> tuple[Value, ...]:
    node.attr_int("multi_class", 0)
    labels = Labels(node)
    width = features(node, build).shape[1]
    rows = len(floats(node, "coefficients")) // max(width, 1)
    return decided(build, node, labels, linear(node, build, rows), fractions=False)


@row("SVMRegressor", domain=DOMAIN)
def svm_regressor(node: Node, build: Builder) -> Value:
    x, count = features(node, build), node.attr_int("n_supports", 0)
    weights = np.array(floats(node, "coefficients"), np.float32)
    rho = node.attr_floats("rho", (0.0,)) or (0.0,)
    supports = np.array(node.attr_floats("support_vectors", ()), np.float32)
    if count:
        if supports.size != count * x.shape[1] or weights.size != count:
            raise node.error(f"{supports.size} numbers of {count} support vectors", f"{count} times {x.shape[1]}")
        y = _machine(node, build, x, supports.reshape(count, -1), weights[None], rho[:1])
    else:
        node.attr_floats("kernel_params")
        node.attr_text("kernel_type", "LINEAR")
        y = dense(build, x, build.constant(weights.reshape(1, -1)), build.constant(np.array(rho[:1], np.float32)))
    if node.attr_int("one_class", 0):
        build.afford(*y.shape)
        above = build.binary(Order, y, build.like(y, 0.0), relation="GREATER")
        return build.op(
            Select,
            condition=above,
            x1=build.constant(np.ones(y.shape, np.float32)),
            x2=build.constant(-np.ones(y.shape, np.float32)),
        )
    return probabilities(build, y, transform(node))


@row("SVMClassifier", domain=DOMAIN)
def svm_classifier(node: Node, build: Builder) -> tuple[Value, ...]:
    """Every pair of classes has a score; the class that wins most pairs is the label."""
    x, labels = features(node, build), Labels(node)
    each = node.attr_ints("vectors_per_class") or ()
    count, k = sum(each), len(labels)
    weights = np.array(floats(node, "coefficients"), np.float32)
    supports = np.array(node.attr_floats("support_vectors", ()), np.float32)
    pairs = list(combinations(range(k), 2))
    rho = node.attr_floats("rho", ()) or ()
    if k < 2 or len(each) != k or min(each) < 0 or supports.size != count * x.shape[1] or len(rho) != len(pairs):
        found = f"{supports.size} numbers of {count} support vectors, {len(rho)} of {len(pairs)} pairs"
        raise node.error(found, f"{count} times {x.shape[1]}, for each class and pair")
    if weights.size != (k - 1) * count:
        raise node.error(f"{weights.size} coefficients", f"{k - 1} times {count}")
    coefficients, owner = weights.reshape(k - 1, count), np.repeat(np.arange(k), each)
    matrix = np.stack([np.where(owner == i, coefficients[j - 1], np.where(owner == j, coefficients[i], 0)) for i, j in pairs])
    scores = _machine(node, build, x, supports.reshape(count, -1), matrix, rho)
    wins = build.cast(build.binary(Order, scores, build.like(scores, 0), relation="GREATER"), DType.FLOAT32)
    signs = np.array([[(c == i) - (c == j) for i, j in pairs] for c in range(k)], np.float32)
    lost = np.array([sum(c == j for _, j in pairs) for c in range(k)], np.float32)
    index = best(build, dense(build, wins, build.constant(signs), build.constant(lost)))
    slopes, offsets = (node.attr_floats(name, ()) or () for name in ("prob_a", "prob_b"))
    if k == 2 and not slopes and (weights >= 0).all():
        raise node.error("no negative coefficient", "coefficients of both classes")
    if slopes:
        scores = build.op(PairwiseProbabilities, x=scores, slopes=slopes, offsets=offsets, classes=k)
    elif k == 2:
        scores = build.op(Concatenation, xs=(build.op(Neg, x=scores), scores), axis=1)
    return labels.of(build, index), probabilities(build, scores, transform(node))


def _machine(node: Node, build: Builder, x: Value, supports: Array, weights: Array, rho: tuple[float, ...]) -> Value:
    """Weighted sums of the kernel of x and all support vectors; of a linear one, the sums of the vectors are weights."""
    bias = build.constant(np.array(rho, np.float32))
    if node.attr_text("kernel_type", "LINEAR") == "LINEAR":
        node.attr_floats("kernel_params")
        vectors = weights.astype(np.float64) @ supports.astype(np.float64)
        return dense(build, x, build.constant(vectors.astype(np.float32)), bias)
    return dense(build, _kernel(node, build, x, supports), build.constant(weights.astype(np.float32)), bias)


def _kernel(node: Node, build: Builder, x: Value, supports: Array) -> Value:
    """The kernel of every row and support vector: [rows, supports]."""
    kind = node.attr_text("kernel_type", "LINEAR")
    gamma, coefficient, degree = (*(node.attr_floats("kernel_params", ()) or ()), 0.0, 0.0, 3.0)[:3]
    if kind == "RBF":
        apart = build.binary(Sub, build.reshape(x, (x.shape[0], 1, x.shape[1])), build.constant(supports[None]))
        distance = build.op(ReduceSum, x=build.binary(Mul, apart, apart), axes=(2,), keep_dims=False)
        return build.op(Exp, x=build.binary(Mul, distance, build.constant(np.float32(-gamma))))
    y = dense(build, x, build.constant(supports))
    y = build.binary(Add, build.binary(Mul, y, build.constant(np.float32(gamma))), build.constant(np.float32(coefficient)))
    if kind == "POLY":
        return build.binary(Pow, y, build.constant(np.float32(degree)))
    if kind == "SIGMOID":
        return build.op(Tanh, x=y)
    raise node.error(f"kernel_type {kind}", "LINEAR, POLY, RBF or SIGMOID")


@row("Scaler", domain=DOMAIN)
def scaler(node: Node, build: Builder) -> Value:
    x = features(node, build)
    offset, scale = (
        np.array(node.attr_floats(name, (default,)), np.float32) for name, default in (("offset", 0.0), ("scale", 1.0))
    )
    if len(offset) not in (1, x.shape[1]) or len(scale) not in (1, x.shape[1]):
        raise node.error(f"{len(offset)} offsets and {len(scale)} scales for {x.shape[1]} features", "one each, or one for all")
    x = build.binary(Sub, x, build.constant(offset)) if offset.any() else x
    return build.binary(Mul, x, build.constant(scale)) if (scale != 1).any() else x


@row("Normalizer", domain=DOMAIN)
def normalizer(node: Node, build: Builder) -> Value:
    """Rows whose norm is 0 stay as they are."""
    x, norm = features(node, build), node.attr_text("norm", "MAX")
    if norm not in NORMS:
        raise node.error(f"norm {norm}", " or ".join(NORMS))
    if norm == "MAX":
        size = build.op(ReduceMax, x=x, axes=(1,), keep_dims=True)
    else:
        part = build.op(Abs, x=x) if norm == "L1" else build.binary(Mul, x, x)
        size = build.op(ReduceSum, x=part, axes=(1,), keep_dims=True)
        size = size if norm == "L1" else build.op(Sqrt, x=size)
    nothing = build.binary(Equality, size, build.like(size, 0.0), relation="EQUAL")
    build.afford(*size.shape)
    ones = build.constant(np.ones(size.shape, np.float32))
    return build.binary(Div, x, chosen(build, condition=nothing, x1=ones, x2=size))


@row("Imputer", domain=DOMAIN)
def imputer(node: Node, build: Builder) -> Value:
    x = features(node, build)
    missing = node.attribute("replaced_value_float", float("nan"), float)
    values = np.array(node.attr_floats("imputed_value_floats", ()), np.float32)
    if len(values) not in (1, x.shape[1]):
        raise node.error(f"{len(values)} imputed values for {x.shape[1]} features", "one each, or one for all")
    if np.isnan(missing):
        known = build.binary(Equality, x, x, relation="EQUAL")
        return chosen(build, condition=known, x1=x, x2=build.constant(np.broadcast_to(values, x.shape)))
    absent = build.binary(Equality, x, build.like(x, missing), relation="EQUAL")
    return chosen(build, condition=absent, x1=build.constant(np.broadcast_to(values, x.shape)), x2=x)


@row("Binarizer", domain=DOMAIN)
def binarizer(node: Node, build: Builder) -> Value:
    x = node.x
    above = build.binary(Order, x, build.like(x, node.attr_float("threshold", 0.0)), relation="GREATER")
    return build.cast(above, x.dtype)


@row("ArrayFeatureExtractor", domain=DOMAIN)
def array_feature_extractor(node: Node, build: Builder) -> Value:
    """The columns of x that the second operand numbers; a vector is one row."""
    x, indices = node.x, node.input(1)
    rows = x if len(x.shape) > 1 else build.reshape(x, (1, *x.shape))
    flat = build.reshape(indices, (indices.type.elements,))
    return build.op(Gather, x=rows, indices=flat, axis=len(rows.shape) - 1, batch=0)


@row("LabelEncoder", domain=DOMAIN)
def label_encoder(node: Node, build: Builder) -> Value:
    """Numbers for numbers, by comparison with each key."""
    keys = node.attr_ints("keys_int64s") or node.attr_floats("keys_floats")
    values = node.attr_ints("values_int64s") or node.attr_floats("values_floats")
    if keys is None or values is None or len(keys) != len(values):
        raise node.error("keys and values that are no numbers", "keys_int64s or keys_floats, values_int64s or values_floats")
    whole = "values_int64s" in node.attributes
    default = node.attr_int("default_int64", -1) if whole else node.attr_float("default_float", 0.0)
    dtype = np.int64 if whole else np.float32
    build.afford(len(keys), *node.x.shape)
    x, y = node.x, build.constant(np.full(node.x.shape, default, dtype))
    for key, value in zip(reversed(keys), reversed(values), strict=True):
        equal = build.binary(Equality, x, build.like(x, key), relation="EQUAL")
        y = chosen(build, condition=equal, x1=build.constant(np.full(x.shape, value, dtype)), x2=y)
    return y


@row("OneHotEncoder", domain=DOMAIN)
def one_hot_encoder(node: Node, build: Builder) -> Value:
    """Floats, 1 where an element is the category of that place; none of an element that is no category."""
    categories = node.attr_ints("cats_int64s")
    node.attr_int("zeros", 1)
    if not categories:
        raise node.error("categories that are no numbers", "cats_int64s", "Number the texts before the model.")
    build.afford(len(categories), *node.x.shape)
    x = build.cast(node.x, DType.INT64)
    places = build.constant(np.array(categories, np.int64))
    equal = build.binary(Equality, build.reshape(x, (*x.shape, 1)), places, relation="EQUAL")
    return build.cast(equal, DType.FLOAT32)


@row("FeatureVectorizer", domain=DOMAIN)
def feature_vectorizer(node: Node, build: Builder) -> Value:
    """All operands as floats, side by side; a vector is one row. `inputdimensions`: columns that are taken of each."""
    widths, parts = node.attr_ints("inputdimensions"), []
    for number, x in enumerate(node.given):
        rows = x if len(x.shape) == 2 else build.reshape(x, (1, x.type.elements))
        width = widths[number] if widths and number < len(widths) else rows.shape[1]
        if width != rows.shape[1]:
            raise node.error(f"{width} columns of operand {number}, {list(x.shape)}", f"all {rows.shape[1]}")
        parts.append(build.cast(rows, DType.FLOAT32))
    return parts[0] if len(parts) == 1 else build.op(Concatenation, xs=tuple(parts), axis=1)


@row("ZipMap", domain=DOMAIN)
def zip_map(node: Node, build: Builder) -> Value:
    """The probabilities as they are, in the order of the labels."""
    node.read.update(("classlabels_int64s", "classlabels_strings"))
    return node.x

# SPDX-License-Identifier: Apache-2.0
"""Einsum: sums of products over named dimensions, as products of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.matrices import product
from tinycc.ir import Value
from tinycc.ops.elementwise.arithmetic import Mul
from tinycc.ops.movement.gather import GatherNd
from tinycc.ops.reduction.sums import ReduceSum
from tinycc.ops.strides import Shape

_ELLIPSIS = "0123456789"
"""Names of the dimensions that `...` stands for, the last one's last."""


@row("Einsum")
def einsum(node: Node, build: Builder) -> Value:
    """Operand by operand: what no other needs is summed at once, what both share is a product of matrices."""
    terms, result = _parsed(node)
    sizes: dict[str, int] = {}
    for names, value in zip(terms, node.given, strict=True):
        for name, size in zip(names, value.shape, strict=True):
            if sizes.setdefault(name, size) not in (1, size) and size != 1:
                raise node.error(f"dimension {name} of sizes {sizes[name]} and {size}", "one size each")
            sizes[name] = max(sizes[name], size)
    names, total = _diagonal(build, terms[0], node.given[0])
    for place, (other, value) in enumerate(zip(terms[1:], node.given[1:], strict=True), 1):
        later = {*result, *(name for term in terms[place + 1 :] for name in term)}
        names, total = _multiplied(build, (names, total), _diagonal(build, other, value), later)
    names, total = _summed(build, names, total, set(result))
    missing = [name for name in result if name not in names]
    total = build.reshape(total, (*total.shape, *(1,) * len(missing)))
    names += "".join(missing)
    return build.transpose(total, [names.index(name) for name in result])


def _parsed(node: Node) -> tuple[list[str], str]:
    """The names of each operand's dimensions, and of the result's."""
    equation = node.attr_text("equation", "").replace(" ", "")
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    if len(terms) != len(node.given):
        raise node.error(f"equation {equation!r} for {len(node.given)} operands", "a term for each")
    found = [_named(node, term, len(value.shape)) for term, value in zip(terms, node.given, strict=True)]
    rest = len({name for names in found for name in names if name in _ELLIPSIS})
    if not arrow:
        letters = [name for name in sorted(set(left)) if name.isalpha() and left.count(name) == 1]
        right = ("..." if "..." in left else "") + "".join(letters)
    result = right.replace("...", _ELLIPSIS[len(_ELLIPSIS) - rest :] if rest else "")
    if len(set(result)) != len(result) or not set(result) <= set("".join(found)):
        raise node.error(f"equation {equation!r}", "a result whose dimensions the operands have, each once")
    return found, result


def _named(node: Node, term: str, rank: int) -> str:
    """A term without an ellipsis: a name for each dimension."""
    letters = term.replace("...", "")
    rest = rank - len(letters)
    if (letters and not letters.isalpha()) or rest < 0 or rest > len(_ELLIPSIS) or (rest and "..." not in term):
        raise node.error(f"term {term!r} for {rank} dimensions", "a letter for each dimension")
    return term.replace("...", _ELLIPSIS[len(_ELLIPSIS) - rest :] if rest else "")


def _diagonal(build: Builder, names: str, x: Value) -> tuple[str, Value]:
    """One dimension in place of two of the same name: elements with equal indices."""
    while (twice := next((name for name in names if names.count(name) > 1), None)) is not None:
        first, second = names.index(twice), names.rindex(twice)
        rest = [i for i in range(len(names)) if i not in (first, second)]
        moved = build.transpose(x, (first, second, *rest))
        places = build.constant([[i, i] for i in range(min(moved.shape[:2]))])
        x = build.op(GatherNd, x=moved, indices=places)
        names = twice + "".join(names[i] for i in rest)
    return names, x


def _summed(build: Builder, names: str, x: Value, kept: set[str]) -> tuple[str, Value]:
    """Dimensions that are not kept are added up."""
    axes = tuple(i for i, name in enumerate(names) if name not in kept)
    if axes:
        x = build.op(ReduceSum, x=x, axes=axes, keep_dims=False)
    return "".join(name for name in names if name in kept), x


def _multiplied(build: Builder, left: tuple[str, Value], right: tuple[str, Value], kept: set[str]) -> tuple[str, Value]:
    """The product of two; dimensions of both that are not kept are added up."""
    a_names, a = _summed(build, *left, kept | set(right[0]))
    b_names, b = _summed(build, *right, kept | set(left[0]))
    shared = [name for name in a_names if name in b_names]
    batch, inner = [n for n in shared if n in kept], [n for n in shared if n not in kept]
    rows, columns = [n for n in a_names if n not in shared], [n for n in b_names if n not in shared]
    stretched = any(a.shape[a_names.index(n)] != b.shape[b_names.index(n)] for n in shared)
    if stretched or not inner:
        order = [*batch, *inner, *rows, *columns]
        wide = build.binary(Mul, _aligned(build, a_names, a, order), _aligned(build, b_names, b, order))
        return _summed(build, "".join(order), wide, kept)
    size_a = {name: a.shape[a_names.index(name)] for name in a_names}
    size_b = {name: b.shape[b_names.index(name)] for name in b_names}
    outer: Shape = tuple(size_a[n] for n in batch)
    k = math.prod(size_a[n] for n in inner)
    m, n = math.prod(size_a[name] for name in rows), math.prod(size_b[name] for name in columns)
    left_matrix = build.reshape(_ordered(build, a_names, a, [*batch, *rows, *inner]), (*outer, m, k))
    right_matrix = build.reshape(_ordered(build, b_names, b, [*batch, *inner, *columns]), (*outer, k, n))
    y = product(build, left_matrix, right_matrix)
    shape = (*outer, *(size_a[name] for name in rows), *(size_b[name] for name in columns))
    return "".join((*batch, *rows, *columns)), build.reshape(y, shape)


def _ordered(build: Builder, names: str, x: Value, order: Sequence[str]) -> Value:
    return build.transpose(x, [names.index(name) for name in order])


def _aligned(build: Builder, names: str, x: Value, order: Sequence[str]) -> Value:
    """The dimensions in an order, sizes of 1 for those that x does not have."""
    own = [name for name in order if name in names]
    moved = _ordered(build, names, x, own)
    sizes = dict(zip(own, moved.shape, strict=True))
    return build.reshape(moved, [sizes.get(name, 1) for name in order])

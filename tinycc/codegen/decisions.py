# SPDX-License-Identifier: Apache-2.0
"""Trees of branches as C: a function for each tree, and one that asks all of them."""

from __future__ import annotations

from collections.abc import Iterator

from tinycc.codegen.ctext import INDENT, int_literal
from tinycc.program.types import Decisions


def functions(decisions: Decisions, name: str) -> list[str]:
    """The lines of the functions; the last has this name."""
    lines: list[str] = []
    for number, root in enumerate(decisions.root.tolist()):
        lines += [f"/* Tree {number}. */", f"static uint16_t {name}_{number}(const int32_t *x)", "{"]
        lines += [*_branches(decisions, root), "}", ""]
    lines += ["/* The leaf of every tree for a row x. */", f"static void {name}(const int32_t *x, uint16_t *leaf)", "{"]
    lines += [f"{INDENT}leaf[{number}] = {name}_{number}(x);" for number in range(len(decisions.root))]
    return [*lines, "}"]


def _branches(decisions: Decisions, root: int) -> Iterator[str]:
    """The statements of a tree. What is not above a branch's number comes first and ends with a return; so what follows is all
    else."""
    pending: list[tuple[int, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        if node < 0:
            yield f"{INDENT * depth}}}"
            continue
        feature = int(decisions.feature[node])
        if feature < 0:
            yield f"{INDENT * depth}return {int(decisions.next[node])};"
            continue
        at = f"x[{feature}]"
        condition = f"{at} <= {_int32(int(decisions.largest[node]))}"
        if decisions.other[node]:
            condition = f"{condition} || {at} == INT32_MAX"
        yield f"{INDENT * depth}if ({condition}) {{ /* {decisions.shown[node]:.9g} */"
        pending += [(int(decisions.next[node]), depth), (-1, depth), (node + 1, depth + 1)]


def _int32(value: int) -> str:
    return f"INT32_C({int_literal(value)})" if abs(value) > 2**15 - 1 else int_literal(value)
